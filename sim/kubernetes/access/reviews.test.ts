// The review kinds over HTTP, and RBAC decisions on hand-made roles.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../fixtures/small-cluster';
import { valueAt } from '../json';
import { ObjectStore } from '../store';
import { Authorizer } from './authorizer';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster.server.close());

const AUTHORIZATION = '/apis/authorization.k8s.io/v1';

async function review(path: string, kind: string, spec: unknown, token = 'bob-token'): Promise<unknown> {
  const apiVersion = path.split('/').slice(2, 4).join('/');
  const reply = await cluster.send('POST', path, { token, body: { apiVersion, kind, spec } });
  return reply.code === 201 ? valueAt(reply.body, 'status') : reply.code;
}

const selfAccess = (resourceAttributes: unknown, token?: string) =>
  review(`${AUTHORIZATION}/selfsubjectaccessreviews`, 'SelfSubjectAccessReview', { resourceAttributes }, token);

describe('reviews', () => {
  it('answer what a user may do, and why', async () => {
    expect(await selfAccess({ namespace: 'bookinfo', verb: 'list', resource: 'pods' })).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "viewers/bookinfo" of ClusterRole "view" to User "bob"',
    });
    expect(await selfAccess({ namespace: 'empty', verb: 'list', resource: 'pods' })).toEqual({ allowed: false });
    expect(await selfAccess({ namespace: 'bookinfo', verb: 'get', resource: 'pods', subresource: 'log' })).toMatchObject({ allowed: true });
    expect(await selfAccess({ verb: 'delete', resource: 'nodes' }, 'admin-token')).toEqual({ allowed: true });
    expect(await selfAccess(undefined)).toBe(400);
    const path = `${AUTHORIZATION}/selfsubjectaccessreviews`;
    expect(await review(path, 'SelfSubjectAccessReview', { nonResourceAttributes: { path: '/apis/x', verb: 'get' } })).toMatchObject({
      allowed: true,
    });
    expect(await review(path, 'SelfSubjectAccessReview', { nonResourceAttributes: { path: '/metrics', verb: 'get' } })).toEqual({
      allowed: false,
    });
  });

  it('answer it for others, to those who may ask', async () => {
    const path = `${AUTHORIZATION}/subjectaccessreviews`;
    const spec = { user: 'bob', resourceAttributes: { namespace: 'bookinfo', verb: 'get', resource: 'services' } };
    expect(await review(path, 'SubjectAccessReview', spec, 'admin-token')).toMatchObject({ allowed: true });
    expect(await review(path, 'SubjectAccessReview', { ...spec, user: 'carol' }, 'admin-token')).toEqual({ allowed: false });
    expect(await review(path, 'SubjectAccessReview', spec)).toBe(403);
    const local = `${AUTHORIZATION}/namespaces/bookinfo/localsubjectaccessreviews`;
    expect(await review(local, 'LocalSubjectAccessReview', spec, 'admin-token')).toMatchObject({ allowed: true });
    const elsewhere = { ...spec, resourceAttributes: { ...spec.resourceAttributes, namespace: 'empty' } };
    expect(await review(local, 'LocalSubjectAccessReview', elsewhere, 'admin-token')).toBe(400);
  });

  it('list the rules of a namespace', async () => {
    const status = await review(`${AUTHORIZATION}/selfsubjectrulesreviews`, 'SelfSubjectRulesReview', { namespace: 'bookinfo' });
    expect(status).toMatchObject({ incomplete: false });
    expect(JSON.stringify(valueAt(status, 'resourceRules'))).toContain('"pods/log"');
    expect(JSON.stringify(valueAt(status, 'nonResourceRules'))).toContain('/healthz');
    const elsewhere = await review(`${AUTHORIZATION}/selfsubjectrulesreviews`, 'SelfSubjectRulesReview', { namespace: 'empty' });
    expect(JSON.stringify(elsewhere)).not.toContain('pods');
    expect(await review(`${AUTHORIZATION}/selfsubjectrulesreviews`, 'SelfSubjectRulesReview', { namespace: '' })).toBe(400);
  });

  it('tell who a token is', async () => {
    const path = '/apis/authentication.k8s.io/v1/tokenreviews';
    expect(await review(path, 'TokenReview', { token: 'bob-token' }, 'admin-token')).toEqual({
      authenticated: true,
      user: { username: 'bob', uid: 'u-bob', groups: ['developers', 'system:authenticated'] },
    });
    expect(await review(path, 'TokenReview', { token: 'nope' }, 'admin-token')).toMatchObject({ authenticated: false });
    expect(await review(path, 'TokenReview', { token: 'bob-token' })).toBe(403);
    expect(await review(path, 'TokenReview', { token: '' }, 'admin-token')).toBe(400);
    const audiences = ['https://kubernetes.default.svc.cluster.local', 'heddle'];
    expect(await review(path, 'TokenReview', { token: 'bob-token', audiences }, 'admin-token')).toMatchObject({
      authenticated: true,
      audiences: ['https://kubernetes.default.svc.cluster.local'],
    });
    expect(await review(path, 'TokenReview', { token: 'bob-token', audiences: ['heddle'] }, 'admin-token')).toMatchObject({
      authenticated: false,
    });
  });

  it('tell who one is, also as somebody else', async () => {
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const own = await cluster.send('POST', path, { token: 'heddle-token', body });
    expect(own.code).toBe(201);
    expect(own.body).toMatchObject({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
    expect(valueAt(own.body, 'status', 'userInfo')).toEqual({
      username: 'system:serviceaccount:heddle:heddle',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:heddle', 'system:authenticated'],
    });
    const headers = { 'impersonate-user': 'ada', 'impersonate-group': 'a, b', 'impersonate-extra-scopes': 'x' };
    const other = await cluster.send('POST', path, { body, headers });
    // Two groups in one header are one group with a comma in its name.
    expect(valueAt(other.body, 'status', 'userInfo')).toEqual({
      username: 'ada',
      groups: ['a, b', 'system:authenticated'],
      extra: { scopes: ['x'] },
    });
    expect((await cluster.send('POST', path, { token: 'bob-token', body, headers })).code).toBe(403);
    expect((await cluster.send('POST', path, { token: 'nobody-token', body })).code).toBe(401);
  });
});

