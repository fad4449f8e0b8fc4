// The live engine on the real telemetry, with a clock that stands still and a backend in memory.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import { DEFAULT_VIEW, type GraphDocument, type ViewSpec } from '../../model/wire';
import { inventoryOf } from '../graph/testing/mesh-fixture';
import { FakeClock, settle } from '../testing/fake-clock';
import { createLiveEngine } from './create-live-engine';
import type { LiveEngine } from './engine';
import type { EncodedGraph } from './engine-parts';
import { DEFAULT_LIVE_SETTINGS, type LiveSettings } from './settings';
import { Reader, ScriptedCluster } from './testing/engine-rig';
import { requestRow, ScriptedMetrics } from './testing/scripted-metrics';

const BASE = ['source', 'destination'];
const VIEW: ViewSpec = { ...DEFAULT_VIEW, graphType: 'workload', serviceNodes: false };
const CLUSTER = inventoryOf({
  workloads: { 'shop/web-v1': {}, 'shop/api-v1': {}, 'shop/api-v2': {}, 'pay/card-v1': {} },
  services: { 'shop/web': {}, 'shop/api': {}, 'pay/card': {} },
  namespaces: Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`empty${i}`, {}])),
});

const decode = ({ bytes }: EncodedGraph): GraphDocument => JSON.parse(new TextDecoder().decode(bytes));
const edgesOf = (document: Pick<GraphDocument, 'edges'>): readonly (readonly [string, number])[] =>
  document.edges.map((e) => [`${e.source.split('/').at(-1)} > ${e.target.split('/').at(-1)}`, e.requestsPerSecond]);
const UNREACHABLE = new Failure('metricsUnreachable', 'connection refused', 'Check the address of Prometheus.');

let clock: FakeClock;
let metrics: ScriptedMetrics;
let cluster: ScriptedCluster;
let engine: LiveEngine;
let defects: unknown[];

const build = (settings: Partial<LiveSettings> = {}): LiveEngine =>
  createLiveEngine({
    metrics,
    cluster,
    clock,
    settings: { ...DEFAULT_LIVE_SETTINGS, ...settings },
    queryDeadlineMs: 10_000,
    slowQueryDeadlineMs: 20_000,
    onDefect: (what, error) => defects.push(what, error),
  });

beforeEach(() => {
  clock = new FakeClock();
  metrics = new ScriptedMetrics();
  cluster = new ScriptedCluster();
  defects = [];
  metrics.rows = [
    requestRow('shop/web-v1', 'shop/api-v1', 8),
    requestRow('shop/web-v1', 'shop/api-v2', 2),
    requestRow('shop/api-v1', 'pay/card-v1', 1),
  ];
  engine = build();
  engine.start();
  cluster.change(CLUSTER);
});
afterEach(async () => {
  await engine.close();
  expect(defects).toEqual([]);
});

