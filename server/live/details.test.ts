// Pages' documents on the live engine: no query where the snapshot is fresh, peers and their sums by hand, what readers of some namespaces are
// told, and what is left when Prometheus or the Kubernetes API is away.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sight } from '../../model/account';
import type { DetailPeer, DetailQuery } from '../../model/detail';
import type { EntityKind, EntityRef } from '../../model/entity';
import { Failure } from '../../model/failure';
import { inventoryOf } from '../graph/testing/mesh-fixture';
import { FakeClock } from '../testing/fake-clock';
import { createLiveEngine } from './create-live-engine';
import type { LiveEngine } from './engine';
import { DEFAULT_LIVE_SETTINGS } from './settings';
import { ScriptedCluster } from './testing/engine-rig';
import { requestRow, ScriptedMetrics } from './testing/scripted-metrics';

const QUERY: DetailQuery = { windowSeconds: 60, overlays: [] };
const SHOP: Sight = ['shop'];
const ref = (kind: EntityKind, namespace: string, name = namespace): EntityRef => ({ kind, namespace, name });
const ALL = [
  ref('namespace', 'shop'),
  ref('workload', 'shop', 'api-v1'),
  ref('app', 'shop', 'api'),
  ref('service', 'shop', 'api'),
  ref('workload', 'shop', 'idle-v1'),
];
const rates = (peers: readonly DetailPeer[] | undefined): readonly (readonly [string, string, number, number])[] =>
  (peers ?? []).map(({ label, kind, requestsPerSecond, errorsPerSecond }) => [kind, label, requestsPerSecond, errorsPerSecond]);

let clock: FakeClock;
let metrics: ScriptedMetrics;
let cluster: ScriptedCluster;
let engine: LiveEngine;
const read = (entity: EntityRef, sight: Sight = null, query = QUERY) => engine.details.fetchDetails(entity, query, sight);

beforeEach(() => {
  clock = new FakeClock();
  metrics = new ScriptedMetrics();
  cluster = new ScriptedCluster();
  metrics.rows = [
    requestRow('shop/web-v1', 'shop/api-v1', 8),
    requestRow('vault/secret-job', 'shop/api-v1', 4),
    requestRow('vault/secret-cron', 'shop/api-v1', 1),
    requestRow('shop/api-v1', 'vault/secret-store', 2),
  ];
  engine = createLiveEngine({
    metrics,
    cluster,
    clock,
    settings: DEFAULT_LIVE_SETTINGS,
    queryDeadlineMs: 10_000,
    slowQueryDeadlineMs: 20_000,
    onDefect: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  engine.start();
});
afterEach(() => engine.close());

const fill = (): void =>
  cluster.change(
    inventoryOf({
      workloads: {
        'shop/web-v1': {},
        'shop/api-v1': {},
        'shop/idle-v1': {},
        'vault/secret-job': {},
        'vault/secret-cron': {},
        'vault/secret-store': {},
      },
      services: { 'shop/api': {}, 'vault/secret-store': {} },
    }),
  );

describe('with both sources', () => {
  beforeEach(fill);

  it('sends no query where the snapshot of the window is fresh', async () => {
    await engine.fetchNamespaces(60, null);
    const asked = metrics.count();
    for (const entity of ALL) expect((await read(entity)).inCluster).toBe(true);
    expect(metrics.count()).toBe(asked);
  });

  it('tells peers with their rates, of a workload workloads, of a service its callers and its workloads, of a namespace namespaces', async () => {
    const workload = await read(ALL[1] ?? ref('namespace', ''));
    expect(rates(workload.traffic?.inbound)).toEqual([
      ['workload', 'web-v1', 8, 0],
      ['workload', 'secret-job', 4, 0],
      ['workload', 'secret-cron', 1, 0],
    ]);
    expect(rates(workload.traffic?.outbound)).toEqual([['workload', 'secret-store', 2, 0]]);
    expect(workload.traffic?.inbound[0]?.entity).toEqual(ref('workload', 'shop', 'web-v1'));
    const service = await read(ref('service', 'shop', 'api'));
    expect(rates(service.traffic?.outbound)).toEqual([['workload', 'api-v1', 13, 0]]);
    const namespace = await read(ref('namespace', 'shop'));
    // 4 + 1 of two workloads of one namespace; the 8 stay inside.
    expect(rates(namespace.traffic?.inbound)).toEqual([['namespace', 'vault', 5, 0]]);
    expect(rates(namespace.traffic?.outbound)).toEqual([['namespace', 'vault', 2, 0]]);
  });

  it('knows what has no traffic, and names what is nearly so where there is nothing', async () => {
    expect((await read(ref('workload', 'shop', 'idle-v1'))).traffic).toEqual({ inbound: [], outbound: [] });
    await expect(read(ref('workload', 'shop', 'ap-v1'))).rejects.toMatchObject({
      code: 'notFound',
      detail: 'there is no workload shop/ap-v1',
      next: expect.stringContaining('shop/api-v1') as unknown,
    });
  });

  it('tells a reader of some namespaces of the others that something is there, never what', async () => {
    for (const entity of ALL) expect(JSON.stringify(await read(entity, SHOP))).not.toMatch(/vault|secret/);
    const { traffic } = await read(ref('workload', 'shop', 'api-v1'), SHOP);
    expect(traffic?.inbound.map(({ kind, members, requestsPerSecond, entity }) => [kind, members, requestsPerSecond, entity])).toEqual([
      ['workload', 1, 8, ref('workload', 'shop', 'web-v1')],
      ['hidden', 2, 5, null],
    ]);
    await expect(read(ref('workload', 'vault', 'secret-job'), SHOP)).rejects.toMatchObject({ code: 'notFound' });
    await expect(read(ref('workload', 'shop', 'secret-jo'), SHOP)).rejects.toMatchObject({
      next: expect.not.stringContaining('vault') as unknown,
    });
  });
});

it('shows what the cluster says while Prometheus is away, and says so', async () => {
  fill();
  metrics.failure = new Failure('metricsUnreachable', 'connection refused', 'Check the address of Prometheus.');
  const document = await read(ref('workload', 'shop', 'api-v1'));
  expect([document.traffic, document.inCluster, document.health.status]).toEqual([null, true, 'healthy']);
  expect(document.freshness.metrics.cause).toContain('connection refused');
});

it('shows what the traffic says while the Kubernetes API is away; nothing without both', async () => {
  const document = await read(ref('workload', 'shop', 'api-v1'));
  expect([document.inCluster, document.pods, document.node]).toEqual([false, [], 'workload/Kubernetes/shop/api-v1']);
  expect(rates(document.traffic?.inbound)[0]).toEqual(['workload', 'web-v1', 8, 0]);
  await expect(read(ref('workload', 'shop', 'idle-v1'))).rejects.toMatchObject({ code: 'starting' });
});
