// Create, update, every patch type, server-side apply and delete over HTTP.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  buildPod,
  buildVirtualService,
  PODS,
  type RequestOptions,
  startTestCluster,
  type TestCluster,
  VIRTUAL_SERVICES,
} from './fixtures/small-cluster';
import { recordOf, valueAt } from './json';

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await startTestCluster();
});
afterEach(() => cluster.server.close());

const DEPLOYMENTS = '/apis/apps/v1/namespaces/bookinfo/deployments';
const REVIEWS = `${DEPLOYMENTS}/reviews-v1`;
const post = (path: string, body: unknown, options: RequestOptions = {}) => cluster.send('POST', path, { body, ...options });
const patch = (path: string, type: string, body: unknown) => cluster.send('PATCH', path, { body, type: `application/${type}` });
const apply = (path: string, body: unknown, query = 'fieldManager=one') => patch(`${path}?${query}`, 'apply-patch+yaml', body);
const versionOf = (reply: { readonly body: unknown }) => String(valueAt(reply.body, 'metadata', 'resourceVersion'));

describe('create', () => {
  it('gives identity, a status of its own and managedFields', async () => {
    const made = await post(`${VIRTUAL_SERVICES}?fieldManager=me`, { ...buildVirtualService('a'), status: { forged: true } });
    expect(made.code).toBe(201);
    expect(made.body).toMatchObject({
      metadata: { generation: 1, managedFields: [{ manager: 'me', operation: 'Update', apiVersion: 'networking.istio.io/v1' }] },
    });
    expect(made.body).not.toHaveProperty('status');
    expect((await post(VIRTUAL_SERVICES, buildVirtualService('a'))).body).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'virtualservices.networking.istio.io "a" already exists',
    });
  });

  it('makes names from generateName, cluster IPs for services, labels for namespaces', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'job-' }, spec: { containers: [{ name: 'a', image: 'b' }] } };
    expect(valueAt((await post(PODS, pod)).body, 'metadata', 'name')).toMatch(/^job-[b-z2-9]{5}$/);
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } };
    expect((await post('/api/v1/namespaces/bookinfo/services', service)).body).toMatchObject({
      spec: { clusterIP: '10.96.0.10', type: 'ClusterIP', ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }] },
    });
    const namespace = await post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'new' } });
    expect(namespace.body).toMatchObject({ metadata: { labels: { 'kubernetes.io/metadata.name': 'new' } }, status: { phase: 'Active' } });
  });

  it.each([
    ['a missing namespace', '/apis/networking.istio.io/v1/namespaces/nope/virtualservices', {}, 404, 'namespaces "nope" not found'],
    [
      'another namespace',
      VIRTUAL_SERVICES,
      { metadata: { name: 'a', namespace: 'empty' } },
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'a resourceVersion',
      VIRTUAL_SERVICES,
      { metadata: { name: 'a', resourceVersion: '3' } },
      400,
      'resourceVersion should not be set on objects to be created',
    ],
    [
      'another version',
      VIRTUAL_SERVICES,
      { apiVersion: 'networking.istio.io/v1beta1' },
      400,
      'the API version in the data (networking.istio.io/v1beta1) does not match the expected API version (networking.istio.io/v1)',
    ],
    ['a bad label', VIRTUAL_SERVICES, { metadata: { name: 'a', labels: { a: 'b c' } } }, 422, 'metadata.labels: Invalid value: "b c"'],
    ['no name', VIRTUAL_SERVICES, { metadata: {} }, 422, 'metadata.name: Required value: name or generateName is required'],
    [
      'a bad name',
      VIRTUAL_SERVICES,
      { metadata: { name: 'A_b' } },
      422,
      'metadata.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain',
    ],
  ])('refuses %s', async (_name, path, change, code, message) => {
    const metadata = { name: 'a' };
    const reply = await post(path, { ...buildVirtualService('a'), metadata, ...change });
    expect(reply.code).toBe(code);
    expect(reply.body['message']).toContain(message);
  });

  it('answers an invalid object with every cause', async () => {
    const reply = await post(VIRTUAL_SERVICES, {
      ...buildVirtualService('a'),
      spec: { hosts: ['a'], http: [{ route: [{ destination: {}, weight: -1 }] }] },
    });
    expect(reply.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'VirtualService.networking.istio.io "a" is invalid: [spec.http[0].route[0].destination.host: Required value, spec.http[0].route[0].weight: Invalid value: -1: spec.http[0].route[0].weight in body should be greater than or equal to 0]',
      reason: 'Invalid',
      details: {
        name: 'a',
        group: 'networking.istio.io',
        kind: 'VirtualService',
        causes: [
          { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.http[0].route[0].destination.host' },
          {
            reason: 'FieldValueInvalid',
            message: 'Invalid value: -1: spec.http[0].route[0].weight in body should be greater than or equal to 0',
            field: 'spec.http[0].route[0].weight',
          },
        ],
      },
      code: 422,
    });
  });

  it('validates unknown fields as asked', async () => {
    const object = { ...buildVirtualService('a'), spec: { hosts: ['a'], htp: [] } };
    const strict = await post(`${VIRTUAL_SERVICES}?fieldValidation=Strict`, object);
    expect(strict.body).toMatchObject({
      code: 400,
      message: 'VirtualService in version "v1" cannot be handled as a VirtualService: strict decoding error: unknown field "spec.htp"',
    });
    const warned = await post(`${VIRTUAL_SERVICES}?dryRun=All`, object);
    expect(warned.headers.get('warning')).toBe('299 - "unknown field \\"spec.htp\\""');
    expect(warned.body['spec']).toEqual({ hosts: ['a'] });
    expect((await post(`${VIRTUAL_SERVICES}?fieldValidation=Ignore`, object)).headers.get('warning')).toBeNull();
    expect((await post(`${VIRTUAL_SERVICES}?fieldValidation=Maybe`, object)).code).toBe(422);
  });

  it('checks built-in objects as Go would', async () => {
    const replicas = await patch(REVIEWS, 'merge-patch+json', { spec: { replicas: 'two' } });
    expect(replicas.code).toBe(400);
    expect(replicas.body['message']).toContain('json: cannot unmarshal string into Go struct field Deployment.spec.replicas');
    const selector = await patch(REVIEWS, 'merge-patch+json', { spec: { selector: { matchLabels: { version: null } } } });
    expect(selector.code).toBe(422);
    expect(selector.body['message']).toContain('field is immutable');
    const unlabelled = {
      ...buildPod('x'),
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      spec: { selector: { matchLabels: { a: 'b' } }, template: { spec: { containers: [{ name: 'a' }] } } },
    };
    expect((await post(DEPLOYMENTS, unlabelled)).body['message']).toContain('`selector` does not match template `labels`');
  });

  it('stores nothing on a dry run', async () => {
    const before = cluster.store.revision;
    const reply = await post(`${VIRTUAL_SERVICES}?dryRun=All`, buildVirtualService('a'));
    expect(reply).toMatchObject({ code: 201, body: { metadata: { generation: 1 } } });
    expect(valueAt(reply.body, 'metadata')).not.toHaveProperty('resourceVersion');
    expect(cluster.store.revision).toBe(before);
    expect((await post(`${VIRTUAL_SERVICES}?dryRun=Some`, buildVirtualService('a'))).code).toBe(422);
  });

  it('takes YAML', async () => {
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  a: "1"\n';
    expect((await post('/api/v1/namespaces/bookinfo/configmaps', body, { type: 'application/yaml' })).body).toMatchObject({
      data: { a: '1' },
    });
  });
});

