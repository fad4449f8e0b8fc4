// What oidc-provider is told: claims, lifetimes, PKCE for everybody, rotation of refresh tokens, logout in both directions, no consent page.
// In: clients, people, records, knobs. Out: the library's Configuration.
import type { AllClientMetadata, Configuration, interactionPolicy, KoaContextWithOIDC } from 'oidc-provider';
import type { Identity } from './identities';
import { buildClaims, GROUP_CLAIMS, type Knobs } from './knobs';
import { buildErrorPage, buildLoggedOutPage, buildLogoutPage, type Page } from './pages';
import type { Records } from './records';
import type { SigningKey } from './signing-keys';

/** Who may send people here to log in. */
export interface OpenIdClient {
  readonly clientId: string;
  /** Absent: a public client. */
  readonly clientSecret?: string;
  /** For people, on the login page. */
  readonly name?: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[];
  readonly backchannelLogoutUri?: string;
}

export interface Lifetimes {
  readonly idTokenSeconds: number;
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly sessionSeconds: number;
}

export interface ConfigurationParts {
  /** Of the library. */
  readonly policy: typeof interactionPolicy;
  readonly clients: readonly OpenIdClient[];
  readonly users: readonly Identity[];
  readonly lifetimes: Lifetimes;
  readonly records: Records;
  readonly knobs: Knobs;
  /** The first signs. */
  readonly keys: readonly SigningKey[];
  readonly cookieKeys: readonly string[];
  /** Sends what the provider sends by itself: logout tokens. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
}

const INTERACTION_SECONDS = 600;

function buildClient(client: OpenIdClient): AllClientMetadata & { readonly client_id: string } {
  const { clientSecret, backchannelLogoutUri, name } = client;
  return {
    client_id: client.clientId,
    ...(clientSecret === undefined ? { token_endpoint_auth_method: 'none' } : { client_secret: clientSecret }),
    ...(name === undefined ? {} : { client_name: name }),
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...(client.postLogoutRedirectUris ?? [])],
    ...(backchannelLogoutUri === undefined
      ? {}
      : { backchannel_logout_uri: backchannelLogoutUri, backchannel_logout_session_required: true }),
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  };
}

/** Answers with a page of ours. */
function answerPage(ctx: KoaContextWithOIDC, page: Page): void {
  ctx.set(page.headers);
  ctx.body = page.html;
}

/** When somebody is sent to the login page: as usual, and whenever a knob wants a refusal, also of those who are logged in. */
function buildPolicy({ policy, knobs }: ConfigurationParts): readonly interactionPolicy.Prompt[] {
  const prompts = policy.base();
  prompts.get('login')?.checks.add(new policy.Check('refusal', 'a refusal is simulated', 'access_denied', () => knobs.refusal !== null));
  return prompts;
}

export function buildConfiguration(parts: ConfigurationParts): Configuration {
  const { knobs, lifetimes, records, users } = parts;
  return {
    clients: parts.clients.map(buildClient),
    adapter: records.adapter,
    jwks: { keys: parts.keys.map((key) => key.privateJwk) },
    cookies: {
      keys: [...parts.cookieKeys],
      // Cookies know no ports: names that no other server on this host has.
      names: { session: 'sim_openid_session', interaction: 'sim_openid_interaction', resume: 'sim_openid_resume' },
    },
    scopes: ['openid', 'offline_access', 'profile', 'email', 'groups'],
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username', ...GROUP_CLAIMS],
      email: ['email', 'email_verified'],
      groups: [...GROUP_CLAIMS],
    },
    // Claims of a scope belong into the id token, as most providers have it, not only to the userinfo endpoint.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    ttl: {
      AccessToken: lifetimes.accessTokenSeconds,
      AuthorizationCode: 60,
      Grant: lifetimes.sessionSeconds,
      IdToken: lifetimes.idTokenSeconds,
      Interaction: INTERACTION_SECONDS,
      RefreshToken: lifetimes.refreshTokenSeconds,
      Session: lifetimes.sessionSeconds,
    },
    findAccount: (_ctx, subject) => {
      const identity = users.find((user) => user.subject === subject);
      if (identity === undefined) return undefined;
      return {
        accountId: subject,
        claims: (use, scope) => buildClaims(identity, knobs, use === 'userinfo' ? 'userinfo' : 'idToken', new Set(scope.split(' '))),
      };
    },
    // Nobody is asked for consent: the grant is made when the first request finds none.
    loadExistingGrant: async (ctx) => {
      const { client, session, provider } = ctx.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const known = session.grantIdFor(client.clientId);
      const found = known === undefined ? undefined : await provider.Grant.find(known);
      const grant = found ?? new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope([...ctx.oidc.requestParamOIDCScopes].join(' '));
      await grant.save();
      return grant;
    },
    interactions: { policy: buildPolicy(parts) },
    clientBasedCORS: () => false,
    fetch: parts.fetch,
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      // RFC 7009, 2.1: a client may revoke its own tokens only.
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => answerPage(ctx, buildLogoutPage(form, ctx.oidc.client === undefined)),
        postLogoutSuccessSource: (ctx) => answerPage(ctx, buildLoggedOutPage()),
      },
    },
    renderError: (ctx, out) => answerPage(ctx, buildErrorPage(out.error, out.error_description ?? 'without a reason')),
  };
}
