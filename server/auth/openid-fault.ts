// What openid-client, jose and the network threw, as a LoginFault that says what to change. In: an error. Out: LoginFault.
// Only messages and known fields are read: causes hold whole answers, tokens included, and go nowhere.
import { AuthorizationResponseError, ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import type { OpenidSettings } from './auth-settings';
import { isRecord, tame } from './claims';
import { LoginFault } from './fault';

export interface FaultContext {
  readonly openid: OpenidSettings;
  readonly redirectUri: string | null;
  readonly nowMs: number;
}

const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved now',
  ECONNRESET: 'it reset the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'no end of its answer in time',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'its answer is larger than 1 MiB',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an unknown authority',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** Every error of a chain of causes, the outermost first. */
function* chainOf(error: unknown): Generator<Error> {
  let at = error;
  for (let i = 0; i < 6 && at instanceof Error; i++) {
    yield at;
    at = at.cause;
  }
}

/** The first that a chain of errors tells of `key`, in an error or in what it was caused by. */
function findField(error: unknown, key: string): unknown {
  for (const one of chainOf(error)) {
    if (isRecord(one.cause) && !(one.cause instanceof Error) && one.cause[key] !== undefined) return one.cause[key];
  }
  return undefined;
}

const networkCodeOf = (error: unknown): string | null => {
  for (const one of chainOf(error)) {
    if ('code' in one && typeof one.code === 'string' && (Object.hasOwn(NETWORK, one.code) || /^(?:UND_ERR|E[A-Z]+$|CERT_)/.test(one.code)))
      return one.code;
    if (one.name === 'TimeoutError' || one.name === 'AbortError') return 'UND_ERR_HEADERS_TIMEOUT';
  }
  return null;
};

const errorWords = (error: string, description: string | undefined): string =>
  `${tame(error, 80)}${description === undefined || description === '' ? '' : `: ${tame(description, 300)}`}`;

function refused(said: string, error: string, description: string, context: FaultContext): LoginFault {
  const words = errorWords(error, description);
  if (/redirect/i.test(description) || error === 'redirect_uri_mismatch')
    return new LoginFault(
      'redirectUriMismatch',
      `${said} ${words}`,
      `Register ${context.redirectUri ?? 'the redirect URI of the console'} with the provider, letter for letter, or mend server.publicUrls.`,
    );
  const fix: Readonly<Record<string, string>> = {
    access_denied: 'Ask the administrator of the provider to assign you to this application, or agree to what it asks for.',
    invalid_scope: 'Take scopes out of auth.openid.scopes that the provider does not know.',
    unauthorized_client: 'Allow the authorization code grant for this client at the provider.',
    login_required: 'Take prompt=none out of auth.openid.parameters.',
    temporarily_unavailable: 'Try again in a moment.',
    server_error: 'Look in the log of the provider.',
  };
  return new LoginFault(
    'providerRefused',
    `${said} ${words}`,
    fix[error] ?? 'Its administrator can tell more; its log has the same words.',
  );
}

function claimFault(error: unknown, context: FaultContext): LoginFault | null {
  const claim = findField(error, 'claim');
  const claims = findField(error, 'claims');
  const given = (name: string): string => {
    const value = isRecord(claims) ? claims[name] : undefined;
    return typeof value === 'string' ? tame(value) : Array.isArray(value) ? tame(value.map(String).join(', ')) : 'nothing';
  };
  switch (claim) {
    case 'iss':
      return new LoginFault(
        'issuerMismatch',
        `The ID token was issued by ${given('iss')}, expected ${context.openid.issuer}.`,
        `Set auth.openid.issuer to exactly what the provider calls itself.`,
      );
    case 'aud':
    case 'azp':
      return new LoginFault(
        'audienceMismatch',
        `The ID token is for ${given('aud')}, expected ${context.openid.clientId}.`,
        'Set auth.openid.clientId to the client that the provider issued the token for.',
      );
    case 'nonce':
      return new LoginFault(
        'nonceMismatch',
        'The ID token belongs to another login than the one that began in this browser.',
        'Log in again; if it stays, something between browser and provider replays answers.',
      );
    case 'exp':
    case 'nbf':
    case 'iat':
    case 'auth_time': {
      const at = isRecord(claims) ? claims[claim] : undefined;
      const seconds = typeof at === 'number' ? Math.round(Math.abs(at - context.nowMs / 1000)) : null;
      return new LoginFault(
        'clockSkew',
        `A token that was issued just now ${claim === 'exp' ? 'has expired' : 'is not valid yet'}${seconds === null ? '' : ` by ${seconds} seconds`}: the clocks of provider and console differ.`,
        `Set the clocks by NTP; auth.openid.clockSkewSeconds (now ${context.openid.clockSkewSeconds}) forgives a difference.`,
      );
    }
    default:
      return null;
  }
}

/** The fault behind an error of a login, a refresh or a discovery. */
export function explainOpenidError(error: unknown, context: FaultContext): LoginFault {
  if (error instanceof LoginFault) return error;
  const { openid } = context;
  if (error instanceof AuthorizationResponseError)
    return refused('The provider refused the login with', error.error, error.error_description ?? '', context);
  if (error instanceof ResponseBodyError) {
    const description = error.error_description ?? '';
    if (error.error === 'invalid_client')
      return new LoginFault(
        'clientRefused',
        `The provider refused the client ${openid.clientId}: ${errorWords(error.error, description)}`,
        openid.clientSecret === null
          ? 'Set auth.openid.clientSecret, or make the client a public one at the provider.'
          : 'Check auth.openid.clientId and auth.openid.clientSecret; secrets of some providers expire.',
      );
    if (error.error === 'invalid_grant' && !/redirect/i.test(description))
      return new LoginFault(
        'codeRefused',
        `The provider refused the code of this login: ${errorWords(error.error, description)}`,
        'Log in again: a code counts once, and for a minute or so.',
      );
    return refused('The provider refused the code of this login with', error.error, description, context);
  }
  if (error instanceof WWWAuthenticateChallengeError)
    return new LoginFault(
      'clientRefused',
      `The provider answered ${error.status} to the client ${openid.clientId}.`,
      'Check auth.openid.clientId and auth.openid.clientSecret.',
    );
  const network = networkCodeOf(error);
  if (network !== null)
    return new LoginFault(
      'providerUnreachable',
      `The provider ${openid.issuer} cannot be reached: ${NETWORK[network] ?? tame(network, 60)}.`,
      /CERT|SIGNATURE|ISSUER/.test(network)
        ? 'Give the certificate of its authority in auth.openid.caFile.'
        : 'Check auth.openid.issuer and that the console may reach it (NetworkPolicy, egress, DNS).',
    );
  const claim = claimFault(error, context);
  if (claim !== null) return claim;
  const messages = [...chainOf(error)].map(({ message }) => message).join(' / ');
  if (/"nonce".*missing/.test(messages))
    return new LoginFault('nonceMismatch', 'The ID token names no login that it belongs to (nonce).', 'Let the provider repeat the nonce.');
  if (/"iss"/.test(messages) || /issuer does not match/.test(messages)) {
    // RFC 9207: an answer that names another provider was not meant for this login (mix-up).
    const body = findField(error, 'body');
    const told = isRecord(body) && typeof body['issuer'] === 'string' ? ` It calls itself ${tame(body['issuer'])}.` : '';
    return new LoginFault(
      'issuerMismatch',
      `The answer is not from the issuer ${openid.issuer}.${told}`,
      'Set auth.openid.issuer to exactly what the provider calls itself, slash at the end included.',
    );
  }
  if (/signature|"alg"|alg |algorithm|no applicable|JWS|JWT verification/i.test(messages))
    return new LoginFault(
      'signatureInvalid',
      'The signature of the ID token does not hold, or it is signed in a way that is not accepted.',
      'Let the provider sign ID tokens with RS256, PS256 or ES256 and publish the key at its jwks_uri.',
    );
  if (error instanceof ClientError || error instanceof TypeError)
    return new LoginFault(
      'providerMalformed',
      `The provider ${openid.issuer} answered something that is not OpenID Connect: ${tame(error.message, 160)}.`,
      'Open <issuer>/.well-known/openid-configuration and check that it is the one of your provider.',
    );
  return new LoginFault('providerMalformed', `The login with ${openid.issuer} failed.`, 'Look in the log of the console for this login.');
}
