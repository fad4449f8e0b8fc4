// Who a request speaks for.
import type { JsonRecord } from '../json';

export interface User {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export const anonymousUser: User = { username: 'system:anonymous', groups: ['system:unauthenticated'] };

const SERVICE_ACCOUNT = 'system:serviceaccount:';

/** The namespace and name of a service account's username; undefined for any other user. */
export function decodeServiceAccount(username: string): { readonly namespace: string; readonly name: string } | undefined {
  if (!username.startsWith(SERVICE_ACCOUNT)) return undefined;
  const [namespace, name, ...rest] = username.slice(SERVICE_ACCOUNT.length).split(':');
  return namespace === undefined || name === undefined || rest.length > 0 ? undefined : { namespace, name };
}

/** The user with the groups that every authenticated user has. */
export function asAuthenticated(user: User): User {
  const account = decodeServiceAccount(user.username);
  const implied = account === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`];
  return { ...user, groups: [...new Set([...user.groups, ...implied, 'system:authenticated'])] };
}

/** authentication.k8s.io UserInfo. */
export function encodeUserInfo(user: User): JsonRecord {
  return {
    username: user.username,
    ...(user.uid === undefined ? {} : { uid: user.uid }),
    groups: user.groups,
    ...(user.extra === undefined ? {} : { extra: user.extra }),
  };
}
