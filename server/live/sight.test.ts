// The live engine for readers who do not see everything: no answer, event, chart or failure names what is hidden; nothing is shared
// between those who see different things.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sight } from '../../model/account';
import { Failure } from '../../model/failure';
import { DEFAULT_VIEW, type GraphDocument, type ViewSpec } from '../../model/wire';
import { inventoryOf } from '../graph/testing/mesh-fixture';
import { FakeClock, settle } from '../testing/fake-clock';
import { createLiveEngine } from './create-live-engine';
import type { LiveEngine } from './engine';
import type { EncodedGraph } from './engine-parts';
import { DEFAULT_LIVE_SETTINGS } from './settings';
import { Reader, ScriptedCluster } from './testing/engine-rig';
import { type Row, requestRow, ScriptedMetrics } from './testing/scripted-metrics';

const VIEW: ViewSpec = { ...DEFAULT_VIEW, graphType: 'workload' };
const SHOP: Sight = ['shop'];
const SECRET = /vault|secret/;
const id = (kind: string, namespace: string, name: string): string => `${kind}/Kubernetes/${namespace}/${name}`;
const INTO_API = `${id('service', 'shop', 'api')}>${id('workload', 'shop', 'api-v1')}|http`;

const decode = ({ bytes }: EncodedGraph): GraphDocument => JSON.parse(new TextDecoder().decode(bytes));
const edgesOf = (document: Pick<GraphDocument, 'edges'>): readonly (readonly [string, number])[] =>
  document.edges.map((e) => [
    `${e.source.split('/').slice(-1).join('/')} > ${e.target.split('/').slice(-1).join('/')}`,
    e.requestsPerSecond,
  ]);
const principal = (source: string, destination: string, value: number): Row => ({
  query: 'principals',
  value,
  labels: { reporter: 'destination', source_principal: source, destination_principal: destination },
});
const spiffe = (namespace: string, account: string): string => `spiffe://cluster.local/ns/${namespace}/sa/${account}`;

let clock: FakeClock;
let metrics: ScriptedMetrics;
let cluster: ScriptedCluster;
let engine: LiveEngine;

beforeEach(() => {
  clock = new FakeClock();
  metrics = new ScriptedMetrics();
  cluster = new ScriptedCluster();
  metrics.rows = [
    requestRow('shop/web-v1', 'shop/api-v1', 8),
    requestRow('vault/secret-job', 'shop/api-v1', 4),
    requestRow('shop/api-v1', 'vault/secret-store', 2),
    requestRow('vault/secret-job', 'vault/secret-store', 50),
    principal(spiffe('shop', 'web'), spiffe('shop', 'api'), 8),
    principal(spiffe('vault', 'secret-job'), spiffe('shop', 'api'), 4),
    principal('unknown', spiffe('shop', 'api'), 1),
    principal('CN=secret', spiffe('shop', 'api'), 1),
  ];
  metrics.range = [{ labels: { response_code: '200', reporter: 'destination' }, points: [[clock.now() / 1000, 1]] }];
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
  cluster.change(
    inventoryOf({
      workloads: { 'shop/web-v1': {}, 'shop/api-v1': {}, 'vault/secret-store': {}, 'vault/secret-job': { mode: 'none' } },
      services: { 'shop/web': {}, 'shop/api': {}, 'vault/secret-store': {} },
    }),
  );
});
afterEach(() => engine.close());

describe('a graph for one namespace', () => {
  it('shows its neighbours as one caller and one callee', async () => {
    const answer = await engine.fetchGraph(VIEW, SHOP);
    const graph = decode(answer);
    expect(edgesOf(graph)).toEqual([
      ['callers > api', 4],
      ['api > api-v1', 12],
      ['api-v1 > callees', 2],
      ['web-v1 > api', 8],
    ]);
    expect(graph.totals).toMatchObject({ requestsPerSecond: 14, workloads: 2, services: 1 });
    expect(new TextDecoder().decode(answer.bytes)).not.toMatch(SECRET);
  });

  it('is one projection for equal sights, and another for others', async () => {
    const [a, b] = [await engine.fetchGraph(VIEW, SHOP), await engine.fetchGraph(VIEW, ['shop'])];
    expect(b.bytes).toBe(a.bytes);
    const all = await engine.fetchGraph(VIEW, null);
    const both = await engine.fetchGraph(VIEW, ['shop', 'vault']);
    const none = await engine.fetchGraph(VIEW, []);
    expect(new Set([a, all, both, none].map((answer) => answer.tag)).size).toBe(4);
    expect(edgesOf(decode(both))).toEqual(edgesOf(decode(all)));
    expect(decode(none)).toMatchObject({ nodes: [], boxes: [], edges: [], totals: { requestsPerSecond: 0, edges: 0 } });
    // Names are joined nowhere: a sight of one odd name is not a sight of two.
    expect(decode(await engine.fetchGraph(VIEW, ['shop,vault'])).edges).toEqual([]);
    expect(metrics.count('destination')).toBe(1);
  });

  it('of a hidden namespace is that of one that does not exist', async () => {
    const ask = async (namespace: string): Promise<unknown> => {
      const { nodes, edges, totals, notes } = decode(await engine.fetchGraph({ ...VIEW, namespaces: [namespace], idle: true }, SHOP));
      return JSON.parse(JSON.stringify({ nodes, edges, totals, notes }).replaceAll(namespace, '?'));
    };
    expect(await ask('vault')).toEqual(await ask('nosuch'));
  });
});

