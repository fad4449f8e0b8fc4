// How the console and the simulated API server are set up for logins at the simulated provider: the client, the settings, the trust.
// In: addresses of the console. Out: the client to register; once the issuer is known, settings (HEDDLE_...) and the API server's options.
import { randomBytes } from 'node:crypto';
import type { OidcOptions } from '../kubernetes/access/oidc-tokens';
import { DEMO_ROLES } from './identities';
import type { OpenIdClient } from './provider-configuration';

const CLIENT_ID = 'heddle';

export interface ConsoleLogin {
  /** Environment of a console that logs people in here and gives them the roles of the demo. */
  readonly environment: Readonly<Record<string, string>>;
  /** How the API server reads the provider's id tokens: the names are those that the console uses when it impersonates. */
  readonly apiServer: OidcOptions;
}

export interface ConsoleLoginPlan {
  readonly client: OpenIdClient;
  settingsFor(issuer: string): ConsoleLogin;
}

/** @param consoleUrls with the base path; at least one. @throws Error for what is no address */
export function buildConsoleLogin(consoleUrls: readonly string[]): ConsoleLoginPlan {
  const urls = consoleUrls.map((text) => {
    if (!URL.canParse(text)) throw new Error(`the console's address ${JSON.stringify(text)} is none: write http://host:port/path`);
    return text.replace(/\/+$/, '');
  });
  const [first] = urls;
  if (first === undefined) throw new Error('an OpenID provider needs an address of the console: logins must return somewhere');
  const clientSecret = randomBytes(32).toString('base64url');
  return {
    client: {
      clientId: CLIENT_ID,
      clientSecret,
      name: 'Heddle',
      redirectUris: urls.map((url) => `${url}/api/auth/callback`),
      postLogoutRedirectUris: urls.flatMap((url) => [`${url}/login`, `${url}/`, url]),
      backchannelLogoutUri: `${first}/api/auth/backchannel-logout`,
    },
    settingsFor: (issuer) => ({
      environment: {
        HEDDLE_AUTH_STRATEGY: 'openid',
        HEDDLE_AUTH_OPENID_ISSUER: issuer,
        HEDDLE_AUTH_OPENID_CLIENT_ID: CLIENT_ID,
        HEDDLE_AUTH_OPENID_CLIENT_SECRET: clientSecret,
        HEDDLE_SERVER_PUBLIC_URLS: urls.join(','),
        HEDDLE_ACCESS_MODE: 'roles',
        HEDDLE_ACCESS_ROLES: JSON.stringify(DEMO_ROLES),
      },
      apiServer: { issuer, clientId: CLIENT_ID, usernameClaim: 'email', groupsClaim: 'groups' },
    }),
  };
}
