// The token that a proxy before the console puts into a header, verified: AWS load balancers (their own form of JWT), bearer tokens and
// assertions against a JWKS or a PEM key. In: a header's text. Out: claims, or LoginFault. A header that nobody signed counts for nothing.
import { createPublicKey, type KeyObject } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTVerifyOptions, customFetch as joseFetch, jwtVerify } from 'jose';
import { Failure } from '../../model/failure';
import type { Clock } from '../ports';
import { createAlbVerifier } from './alb-token';
import type { HeaderSettings } from './auth-settings';
import { type Claims, tame } from './claims';
import { LoginFault } from './fault';
import type { ProviderFetch } from './provider-fetch';

/** Verifies a header's text. @throws LoginFault */
export type HeaderVerifier = (text: string) => Promise<Claims>;

const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const EC = ['ES256', 'ES384', 'ES512'];
export const MAX_HEADER_TOKEN_BYTES = 16 * 1024;
const CLOCK_TOLERANCE_SECONDS = 10;

/** A verifier for the settings. @throws Failure badRequest for settings that would trust tokens meant for others */
export function createHeaderVerifier(settings: HeaderSettings, clock: Clock, { fetch }: ProviderFetch): HeaderVerifier {
  const { keys } = settings;
  if (keys.kind !== 'pem' && settings.audience === null)
    // One key address signs for many: every load balancer of a region, every application of a provider.
    throw new Failure(
      'badRequest',
      'auth.header.audience is not set, so that tokens made for others would be taken',
      keys.kind === 'alb'
        ? 'Set auth.header.audience to the ARN of the load balancer.'
        : 'Set auth.header.audience to the audience that the proxy asks for.',
    );
  if (keys.kind === 'alb') return createAlbVerifier({ ...settings, keysUrl: keys.url, audience: settings.audience ?? '' }, clock, fetch);
  const options: JWTVerifyOptions = {
    ...(settings.issuer === null ? {} : { issuer: settings.issuer }),
    ...(settings.audience === null ? {} : { audience: settings.audience }),
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['exp'],
  };
  const verify =
    keys.kind === 'pem'
      ? verifyByPem(readPublicKey(keys.pem), options)
      : verifyByJwks(createRemoteJWKSet(new URL(keys.url), { [joseFetch]: fetch, timeoutDuration: 10_000 }), options);
  return async (text) => {
    const token = /^Bearer\s+(\S+)$/i.exec(text.trim())?.[1] ?? text.trim();
    if (token.length > MAX_HEADER_TOKEN_BYTES) throw refuse('is larger than 16 kB');
    try {
      return await verify(token, new Date(clock.now()));
    } catch (error) {
      throw explain(error, settings);
    }
  };
}

type Verify = (token: string, now: Date) => Promise<Claims>;
const verifyByPem =
  (key: KeyObject, options: JWTVerifyOptions): Verify =>
  async (token, currentDate) =>
    (await jwtVerify(token, key, { ...options, algorithms: key.asymmetricKeyType === 'ec' ? EC : RSA, currentDate })).payload;
const verifyByJwks =
  (keys: ReturnType<typeof createRemoteJWKSet>, options: JWTVerifyOptions): Verify =>
  async (token, currentDate) =>
    (await jwtVerify(token, keys, { ...options, algorithms: [...RSA, ...EC], currentDate })).payload;

function readPublicKey(pem: string): KeyObject {
  try {
    // A private key must not lie here; createPublicKey would take one and derive.
    if (/PRIVATE KEY/.test(pem)) throw new Error('a private key');
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'ec') return key;
  } catch {
    // Told below.
  }
  throw new Failure(
    'badRequest',
    'auth.header.keys names a file that is no public RSA or EC key or certificate (PEM)',
    'Give the public key only.',
  );
}

const refuse = (why: string): LoginFault =>
  new LoginFault('tokenRefused', `The token of the proxy ${why}.`, 'Check auth.header.keys and what the proxy signs with.');

function explain(error: unknown, settings: HeaderSettings): LoginFault {
  if (error instanceof LoginFault) return error;
  if (error instanceof errors.JWTExpired)
    return new LoginFault(
      'tokenExpired',
      'The token of the proxy has expired.',
      'Log in again at the proxy; if it stays, compare the clocks of proxy and console.',
    );
  if (error instanceof errors.JWTClaimValidationFailed) {
    const given = error.payload[error.claim];
    const told = typeof given === 'string' ? tame(given) : Array.isArray(given) ? tame(given.map(String).join(', ')) : 'nothing';
    if (error.claim === 'iss')
      return new LoginFault(
        'issuerMismatch',
        `The token of the proxy was issued by ${told}, expected ${settings.issuer ?? 'any'}.`,
        'Mend auth.header.issuer.',
      );
    if (error.claim === 'aud')
      return new LoginFault(
        'audienceMismatch',
        `The token of the proxy is for ${told}, expected ${settings.audience ?? 'any'}.`,
        'Mend auth.header.audience.',
      );
    return new LoginFault('clockSkew', `The token of the proxy fails at its claim ${tame(error.claim, 20)}.`, 'Set the clocks by NTP.');
  }
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed)
    return new LoginFault(
      'signatureInvalid',
      'The token of the proxy is not signed by a key of auth.header.keys.',
      'Check that auth.header.keys is the address of the keys of this very proxy.',
    );
  if (error instanceof errors.JOSEAlgNotAllowed)
    return new LoginFault(
      'signatureInvalid',
      'The token of the proxy is signed in a way that is not accepted.',
      'Let the proxy sign with RS, PS or ES.',
    );
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid || error instanceof errors.JOSENotSupported)
    return refuse('is not a signed JWT');
  if (error instanceof errors.JWKSInvalid || error instanceof errors.JWKSTimeout || error instanceof errors.JWKSMultipleMatchingKeys)
    return new LoginFault(
      'providerMalformed',
      'The keys of the proxy cannot be read.',
      'Open auth.header.keys and check that it is a JWKS.',
    );
  return new LoginFault(
    'providerUnreachable',
    'The keys of the proxy cannot be fetched.',
    'Check auth.header.keys and that the console may reach it.',
  );
}