describe('elements', () => {
  it('that are hidden answer in the same words as those that are not there', async () => {
    const ids = [
      'hidden/callers',
      'hidden/callees',
      id('workload', 'vault', 'secret-store'),
      id('box-namespace', 'vault', '').replace(/\/$/, ''),
      `${id('workload', 'vault', 'secret-job')}>${id('service', 'shop', 'api')}|http`,
      id('workload', 'nosuch', 'nothing'),
    ];
    for (const ask of [engine.fetchElement.bind(engine), engine.fetchCharts.bind(engine)]) {
      const said = await Promise.all(
        ids.map((each) =>
          ask(each, VIEW, SHOP).then(
            () => 'an answer',
            (error: unknown) =>
              error instanceof Failure ? [error.code, error.detail.replace(JSON.stringify(each), '?'), error.next].join() : 'a defect',
          ),
        ),
      );
      expect(new Set(said).size, said.join('\n')).toBe(1);
      expect(said[0]).toContain('notFound');
    }
  });

  it('tell no principal, host or chart of what is hidden', async () => {
    const into = await engine.fetchElement(INTO_API, VIEW, SHOP);
    expect(into.inbound).toEqual([{ code: '200', flags: '-', host: 'api.shop.svc.cluster.local', requestsPerSecond: 12 }]);
    expect(into.principals?.map((p) => p.source)).toEqual([spiffe('shop', 'web'), 'unknown']);
    expect((await engine.fetchElement(INTO_API, VIEW, null)).principals).toHaveLength(4);
    const out = `${id('workload', 'shop', 'api-v1')}>hidden/callees|http`;
    const asked = metrics.count();
    expect(await engine.fetchElement(out, VIEW, SHOP)).toMatchObject({
      inbound: [{ code: '200', flags: '-', host: 'unknown', requestsPerSecond: 2 }],
      principals: null,
    });
    expect(await engine.fetchCharts(out, VIEW, SHOP)).toEqual({ id: out, charts: [] });
    expect(metrics.count()).toBe(asked);
    const charts = await engine.fetchCharts(id('workload', 'shop', 'api-v1'), VIEW, SHOP);
    expect(charts.charts.length).toBeGreaterThan(0);
    expect(JSON.stringify(charts)).not.toMatch(SECRET);
  });

  it('that belong to nobody have no charts for who does not see everything: others are in them too', async () => {
    metrics.rows = [
      ...metrics.rows,
      { ...requestRow('shop/web-v1', 'unknown/unknown', 1), query: 'source' as const },
      { ...requestRow('vault/secret-job', 'unknown/unknown', 30), query: 'source' as const },
    ].map((row) =>
      row.query === 'source'
        ? {
            ...row,
            labels: {
              ...row.labels,
              reporter: 'source',
              destination_service: 'secret.vault.svc.cluster.local',
              destination_service_name: 'PassthroughCluster',
              destination_service_namespace: 'unknown',
            },
          }
        : row,
    );
    const graph = decode(await engine.fetchGraph(VIEW, SHOP));
    const pass = graph.nodes.find((n) => n.kind === 'passthrough');
    expect(pass).toMatchObject({ inbound: { http: 1 }, hosts: [] });
    expect(JSON.stringify(graph)).not.toMatch(SECRET);
    expect(await engine.fetchCharts(pass?.id ?? '', VIEW, SHOP)).toEqual({ id: pass?.id, charts: [] });
    expect((await engine.fetchCharts(pass?.id ?? '', VIEW, null)).charts.length).toBeGreaterThan(0);
    const edge = graph.edges.find((e) => e.target === pass?.id);
    expect((await engine.fetchCharts(edge?.id ?? '', VIEW, SHOP)).charts.length).toBeGreaterThan(0);
  });
});

