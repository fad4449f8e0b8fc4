// Which rows of `access.roles` speak of somebody: one rule for what is decided and for what the doctor says of it. Pure.
// In: a row, a user. Out: what of the user it matches.
import type { Role, User } from './account';

/** A row of `access.roles`. */
export interface RoleRule {
  readonly role: Role;
  readonly groups: readonly string[];
  readonly users: readonly string[];
  /** Names, or `*` for all. */
  readonly namespaces: readonly string[];
}

/** The user's groups, and name or subject, that a row names, letter for letter; an empty text names nobody. Empty: the row is not theirs. */
export const matchRole = (rule: RoleRule, user: Pick<User, 'name' | 'subject' | 'groups'>): readonly string[] => [
  ...rule.groups.filter((group) => group !== '' && user.groups.includes(group)),
  ...rule.users.filter((name) => name !== '' && (name === user.name || name === user.subject)),
];

/** Groups that any row names. */
export const namedGroups = (rules: readonly RoleRule[]): ReadonlySet<string> => new Set(rules.flatMap(({ groups }) => groups));
