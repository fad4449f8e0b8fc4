// From the tokens of a provider to a person: claims (userinfo where the ID token lacks them), username, groups, allowed domains.
// In: OpenidConnection, verified tokens. Out: OpenidProfile, or LoginFault with who it was.
import * as client from 'openid-client';
import { Secret } from '../secret';
import type { AuthSettings, OpenidSettings } from './auth-settings';
import { type Claims, claimAt, decodeGroups, decodeUsername, hasGroupsElsewhere, shownClaims, tame } from './claims';
import { LoginFault } from './fault';
import type { OpenidConnection } from './openid-provider';
import type { SessionNote, ShownClaim } from './session';

/** Who a provider says it is, with the tokens that came. */
export interface OpenidProfile {
  readonly subject: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly claims: readonly ShownClaim[];
  readonly providerSid: string | null;
  readonly idToken: Secret | null;
  readonly refreshToken: Secret | null;
  /** The token that the settings choose for the Kubernetes API; null when it is not used or did not come. */
  readonly clusterToken: Secret | null;
  /** When that token, or else the access token, ends. */
  readonly tokenEndsAtMs: number | null;
  readonly notes: readonly SessionNote[];
}

export type ProfileSettings = Pick<AuthSettings, 'usernameClaim' | 'groupsClaim' | 'accessMode' | 'userToken'> & {
  readonly openid: OpenidSettings;
};
type Tokens = client.TokenEndpointResponse & client.TokenEndpointResponseHelpers;

// Providers that give tokens of seconds are not asked at every request; the Kubernetes API would refuse an old token, so there it is exact.
const LEAST_LIFE_MS = 60_000;

function checkDomain(claims: Claims, { allowedDomains }: OpenidSettings, identity: LoginFault['identity']): void {
  if (allowedDomains.length === 0) return;
  const email = claims['email'];
  const domain = typeof email === 'string' ? email.slice(email.lastIndexOf('@') + 1).toLowerCase() : '';
  const isAddress = typeof email === 'string' && /^[^@\s]+@[^@\s]+$/.test(email);
  if (isAddress && allowedDomains.includes(domain) && claims['email_verified'] !== false) return;
  throw new LoginFault(
    'domainNotAllowed',
    !isAddress
      ? 'The provider told no e-mail address, and only some domains may log in.'
      : claims['email_verified'] === false
        ? `The provider has not verified the address ${tame(email)}.`
        : `The domain ${tame(domain, 80)} is not one that may log in.`,
    !isAddress
      ? 'Add the scope email to auth.openid.scopes, or have the provider put the claim email into the ID token.'
      : 'Log in with another account, or have the domain added to auth.openid.allowedDomains.',
    identity,
  );
}

const expiryOf = (claims: Claims): number | null => (typeof claims['exp'] === 'number' ? claims['exp'] * 1000 : null);

function tokenEnd(tokens: Tokens, idClaims: Claims | null, settings: ProfileSettings, nowMs: number): number | null {
  const ofAccess = tokens.expires_in === undefined ? null : nowMs + tokens.expires_in * 1000;
  const ofId = idClaims === null ? null : expiryOf(idClaims);
  if (settings.accessMode !== 'userToken') {
    const end = ofAccess ?? ofId;
    return end === null ? null : Math.max(end, nowMs + LEAST_LIFE_MS);
  }
  return settings.userToken === 'id' ? ofId : (ofAccess ?? ofId);
}

/**
 * The person behind tokens that openid-client verified. `subject` is who it has to be (a refresh), null at a login.
 * @throws LoginFault domainNotAllowed, usernameMissing, tokenRefused
 */
export async function readProfile(
  { configuration }: OpenidConnection,
  tokens: Tokens,
  settings: ProfileSettings,
  nowMs: number,
  subject: string | null,
): Promise<OpenidProfile> {
  const idClaims: Claims | null = tokens.claims() ?? null;
  const sub = idClaims?.['sub'] ?? subject;
  if (typeof sub !== 'string' || sub === '' || (subject !== null && sub !== subject))
    // OpenID Connect Core 12.2: a refreshed ID token is of the same subject.
    throw new LoginFault('tokenRefused', 'The provider answered with the token of somebody else.', 'Log in again.');
  const notes: SessionNote[] = [];
  let claims: Claims = idClaims ?? {};
  const lacks = claimAt(claims, settings.groupsClaim) === undefined || claimAt(claims, settings.usernameClaim) === undefined;
  const hasUserinfo = configuration.serverMetadata().userinfo_endpoint !== undefined;
  if (lacks && hasUserinfo) {
    try {
      claims = { ...(await client.fetchUserInfo(configuration, tokens.access_token, sub)), ...claims };
    } catch {
      notes.push('userinfoFailed');
    }
  }
  const groups = decodeGroups(claimAt(claims, settings.groupsClaim));
  if (groups.length === 0 && hasGroupsElsewhere(claims, settings.groupsClaim)) notes.push('groupsOverage');
  const username = decodeUsername({ ...claims, sub }, settings.usernameClaim);
  if (settings.usernameClaim === 'email' && claims['email_verified'] === false) notes.push('emailNotVerified');
  const shown = shownClaims(claims, settings.groupsClaim);
  const identity = { claims: shown, username: username?.value ?? null, groups };
  // A refresh may tell nothing of the person: what the login told stands.
  if (subject === null || Object.keys(claims).length > 0) checkDomain(claims, settings.openid, identity);
  if (username === null)
    throw new LoginFault(
      'usernameMissing',
      `Neither the claim ${settings.usernameClaim} nor preferred_username nor sub names the user.`,
      'Set auth.usernameClaim to a claim that the provider sends.',
      identity,
    );
  const clusterToken =
    settings.accessMode !== 'userToken' ? null : settings.userToken === 'id' ? (tokens.id_token ?? null) : tokens.access_token;
  const sid = claims['sid'];
  return {
    subject: sub,
    name: username.value,
    groups,
    claims: shown,
    providerSid: typeof sid === 'string' && sid !== '' && sid.length <= 256 ? sid : null,
    idToken: tokens.id_token === undefined ? null : new Secret(tokens.id_token),
    refreshToken: tokens.refresh_token === undefined || tokens.refresh_token === '' ? null : new Secret(tokens.refresh_token),
    clusterToken: clusterToken === null ? null : new Secret(clusterToken),
    tokenEndsAtMs: tokenEnd(tokens, idClaims, settings, nowMs),
    notes,
  };
}