describe('update', () => {
  it('needs the current resourceVersion and the right uid', async () => {
    const made = await post(VIRTUAL_SERVICES, buildVirtualService('a'));
    const path = `${VIRTUAL_SERVICES}/a`;
    const changed = { ...made.body, spec: { hosts: ['b'] } };
    const put = await cluster.send('PUT', path, { body: changed });
    expect(put.body).toMatchObject({ metadata: { generation: 2 }, spec: { hosts: ['b'] } });
    expect((await cluster.send('PUT', path, { body: changed })).body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on virtualservices.networking.istio.io "a": the object has been modified; please apply your changes to the latest version and try again',
    });
    expect((await cluster.send('PUT', path, { body: buildVirtualService('a') })).body['message']).toContain(
      'metadata.resourceVersion: Invalid value: 0x0: must be specified for an update',
    );
    const foreign = { ...put.body, metadata: { ...recordOf(put.body['metadata']), uid: 'x' } };
    expect((await cluster.send('PUT', path, { body: foreign })).body['message']).toContain('Precondition failed: UID in precondition: x');
    cluster.store.write(buildVirtualService('b'));
    expect((await cluster.send('PUT', `${VIRTUAL_SERVICES}/b`, { body: put.body })).body['message']).toContain(
      'does not match the name on the URL',
    );
  });

  it('keeps a cluster IP that is left out, and refuses another', async () => {
    const path = '/api/v1/namespaces/bookinfo/services/reviews';
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'reviews' }, spec: { ports: [{ port: 81 }] } };
    expect((await cluster.send('PUT', path, { body: service })).body).toMatchObject({
      spec: { clusterIP: '10.96.1.1', ports: [{ port: 81 }] },
    });
    const moved = { ...service, spec: { ...service.spec, clusterIP: '10.96.1.2' } };
    expect((await cluster.send('PUT', path, { body: moved })).body['message']).toContain(
      'spec.clusterIP: Invalid value: "10.96.1.2": field is immutable',
    );
  });

  it('changes status and object apart', async () => {
    const path = `${REVIEWS}/status`;
    const status = await patch(path, 'merge-patch+json', { status: { replicas: 5 }, spec: { replicas: 7 } });
    expect(status.body).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 5 } });
    const object = await patch(REVIEWS, 'merge-patch+json', { status: { replicas: 9 }, spec: { replicas: 7 } });
    expect(object.body).toMatchObject({ spec: { replicas: 7 }, status: { replicas: 5 }, metadata: { generation: 2 } });
  });

  it('scales through the subresource', async () => {
    const scale = await cluster.send('GET', `${REVIEWS}/scale`);
    expect(scale.body).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 1 },
      status: { selector: 'app=reviews,version=v1' },
    });
    const put = await cluster.send('PUT', `${REVIEWS}/scale`, { body: { ...scale.body, spec: { replicas: 4 } } });
    expect(put.body).toMatchObject({ kind: 'Scale', spec: { replicas: 4 } });
    expect((await cluster.send('PUT', `${REVIEWS}/scale`, { body: { ...scale.body, spec: { replicas: 5 } } })).code).toBe(409);
    expect((await patch(`${REVIEWS}/scale`, 'merge-patch+json', { spec: { replicas: -1 } })).code).toBe(422);
    expect((await cluster.send('GET', REVIEWS)).body).toMatchObject({ spec: { replicas: 4 } });
  });
});