describe('the graph on request', () => {
  it('is read once for all views of a window, and not again while it is fresh', async () => {
    const first = decode(await engine.fetchGraph(VIEW, null));
    expect(edgesOf(first)).toEqual([
      ['api-v1 > card-v1', 1],
      ['web-v1 > api-v1', 8],
      ['web-v1 > api-v2', 2],
    ]);
    expect(first.freshness.metrics).toEqual({ state: 'live', atMs: clock.now(), cause: null, next: null });
    expect(metrics.count(...BASE)).toBe(2);
    const asked = metrics.count();
    for (const graphType of ['app', 'versionedApp', 'service', 'workload'] as const)
      for (const namespaces of [[], ['shop'], ['pay']]) await engine.fetchGraph({ ...DEFAULT_VIEW, graphType, namespaces }, null);
    expect(metrics.count()).toBe(asked);
  });

  it('gives the same bytes and tag while nothing changed', async () => {
    const [a, b] = [await engine.fetchGraph(VIEW, null), await engine.fetchGraph(VIEW, null)];
    expect(b.bytes).toBe(a.bytes);
    await clock.advance(16_000);
    const c = await engine.fetchGraph(VIEW, null);
    expect(c.tag).not.toBe(a.tag);
    expect(decode(c).revision).toBeGreaterThan(decode(a).revision);
  });

  it('is collected once for concurrent first requests', async () => {
    metrics.hold();
    const answers = [
      engine.fetchGraph(VIEW, null),
      engine.fetchGraph({ ...VIEW, graphType: 'service' }, null),
      engine.fetchGraph(VIEW, null),
      engine.fetchNamespaces(60, null),
    ];
    await settle();
    metrics.release();
    await Promise.all(answers);
    expect(metrics.count('destination')).toBe(1);
  });

  it('asks for the few namespaces that are watched, and for all when that is needed', async () => {
    await engine.fetchGraph({ ...VIEW, namespaces: ['pay'] }, null);
    expect(metrics.asked.find((q) => q.name === 'destination')?.promql).toContain('"pay"');
    await engine.fetchGraph({ ...VIEW, namespaces: ['pay'], graphType: 'app' }, null);
    expect(metrics.count('destination')).toBe(1);
    await engine.fetchGraph({ ...VIEW, namespaces: ['shop'] }, null);
    expect(metrics.count('destination')).toBe(2);
    expect(metrics.asked.filter((q) => q.name === 'destination')[1]?.promql).toMatch(/pay\|shop/);
    const all = decode(await engine.fetchGraph(VIEW, null));
    expect(all.edges).toHaveLength(3);
    expect(metrics.asked.filter((q) => q.name === 'destination')[2]?.promql).not.toContain('pay');
    await engine.fetchGraph({ ...VIEW, namespaces: ['pay'] }, null);
    expect(metrics.count('destination')).toBe(3);
  });

  it('asks for an overlay only when somebody wants it', async () => {
    await engine.fetchGraph(VIEW, null);
    expect(metrics.count('duration', 'bytes', 'buckets')).toBe(0);
    await engine.fetchGraph({ ...VIEW, overlays: ['latency', 'throughput'] }, null);
    expect([metrics.count('duration'), metrics.count('bytes'), metrics.count('buckets')]).toEqual([1, 1, 0]);
    await engine.fetchGraph({ ...VIEW, overlays: ['latency'] }, null);
    expect(metrics.count('duration')).toBe(1);
  });

  it('is polled while somebody asks, and costs nothing a minute later', async () => {
    await engine.fetchGraph(VIEW, null);
    await clock.advance(46_000);
    expect(metrics.count('destination')).toBe(4);
    await clock.advance(600_000);
    expect(metrics.count('destination')).toBe(4);
    expect(clock.pending).toBe(0);
    await engine.fetchGraph(VIEW, null);
    expect(metrics.count('destination')).toBe(5);
  });

  it('of the past is read once and kept', async () => {
    const atSeconds = Math.floor(clock.now() / 1000) - 3600;
    const past = { ...VIEW, atSeconds };
    const document = decode(await engine.fetchGraph(past, null));
    expect(document.atMs).toBe(atSeconds * 1000);
    expect(document.edges).toHaveLength(3);
    const asked = metrics.count();
    await engine.fetchGraph({ ...past, graphType: 'app' }, null);
    await clock.advance(3_600_000);
    await engine.fetchGraph(past, null);
    expect(metrics.count()).toBe(asked);
    await clock.advance(200_000);
    expect(engine.metricsText()).toContain('heddle_live_views 0\n');
    expect(clock.pending).toBe(0);
    await expect(engine.fetchGraph({ ...VIEW, atSeconds: atSeconds + 9_000_000 }, null)).rejects.toMatchObject({ code: 'badRequest' });
  });

  it('can be given up by one who waits, not for the others', async () => {
    metrics.hold();
    const stop = new AbortController();
    const given = engine.fetchGraph(VIEW, null, { signal: stop.signal });
    const kept = engine.fetchGraph(VIEW, null);
    stop.abort(new Error('gone'));
    await expect(given).rejects.toThrow('gone');
    metrics.release();
    expect(decode(await kept).edges).toHaveLength(3);
  });
});

