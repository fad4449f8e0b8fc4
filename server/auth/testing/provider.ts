// A small OpenID provider for tests, honest until told otherwise: real HTTP for discovery, token, userinfo, jwks and revocation; the page on
// which people log in is a function. In: knobs. Out: TestProvider.
import { createHash, type KeyObject, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Clock } from '../../ports';

export interface ProviderKnobs {
  claims: Record<string, unknown>;
  userinfo: Record<string, unknown> | null;
  /** What the ID token says instead of the truth. */
  idTokenOverrides: Record<string, unknown>;
  signing: 'RS256' | 'otherKey' | 'none' | 'HS256WithPublicKey' | 'HS256WithSecret';
  accessTokenSeconds: number;
  idTokenSeconds: number;
  givesRefreshToken: boolean;
  givesIdTokenOnRefresh: boolean;
  tokenError: { readonly error: string; readonly error_description: string } | null;
  /** `iss` of the answer of the login page (RFC 9207) instead of its own; null: none; undefined: its own. */
  answerIssuer: string | null | undefined;
  issuerInDiscovery: string | null;
  /** How clients prove themselves where tokens are revoked; undefined: not said, and as at the token endpoint. */
  revocationMethods: readonly string[] | undefined;
  isDown: boolean;
}

export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly knobs: ProviderKnobs;
  /** Requests by path. */
  readonly asked: Map<string, number>;
  readonly revoked: string[];
  /** Every token and code that was given out: none may be seen anywhere else. */
  readonly secrets: string[];
  /** What the login page does: takes the address that the browser was sent to, returns where it sends the browser back to. */
  approve(location: string): string;
  deny(location: string, error: string, description: string): string;
  sign(payload: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
  forget(refreshToken?: string): void;
  close(): Promise<void>;
}

interface Grant {
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string;
}

const b64 = (x: unknown): string => Buffer.from(JSON.stringify(x)).toString('base64url');

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}

// Made once per test file: they cost a second each on a busy machine.
const OWN_KEYS = generateKeyPair('RS256', { extractable: true });
const OTHER_KEYS = generateKeyPair('RS256', { extractable: true });

