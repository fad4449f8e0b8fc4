// A self-signed server certificate for loopback addresses, made when asked for (kubectl sends its token over TLS only).
// In: the time. Out: key and certificate as PEM. The certificate is written as DER by hand (RFC 5280); Node has no call for it.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

const VALID_MS = 365 * 24 * 3_600_000;
const SEQUENCE = 0x30;
const SET = 0x31;

/** Makes a certificate for localhost, 127.0.0.1 and ::1, valid from a day before the time given for a year after it. */
export function makeServerCertificate(nowMs: number): ServerCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(SEQUENCE, objectId([1, 2, 840, 10045, 4, 3, 2])); // ecdsa-with-SHA256
  const commonName = der(SEQUENCE, objectId([2, 5, 4, 3]), der(0x0c, Buffer.from('heddle-sim')));
  const name = der(SEQUENCE, der(SET, commonName));
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(15)]);
  const body = der(
    SEQUENCE,
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, serial),
    algorithm,
    name,
    der(SEQUENCE, generalizedTime(nowMs - 24 * 3_600_000), generalizedTime(nowMs + VALID_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, basicConstraints(), alternativeNames())),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = der(SEQUENCE, body, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const size = body.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function objectId([first = 0, second = 0, ...rest]: readonly number[]): Buffer {
  const bytes = rest.flatMap((arc) => {
    const groups = [arc & 127];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 127) | 128);
    return groups;
  });
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

function generalizedTime(timeMs: number): Buffer {
  const digits = new Date(timeMs).toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(0x18, Buffer.from(digits));
}

/** CA:TRUE, so that the certificate can be its own authority. */
function basicConstraints(): Buffer {
  return der(SEQUENCE, objectId([2, 5, 29, 19]), der(0x01, Buffer.from([255])), der(0x04, der(SEQUENCE, der(0x01, Buffer.from([255])))));
}

function alternativeNames(): Buffer {
  const loopback6 = Buffer.alloc(16);
  loopback6[15] = 1;
  const names = der(SEQUENCE, der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])), der(0x87, loopback6));
  return der(SEQUENCE, objectId([2, 5, 29, 17]), der(0x04, names));
}
