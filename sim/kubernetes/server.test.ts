// Discovery, access, lists, representations and refusals over HTTP.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPod, buildVirtualService, PODS, startTestCluster, type TestCluster, VIRTUAL_SERVICES } from './fixtures/small-cluster';
import { recordOf, valueAt } from './json';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster({ anonymous: true });
});
afterAll(() => cluster.server.close());

const names = (body: unknown): readonly unknown[] => {
  const items = valueAt(body, 'items');
  return Array.isArray(items) ? items.map((item: unknown) => valueAt(item, 'metadata', 'name')) : [];
};

describe('discovery', () => {
  it('answers versions, groups, resources and health', async () => {
    expect((await cluster.send('GET', '/version')).body).toMatchObject({ major: '1', minor: '32' });
    expect((await cluster.send('GET', '/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const group = await cluster.send('GET', '/apis/networking.istio.io');
    expect(group.body).toMatchObject({ kind: 'APIGroup', preferredVersion: { groupVersion: 'networking.istio.io/v1' } });
    const resources = await cluster.send('GET', '/apis/networking.istio.io/v1alpha3');
    expect(resources.text).toContain('"name":"envoyfilters"');
    expect((await cluster.send('GET', '/apis/networking.istio.io/v1')).text).not.toContain('envoyfilters');
    expect((await cluster.send('GET', '/readyz')).text).toBe('ok');
    expect((await cluster.send('GET', '/apis/nope.io')).body).toMatchObject({
      code: 404,
      message: 'the server could not find the requested resource',
    });
  });

  it.each(['v2', 'v2beta1'])('answers aggregated discovery %s', async (version) => {
    const accept = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList,application/json`;
    const reply = await cluster.send('GET', '/apis', { headers: { accept } });
    expect(reply.headers.get('content-type')).toBe(`application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`);
    expect(reply.body).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}` });
  });

  it('serves the same schemas in OpenAPI documents and CRDs', async () => {
    const index = await cluster.send('GET', '/openapi/v3');
    const path = String(valueAt(index.body, 'paths', 'apis/networking.istio.io/v1', 'serverRelativeURL'));
    const document = (await cluster.send('GET', path)).body;
    const schema = recordOf(valueAt(document, 'components', 'schemas', 'io.istio.networking.v1.VirtualService'));
    expect(schema['x-kubernetes-group-version-kind']).toEqual([{ group: 'networking.istio.io', version: 'v1', kind: 'VirtualService' }]);
    const crd = await cluster.send('GET', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/virtualservices.networking.istio.io');
    const versions = valueAt(crd.body, 'spec', 'versions');
    const stored = valueAt(Array.isArray(versions) ? versions[0] : undefined, 'schema', 'openAPIV3Schema', 'properties', 'spec');
    expect(valueAt(schema, 'properties', 'spec')).toEqual(stored);
    expect((await cluster.send('GET', '/openapi/v3/apis/nope/v1')).code).toBe(404);
    expect((await cluster.send('GET', '/openapi/v2')).code).toBe(404);
  });
});

describe('access', () => {
  it('answers 401 for an unknown token and takes no token as anonymous', async () => {
    expect((await cluster.send('GET', PODS, { token: 'wrong' })).body).toMatchObject({ kind: 'Status', code: 401, reason: 'Unauthorized' });
    const anonymous = await cluster.send('GET', PODS, { token: undefined });
    expect(anonymous.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "bookinfo"',
      reason: 'Forbidden',
      details: { kind: 'pods' },
      code: 403,
    });
    expect((await cluster.send('GET', '/version', { token: undefined })).code).toBe(200);
    expect((await cluster.send('GET', '/api', { token: undefined })).body).toMatchObject({
      code: 403,
      message: 'forbidden: User "system:anonymous" cannot get path "/api"',
    });
  });

  it('lets an aggregated role in where its binding reaches, and no further', async () => {
    expect((await cluster.send('GET', PODS, { token: 'bob-token' })).code).toBe(200);
    expect((await cluster.send('GET', '/api/v1/namespaces/bookinfo', { token: 'bob-token' })).code).toBe(200);
    expect((await cluster.send('GET', '/api/v1/pods', { token: 'bob-token' })).text).toContain('at the cluster scope');
    expect((await cluster.send('GET', VIRTUAL_SERVICES, { token: 'bob-token' })).code).toBe(403);
    cluster.store.write({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'istio-view', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
      rules: [{ apiGroups: ['networking.istio.io'], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
    });
    expect((await cluster.send('GET', VIRTUAL_SERVICES, { token: 'bob-token' })).code).toBe(200);
    const created = await cluster.send('POST', VIRTUAL_SERVICES, { token: 'bob-token', body: buildVirtualService('x') });
    expect(created.body['message']).toBe(
      'virtualservices.networking.istio.io is forbidden: User "bob" cannot create resource "virtualservices" in API group "networking.istio.io" in the namespace "bookinfo"',
    );
  });

  it('impersonates for those who may', async () => {
    const asBob = { 'impersonate-user': 'bob', 'impersonate-group': 'testers' };
    const self = await cluster.send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      headers: asBob,
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    });
    expect(valueAt(self.body, 'status', 'userInfo')).toEqual({ username: 'bob', groups: ['testers', 'system:authenticated'] });
    expect((await cluster.send('GET', '/api/v1/pods', { headers: asBob })).code).toBe(403);
    const refused = await cluster.send('GET', PODS, { token: 'bob-token', headers: { 'impersonate-user': 'admin' } });
    expect(refused.body).toMatchObject({
      code: 403,
      message: 'users "admin" is forbidden: User "bob" cannot impersonate resource "users" in API group "" at the cluster scope',
    });
    expect((await cluster.send('GET', PODS, { headers: { 'impersonate-group': 'x' } })).code).toBe(500);
  });
});

describe('lists', () => {
  it('select by labels and fields, at every served version', async () => {
    expect(names((await cluster.send('GET', `${PODS}?labelSelector=app%20in%20(reviews,x)`)).body)).toEqual(['reviews-v1-abc']);
    expect(names((await cluster.send('GET', `${PODS}?fieldSelector=status.phase%3DPending`)).body)).toEqual([]);
    expect((await cluster.send('GET', `${PODS}?fieldSelector=spec.image%3Dx`)).body).toMatchObject({
      code: 400,
      message: 'field label not supported: spec.image',
    });
    expect((await cluster.send('GET', `${PODS}?labelSelector=%3D%3D`)).code).toBe(400);
    cluster.store.write(buildVirtualService('listed'));
    const beta = await cluster.send('GET', VIRTUAL_SERVICES.replace('/v1/', '/v1beta1/'));
    expect(beta.body).toMatchObject({
      kind: 'VirtualServiceList',
      apiVersion: 'networking.istio.io/v1beta1',
      items: [{ apiVersion: 'networking.istio.io/v1beta1' }],
    });
    expect((await cluster.send('GET', '/api/v1/nodes')).body).toMatchObject({ kind: 'NodeList', items: [] });
  });

  it('page through one consistent snapshot, and end with 410 once it is gone', async () => {
    for (const name of ['p1', 'p2', 'p3', 'p4']) cluster.store.write(buildPod(name, { paged: 'yes' }));
    const path = `${PODS}?limit=2&labelSelector=paged`;
    const first = await cluster.send('GET', path);
    const token = String(valueAt(first.body, 'metadata', 'continue'));
    cluster.store.remove('pods', 'bookinfo', 'p3');
    cluster.store.write(buildPod('p2a', { paged: 'yes' }));
    const second = await cluster.send('GET', `${path}&continue=${token}`);
    expect([names(first.body), names(second.body)]).toEqual([
      ['p1', 'p2'],
      ['p3', 'p4'],
    ]);
    expect(valueAt(second.body, 'metadata', 'resourceVersion')).toBe(valueAt(first.body, 'metadata', 'resourceVersion'));
    expect(valueAt((await cluster.send('GET', `${PODS}?limit=2`)).body, 'metadata', 'remainingItemCount')).toBeGreaterThan(0);

    cluster.server.faults.expireResourceVersions();
    const expired = await cluster.send('GET', `${path}&continue=${token}`);
    expect(expired.body).toMatchObject({ code: 410, reason: 'Expired' });
    const onward = String(valueAt(expired.body, 'metadata', 'continue'));
    expect(names((await cluster.send('GET', `${path}&continue=${onward}`)).body)).toEqual(['p2a', 'p4']);
    expect((await cluster.send('GET', `${path}&continue=nonsense`)).code).toBe(400);
  });

  it('honour resourceVersion and its match', async () => {
    const now = cluster.store.revision;
    cluster.store.write(buildPod('exact'));
    const exact = await cluster.send('GET', `${PODS}?resourceVersion=${now}&resourceVersionMatch=Exact`);
    expect(names(exact.body)).not.toContain('exact');
    expect(names((await cluster.send('GET', `${PODS}?resourceVersion=${now}`)).body)).toContain('exact');
    expect((await cluster.send('GET', `${PODS}?resourceVersion=1&resourceVersionMatch=Exact`)).code).toBe(410);
    expect((await cluster.send('GET', `${PODS}?resourceVersion=${now + 1000}`)).body).toMatchObject({
      code: 504,
      details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 },
    });
    expect((await cluster.send('GET', `${PODS}?resourceVersion=x`)).code).toBe(400);
    expect((await cluster.send('GET', `${PODS}?resourceVersionMatch=Exact`)).code).toBe(400);
  });
});

