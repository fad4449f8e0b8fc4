// What configured roles let somebody see and do.
import { describe, expect, it } from 'vitest';
import { type Deed, ROLES } from '../../model/account';
import type { RoleRule } from '../../model/role-rules';
import { deedsIn } from './deeds';
import { accessByRole, accessByRoles } from './roles';

const row = (rule: Partial<RoleRule>): RoleRule => ({ role: 'viewer', groups: [], users: [], namespaces: ['*'], ...rule });
const deed = (verb: Deed['verb'], group: string, resource: string, namespace: string | null): Deed => ({
  verb,
  group,
  resource,
  namespace,
});
const VS = 'networking.istio.io';

describe('roles', () => {
  const rules = [
    row({ role: 'viewer', groups: ['dev'], namespaces: ['shop', 'pay'] }),
    row({ role: 'editor', groups: ['shop-team'], namespaces: ['shop'] }),
    row({ role: 'admin', users: ['root@example.com'], namespaces: ['*'] }),
    row({ role: 'admin', groups: ['pay-leads'], namespaces: ['pay'] }),
    row({ groups: [''], users: [''] }),
  ];
  const of = (groups: readonly string[], name = 'a@example.com', subject = 's') => accessByRoles(rules, { groups, name, subject });

  it('add up by group, name and subject, letter for letter', () => {
    expect(of([]).sight).toEqual([]);
    expect(of(['Dev', 'dev ']).sight).toEqual([]);
    expect(of(['dev']).sight).toEqual(['pay', 'shop']);
    expect(of(['shop-team']).sight).toEqual(['shop']);
    expect(of(['dev', 'pay-leads'])).toMatchObject({ sight: ['pay', 'shop'], isAdmin: false });
    expect(of([], 'root@example.com')).toMatchObject({ sight: null, isAdmin: true });
    expect(of([], 'x', 'root@example.com').isAdmin).toBe(true);
    // An empty row or a user without a name matches nothing.
    expect(of([''], '', '').sight).toEqual([]);
  });

  it('allow what they say where they say it', () => {
    const both = of(['dev', 'shop-team']);
    expect(both.allows(deed('patch', VS, 'virtualservices', 'shop'))).toBe(true);
    expect(both.allows(deed('patch', VS, 'virtualservices', 'pay'))).toBe(false);
    expect(both.allows(deed('list', VS, 'virtualservices', 'pay'))).toBe(true);
    expect(both.allows(deed('list', VS, 'virtualservices', null))).toBe(false);
    expect(both.allows(deed('list', '', 'secrets', 'shop'))).toBe(false);
    expect(both.allows(deed('delete', '', 'pods', 'shop'))).toBe(false);
    expect(both.allows(deed('get', '', 'pods', 'ops'))).toBe(false);
    expect(of(['pay-leads']).allows(deed('delete', '', 'pods', 'pay'))).toBe(true);
    expect(of(['pay-leads']).allows(deed('delete', '', 'pods', 'shop'))).toBe(false);
    expect(of([], 'root@example.com').allows(deed('delete', '', 'nodes', null))).toBe(true);
  });

  it('are each at least the one before', () => {
    const counts = ROLES.map((role) => deedsIn('shop').filter((each) => accessByRole(role).allows(each)).length);
    expect(counts).toEqual([67, 131, 131]);
    expect(accessByRole('viewer')).toMatchObject({ sight: null, isAdmin: false });
    expect(accessByRole('viewer').allows(deed('watch', 'gateway.networking.k8s.io', 'gatewayclasses', null))).toBe(true);
    expect(accessByRole('viewer').allows(deed('get', '', 'namespaces', null))).toBe(true);
    expect(accessByRole('editor').allows(deed('patch', 'apps', 'deployments', 'shop'))).toBe(false);
  });
});