describe('patch', () => {
  it('applies each type a kind takes', async () => {
    await post(VIRTUAL_SERVICES, buildVirtualService('a'));
    const path = `${VIRTUAL_SERVICES}/a`;
    const json = await patch(path, 'json-patch+json', [{ op: 'replace', path: '/spec/http/0/route/0/weight', value: 80 }]);
    expect(valueAt(json.body, 'spec')).toMatchObject({ http: [{ route: [{ weight: 80 }, { weight: 10 }] }] });
    expect((await patch(path, 'merge-patch+json', { metadata: { labels: { a: 'b' } } })).body).toMatchObject({
      metadata: { labels: { a: 'b' } },
    });
    expect((await patch(path, 'strategic-merge-patch+json', {})).body).toMatchObject({
      code: 415,
      message:
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    });
    const strategic = await patch(REVIEWS, 'strategic-merge-patch+json', {
      spec: { template: { spec: { containers: [{ name: 'side', image: 's' }] } } },
    });
    expect(valueAt(strategic.body, 'spec', 'template', 'spec', 'containers')).toHaveLength(2);
  });

  it('refuses what cannot be applied', async () => {
    const test = [{ op: 'test', path: '/metadata/name', value: 'z' }];
    expect((await patch(REVIEWS, 'json-patch+json', test)).body).toMatchObject({
      code: 422,
      message: 'testing value /metadata/name failed: test failed',
    });
    expect((await patch(REVIEWS, 'json-patch+json', {})).code).toBe(400);
    expect((await patch(REVIEWS, 'merge-patch+json', { metadata: { resourceVersion: '1' } })).code).toBe(409);
    expect((await patch(REVIEWS, 'merge-patch+json', { metadata: { name: 'other' } })).code).toBe(400);
    expect((await patch(`${DEPLOYMENTS}/nope`, 'merge-patch+json', {})).code).toBe(404);
  });

  it('makes no event where nothing changes', async () => {
    const before = cluster.store.revision;
    const reply = await patch(REVIEWS, 'merge-patch+json', {});
    expect([reply.code, cluster.store.revision]).toEqual([200, before]);
  });
});