describe('representations', () => {
  it('shows tables, bare metadata and YAML', async () => {
    const table = await cluster.send('GET', PODS, { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' } });
    const [row] = [valueAt(table.body, 'rows')].flat();
    expect(table.body['kind']).toBe('Table');
    expect(JSON.stringify(valueAt(table.body, 'columnDefinitions'))).toContain('"name":"Readiness Gates"');
    expect(valueAt(row, 'object', 'kind')).toBe('PartialObjectMetadata');
    const partial = await cluster.send('GET', PODS, {
      headers: { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' },
    });
    expect(partial.body['kind']).toBe('PartialObjectMetadataList');
    expect(partial.text).not.toContain('"spec"');
    const yaml = await cluster.send('GET', `${PODS}/reviews-v1-abc`, { headers: { accept: 'application/yaml' } });
    expect(yaml.text).toMatch(/^apiVersion: v1\nkind: Pod\n/m);
  });

  it('takes another type where protobuf is wanted first, and refuses protobuf alone', async () => {
    expect((await cluster.send('GET', PODS, { headers: { accept: 'application/vnd.kubernetes.protobuf,application/json' } })).code).toBe(
      200,
    );
    expect((await cluster.send('GET', PODS, { headers: { accept: 'application/vnd.kubernetes.protobuf' } })).body).toMatchObject({
      code: 406,
      reason: 'NotAcceptable',
    });
  });

  it('leaves the kind out of the items of built-in lists only', async () => {
    const [pod] = [valueAt((await cluster.send('GET', PODS)).body, 'items')].flat();
    expect(pod).not.toHaveProperty('kind');
    expect(await cluster.send('GET', `${PODS}/reviews-v1-abc`)).toMatchObject({ body: { kind: 'Pod', apiVersion: 'v1' } });
  });

  it('compresses large answers only', async () => {
    const crds = await cluster.send('GET', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
    expect(crds.headers.get('content-encoding')).toBe('gzip');
    expect(crds.body['kind']).toBe('CustomResourceDefinitionList');
    expect((await cluster.send('GET', `${PODS}/reviews-v1-abc`)).headers.get('content-encoding')).toBeNull();
  });
});

describe('bad requests', () => {
  it.each([
    ['GET', `${PODS}/nope`, 404, 'pods "nope" not found'],
    ['GET', '/api/v1/gizmos', 404, 'the server could not find the requested resource'],
    ['GET', `${VIRTUAL_SERVICES}/nope`, 404, 'virtualservices.networking.istio.io "nope" not found'],
    ['GET', '/api/v1/namespaces/bookinfo/nodes', 404, 'the server could not find the requested resource'],
    ['GET', `${PODS}/reviews-v1-abc/exec`, 404, 'the server could not find the requested resource'],
    [
      'DELETE',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/x',
      405,
      'the server does not allow this method on the requested resource',
    ],
    ['PUT', PODS, 405, 'the server does not allow this method on the requested resource'],
    ['POST', '/version', 405, 'the server does not allow this method on the requested resource'],
  ])('%s %s: %i', async (method, path, code, message) => {
    expect((await cluster.send(method, path)).body).toMatchObject({ kind: 'Status', status: 'Failure', code, message });
  });

  it('refuses bodies that are broken, of a foreign type or too large', async () => {
    expect((await cluster.send('POST', PODS, { body: '{"a":' })).body).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect((await cluster.send('POST', PODS, { body: '[]' })).code).toBe(400);
    expect((await cluster.send('POST', PODS, { body: ': :', type: 'application/yaml' })).code).toBe(400);
    expect((await cluster.send('POST', PODS, { body: 'x', type: 'text/plain' })).body).toMatchObject({
      code: 415,
      reason: 'UnsupportedMediaType',
    });
    expect((await cluster.send('POST', PODS, { body: 'k8s\0\xff\xff', type: 'application/vnd.kubernetes.protobuf' })).code).toBe(400);
    const large = JSON.stringify({ a: 'x'.repeat(3 * 1024 * 1024) });
    expect((await cluster.send('POST', PODS, { body: large })).body).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });
    expect((await cluster.send('GET', PODS)).code).toBe(200);
  });
});
