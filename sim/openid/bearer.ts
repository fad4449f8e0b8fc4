// A proxy before the console that logs people in and passes a signed token on: oauth2-proxy (`Authorization: Bearer`, RS256) or Google's IAP
// (`x-goog-iap-jwt-assertion`, ES256). In: claims of a user. Out: tokens, an address that serves the key set.
import { SignJWT } from 'jose';
import { startLoopbackServer } from './loopback-server';
import { buildKeySet, generateSigningKey, type SigningAlgorithm, type SigningKey } from './signing-keys';

export interface BearerOptions {
  /** Default: the address of the key endpoint. IAP: `https://cloud.google.com/iap`. */
  readonly issuer?: string;
  readonly audience?: string;
  /** Default RS256; IAP signs with ES256. */
  readonly algorithm?: SigningAlgorithm;
  /** ms since the epoch. */
  readonly clock?: () => number;
  /** 0 (default) takes a free one. */
  readonly port?: number;
}

export interface SignedTokenOptions {
  readonly issuer?: string;
  readonly audience?: string | readonly string[];
  readonly lifetimeSeconds?: number;
}

export interface BearerSigner {
  readonly issuer: string;
  readonly audience: string;
  readonly keysUrl: string;
  /** A token for a user with these claims. */
  sign(claims: Readonly<Record<string, unknown>>, options?: SignedTokenOptions): Promise<string>;
  /** Signs with a new key from now on; `keepOld: false` unpublishes the old ones. Returns its name. */
  rotateKey(options?: { readonly keepOld?: boolean }): Promise<string>;
  close(): Promise<void>;
}

const LIFETIME_SECONDS = 600;

/** Starts the key endpoint and makes the first key. */
export async function startBearerSigner(options: BearerOptions = {}): Promise<BearerSigner> {
  const clock = options.clock ?? Date.now;
  const { algorithm = 'RS256', audience = 'heddle' } = options;
  let current = await generateSigningKey(algorithm);
  let published: readonly SigningKey[] = [current];
  const server = await startLoopbackServer((request, response) => {
    if (request.url === '/jwks.json') response.writeHead(200, { 'content-type': 'application/json' }).end(buildKeySet(published));
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('the keys are at /jwks.json\n');
  }, options.port ?? 0);
  const issuer = options.issuer ?? server.url;

  return {
    issuer,
    audience,
    keysUrl: `${server.url}/jwks.json`,
    sign: (claims, own = {}) => {
      const iat = Math.floor(clock() / 1000);
      const exp = iat + (own.lifetimeSeconds ?? LIFETIME_SECONDS);
      const aud = typeof own.audience === 'object' ? [...own.audience] : (own.audience ?? audience);
      return new SignJWT({ ...claims, iss: own.issuer ?? issuer, aud, iat, exp })
        .setProtectedHeader({ alg: algorithm, kid: current.kid, typ: 'JWT' })
        .sign(current.privateKey);
    },
    rotateKey: async ({ keepOld = true } = {}) => {
      current = await generateSigningKey(algorithm);
      published = keepOld ? [current, ...published] : [current];
      return current.kid;
    },
    close: () => server.close(),
  };
}