export async function startTestProvider(clock: Clock): Promise<TestProvider> {
  const clientId = 'heddle';
  const clientSecret = `secret-${randomBytes(12).toString('hex')}`;
  const { privateKey, publicKey } = await OWN_KEYS;
  const other = await OTHER_KEYS;
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig', alg: 'RS256' };
  const grants = new Map<string, Grant>();
  const refreshTokens = new Map<string, string>();
  const asked = new Map<string, number>();
  const secrets: string[] = [clientSecret];
  const revoked: string[] = [];
  const knobs: ProviderKnobs = {
    claims: {
      sub: 'u-1',
      email: 'alice@example.com',
      email_verified: true,
      name: 'Alice',
      groups: ['mesh-admins', 'dev'],
      sid: 'provider-session-1',
    },
    userinfo: null,
    idTokenOverrides: {},
    signing: 'RS256',
    accessTokenSeconds: 300,
    idTokenSeconds: 300,
    givesRefreshToken: true,
    givesIdTokenOnRefresh: true,
    tokenError: null,
    answerIssuer: undefined,
    issuerInDiscovery: null,
    revocationMethods: undefined,
    isDown: false,
  };
  let issuer = '';
  const make = (kind: string): string => {
    const token = `${kind}-${randomBytes(24).toString('base64url')}`;
    secrets.push(token);
    return token;
  };
  const sign = (payload: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> =>
    new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(privateKey);

  async function idToken(nonce: string | null): Promise<string> {
    const now = Math.floor(clock.now() / 1000);
    const payload: Record<string, unknown> = {
      iss: issuer,
      aud: clientId,
      iat: now,
      exp: now + knobs.idTokenSeconds,
      ...(nonce === null ? {} : { nonce }),
      ...knobs.claims,
      ...knobs.idTokenOverrides,
    };
    const token = await (async (): Promise<string> => {
      switch (knobs.signing) {
        case 'RS256':
          return sign(payload);
        case 'otherKey':
          return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(other.privateKey);
        case 'none':
          return `${b64({ alg: 'none', kid: 'k1' })}.${b64(payload)}.`;
        case 'HS256WithPublicKey':
          return new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(Buffer.from(String(jwk.n), 'utf8'));
        case 'HS256WithSecret':
          return new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(clientSecret, 'utf8'));
      }
    })();
    secrets.push(token);
    return token;
  }
  async function tokens(nonce: string | null, withId: boolean): Promise<Record<string, unknown>> {
    const refresh = knobs.givesRefreshToken ? make('refresh') : null;
    if (refresh !== null) refreshTokens.set(refresh, 'alice');
    return {
      access_token: make('access'),
      token_type: 'Bearer',
      expires_in: knobs.accessTokenSeconds,
      ...(withId ? { id_token: await idToken(nonce) } : {}),
      ...(refresh === null ? {} : { refresh_token: refresh }),
    };
  }

  async function answerToken(form: URLSearchParams): Promise<readonly [number, unknown]> {
    if (knobs.tokenError !== null) return [400, knobs.tokenError];
    if (form.get('grant_type') === 'refresh_token') {
      // Rotation: each counts once.
      if (!refreshTokens.delete(form.get('refresh_token') ?? '')) return [400, { error: 'invalid_grant', error_description: 'spent' }];
      return [200, await tokens(null, knobs.givesIdTokenOnRefresh)];
    }
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    if (grant === undefined) return [400, { error: 'invalid_grant', error_description: 'the code is unknown or was used' }];
    if (grant.redirectUri !== form.get('redirect_uri')) return [400, { error: 'invalid_grant', error_description: 'redirect_uri differs' }];
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (challenge !== grant.challenge) return [400, { error: 'invalid_grant', error_description: 'PKCE verification failed' }];
    return [200, await tokens(grant.nonce, true)];
  }

  async function answer(request: IncomingMessage): Promise<readonly [number, unknown]> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    asked.set(path, (asked.get(path) ?? 0) + 1);
    switch (path) {
      case '/.well-known/openid-configuration':
        return [
          200,
          {
            issuer: knobs.issuerInDiscovery ?? issuer,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            userinfo_endpoint: `${issuer}/userinfo`,
            jwks_uri: `${issuer}/jwks`,
            end_session_endpoint: `${issuer}/end`,
            revocation_endpoint: `${issuer}/revoke`,
            response_types_supported: ['code'],
            // As lenient as a provider can be: what is refused is refused by the console.
            id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
            token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
            ...(knobs.revocationMethods === undefined ? {} : { revocation_endpoint_auth_methods_supported: knobs.revocationMethods }),
            authorization_response_iss_parameter_supported: true,
          },
        ];
      case '/jwks':
        return [200, { keys: [jwk] }];
      case '/token': {
        const form = await readForm(request);
        const isClient = form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
        return isClient ? answerToken(form) : [401, { error: 'invalid_client', error_description: 'wrong secret' }];
      }
      case '/userinfo':
        return knobs.userinfo === null ? [403, {}] : [200, knobs.userinfo];
      case '/revoke': {
        const form = await readForm(request);
        const isBasic = request.headers.authorization?.startsWith('Basic ') === true;
        const method = isBasic ? 'client_secret_basic' : form.has('client_secret') ? 'client_secret_post' : 'none';
        if (!(knobs.revocationMethods ?? ['client_secret_post']).includes(method)) return [401, { error: 'invalid_client' }];
        const token = form.get('token') ?? '';
        revoked.push(token);
        refreshTokens.delete(token);
        return [200, {}];
      }
      default:
        return [404, {}];
    }
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (knobs.isDown) {
      request.socket.destroy();
      return;
    }
    answer(request).then(
      ([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;

  const back = (location: string, answers: Record<string, string>): string => {
    const asked = new URL(location).searchParams;
    const url = new URL(asked.get('redirect_uri') ?? 'http://missing.invalid');
    const iss = knobs.answerIssuer === undefined ? issuer : knobs.answerIssuer;
    for (const [name, value] of Object.entries({ ...answers, state: asked.get('state') ?? '', ...(iss === null ? {} : { iss }) }))
      url.searchParams.set(name, value);
    return url.href;
  };
  return {
    issuer,
    clientId,
    clientSecret,
    knobs,
    asked,
    revoked,
    secrets,
    sign,
    approve: (location) => {
      const asked = new URL(location).searchParams;
      const code = make('code');
      grants.set(code, {
        redirectUri: asked.get('redirect_uri') ?? '',
        challenge: asked.get('code_challenge') ?? '',
        nonce: asked.get('nonce') ?? '',
      });
      return back(location, { code });
    },
    deny: (location, error, description) => back(location, { error, error_description: description }),
    forget: (token) => (token === undefined ? refreshTokens.clear() : void refreshTokens.delete(token)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A key as PEM, as load balancers publish theirs. */
export const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