describe('Authorizer', () => {
  const rbac = 'rbac.authorization.k8s.io';
  const store = new ObjectStore({ now: () => 0 });
  const authorizer = new Authorizer(store);
  const bind = (name: string, rules: readonly unknown[], subject: unknown) => {
    store.write({ apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name }, rules });
    store.write({
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects: [subject],
    });
  };
  bind('named', [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['one'], verbs: ['get'] }], { kind: 'Group', name: 'g' });
  bind('sub', [{ apiGroups: ['*'], resources: ['*/status'], verbs: ['*'] }], {
    kind: 'ServiceAccount',
    namespace: 'heddle',
    name: 'heddle',
  });
  bind('paths', [{ nonResourceURLs: ['/logs/*'], verbs: ['get'] }], { kind: 'User', name: 'u' });
  store.write({
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'dangling', namespace: 'n' },
    roleRef: { apiGroup: rbac, kind: 'Role', name: 'missing' },
    subjects: [{ kind: 'User', name: 'u' }],
  });

  const may = (username: string, groups: readonly string[], verb: string, resource: string, subresource = '', name = '') =>
    authorizer.authorize({ username, groups }, { verb, group: 'apps', resource, subresource, namespace: 'n', name }).allowed;

  it('keeps to names, groups, subresources and paths', () => {
    const wanted = { verb: 'get', group: '', resource: 'secrets', subresource: '', namespace: 'n' };
    const inGroup = { username: 'x', groups: ['g'] };
    expect(authorizer.authorize(inGroup, { ...wanted, name: 'one' }).allowed).toBe(true);
    expect(authorizer.authorize(inGroup, { ...wanted, name: 'two' }).allowed).toBe(false);
    expect(authorizer.authorize(inGroup, { ...wanted, name: '' }).allowed).toBe(false);
    expect(may('system:serviceaccount:heddle:heddle', [], 'update', 'deployments', 'status', 'a')).toBe(true);
    expect(may('system:serviceaccount:heddle:heddle', [], 'update', 'deployments', '', 'a')).toBe(false);
    expect(may('system:serviceaccount:other:heddle', [], 'update', 'deployments', 'status', 'a')).toBe(false);
    expect(authorizer.authorize({ username: 'u', groups: [] }, { verb: 'get', path: '/logs/a' }).allowed).toBe(true);
    expect(authorizer.authorize({ username: 'u', groups: [] }, { verb: 'get', path: '/log' }).allowed).toBe(false);
    expect(may('u', [], 'get', 'pods')).toBe(false);
    expect(may('anyone', ['system:masters'], 'escalate', 'anything')).toBe(true);
  });
});