it('the overview lists what is seen, with all of its traffic', async () => {
  const whole = await engine.fetchNamespaces(60, null);
  const { namespaces } = await engine.fetchNamespaces(60, SHOP);
  expect(whole.namespaces.map((n) => n.name)).toEqual(['shop', 'vault']);
  expect(namespaces).toEqual(whole.namespaces.filter((n) => n.name === 'shop'));
  expect(namespaces[0]?.inbound.requestsPerSecond).toBe(12);
  expect((await engine.fetchNamespaces(60, [])).namespaces).toEqual([]);
  expect(engine.namespaceNames()).toEqual(['shop', 'vault']);
});

describe('streams', () => {
  it('of equal sights are one, of others are apart, and a reader cannot resume what he did not see', async () => {
    const [mine, yours, everybodys] = [new Reader(), new Reader(), new Reader()];
    engine.subscribe(VIEW, SHOP, null, mine);
    await settle();
    engine.subscribe(VIEW, ['shop'], null, yours);
    engine.subscribe(VIEW, null, null, everybodys);
    await settle();
    metrics.rows = metrics.rows.map((row) => ({ ...row, value: row.value * 2 }));
    await clock.advance(16_000);
    expect(edgesOf(mine.document())).toContainEqual(['callers > api', 8]);
    expect(yours.document()).toEqual(mine.document());
    expect(mine.names()).toContain('delta');
    expect(JSON.stringify([mine.events, yours.events])).not.toMatch(SECRET);
    expect(JSON.stringify(everybodys.events)).toMatch(SECRET);
    // The id of another's stream is not that of a revision of this one: a whole snapshot, and nothing of the other's.
    const stolen = new Reader();
    engine.subscribe(VIEW, SHOP, everybodys.events.findLast((e) => e.id !== null)?.id ?? null, stolen);
    await settle();
    expect(stolen.names()[0]).toBe('snapshot');
    expect(JSON.stringify(stolen.events)).not.toMatch(SECRET);
  });

  it('make no query for each sight', async () => {
    engine.subscribe(VIEW, null, null, new Reader());
    await settle();
    await clock.advance(16_000);
    const before = metrics.count('source', 'destination');
    for (const sight of [SHOP, ['vault'], [], ['shop', 'vault']]) engine.subscribe(VIEW, sight, null, new Reader());
    await settle();
    await clock.advance(15_000);
    expect(metrics.count('source', 'destination') - before).toBe(2);
  });
});

describe('what goes wrong', () => {
  const BAD = new Failure(
    'metricsRejected',
    'duplicate series for {destination_workload="secret-store"} in "vault"',
    'Look at secret-store.',
  );

  it('is told without the words of the backend', async () => {
    metrics.failure = BAD;
    const said: unknown[] = [];
    const keep = (error: unknown): void => {
      said.push(error instanceof Failure ? [error.code, error.message, error.detail, error.next] : error);
    };
    await engine.fetchGraph(VIEW, SHOP).catch(keep);
    await engine.fetchElement(INTO_API, VIEW, SHOP).catch(keep);
    await engine.fetchCharts(INTO_API, VIEW, SHOP).catch(keep);
    await engine.fetchGraph({ ...VIEW, atSeconds: 1_600_000_000 }, SHOP).catch(keep);
    const reader = new Reader();
    engine.subscribe(VIEW, SHOP, null, reader);
    await settle();
    said.push(engine.freshness([]), (await engine.fetchNamespaces(60, SHOP)).freshness, reader.events);
    expect(said).toHaveLength(7);
    expect(JSON.stringify(said)).not.toMatch(SECRET);
    expect(said[0]).toEqual(['metricsRejected', expect.any(String), expect.any(String), expect.any(String)]);
    expect(reader.events.map((e) => e.event)).toContain('status');
    await expect(engine.fetchGraph(VIEW, null)).rejects.toThrow(/secret-store/);
    expect(JSON.stringify(engine.freshness(null))).toMatch(SECRET);
  });

  it('of the cluster too', async () => {
    await engine.fetchGraph(VIEW, SHOP);
    cluster.state = [{ resource: 'pods', state: 'retrying', objects: 1, currentAtMs: 1, cause: 'pod vault/secret-store-0 is broken' }];
    expect(JSON.stringify(decode(await engine.fetchGraph(VIEW, SHOP)).freshness)).not.toMatch(SECRET);
    expect(decode(await engine.fetchGraph(VIEW, SHOP)).freshness.cluster.state).toBe('stale');
    expect(JSON.stringify(decode(await engine.fetchGraph(VIEW, null)).freshness)).toMatch(SECRET);
  });
});
