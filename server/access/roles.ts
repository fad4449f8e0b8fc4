// What the configured roles let somebody see and do. Pure. In: rows of `access.roles`, a user. Out: Access.
import type { Deed, Role, User } from '../../model/account';
import { matchRole, type RoleRule } from '../../model/role-rules';
import type { Access } from '../ports';
import { isChangeable, isMeshObject, READ_VERBS } from './deeds';

const EVERYWHERE = '*';

interface Grant {
  readonly role: Role;
  readonly namespaces: ReadonlySet<string>;
}

/** Access by every row that names one of the user's groups, his name or his subject, letter for letter; without any he sees nothing. */
export function accessByRoles(rules: readonly RoleRule[], user: Pick<User, 'name' | 'subject' | 'groups'>): Access {
  const own = rules.filter((rule) => matchRole(rule, user).length > 0);
  return accessByGrants(own.map(({ role, namespaces }) => ({ role, namespaces: new Set(namespaces) })));
}

/** Access of everybody who has one role in all namespaces. */
export const accessByRole = (role: Role): Access => accessByGrants([{ role, namespaces: new Set([EVERYWHERE]) }]);

function accessByGrants(grants: readonly Grant[]): Access {
  const everywhere = grants.filter(({ namespaces }) => namespaces.has(EVERYWHERE));
  const sight = everywhere.length > 0 ? null : [...new Set(grants.flatMap(({ namespaces }) => [...namespaces]))].sort();
  return {
    sight,
    isAdmin: everywhere.some(({ role }) => role === 'admin'),
    allows: (deed) =>
      grants.some(
        ({ role, namespaces }) =>
          (namespaces.has(EVERYWHERE) || (deed.namespace !== null && namespaces.has(deed.namespace))) && mayByRole(role, deed),
      ),
  };
}

function mayByRole(role: Role, deed: Deed): boolean {
  switch (role) {
    case 'admin':
      return true;
    case 'editor':
      return isChangeable(deed) || (READ_VERBS.includes(deed.verb) && isMeshObject(deed));
    case 'viewer':
      return READ_VERBS.includes(deed.verb) && isMeshObject(deed);
    default:
      return role satisfies never;
  }
}
