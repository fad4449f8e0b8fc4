// Which rows of `access.roles` speak of somebody. Pure. In: rows, a user. Out: rows with what matched.
import type { DoctorDocument, User } from '../../model/account';
import type { RoleRule } from './auth-settings';

type Match = DoctorDocument['roles'][number];

/** Every row with the user's groups or names that it matches; names are the user's name and subject, letter for letter. */
export const matchRoles = (rules: readonly RoleRule[], user: Pick<User, 'name' | 'subject' | 'groups'>): readonly Match[] =>
  rules.map(({ role, groups, users, namespaces }) => ({
    role,
    namespaces,
    matchedBy: [
      ...groups.filter((group) => user.groups.includes(group)),
      ...users.filter((name) => name === user.name || name === user.subject),
    ],
  }));

/** Groups that any row names. */
export const namedGroups = (rules: readonly RoleRule[]): ReadonlySet<string> => new Set(rules.flatMap(({ groups }) => groups));
