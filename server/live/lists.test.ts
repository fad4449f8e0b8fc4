// Lists of the live engine: which questions they cost, when they are encoded anew, what is told when a source is away.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import type { ListDocument, ListQuery } from '../../model/list';
import { inventoryOf } from '../graph/testing/mesh-fixture';
import { FakeClock } from '../testing/fake-clock';
import { createLiveEngine } from './create-live-engine';
import type { LiveEngine } from './engine';
import { DEFAULT_LIVE_SETTINGS } from './settings';
import { ScriptedCluster } from './testing/engine-rig';
import { requestRow, ScriptedMetrics } from './testing/scripted-metrics';

const QUERY: ListQuery = { kind: 'workload', windowSeconds: 60, namespaces: [], quantiles: false };
const decode = (bytes: Uint8Array | null): ListDocument => JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array())) as ListDocument;

let clock: FakeClock;
let metrics: ScriptedMetrics;
let cluster: ScriptedCluster;
let engine: LiveEngine;

beforeEach(() => {
  clock = new FakeClock(1_790_000_000_000);
  metrics = new ScriptedMetrics();
  metrics.rows = [requestRow('shop/web-v1', 'shop/api-v1', 4), requestRow('shop/web-v1', 'vault/store-v1', 2, '500')];
  cluster = new ScriptedCluster();
  engine = createLiveEngine({
    ...{ metrics, cluster, clock, dashboards: [], grafanaUrl: null, settings: DEFAULT_LIVE_SETTINGS },
    queryDeadlineMs: 1000,
    slowQueryDeadlineMs: 1000,
    onDefect: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  engine.start();
  cluster.change(inventoryOf({ workloads: { 'shop/web-v1': {}, 'shop/api-v1': {}, 'shop/idle': {}, 'vault/store-v1': {} } }));
});
afterEach(() => engine.close());

describe('lists of the live engine', () => {
  it('ask nothing beyond what the overview of their window asks', async () => {
    await engine.fetchNamespaces(60, null);
    const before = metrics.count();
    for (const kind of ['namespace', 'app', 'workload', 'service'] as const) await engine.lists.fetch({ ...QUERY, kind }, null, null);
    expect(before).toBeGreaterThan(0);
    expect(metrics.count()).toBe(before);
  });

  it('are encoded once while nothing changes, and not sent to whoever has them', async () => {
    const first = await engine.lists.fetch(QUERY, null, null);
    const second = await engine.lists.fetch(QUERY, null, null);
    expect(second.bytes).toBe(first.bytes);
    expect((await engine.lists.fetch(QUERY, null, first.tag)).bytes).toBeNull();
    expect(
      decode(first.bytes)
        .rows.map(({ name }) => name)
        .sort(),
    ).toEqual(['api-v1', 'idle', 'store-v1', 'web-v1']);
  });

  it('are made ready after a refresh for whoever asks again', async () => {
    const first = await engine.lists.fetch(QUERY, null, null);
    await engine.lists.fetch(QUERY, ['shop'], null);
    expect(engine.lists.built).toBe(2);
    await clock.advance(DEFAULT_LIVE_SETTINGS.refreshSeconds * 1000 + 1000);
    expect(engine.lists.built).toBe(4);
    const next = await engine.lists.fetch(QUERY, null, first.tag);
    expect(decode(next.bytes).atMs).toBeGreaterThan(decode(first.bytes).atMs ?? 0);
    expect(engine.lists.built).toBe(4);
  });

  it('have another tag for another kind, sight, choice, and state of the sources', async () => {
    const tags = [
      await engine.lists.fetch(QUERY, null, null),
      await engine.lists.fetch({ ...QUERY, kind: 'app' }, null, null),
      await engine.lists.fetch(QUERY, ['shop'], null),
      await engine.lists.fetch(QUERY, ['vault'], null),
      await engine.lists.fetch({ ...QUERY, namespaces: ['shop'] }, null, null),
    ].map(({ tag }) => tag);
    cluster.state = [{ resource: 'pods', state: 'retrying', objects: 1, currentAtMs: 1, cause: 'gone' }];
    tags.push((await engine.lists.fetch(QUERY, null, null)).tag);
    expect(new Set(tags).size).toBe(tags.length);
  });

  it('are cut to what may be seen, also where more is asked for', async () => {
    const own = decode((await engine.lists.fetch({ ...QUERY, namespaces: ['shop', 'vault'] }, ['shop'], null)).bytes);
    expect(own.rows.map(({ name }) => name)).toEqual(['api-v1', 'idle', 'web-v1']);
    expect(JSON.stringify(own)).not.toContain('vault');
    expect(decode((await engine.lists.fetch(QUERY, [], null)).bytes).rows).toEqual([]);
  });

  it('tell what the cluster alone says while the metrics are away, and say why', async () => {
    metrics.failure = new Failure('metricsUnreachable', 'it is away', 'Wait.');
    const list = decode((await engine.lists.fetch(QUERY, null, null)).bytes);
    expect(list.atMs).toBeNull();
    expect(list.rows.find(({ name }) => name === 'web-v1')).toMatchObject({ inbound: null, health: 'healthy', known: true });
    expect(list.freshness.metrics.cause).not.toBeNull();
  });
});
