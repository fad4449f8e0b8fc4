// The connection to an OpenID provider: discovered when first needed, again after a failure, renewed in the background.
// In: OpenidSettings, Clock, a fetch. Out: OpenidProvider; LoginFault while it cannot be reached.
import { createRemoteJWKSet, type JWTVerifyGetKey, customFetch as joseFetch } from 'jose';
import * as client from 'openid-client';
import type { Clock } from '../ports';
import type { Secret } from '../secret';
import type { OpenidSettings } from './auth-settings';
import { LoginFault } from './fault';
import { explainOpenidError } from './openid-fault';
import type { ProviderFetch } from './provider-fetch';

/** Signatures that are accepted: asymmetric ones only, since the console's secret must not be able to make an ID token. */
export const SIGNATURES: readonly string[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

export interface OpenidConnection {
  readonly configuration: client.Configuration;
  /** Keys of the provider, for tokens that come without a login (back-channel logout). */
  readonly keys: JWTVerifyGetKey;
  readonly issuer: string;
  /** Ends a refresh token (RFC 7009); null where the provider has no endpoint for it. */
  readonly revoke: ((token: Secret) => Promise<void>) | null;
}

export interface OpenidProvider {
  /** @throws LoginFault providerUnreachable, providerMalformed, issuerMismatch */
  connect(): Promise<OpenidConnection>;
  close(): Promise<void>;
}

const RENEW_AFTER_MS = 3_600_000;
// A provider that is away is not asked by every request of every browser.
const RETRY_AFTER_MS = 3_000;

/**
 * In the body where the provider says that it takes secrets there: RFC 6749 2.3.1 prefers the header, but many providers do not decode the
 * form-encoding that it demands of it. Else the header, which is OpenID's default.
 */
const authenticateBy =
  (secret: string | undefined, methodsOf: (server: client.ServerMetadata) => readonly string[] | undefined): client.ClientAuth =>
  (server, it, body, headers) => {
    if (secret === undefined) return client.None()(server, it, body, headers);
    const inBody = methodsOf(server)?.includes('client_secret_post') === true;
    return (inBody ? client.ClientSecretPost(secret) : client.ClientSecretBasic(secret))(server, it, body, headers);
  };
const methodsOfToken = (server: client.ServerMetadata): readonly string[] | undefined => server.token_endpoint_auth_methods_supported;
/** RFC 8414: this endpoint has a list of its own. */
const methodsOfRevocation = (server: client.ServerMetadata): readonly string[] | undefined =>
  server.revocation_endpoint_auth_methods_supported ?? methodsOfToken(server);

/** The provider of one configuration. Nothing is asked before `connect`. */
export function createOpenidProvider(openid: OpenidSettings, clock: Clock, { fetch, close }: ProviderFetch): OpenidProvider {
  let held: { readonly connection: OpenidConnection; readonly atMs: number } | null = null;
  let failed: { readonly fault: LoginFault; readonly atMs: number } | null = null;
  let underWay: Promise<OpenidConnection> | null = null;
  const isPlain = openid.issuer.startsWith('http://');
  const { authorization, token, userinfo, jwks, endSession } = openid.endpoints;
  const given: Partial<client.ServerMetadata> = {
    ...(authorization === undefined ? {} : { authorization_endpoint: authorization }),
    ...(token === undefined ? {} : { token_endpoint: token }),
    ...(userinfo === undefined ? {} : { userinfo_endpoint: userinfo }),
    ...(jwks === undefined ? {} : { jwks_uri: jwks }),
    ...(endSession === undefined ? {} : { end_session_endpoint: endSession }),
  };
  const metadata: Partial<client.ClientMetadata> = { [client.clockTolerance]: openid.clockSkewSeconds };
  const secret = openid.clientSecret?.reveal();
  const authentication = authenticateBy(secret, methodsOfToken);

  function prepare(configuration: client.Configuration): client.Configuration {
    configuration[client.customFetch] = fetch;
    configuration.timeout = 10;
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked to make it stand out; only where the issuer itself is configured as http
    if (isPlain) client.allowInsecureRequests(configuration);
    return configuration;
  }

  function revocationOf(server: client.ServerMetadata): OpenidConnection['revoke'] {
    if (server.revocation_endpoint === undefined) return null;
    const authenticate = authenticateBy(secret, methodsOfRevocation);
    const configuration = prepare(new client.Configuration(server, openid.clientId, metadata, authenticate));
    return (token) => client.tokenRevocation(configuration, token.reveal(), { token_type_hint: 'refresh_token' });
  }

  async function configure(): Promise<client.Configuration> {
    let configuration: client.Configuration;
    if (authorization !== undefined && token !== undefined && jwks !== undefined) {
      const server: client.ServerMetadata = { issuer: openid.issuer, id_token_signing_alg_values_supported: [...SIGNATURES], ...given };
      configuration = new client.Configuration(server, openid.clientId, metadata, authentication);
    } else {
      configuration = await client.discovery(new URL(openid.issuer), openid.clientId, metadata, authentication, {
        [client.customFetch]: fetch,
        timeout: 10,
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- as above
        ...(isPlain ? { execute: [client.allowInsecureRequests] } : {}),
      });
      if (Object.keys(given).length > 0)
        configuration = new client.Configuration(
          { ...configuration.serverMetadata(), ...given },
          openid.clientId,
          metadata,
          authentication,
        );
    }
    prepare(configuration);
    // OpenID Connect Core 3.1.3.7 lets TLS stand for the signature; here signatures are always checked.
    client.enableNonRepudiationChecks(configuration);
    return configuration;
  }

  async function open(): Promise<OpenidConnection> {
    try {
      const configuration = await configure();
      const server = configuration.serverMetadata();
      if (server.jwks_uri === undefined || server.authorization_endpoint === undefined || server.token_endpoint === undefined)
        throw new LoginFault(
          'providerMalformed',
          `The provider ${openid.issuer} names no authorization_endpoint, token_endpoint or jwks_uri.`,
          'Set auth.openid.endpoints for those that it does not name.',
        );
      const keys = createRemoteJWKSet(new URL(server.jwks_uri), { [joseFetch]: fetch, timeoutDuration: 10_000 });
      const connection: OpenidConnection = { configuration, keys, issuer: server.issuer, revoke: revocationOf(server) };
      held = { connection, atMs: clock.now() };
      failed = null;
      return connection;
    } catch (error) {
      const fault = explainOpenidError(error, { openid, redirectUri: null, nowMs: clock.now() });
      failed = { fault, atMs: clock.now() };
      throw fault;
    } finally {
      underWay = null;
    }
  }

  return {
    connect: async () => {
      if (held !== null && clock.now() - held.atMs < RENEW_AFTER_MS) return held.connection;
      if (failed !== null && clock.now() - failed.atMs < RETRY_AFTER_MS) {
        if (held !== null) return held.connection;
        throw failed.fault;
      }
      underWay ??= open();
      if (held === null) return underWay;
      // The old description is good while a new one is fetched.
      underWay.catch(() => undefined);
      return held.connection;
    },
    close,
  };
}
