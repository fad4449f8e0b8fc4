// The whole cluster reader against a Kubernetes API over real HTTP and HTTPS (the simulated mesh's server): what an inventory holds, and what
// becomes of it on a bad day. Time is real here; every wait is for a condition.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { serviceKey, workloadKey } from '../../model/ids';
import { makeServerCertificate } from '../../sim/kubernetes/certificate';
import { type ApiServer, startApiServer } from '../../sim/kubernetes/server';
import { type KubeObject, ObjectStore } from '../../sim/kubernetes/store';
import { systemClock } from '../clock';
import type { Clock, ClusterReader } from '../ports';
import { createApiClient } from './client';
import { readConnection } from './connection';
import { createClusterReader } from './reader';

// Back-off of seconds is not what these tests are about: timers run twenty times as fast.
const fastClock: Clock = { now: systemClock.now, after: (ms, run) => systemClock.after(ms / 20, run) };

const open: { close(): Promise<void> }[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const object = (
  apiVersion: string,
  kind: string,
  namespace: string | null,
  name: string,
  rest: Record<string, unknown> = {},
  labels: Record<string, string> = {},
): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === null ? {} : { namespace }), labels },
  ...rest,
});

function seed(store: ObjectStore): void {
  store.seed([
    object('v1', 'Namespace', null, 'istio-system'),
    object('v1', 'Namespace', null, 'bookinfo', {}, { 'istio-injection': 'enabled' }),
    object('v1', 'ConfigMap', 'istio-system', 'istio', { data: { mesh: 'enableAutoMtls: false' } }),
    object('v1', 'ConfigMap', 'istio-system', 'other', { data: { mesh: 'enableAutoMtls: true' } }),
    object('v1', 'Service', 'bookinfo', 'reviews', {
      spec: { clusterIP: '10.0.0.1', selector: { app: 'reviews' }, ports: [{ name: 'http', port: 9080 }] },
    }),
    object('apps/v1', 'Deployment', 'bookinfo', 'reviews-v1', {
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'reviews' } },
        template: { metadata: { labels: { app: 'reviews', version: 'v1' } }, spec: { containers: [{ name: 'reviews', image: 'r' }] } },
      },
      status: { replicas: 1, readyReplicas: 1, availableReplicas: 1 },
    }),
    object('networking.istio.io/v1', 'VirtualService', 'bookinfo', 'reviews', {
      spec: { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews' } }] }] },
    }),
    object('gateway.networking.k8s.io/v1', 'GatewayClass', null, 'istio', { spec: { controllerName: 'istio.io/gateway-controller' } }),
  ]);
}

async function start(options: { tls?: boolean; role?: KubeObject[]; before?: (api: ApiServer) => void; secretNames?: boolean } = {}) {
  const store = new ObjectStore({ now: Date.now });
  seed(store);
  if (options.role) store.seed(options.role);
  const certificate = options.tls ? makeServerCertificate(Date.now()) : undefined;
  const groups = options.role ? ['team'] : ['system:masters'];
  const api = await startApiServer({
    store,
    now: Date.now,
    port: 0,
    tokens: new Map([['secret-token', { username: 'heddle', groups }]]),
    ...(certificate ? { tls: certificate } : {}),
  });
  open.push(api);
  options.before?.(api);
  const folder = mkdtempSync(join(tmpdir(), 'heddle-reader-'));
  folders.push(folder);
  const path = join(folder, 'config');
  writeFileSync(
    path,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'sim',
      clusters: [
        {
          name: 'sim',
          cluster: {
            server: api.url,
            ...(certificate ? { 'certificate-authority-data': Buffer.from(certificate.cert).toString('base64') } : {}),
          },
        },
      ],
      users: [{ name: 'heddle', user: { token: 'secret-token' } }],
      contexts: [{ name: 'sim', context: { cluster: 'sim', user: 'heddle' } }],
    }),
  );
  const connection = readConnection({ kubeconfig: path, context: undefined, kubeconfigList: undefined });
  const reader = createClusterReader({
    client: createApiClient(connection, fastClock),
    clock: fastClock,
    cluster: 'c1',
    rootNamespace: 'istio-system',
    secretNames: options.secretNames ?? false,
    random: () => 0.5,
  });
  open.push(reader);
  let inventories = 0;
  reader.start(() => {
    inventories += 1;
  });
  return { store, api, reader, inventories: () => inventories };
}