describe('a stream', () => {
  it('starts with a snapshot and goes on with deltas that lead to what a request would give', async () => {
    const reader = new Reader();
    engine.subscribe(VIEW, null, null, reader);
    expect(reader.names()).toEqual(['status']);
    await settle();
    expect(reader.names()).toEqual(['status', 'snapshot', 'status']);
    metrics.rows = [requestRow('shop/web-v1', 'shop/api-v1', 5), requestRow('shop/web-v1', 'shop/api-v1', 5, '500')];
    await clock.advance(15_000);
    expect(reader.names()).toEqual(['status', 'snapshot', 'status', 'delta', 'status']);
    const held = reader.document();
    expect(edgesOf(held)).toEqual([['web-v1 > api-v1', 10]]);
    expect(held.edges[0]).toMatchObject({ health: 'failure', errorsPerSecond: 5 });
    const { freshness, ...asked } = decode(await engine.fetchGraph(VIEW, null));
    expect({ ...held, freshness }).toEqual({ ...asked, freshness });
    expect(reader.events.at(-1)?.data).toEqual(freshness);
  });

  it('is resumed by id, across a disconnection', async () => {
    const reader = new Reader();
    const subscription = engine.subscribe(VIEW, null, null, reader);
    await settle();
    const lastId = reader.events.find((e) => e.event === 'snapshot')?.id ?? '';
    subscription.cancel();
    metrics.rows = metrics.rows.slice(1);
    await clock.advance(31_000);
    const back = new Reader();
    engine.subscribe(VIEW, null, lastId, back);
    await settle();
    expect(back.names()).toEqual(['delta', 'delta', 'status']);
    const stranger = new Reader();
    engine.subscribe(VIEW, null, 'other-1', stranger);
    await settle();
    expect(stranger.names()).toEqual(['snapshot', 'status']);
  });

  it('stops costing a minute after the last reader has gone', async () => {
    const subscription = engine.subscribe(VIEW, null, null, new Reader());
    await clock.advance(100_000);
    expect(metrics.count('destination')).toBe(7);
    subscription.cancel();
    await clock.advance(600_000);
    expect(metrics.count('destination')).toBeLessThanOrEqual(11);
    expect(clock.pending).toBe(0);
  });

  it('shows a change of the inventory without asking the metrics', async () => {
    const reader = new Reader();
    engine.subscribe(VIEW, null, null, reader);
    await settle();
    const asked = metrics.count();
    const scaled = inventoryOf({
      workloads: { 'shop/web-v1': {}, 'shop/api-v1': { pods: { desired: 3, current: 3, available: 1, ready: 1 } } },
    });
    cluster.change({ ...CLUSTER, workloads: new Map([...CLUSTER.workloads, ...scaled.workloads]) });
    await clock.advance(1100);
    expect(reader.names().at(-1)).toBe('delta');
    expect(reader.document().nodes.find((n) => n.label === 'api-v1')).toMatchObject({
      pods: { ready: 1, desired: 3 },
      health: { status: 'degraded' },
    });
    cluster.change({ ...CLUSTER, workloads: new Map([...CLUSTER.workloads, ...scaled.workloads]) });
    await clock.advance(1100);
    expect(reader.names().filter((n) => n === 'delta')).toHaveLength(1);
    expect(metrics.count()).toBe(asked);
  });

  it('is ended when the engine closes', async () => {
    const reader = new Reader();
    engine.subscribe(VIEW, null, null, reader);
    await settle();
    await engine.close();
    expect(reader.closed).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('of too many different views is refused, of an idle one makes room', async () => {
    await engine.close();
    engine = build({ maxViews: 2 });
    engine.start();
    engine.subscribe(VIEW, null, null, new Reader());
    await engine.fetchGraph({ ...VIEW, graphType: 'app' }, null);
    engine.subscribe({ ...VIEW, graphType: 'service' }, null, null, new Reader());
    await expect(engine.fetchGraph({ ...VIEW, graphType: 'versionedApp' }, null)).rejects.toMatchObject({ code: 'tooManyRequests' });
    await settle();
  });
});

describe('when the metrics fail', () => {
  it('the last good graph stays, says why and how old it is, and recovers by itself', async () => {
    const reader = new Reader();
    engine.subscribe(VIEW, null, null, reader);
    await settle();
    const goodMs = clock.now();
    metrics.failure = UNREACHABLE;
    await clock.advance(15_000);
    expect(reader.events.at(-1)).toMatchObject({
      event: 'status',
      data: { metrics: { state: 'stale', atMs: goodMs, cause: 'Prometheus cannot be reached: connection refused' } },
    });
    const stale = decode(await engine.fetchGraph(VIEW, null));
    expect(stale.edges).toHaveLength(3);
    expect(stale.freshness.metrics.state).toBe('stale');
    await clock.advance(300_000);
    const during = metrics.count('destination');
    expect(during).toBeLessThan(14);
    metrics.failure = null;
    await clock.advance(61_000);
    expect(reader.document().atMs).toBeGreaterThan(goodMs + 300_000);
    expect(reader.events.at(-1)).toMatchObject({ event: 'status', data: { metrics: { state: 'live', cause: null } } });
  });

  it('from the start: the failure is told, soon tried again, and the stream comes alive', async () => {
    metrics.failure = UNREACHABLE;
    await expect(engine.fetchGraph(VIEW, null)).rejects.toMatchObject({ code: 'metricsUnreachable', detail: 'connection refused' });
    const asked = metrics.count('destination');
    await expect(engine.fetchGraph(VIEW, null)).rejects.toMatchObject({ code: 'metricsUnreachable' });
    expect(metrics.count('destination')).toBe(asked);
    const reader = new Reader();
    engine.subscribe(VIEW, null, null, reader);
    await settle();
    expect(reader.events.at(-1)).toMatchObject({
      event: 'status',
      data: { metrics: { state: 'waiting', cause: expect.stringContaining('refused') } },
    });
    metrics.failure = null;
    await clock.advance(10_000);
    expect(reader.names()).toContain('snapshot');
    expect(reader.document().edges).toHaveLength(3);
  });

  it('the overview shows what the cluster alone says', async () => {
    metrics.failure = UNREACHABLE;
    const document = await engine.fetchNamespaces(60, null);
    expect(document.atMs).toBeNull();
    expect(document.namespaces.find((n) => n.name === 'shop')).toMatchObject({ health: 'healthy', inbound: { requestsPerSecond: 0 } });
    expect(document.freshness.metrics).toMatchObject({ state: 'waiting', cause: expect.stringContaining('refused') });
  });
});

describe('the overview', () => {
  it('has every namespace with traffic, health and history', async () => {
    metrics.range = [{ labels: { destination_workload_namespace: 'shop' }, points: [[clock.now() / 1000 - 600, 4]] }];
    await engine.fetchNamespaces(60, null);
    await clock.advance(31_000);
    const { namespaces, atMs } = await engine.fetchNamespaces(60, null);
    expect(atMs).not.toBeNull();
    const shop = namespaces.find((n) => n.name === 'shop');
    expect(shop).toMatchObject({
      inbound: { requestsPerSecond: 10, errorShare: 0 },
      outbound: { requestsPerSecond: 11 },
      mtlsShare: 1,
      health: 'healthy',
    });
    expect(shop?.recent.map(([, rate]) => rate)).toEqual([4, 10, 10]);
    expect(namespaces).toHaveLength(10);
    expect(metrics.count('range')).toBe(1);
  });
});

describe('one element', () => {
  const EDGE = 'workload/Kubernetes/shop/web-v1>workload/Kubernetes/shop/api-v1|http';

  it('has tables from memory; an edge its principals, or none when they cannot be read', async () => {
    metrics.rows = [
      ...metrics.rows,
      {
        query: 'principals',
        labels: { reporter: 'destination', source_principal: 'spiffe://a', destination_principal: 'spiffe://b' },
        value: 8,
      },
    ];
    const edge = await engine.fetchElement(EDGE, VIEW, null);
    expect(edge).toMatchObject({ inbound: [{ code: '200', requestsPerSecond: 8 }], principals: [{ source: 'spiffe://a', perSecond: 8 }] });
    const asked = metrics.count();
    await engine.fetchElement(EDGE, VIEW, null);
    expect(await engine.fetchElement('workload/Kubernetes/shop/web-v1', VIEW, null)).toMatchObject({
      principals: null,
      outbound: [{ requestsPerSecond: 10 }],
    });
    expect(metrics.count()).toBe(asked);
    metrics.failure = UNREACHABLE;
    await clock.advance(20_000);
    expect(await engine.fetchElement(EDGE, VIEW, null)).toMatchObject({ inbound: [{ code: '200' }], principals: null });
    await expect(engine.fetchElement('nothing', VIEW, null)).rejects.toMatchObject({ code: 'notFound' });
  });

  it('has charts, asked once per refresh; their failure is told', async () => {
    const labels = { reporter: 'destination', request_protocol: 'http', response_code: '200' };
    metrics.range = [{ labels, points: [[Math.floor(clock.now() / 60_000) * 60, 8]] }];
    const { charts } = await engine.fetchCharts(EDGE, VIEW, null);
    expect(charts.map((c) => c.id)).toContain('rate');
    const asked = metrics.count('range');
    await engine.fetchCharts(EDGE, VIEW, null);
    expect(metrics.count('range')).toBe(asked);
    metrics.failure = UNREACHABLE;
    await clock.advance(16_000);
    await expect(engine.fetchCharts(EDGE, VIEW, null)).rejects.toMatchObject({ code: 'metricsUnreachable' });
  });
});

it('tells its own metrics', async () => {
  engine.subscribe(VIEW, null, null, new Reader());
  await settle();
  const text = engine.metricsText();
  expect(text).toContain('heddle_live_readers 1\n');
  expect(text).toContain('heddle_live_collections_total{window="60s"} 1\n');
  expect(text).toContain('heddle_metrics_queries_total{query="destination"} 1\n');
  for (const line of text.trim().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? -?[\d.e+-]+)$/);
});
