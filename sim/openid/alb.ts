// The login of an AWS Application Load Balancer as a server behind it sees it: the header x-amzn-oidc-data, and the public keys for it.
// In: claims of a user. Out: header values, an address that serves one PEM key at /<kid> (docs.aws.amazon.com: "Authenticate users using an ALB").
import { createSign, KeyObject } from 'node:crypto';
import { exportSPKI } from 'jose';
import { startLoopbackServer } from './loopback-server';
import { generateSigningKey } from './signing-keys';

export interface AlbOptions {
  /** ARN of the load balancer, the `signer` of its tokens. */
  readonly signer?: string;
  /** The OpenID provider that the load balancer logs in at. */
  readonly issuer?: string;
  readonly clientId?: string;
  /** ms since the epoch. */
  readonly clock?: () => number;
  /** 0 (default) takes a free one. */
  readonly port?: number;
}

export interface SignedHeaderOptions {
  /** Instead of the usual fields of the token's header, such as `{ signer: 'another' }`. */
  readonly header?: Readonly<Record<string, unknown>>;
  readonly lifetimeSeconds?: number;
}

export interface AlbSigner {
  readonly signer: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Serves keys at `<keysUrl>/<kid>`, as https://public-keys.auth.elb.<region>.amazonaws.com does. */
  readonly keysUrl: string;
  /** The value of x-amzn-oidc-data for a user with these claims (of the provider's userinfo endpoint). */
  sign(claims: Readonly<Record<string, unknown>>, options?: SignedHeaderOptions): string;
  /** Signs with a new key from now on; the old ones stay published. Returns its name. */
  rotateKey(): Promise<string>;
  close(): Promise<void>;
}

const SIGNER = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/heddle/50dc6c495c0c9188';
// The balancer renews the header with each request; two minutes is what it gives.
const LIFETIME_SECONDS = 120;

/** AWS keeps the padding that RFC 7515 section 2 takes off, and signs the text with it. */
const encodePadded = (data: string | Buffer): string => Buffer.from(data).toString('base64').replaceAll('+', '-').replaceAll('/', '_');

/** Starts the key endpoint and makes the first key. */
export async function startAlbSigner(options: AlbOptions = {}): Promise<AlbSigner> {
  const clock = options.clock ?? Date.now;
  const { signer = SIGNER, issuer = 'https://login.example.com', clientId = 'heddle' } = options;
  const published = new Map<string, string>();
  const makeKey = async (): Promise<{ readonly kid: string; readonly privateKey: KeyObject }> => {
    const { kid, privateKey, publicKey } = await generateSigningKey('ES256');
    published.set(kid, await exportSPKI(publicKey));
    return { kid, privateKey: KeyObject.from(privateKey) };
  };
  let key = await makeKey();
  const server = await startLoopbackServer((request, response) => {
    const pem = published.get((request.url ?? '/').slice(1));
    if (pem === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('no such key\n');
    else response.writeHead(200, { 'content-type': 'text/plain' }).end(pem);
  }, options.port ?? 0);

  return {
    signer,
    issuer,
    clientId,
    keysUrl: server.url,
    sign: (claims, { header = {}, lifetimeSeconds = LIFETIME_SECONDS } = {}) => {
      const exp = Math.floor(clock() / 1000) + lifetimeSeconds;
      const fields = { typ: 'JWT', kid: key.kid, alg: 'ES256', iss: issuer, client: clientId, signer, exp, ...header };
      // AWS documents iss and exp for the header; decoded tokens have been seen to repeat them beside the claims.
      const signed = `${encodePadded(JSON.stringify(fields))}.${encodePadded(JSON.stringify({ ...claims, exp, iss: issuer }))}`;
      const signature = createSign('sha256').update(signed).sign({ key: key.privateKey, dsaEncoding: 'ieee-p1363' });
      return `${signed}.${encodePadded(signature)}`;
    },
    rotateKey: async () => {
      key = await makeKey();
      return key.kid;
    },
    close: () => server.close(),
  };
}
