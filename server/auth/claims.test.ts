// Claims as providers really send them, and hostile ones.
import { describe, expect, it } from 'vitest';
import { claimAt, decodeGroups, decodeUsername, hasGroupsElsewhere, shownClaims, tame } from './claims';

describe('a claim', () => {
  it('is found nested, with dots in its keys, and never on a prototype', () => {
    const claims = {
      groups: ['a'],
      realm_access: { roles: ['b'] },
      'https://example.com/groups': ['c'],
      'cognito:groups': ['d'],
      resource_access: { 'my.app': { roles: ['e'] }, my: { app: { roles: ['f'] } } },
      'x.y': { z: 'g' },
    };
    expect(claimAt(claims, 'groups')).toEqual(['a']);
    expect(claimAt(claims, 'realm_access.roles')).toEqual(['b']);
    expect(claimAt(claims, 'https://example.com/groups')).toEqual(['c']);
    expect(claimAt(claims, 'cognito:groups')).toEqual(['d']);
    expect(claimAt(claims, 'resource_access.my.app.roles')).toEqual(['e']);
    expect(claimAt(claims, 'x.y.z')).toBe('g');
    for (const path of ['constructor', '__proto__', 'toString', 'groups.length', 'realm_access.constructor', '', '.', 'a.b.c'])
      expect(claimAt(claims, path)).toBeUndefined();
  });
});

describe('groups', () => {
  it('come as arrays, with commas, with spaces, as JSON', () => {
    expect(decodeGroups(['a', 'a', ' b ', 3, null, '', 'with space'])).toEqual(['a', 'b', 'with space']);
    expect(decodeGroups('dev ops  sre')).toEqual(['dev', 'ops', 'sre']);
    expect(decodeGroups('Mesh Admins, Developers ,')).toEqual(['Mesh Admins', 'Developers']);
    expect(decodeGroups('["a","b c"]')).toEqual(['a', 'b c']);
    expect(decodeGroups('[a, b]')).toEqual(['a', 'b']);
    for (const none of [undefined, null, 7, {}, true, '', '  ', '[]']) expect(decodeGroups(none)).toEqual([]);
  });
  it('are bounded, and never repaired into another name', () => {
    expect(decodeGroups(Array.from({ length: 5_000 }, (_, i) => `g${i}`))).toHaveLength(2_000);
    expect(decodeGroups(['ad\u0000min', 'ad\u202emin', 'x'.repeat(300), 'ok'])).toEqual(['ok']);
  });
  it('may be elsewhere', () => {
    expect(hasGroupsElsewhere({ _claim_names: { groups: 'src1' } }, 'groups')).toBe(true);
    expect(hasGroupsElsewhere({ hasgroups: true }, 'groups')).toBe(true);
    expect(hasGroupsElsewhere({ _claim_names: { roles: 'src1' } }, 'groups')).toBe(false);
  });
});

describe('a username', () => {
  it('falls back, and is no address that nobody verified', () => {
    expect(decodeUsername({ email: 'a@x', sub: 's' }, 'email')).toEqual({ claim: 'email', value: 'a@x' });
    expect(decodeUsername({ preferred_username: 'p', sub: 's' }, 'email')).toEqual({ claim: 'preferred_username', value: 'p' });
    expect(decodeUsername({ sub: 's' }, 'email')).toEqual({ claim: 'sub', value: 's' });
    expect(decodeUsername({ email: 'ceo@x', email_verified: false, preferred_username: 'ceo@x', sub: 's' }, 'email')).toEqual({
      claim: 'sub',
      value: 's',
    });
    expect(decodeUsername({ email: 'a\nb', sub: '' }, 'email')).toBeNull();
  });
});

describe('what is shown', () => {
  it('is the value of harmless claims and the name of others, as plain text', () => {
    expect(shownClaims({ sub: 's', exp: 7, aud: ['a', 'b'], phone: '555', groups: ['x'], name: '<b>\u202eA</b>' }, 'groups')).toEqual([
      { name: 'sub', value: 's' },
      { name: 'exp', value: '7' },
      { name: 'aud', value: 'a, b' },
      { name: 'phone', value: null },
      { name: 'name', value: '<b> A</b>' },
    ]);
    expect(tame('a\r\nb\u0007', 3)).toBe('a …');
  });
});
