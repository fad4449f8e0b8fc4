// What this folder is told of the configuration, in plain values. In: nothing. Out: AccessSettings.
import type { LoginStrategy, Role } from '../../model/account';

/** A row of `access.roles`. */
export interface RoleRule {
  readonly role: Role;
  readonly groups: readonly string[];
  readonly users: readonly string[];
  /** Names, or `*` for all. */
  readonly namespaces: readonly string[];
}

export interface AccessSettings {
  readonly strategy: LoginStrategy;
  readonly mode: 'roles' | 'userToken' | 'impersonation';
  /** Role of everybody in all namespaces where nobody logs in. */
  readonly anonymousRole: Role;
  readonly roles: readonly RoleRule[];
}
