// The token of an AWS application load balancer (header x-amzn-oidc-data). In: header text. Out: claims, or LoginFault.
// docs.aws.amazon.com, "Authenticate users using an Application Load Balancer": ES256; kid names a PEM at the region's key address; `signer`,
// in the JOSE header, is the balancer's ARN and has to be checked, since all balancers of a region share that address; base64url parts
// keep their "=" padding, which JWT libraries refuse, and the signature is over the padded text.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Clock } from '../ports';
import { type Claims, isRecord, tame } from './claims';
import { LoginFault } from './fault';
import type { ProviderFetch } from './provider-fetch';
import { createRateLimit } from './rate-limit';

export interface AlbSettings {
  readonly keysUrl: string;
  /** ARN of the load balancer. */
  readonly audience: string;
  readonly issuer: string | null;
}

const MAX_KEYS = 32;
const MAX_BYTES = 16 * 1024;
const TOLERANCE_SECONDS = 10;
const PART = /^[A-Za-z0-9_\-+/]+={0,2}$/;
// It becomes part of an address: nothing that could leave the key address.
const KID = /^[A-Za-z0-9-]{8,64}$/;

function decodePart(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    if (isRecord(value)) return value;
  } catch {
    // Told below.
  }
  throw notJwt();
}
const notJwt = (): LoginFault =>
  new LoginFault('tokenRefused', 'The token of the load balancer is not a signed JWT.', 'Check what stands between it and the console.');
const badSignature = (): LoginFault =>
  new LoginFault('signatureInvalid', 'The token is not signed by a key of the load balancer.', 'Check the region in auth.header.keys.');

/** A verifier for one load balancer; its keys are fetched once each. */
export function createAlbVerifier(settings: AlbSettings, clock: Clock, fetch: ProviderFetch['fetch']): (text: string) => Promise<Claims> {
  const keys = new Map<string, KeyObject>();
  const underWay = new Map<string, Promise<KeyObject>>();
  // Key names come from whoever sends a request: they must not make the console fetch without end.
  const fetches = createRateLimit(clock, 20, 3_000);
  const base = settings.keysUrl.replace(/\/+$/, '');

  async function fetchKey(kid: string): Promise<KeyObject> {
    let answer: Response;
    try {
      answer = await fetch(`${base}/${kid}`, {});
    } catch {
      throw new LoginFault(
        'providerUnreachable',
        `The keys of the load balancer cannot be fetched from ${base}.`,
        'Let the console reach it (NetworkPolicy, egress, proxy).',
      );
    }
    if (answer.status !== 200) throw badSignature();
    try {
      const key = createPublicKey(await answer.text());
      if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('not P-256');
      keys.set(kid, key);
      if (keys.size > MAX_KEYS) {
        const [oldest] = keys.keys();
        if (oldest !== undefined) keys.delete(oldest);
      }
      return key;
    } catch {
      throw new LoginFault('providerMalformed', `${base} answered something that is not a P-256 key in PEM.`, 'Check auth.header.keys.');
    }
  }
  async function keyOf(kid: string): Promise<KeyObject> {
    const known = keys.get(kid);
    if (known !== undefined) return known;
    const waiting = underWay.get(kid);
    if (waiting !== undefined) return waiting;
    if (!fetches.take('all')) throw badSignature();
    const started = fetchKey(kid).finally(() => underWay.delete(kid));
    underWay.set(kid, started);
    return started;
  }

  return async (text) => {
    const parts = text.trim().split('.');
    const [head = '', body = '', signature = ''] = parts;
    if (text.length > MAX_BYTES || parts.length !== 3 || ![head, body, signature].every((part) => PART.test(part))) throw notJwt();
    const header = decodePart(head);
    if (header['alg'] !== 'ES256' || header['crit'] !== undefined) throw badSignature();
    if (header['signer'] !== settings.audience)
      throw new LoginFault(
        'audienceMismatch',
        `The token was made by ${typeof header['signer'] === 'string' ? tame(header['signer']) : 'nobody'}, expected the load balancer ${settings.audience}.`,
        'Set auth.header.audience to the ARN of the load balancer before the console.',
      );
    const kid = header['kid'];
    if (typeof kid !== 'string' || !KID.test(kid)) throw badSignature();
    const key = await keyOf(kid);
    const isSigned = verify(
      'sha256',
      Buffer.from(`${head}.${body}`, 'utf8'),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64'),
    );
    if (!isSigned) throw badSignature();
    const claims: Claims = decodePart(body);
    const nowSeconds = clock.now() / 1000;
    // The balancer writes exp into the header; some versions into the claims too. Whichever is there has to hold, one has to be there.
    const ends = [header['exp'], claims['exp']].filter((exp) => exp !== undefined);
    if (ends.length === 0 || !ends.every((exp) => typeof exp === 'number' && exp + TOLERANCE_SECONDS > nowSeconds))
      throw new LoginFault('tokenExpired', 'The token of the load balancer has expired.', 'Load the page again.');
    if (settings.issuer !== null && header['iss'] !== settings.issuer && claims['iss'] !== settings.issuer)
      throw new LoginFault(
        'issuerMismatch',
        `The token names another issuer than ${settings.issuer}.`,
        'Set auth.header.issuer to the issuer of the listener rule of the load balancer.',
      );
    return { ...claims, ...(claims['iss'] === undefined && typeof header['iss'] === 'string' ? { iss: header['iss'] } : {}) };
  };
}
