// From request headers to a user: bearer tokens (listed, or of a trusted OpenID provider), anonymous requests, and impersonation (which needs the
// impersonate verb).
import { internalError, unauthorized } from '../status-error';
import type { Authorizer, ResourceAttributes } from './authorizer';
import type { OidcTokens, TokenVerdict } from './oidc-tokens';
import { anonymousUser, asAuthenticated, decodeServiceAccount, type User } from './user';

export type TokenUsers = ReadonlyMap<string, { readonly username: string; readonly uid?: string; readonly groups: readonly string[] }>;
/** Every value of every header, by lower-case name (http.IncomingMessage.headersDistinct). */
export type HeaderValues = Readonly<Record<string, readonly string[] | undefined>>;

/** Whose tokens are taken: listed ones, and id tokens of one provider. */
export interface TokenSources {
  readonly tokens: TokenUsers;
  readonly oidc?: OidcTokens;
}

/** The user a token stands for, or why nobody's it is. */
export async function reviewToken(sources: TokenSources, token: string): Promise<TokenVerdict> {
  const found = sources.tokens.get(token);
  if (found !== undefined) return { user: asAuthenticated(found) };
  return (await sources.oidc?.review(token)) ?? { refusal: 'invalid bearer token' };
}

/** Who sent the request. Throws 401 for an unknown token, and for none where anonymous requests are not taken. */
export async function authenticate(headers: HeaderValues, sources: TokenSources, anonymous: boolean): Promise<User> {
  const authorization = headers['authorization']?.[0];
  if (authorization === undefined) {
    if (anonymous) return anonymousUser;
    throw unauthorized();
  }
  const token = /^Bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
  const verdict = token === undefined ? undefined : await reviewToken(sources, token);
  if (verdict === undefined || !('user' in verdict)) throw unauthorized();
  return verdict.user;
}

/** The user the request is made as: the sender, or whom it impersonates where the sender may. */
export function impersonate(headers: HeaderValues, sender: User, authorizer: Authorizer): User {
  const username = headers['impersonate-user']?.[0];
  const groups = headers['impersonate-group'] ?? [];
  const uid = headers['impersonate-uid']?.[0];
  const extra = readExtra(headers);
  if (username === undefined) {
    if (groups.length + Object.keys(extra).length > 0 || uid !== undefined)
      throw internalError('requested groups, uid or extra without impersonating a user');
    return sender;
  }
  const account = decodeServiceAccount(username);
  const asked: readonly ResourceAttributes[] = [
    account === undefined
      ? attributes('', 'users', username)
      : { ...attributes('', 'serviceaccounts', account.name), namespace: account.namespace },
    ...groups.map((group) => attributes('', 'groups', group)),
    ...(uid === undefined ? [] : [attributes('authentication.k8s.io', 'uids', uid)]),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => ({ ...attributes('authentication.k8s.io', 'userextras', value), subresource: key })),
    ),
  ];
  for (const wanted of asked) authorizer.require(sender, wanted);
  const user: User = {
    username,
    groups,
    ...(uid === undefined ? {} : { uid }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
  return username === anonymousUser.username ? { ...user, groups: [...groups, 'system:unauthenticated'] } : asAuthenticated(user);
}

function attributes(group: string, resource: string, name: string): ResourceAttributes {
  return { verb: 'impersonate', group, resource, subresource: '', namespace: '', name };
}

function readExtra(headers: HeaderValues): Readonly<Record<string, readonly string[]>> {
  const prefix = 'impersonate-extra-';
  const entries = Object.entries(headers).flatMap(([name, values]) =>
    name.startsWith(prefix) && values !== undefined ? [[decodeURIComponent(name.slice(prefix.length)), values] as const] : [],
  );
  return Object.fromEntries(entries);
}
