// The permission pre-flight: what one may do, and YAML that asks for exactly the rest.
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { Deed } from '../../model/account';
import type { Access } from '../ports';
import { buildAccessDocument, decodeNamespace } from './access-document';
import { deedsIn } from './deeds';
import { accessByRole, accessByRoles } from './roles';
import { allowsDeed, decodeRulesReview } from './rules';

const by = (allows: (deed: Deed) => boolean, sight: Access['sight'] = ['shop']): Access => ({ sight, isAdmin: false, allows });
const documentsOf = (yaml: string): readonly unknown[] => parseAllDocuments(yaml).map((d): unknown => d.toJS());

describe('the request for Kubernetes', () => {
  const access = by(({ verb, group }) => ['get', 'list', 'watch'].includes(verb) && group !== 'telemetry.istio.io');
  const { request, deeds, sees } = buildAccessDocument('shop', access, { kind: 'kubernetes', name: 'alice@example.com' });
  const [role, binding] = documentsOf(request?.yaml ?? '');

  it('grants exactly what is missing', () => {
    const granted = decodeRulesReview({ status: { resourceRules: (role as { rules: unknown }).rules, incomplete: false } });
    if (granted === null) throw new Error('no rules');
    expect(sees).toBe(true);
    for (const { deed, allowed } of deeds) expect(allowsDeed(granted, deed), JSON.stringify(deed)).toBe(!allowed);
    expect(deeds).toHaveLength(deedsIn('shop').length);
  });
  it('binds it to the user, under a name of his own', () => {
    const { metadata } = role as { metadata: { name: string; namespace: string } };
    expect(metadata).toEqual({ name: expect.stringMatching(/^heddle-alice-example-com-[0-9a-z]+$/), namespace: 'shop' });
    expect(binding).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'alice@example.com' }],
    });
    const other = buildAccessDocument('shop', access, { kind: 'kubernetes', name: 'alice-example.com' });
    expect(documentsOf(other.request?.yaml ?? '')[0]).not.toMatchObject({ metadata });
  });
  it('binds service accounts as such', () => {
    const own = buildAccessDocument('shop', access, { kind: 'kubernetes', name: 'system:serviceaccount:ops:bot' });
    expect(documentsOf(own.request?.yaml ?? '')[1]).toMatchObject({
      subjects: [{ kind: 'ServiceAccount', name: 'bot', namespace: 'ops' }],
    });
  });
  it.each(['a\nkind: ClusterRole', '---\n- x', '"}; rm -rf', '*', '!!binary x', '# x', 'Ünï'.repeat(200), '~', '-'])(
    'keeps the hostile name %j a name',
    (name) => {
      const { request: asked } = buildAccessDocument('shop', access, { kind: 'kubernetes', name });
      const documents = documentsOf(asked?.yaml ?? '');
      expect(documents).toHaveLength(2);
      expect(documents[1]).toMatchObject({ subjects: [{ kind: 'User', name }] });
      expect((documents[0] as { metadata: { name: string } }).metadata.name).toMatch(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])$/);
      const row = buildAccessDocument('shop', access, { kind: 'configuration', name }).request;
      expect(parse(row?.yaml ?? '')).toEqual({ access: { roles: [{ role: 'editor', users: [name], namespaces: ['shop'] }] } });
    },
  );
});

it('asks for nothing when nothing is missing', () => {
  expect(buildAccessDocument('shop', accessByRole('editor'), { kind: 'everybody' }).request).toBeNull();
  expect(
    buildAccessDocument(
      'shop',
      by(() => true),
      { kind: 'kubernetes', name: 'a' },
    ).request,
  ).toBeNull();
});

it('the row of the configuration that it asks for is enough', () => {
  const { request } = buildAccessDocument(
    'shop',
    by(() => false, []),
    { kind: 'configuration', name: 'alice' },
  );
  const { access } = parse(request?.yaml ?? '') as { access: { roles: { role: 'editor'; users: string[]; namespaces: string[] }[] } };
  const after = accessByRoles(
    access.roles.map((row) => ({ groups: [], ...row })),
    { name: 'alice', subject: 'x', groups: [] },
  );
  expect(buildAccessDocument('shop', after, { kind: 'configuration', name: 'alice' })).toMatchObject({ sees: true, request: null });
  const everybody = buildAccessDocument('shop', accessByRole('viewer'), { kind: 'everybody' });
  expect(parse(everybody.request?.yaml ?? '')).toEqual({ auth: { anonymousRole: 'editor' } });
});

it('a namespace is a name and nothing else', () => {
  expect(decodeNamespace('shop-1')).toBe('shop-1');
  for (const bad of [null, '', '*', '-', 'Shop', 'a/b', 'a\nb', '../x', 'a'.repeat(64)])
    expect(() => decodeNamespace(bad)).toThrow(/namespace=/);
});
