// Writes against a simulated API server: guarded, nothing else of an object touched, every refusal told as what it is.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../model/change';
import type { ConfigRef } from '../../model/edit';
import { startTestCluster, type TestCluster, VIRTUAL_SERVICES } from '../../sim/kubernetes/fixtures/small-cluster';
import type { FaultAction } from '../../sim/kubernetes/http/faults';
import { systemClock } from '../clock';
import type { ClusterCredential, ClusterWriter } from '../ports';
import { Secret } from '../secret';
import { type ApiClient, createApiClient } from './client';
import { readConnection } from './connection';
import { createClusterWriter } from './writer';

const CONSOLE: ClusterCredential = { kind: 'console' };
const signal = new AbortController().signal;
const WRITE = { dryRun: false, signal };
const REF: ConfigRef = { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' };
const manifest = (spec: Manifest['spec'], metadata: Partial<Manifest['metadata']> = {}): Manifest => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'bookinfo', ...metadata },
  spec,
});
const SPEC = { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews' } }] }] };
const SLOW = { ...SPEC, http: [{ route: [{ destination: { host: 'reviews' } }], timeout: '2s' }] };

let cluster: TestCluster;
let client: ApiClient;
let writer: ClusterWriter;
let folder: string;
beforeEach(async () => {
  cluster = await startTestCluster();
  folder = mkdtempSync(join(tmpdir(), 'heddle-writer-'));
  const path = join(folder, 'config');
  writeFileSync(
    path,
    JSON.stringify({
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server: cluster.server.url } }],
      users: [{ name: 'u', user: { token: 'admin-token' } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    }),
  );
  client = createApiClient(readConnection({ kubeconfig: path, context: undefined, kubeconfigList: undefined }), systemClock);
  writer = createClusterWriter({ open: () => client, clock: systemClock, cluster: 'Kubernetes' });
});
afterEach(async () => {
  await client.close();
  await cluster.server.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (object: object): Promise<unknown> => cluster.send('POST', VIRTUAL_SERVICES, { body: object });
const stored = () => cluster.store.read('virtualservices.networking.istio.io', 'bookinfo', 'reviews');
const read = async () => {
  const found = await writer.readObject(REF, CONSOLE, signal);
  if (found === null) throw new Error('not there');
  return found;
};
const fault = (action: FaultAction, method: string): void =>
  cluster.server.faults.add({ action, times: 1, matches: (request) => request.method === method });

describe('an object', () => {
  it('is made once, read whole, and is nobody else’s', async () => {
    expect(await writer.readObject(REF, CONSOLE, signal)).toBeNull();
    expect(await writer.create(REF, manifest(SPEC), CONSOLE, { dryRun: true, signal })).toMatchObject({ outcome: 'done' });
    expect(stored()).toBeUndefined();
    const made = await writer.create(REF, manifest(SPEC, { labels: { a: 'b' } }), CONSOLE, WRITE);
    expect(made).toMatchObject({ outcome: 'done', object: { manifest: { metadata: { labels: { a: 'b' } }, spec: SPEC } } });
    expect((await read()).managedFields.map(({ manager }) => manager)).toEqual(['heddle']);
    expect(await writer.create(REF, manifest(SPEC), CONSOLE, WRITE)).toMatchObject({ outcome: 'conflict' });
  });

  it('is updated in what the change says and in nothing else', async () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', 'example.com/a': 'kept', 'example.com/b': 'old' };
    const metadata = {
      name: 'reviews',
      namespace: 'bookinfo',
      annotations,
      finalizers: ['example.com/x'],
      labels: { team: 'a', gone: 'x' },
    };
    await put({ ...manifest(SPEC), metadata });
    const { manifest: before, object } = await read();
    expect(before.metadata.annotations).toEqual({ 'example.com/a': 'kept', 'example.com/b': 'old' });
    const after = manifest(SLOW, { labels: { team: 'a', more: 'y' }, annotations: { 'example.com/b': 'new' } });
    const planned = { ...before, metadata: { ...before.metadata, annotations: { 'example.com/b': 'old' } } };
    const answer = await writer.update(REF, { before: planned, after, resourceVersion: object.resourceVersion }, CONSOLE, WRITE);
    expect(answer.outcome).toBe('done');
    expect(stored()).toMatchObject({ spec: SLOW, metadata: { finalizers: ['example.com/x'], labels: { team: 'a', more: 'y' } } });
    expect(stored()?.metadata.labels).not.toHaveProperty('gone');
    // An annotation that the plan did not know stays.
    expect(stored()?.metadata.annotations).toEqual({ ...annotations, 'example.com/b': 'new' });
  });

  it('that somebody else wrote meanwhile is left alone', async () => {
    await put(manifest(SPEC));
    const { manifest: before, object } = await read();
    await cluster.send('PATCH', `${VIRTUAL_SERVICES}/reviews`, {
      body: { metadata: { labels: { x: 'y' } } },
      type: 'application/merge-patch+json',
    });
    const change = { before, after: manifest(SLOW), resourceVersion: object.resourceVersion };
    expect(await writer.update(REF, change, CONSOLE, WRITE)).toMatchObject({ outcome: 'conflict' });
    expect(await writer.remove(REF, object, CONSOLE, WRITE)).toMatchObject({ outcome: 'conflict' });
    const now = (await read()).object;
    expect(await writer.remove(REF, { ...now, uid: 'another' }, CONSOLE, WRITE)).toMatchObject({ outcome: 'conflict' });
    expect(await writer.remove(REF, now, CONSOLE, { dryRun: true, signal })).toEqual({ outcome: 'done', object: null });
    expect(stored()).toBeDefined();
    expect(await writer.remove(REF, now, CONSOLE, WRITE)).toEqual({ outcome: 'done', object: null });
    expect(stored()).toBeUndefined();
    expect(await writer.remove(REF, now, CONSOLE, WRITE)).toMatchObject({ outcome: 'missing' });
  });

  it('of a version that would be another path is refused unasked', async () => {
    for (const apiVersion of ['networking.istio.io/../../api/v1', '../v1', 'v1', 'apps/v1', 'networking.istio.io/v1/x?y'])
      expect(await writer.create(REF, { ...manifest(SPEC), apiVersion }, CONSOLE, WRITE)).toMatchObject({
        outcome: 'invalid',
        problems: [{ path: 'apiVersion' }],
      });
  });

  it('of a name that would be another path is refused unasked', async () => {
    for (const name of ['..', '../../../api/v1/secrets/x', 'A', '', 'a/b']) {
      expect(await writer.readObject({ ...REF, name }, CONSOLE, signal)).toBeNull();
      expect(await writer.create({ ...REF, namespace: name || 'A' }, manifest(SPEC), CONSOLE, WRITE)).toMatchObject({ outcome: 'invalid' });
    }
  });
});

describe('a refusal', () => {
  it('names the fields that are wrong', async () => {
    const bad = manifest({ hosts: ['reviews'], http: [{ route: [{ destination: {}, weight: -1 }] }] });
    expect(await writer.create(REF, bad, CONSOLE, WRITE)).toMatchObject({
      outcome: 'invalid',
      problems: [{ path: 'spec.http[0].route[0].destination.host' }, { path: 'spec.http[0].route[0].weight' }],
    });
    const typo = manifest({ ...SPEC, htp: [] });
    expect(await writer.create(REF, typo, CONSOLE, { dryRun: true, signal })).toMatchObject({
      outcome: 'invalid',
      problems: [{ path: 'spec.htp', message: 'unknown field' }],
    });
  });

  it('of the right or the login is told apart', async () => {
    const as = (token: string): ClusterCredential => ({ kind: 'token', token: new Secret(token) });
    expect(await writer.create(REF, manifest(SPEC), as('bob-token'), WRITE)).toMatchObject({ outcome: 'forbidden' });
    expect(await writer.create(REF, manifest(SPEC), as('forged'), WRITE)).toMatchObject({ outcome: 'unauthorized' });
    await expect(writer.readObject(REF, as('carol-token'), signal)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(writer.readObject(REF, as('forged'), signal)).rejects.toMatchObject({ code: 'clusterUnauthorized' });
    expect(await writer.create(REF, manifest(SPEC), { kind: 'impersonate', user: 'bob', groups: [] }, WRITE)).toMatchObject({
      outcome: 'forbidden',
    });
  });

  it.each<readonly [string, FaultAction, object]>([
    ['429', { kind: 'status', code: 429, retryAfterSeconds: 7 }, { outcome: 'busy', retryAfterMs: 7000 }],
    ['500', { kind: 'status', code: 500 }, { outcome: 'unknown' }],
    ['503', { kind: 'status', code: 503 }, { outcome: 'unknown' }],
    ['a page of a proxy', { kind: 'html', code: 200 }, { outcome: 'unknown' }],
    ['a cut connection', { kind: 'hang-up' }, { outcome: 'unknown' }],
    ['half an answer', { kind: 'half-body' }, { outcome: 'unknown' }],
  ])('by %s leaves open what is not known', async (_name, action, expected) => {
    fault(action, 'POST');
    expect(await writer.create(REF, manifest(SPEC), CONSOLE, WRITE)).toMatchObject(expected);
  });

  it('of a read before a write is nothing written', async () => {
    await put(manifest(SPEC));
    const { manifest: before, object } = await read();
    fault({ kind: 'hang-up' }, 'GET');
    const change = { before, after: manifest(SLOW), resourceVersion: object.resourceVersion };
    expect(await writer.update(REF, change, CONSOLE, WRITE)).toMatchObject({ outcome: 'busy' });
  });
});

describe('the schema of a kind', () => {
  it('stands alone', async () => {
    const schema = await writer.fetchSchema('VirtualService', signal);
    expect(schema).toMatchObject({ properties: { spec: { properties: { http: { type: 'array' } } } } });
    const references = [...JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target = '']) => target);
    for (const target of references) expect(target).toMatch(/^#\/definitions\//);
    expect(Object.keys((schema?.['definitions'] ?? {}) as object)).toEqual(
      expect.arrayContaining([...new Set(references.map((target) => target.slice('#/definitions/'.length)))]),
    );
  });

  it('is none where the cluster publishes none', async () => {
    cluster.server.faults.add({ action: { kind: 'status', code: 404 }, matches: ({ path }) => path === '/openapi/v3' });
    expect(await writer.fetchSchema('VirtualService', signal)).toBeNull();
  });
});