describe('server-side apply', () => {
  const path = `${VIRTUAL_SERVICES}/a`;

  it('creates, then changes, guarded by resourceVersion and dry run', async () => {
    const made = await apply(path, buildVirtualService('a'));
    expect(made.code).toBe(201);
    const again = await apply(path, buildVirtualService('a'));
    expect([again.code, versionOf(again)]).toEqual([200, versionOf(made)]);
    const dry = await apply(path, buildVirtualService('a', [50, 50]), 'fieldManager=one&dryRun=All');
    expect([valueAt(dry.body, 'metadata', 'generation'), versionOf(dry)]).toEqual([2, versionOf(made)]);
    const guarded = {
      ...buildVirtualService('a', [50, 50]),
      metadata: { ...buildVirtualService('a').metadata, resourceVersion: versionOf(made) },
    };
    const changed = await apply(path, guarded);
    expect(changed.body).toMatchObject({ metadata: { generation: 2 } });
    expect((await apply(path, { ...guarded, spec: { hosts: ['z'] } })).code).toBe(409);
  });

  it('reports conflicts and takes fields by force', async () => {
    await apply(path, buildVirtualService('a'));
    const conflict = await apply(path, buildVirtualService('a', [1, 1]), 'fieldManager=two');
    expect(conflict.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "one": .spec.http',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.spec.http' }] },
    });
    expect((await apply(path, buildVirtualService('a', [1, 1]), 'fieldManager=two&force=true')).code).toBe(200);
  });

  it('validates the merged object, fills its defaults, and needs a manager', async () => {
    const bad = { ...buildVirtualService('a'), spec: { hosts: ['a'], http: [{ timeout: 'soon' }] } };
    expect((await apply(path, bad)).body).toMatchObject({ code: 422, details: { causes: [{ field: 'spec.http[0].timeout' }] } });
    expect((await apply(path, { ...bad, spec: { nope: 1 } }, 'fieldManager=one&fieldValidation=Strict')).code).toBe(400);
    expect((await apply(path, buildVirtualService('a'), '')).body['message']).toContain(
      'fieldManager: Required value: is required for apply patch',
    );
    const routes = '/apis/gateway.networking.k8s.io/v1/namespaces/bookinfo/httproutes/r';
    const route = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'r' },
      spec: { parentRefs: [{ name: 'g' }] },
    };
    const applied = await apply(routes, route);
    expect(applied.body).toMatchObject({ spec: { parentRefs: [{ kind: 'Gateway' }], rules: [{ matches: [{ path: { value: '/' } }] }] } });
    expect(JSON.stringify(valueAt(applied.body, 'metadata', 'managedFields'))).not.toContain('f:rules');
  });

  it('needs the right to create what does not exist', async () => {
    const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' };
    const rules = [{ apiGroups: ['networking.istio.io'], resources: ['virtualservices'], verbs: ['patch'] }];
    cluster.store.write({ ...rbac, kind: 'Role', metadata: { name: 'patcher', namespace: 'bookinfo' }, rules });
    cluster.store.write({
      ...rbac,
      kind: 'RoleBinding',
      metadata: { name: 'patchers', namespace: 'bookinfo' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'patcher' },
      subjects: [{ kind: 'User', name: 'carol' }],
    });
    const options = { token: 'carol-token', body: buildVirtualService('a'), type: 'application/apply-patch+yaml' };
    expect((await cluster.send('PATCH', `${path}?fieldManager=c`, options)).body['message']).toContain(
      'cannot create resource "virtualservices"',
    );
    cluster.store.write(buildVirtualService('a'));
    expect((await cluster.send('PATCH', `${path}?fieldManager=c`, options)).code).toBe(200);
  });
});

