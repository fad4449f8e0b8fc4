// What a test may turn while the provider runs, and the claims that come of it. In: knobs, an identity. Out: claims.
import { createHash } from 'node:crypto';
import type { Identity } from './identities';

/** How the groups claim is written; providers differ (Keycloak nests, some proxies send text). */
export type GroupsShape = 'array' | 'spaces' | 'commas' | 'nested';

export interface ProviderRefusal {
  /** An error code of RFC 6749 or OpenID Connect: `access_denied`, `temporarily_unavailable`. */
  readonly error: string;
  readonly description: string;
}

/** Fields may be set at any time; they hold for whatever is issued afterwards. */
export interface Knobs {
  /** `nested`: `realm_access.roles` instead of `groups`. */
  groupsShape: GroupsShape;
  /** `userinfo`: missing in the id token, present at the userinfo endpoint. */
  groupsIn: 'everywhere' | 'userinfo';
  /** Groups are given only to those who ask for the scope `groups` (as Dex does). */
  groupsNeedScope: boolean;
  /** Further groups of every user, all different: 300 of them make a token of some 13 kB. */
  moreGroups: number;
  /** What `email_verified` says. */
  emailVerified: boolean;
  /** Answers every authorization request with this error instead of a login page. */
  refusal: ProviderRefusal | null;
  /** How far the provider's clock is ahead of everybody's (negative: behind). */
  clockSkewSeconds: number;
}

export const buildKnobs = (): Knobs => ({
  groupsShape: 'array',
  groupsIn: 'everywhere',
  groupsNeedScope: false,
  moreGroups: 0,
  emailVerified: true,
  refusal: null,
  clockSkewSeconds: 0,
});

/** Claims that hold groups, by the scopes that ask for them. */
export const GROUP_CLAIMS = ['groups', 'realm_access'] as const;

/** Names as directories have them, alike in no part that a compressor could use. */
export function buildManyGroups(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `team-${createHash('sha256').update(`group ${i}`).digest('base64url').slice(0, 24)}`);
}

function buildGroupClaims(identity: Identity, knobs: Knobs): Readonly<Record<string, unknown>> {
  const groups = [...identity.groups, ...buildManyGroups(knobs.moreGroups)];
  switch (knobs.groupsShape) {
    case 'array':
      return { groups };
    case 'spaces':
      return { groups: groups.join(' ') };
    case 'commas':
      return { groups: groups.join(',') };
    case 'nested':
      return { realm_access: { roles: groups } };
  }
}

/** What the provider says of somebody in an id token (`idToken`) or at the userinfo endpoint, for the scopes that were granted. */
export function buildClaims(
  identity: Identity,
  knobs: Knobs,
  use: 'idToken' | 'userinfo',
  scopes: ReadonlySet<string>,
): Readonly<Record<string, unknown>> & { readonly sub: string } {
  const withGroups = (knobs.groupsIn === 'everywhere' || use === 'userinfo') && (!knobs.groupsNeedScope || scopes.has('groups'));
  return {
    sub: identity.subject,
    name: identity.name,
    preferred_username: identity.username,
    email: identity.email,
    email_verified: knobs.emailVerified,
    ...(withGroups ? buildGroupClaims(identity, knobs) : {}),
  };
}
