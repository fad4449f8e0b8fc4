// What this folder is told of the configuration, in plain values. In: nothing. Out: AccessSettings.
import type { LoginStrategy, Role } from '../../model/account';
import type { RoleRule } from '../../model/role-rules';

export interface AccessSettings {
  readonly strategy: LoginStrategy;
  readonly mode: 'roles' | 'userToken' | 'impersonation';
  /** Role of everybody in all namespaces where nobody logs in. */
  readonly anonymousRole: Role;
  readonly roles: readonly RoleRule[];
}