async function until(reader: ClusterReader, what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`never: ${what}; watches ${JSON.stringify(reader.watches()).slice(0, 600)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const virtualServices = (reader: ClusterReader): readonly string[] =>
  (reader.inventory()?.config.get('VirtualService') ?? []).map((o) => o.name).sort();

describe('cluster reader', () => {
  for (const tls of [false, true])
    it(`builds an inventory and follows changes over ${tls ? 'HTTPS' : 'HTTP'}`, async () => {
      const { store, reader } = await start({ tls });
      await until(reader, 'first inventory', () => reader.inventory() !== null);
      const inventory = reader.inventory();
      expect(inventory?.mesh.autoMtls).toBe(false);
      expect(inventory?.namespaces.get('bookinfo')?.injection?.mode).toBe('enabled');
      expect(inventory?.services.get(serviceKey('c1', 'bookinfo', 'reviews'))?.host).toBe('reviews.bookinfo.svc.cluster.local');
      expect(inventory?.workloads.get(workloadKey('c1', 'bookinfo', 'reviews-v1'))).toMatchObject({
        app: 'reviews',
        version: 'v1',
        pods: { ready: 1 },
      });
      expect(virtualServices(reader)).toEqual(['reviews']);
      expect(inventory?.config.get('GatewayClass')).toHaveLength(1);
      store.write(object('networking.istio.io/v1', 'VirtualService', 'bookinfo', 'ratings', { spec: { hosts: ['ratings'] } }));
      await until(reader, 'a new object', () => virtualServices(reader).join() === 'ratings,reviews');
      // What did not change is shared, so that readers can compare by identity.
      expect(reader.inventory()?.services).toBe(inventory?.services);
      expect(reader.inventory()?.config.get('GatewayClass')).toBe(inventory?.config.get('GatewayClass'));
      expect(reader.inventory()?.config.get('VirtualService')).not.toBe(inventory?.config.get('VirtualService'));
      store.remove('virtualservices.networking.istio.io', 'bookinfo', 'reviews');
      await until(reader, 'a deleted object', () => virtualServices(reader).join() === 'ratings');
    });

  it('survives watches that are cut all the time and versions that expire', async () => {
    const { store, api, reader } = await start();
    await until(reader, 'first inventory', () => reader.inventory() !== null);
    api.faults.cutWatchesAfterMs = 30;
    for (let i = 0; i < 20; i++) {
      store.write(object('networking.istio.io/v1', 'VirtualService', 'bookinfo', `v${i}`, { spec: { hosts: [`h${i}`] } }));
      if (i % 5 === 0) api.faults.expireResourceVersions();
      api.faults.cutWatches();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    store.remove('virtualservices.networking.istio.io', 'bookinfo', 'v0');
    api.faults.clear();
    await until(reader, 'every change', () => virtualServices(reader).length === 20 && !virtualServices(reader).includes('v0'));
  });

  it('keeps the last inventory while the API server answers badly, says why, and comes back', async () => {
    const { store, api, reader } = await start();
    await until(reader, 'first inventory', () => reader.inventory() !== null);
    const watch = () => reader.watches().find((w) => w.resource === 'services');
    for (const action of [
      { kind: 'status', code: 503 },
      { kind: 'html', code: 200 },
      { kind: 'hang-up' },
      { kind: 'half-body' },
    ] as const) {
      api.faults.add({ action });
      api.faults.expireResourceVersions();
      api.faults.cutWatches();
      await until(reader, `trouble by ${action.kind}`, () => watch()?.state === 'retrying');
      expect(watch()?.cause).toBeTruthy();
      expect(reader.inventory()?.services.size).toBeGreaterThan(0);
      api.faults.clear();
      await until(reader, `recovery from ${action.kind}`, () => watch()?.state === 'live');
    }
    store.write(object('v1', 'Service', 'bookinfo', 'late', { spec: { ports: [] } }));
    await until(reader, 'changes after recovery', () => reader.inventory()?.services.has(serviceKey('c1', 'bookinfo', 'late')) ?? false);
  });

  it('goes on without what it may not read, and says so', async () => {
    const rule = (resources: string[], apiGroups: string[]) => ({ apiGroups, resources, verbs: ['get', 'list', 'watch'] });
    const { reader } = await start({
      role: [
        object('rbac.authorization.k8s.io/v1', 'ClusterRole', null, 'some', {
          rules: [rule(['namespaces', 'services', 'pods', 'configmaps'], ['']), rule(['virtualservices'], ['networking.istio.io'])],
        }),
        object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', null, 'some', {
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'some' },
          subjects: [{ kind: 'Group', name: 'team', apiGroup: 'rbac.authorization.k8s.io' }],
        }),
      ],
    });
    await until(reader, 'an inventory', () => reader.inventory() !== null);
    const state = (resource: string) => reader.watches().find((w) => w.resource === resource);
    expect(state('deployments.apps')?.state).toBe('forbidden');
    expect(state('deployments.apps')?.cause).toContain('deployments');
    expect(state('virtualservices.networking.istio.io')?.state).toBe('live');
    expect(virtualServices(reader)).toEqual(['reviews']);
  });

  it('knows Secrets by name where it is told to look', async () => {
    const { store, reader } = await start({ secretNames: true });
    await until(reader, 'an inventory', () => reader.inventory() !== null);
    expect(reader.inventory()?.secretNames).toEqual(new Set());
    store.seed([object('v1', 'Secret', 'istio-system', 'tls', { data: { 'tls.key': 'aGlkZGVu' } })]);
    await until(reader, 'the name', () => reader.inventory()?.secretNames?.has('istio-system/tls') === true);
    expect(JSON.stringify([...(reader.inventory()?.secretNames ?? [])])).not.toContain('aGlkZGVu');
  });

  it('does not know Secrets where it may not list them, or is not told to look', async () => {
    const { reader } = await start({});
    await until(reader, 'an inventory', () => reader.inventory() !== null);
    expect(reader.inventory()).not.toHaveProperty('secretNames');
    expect(reader.watches().some(({ resource }) => resource === 'secrets')).toBe(false);
  });

  it('has no inventory, but a cause, while there is no API server', async () => {
    const { api, reader } = await start({ before: (server) => server.faults.add({ action: { kind: 'hang-up' } }) });
    await until(reader, 'a cause', () => reader.watches().some((w) => w.cause !== null));
    expect(reader.inventory()).toBeNull();
    api.faults.clear();
    await until(reader, 'an inventory', () => reader.inventory() !== null);
  });
});