describe('delete', () => {
  it('answers a Status, honours preconditions and dry run', async () => {
    const pod = `${PODS}/reviews-v1-abc`;
    expect((await cluster.send('DELETE', pod, { body: { preconditions: { uid: 'x' } } })).body).toMatchObject({
      code: 409,
      reason: 'Conflict',
    });
    expect((await cluster.send('DELETE', `${pod}?dryRun=All`)).code).toBe(200);
    expect((await cluster.send('DELETE', pod)).body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'reviews-v1-abc', kind: 'pods' },
    });
    expect((await cluster.send('DELETE', pod)).code).toBe(404);
  });

  it('waits for finalizers', async () => {
    const path = `${VIRTUAL_SERVICES}/held`;
    await post(VIRTUAL_SERVICES, { ...buildVirtualService('held'), metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    expect((await cluster.send('DELETE', path)).body).toMatchObject({ metadata: { deletionTimestamp: '2026-03-01T12:00:00Z' } });
    expect((await cluster.send('GET', path)).code).toBe(200);
    expect((await patch(path, 'merge-patch+json', { metadata: { finalizers: null } })).code).toBe(200);
    expect((await cluster.send('GET', path)).code).toBe(404);
  });

  it('takes dependents along, or orphans them', async () => {
    const uid = cluster.store.read('deployments.apps', 'bookinfo', 'reviews-v1')?.metadata.uid ?? '';
    const owned = (name: string) => {
      const pod = buildPod(name);
      const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'reviews-v1', uid }];
      return { ...pod, metadata: { ...pod.metadata, ownerReferences } };
    };
    cluster.store.write(owned('kept'));
    await cluster.send('DELETE', `${REVIEWS}?propagationPolicy=Orphan`);
    expect(cluster.store.read('pods', 'bookinfo', 'kept')?.metadata.ownerReferences).toBeUndefined();
    cluster.store.write({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'reviews-v1', namespace: 'bookinfo', uid } });
    cluster.store.write(owned('taken'));
    await cluster.send('DELETE', REVIEWS, { body: { propagationPolicy: 'Foreground' } });
    expect(cluster.store.read('pods', 'bookinfo', 'taken')).toBeUndefined();
  });

  it('empties a namespace, and a collection by selector', async () => {
    cluster.store.write(buildPod('x', { gone: 'soon' }));
    const removed = await cluster.send('DELETE', `${PODS}?labelSelector=gone`);
    expect(valueAt(removed.body, 'items')).toHaveLength(1);
    expect(cluster.store.list('pods', 'bookinfo')).toHaveLength(1);
    expect((await cluster.send('DELETE', '/api/v1/namespaces/bookinfo')).body).toMatchObject({ status: { phase: 'Terminating' } });
    expect(cluster.store.list('pods', 'bookinfo')).toEqual([]);
    expect((await cluster.send('GET', '/api/v1/namespaces/bookinfo')).code).toBe(404);
  });
});
