// Whom a row of access.roles names: letter for letter, and never everybody by an empty text.
import { expect, it } from 'vitest';
import { matchRole, namedGroups, type RoleRule } from './role-rules';

const rule = (more: Partial<RoleRule>): RoleRule => ({ role: 'viewer', groups: [], users: [], namespaces: ['*'], ...more });
const ada = { name: 'ada', subject: 's-1', groups: ['', 'mesh', 'Ops'] };

it.each<[Partial<RoleRule>, readonly string[]]>([
  [{ groups: ['mesh', 'ops'] }, ['mesh']],
  [{ users: ['ada', 's-1', 'Ada'] }, ['ada', 's-1']],
  [{ groups: [''], users: [''] }, []],
  [{}, []],
])('%j matches %j', (more, expected) => {
  expect(matchRole(rule(more), { ...ada, name: more.users?.includes('') === true ? '' : ada.name })).toEqual(expected);
});

it('lists the groups that any row names', () => {
  expect([...namedGroups([rule({ groups: ['a', 'b'] }), rule({ groups: ['b'] })])]).toEqual(['a', 'b']);
});
