// Metrics of entities on the simulated mesh: every chart of every kind against the store's answer to the PromQL that is shown, sums against
// PromQL written by hand, the rule for reporters against the graph, what readers of some namespaces are told, names that try to break out.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sight } from '../../model/account';
import type { EntityKind, EntityRef } from '../../model/entity';
import {
  DEFAULT_METRICS_QUERY,
  GROUPINGS,
  groupingsOf,
  type MetricChartId,
  type MetricsDocument,
  type MetricsQuery,
} from '../../model/entity-metrics';
import { type Simulation, startSimulation } from '../../sim/simulation';
import type { MetricsSource } from '../ports';
import { createPrometheusClient } from '../prometheus/client';
import { PROMETHEUS_DEFAULTS } from '../prometheus/options';
import { FakeClock } from '../testing/fake-clock';
import { EntityMetrics } from './entity-metrics';

const forever = new AbortController().signal;
const ref = (kind: EntityKind, namespace: string, name = namespace): EntityRef => ({ kind, namespace, name });
const REVIEWS = ref('workload', 'bookinfo', 'reviews-v2');

type Labels = Readonly<Record<string, string>>;
interface Told {
  readonly metric: Labels;
  readonly values: readonly (readonly [number, string])[];
}

describe('metrics of entities on the simulated mesh', () => {
  let simulation: Simulation;
  let source: MetricsSource;
  let metrics: EntityMetrics;
  let clock: FakeClock;

  beforeAll(async () => {
    simulation = await startSimulation({ prometheus: 'embedded', historyMinutes: 15 });
    clock = new FakeClock(Date.now());
    source = createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url: simulation.prometheus?.url ?? '', clock });
    metrics = new EntityMetrics({
      metrics: source,
      cluster: { cluster: 'Kubernetes', inventory: () => null },
      clock,
      capabilities: () => null,
      deadlineMs: 30_000,
      keepMs: 60_000,
      linkGrafana: (id) => `https://grafana.example.com/d/${id}`,
    });
  }, 120_000);
  afterAll(async () => {
    await source.close();
    await simulation.close();
  });

  const read = (entity: EntityRef, more: Partial<MetricsQuery> = {}, sight: Sight = null): Promise<MetricsDocument> =>
    metrics.read(entity, { ...DEFAULT_METRICS_QUERY, range: { rangeSeconds: 300, atSeconds: null }, ...more }, sight, forever);

  /** What the store answers to PromQL over the range of a document. */
  async function ask(promql: string, { fromSeconds, toSeconds, stepSeconds }: MetricsDocument): Promise<readonly Told[]> {
    const answer = await fetch(`${simulation.prometheus?.url}/api/v1/query_range`, {
      method: 'POST',
      body: new URLSearchParams({ query: promql, start: String(fromSeconds), end: String(toSeconds), step: String(stepSeconds) }),
    });
    const body = (await answer.json()) as {
      readonly status: string;
      readonly error?: string;
      readonly data: { readonly result: readonly Told[] };
    };
    expect(body.error).toBeUndefined();
    return body.data.result;
  }
  const chartOf = (document: MetricsDocument, id: MetricChartId) => {
    const chart = document.charts.find((one) => one.id === id);
    if (chart === undefined) throw new Error(`there is no chart ${id}`);
    return chart;
  };
  const valuesOf = ({ values }: Told): ReadonlyMap<number, number> => new Map(values.map(([at, value]) => [at, Number(value)]));
  const sameLabels = (a: Labels, b: Labels): boolean =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => (a[name] ?? '') === (b[name] ?? ''));

  /** Holds every series that is drawn by itself to the answer; returns how many values were compared. */
  async function compare(document: MetricsDocument): Promise<number> {
    let compared = 0;
    for (const chart of document.charts)
      for (const { target, promql } of chart.queries) {
        const told = await ask(promql, document);
        for (const series of chart.series.filter((one) => one.target === target && one.kind === 'group')) {
          const own = told.find(({ metric }) => sameLabels(metric, series.labels));
          const values = own === undefined ? new Map<number, number>() : valuesOf(own);
          for (const [at, value] of series.points) {
            const theirs = values.get(at);
            if (value === null) expect(theirs === undefined || Number.isNaN(theirs), `${chart.id} ${series.name} ${at}`).toBe(true);
            else {
              expect(theirs, `${chart.id} ${series.name} ${at}`).toBeDefined();
              expect(Math.abs(value - (theirs ?? 0))).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
              compared++;
            }
          }
        }
      }
    return compared;
  }

  const CASES: readonly (readonly [string, EntityRef, Partial<MetricsQuery>, readonly MetricChartId[]])[] = [
    ['a workload', REVIEWS, {}, ['requests', 'duration', 'requestSize', 'responseSize', 'requestThroughput', 'responseThroughput']],
    ['what a workload sends', REVIEWS, { direction: 'outbound' }, ['requests', 'duration', 'responseThroughput']],
    ['a workload by caller and code', REVIEWS, { by: ['peerWorkload', 'code'] }, ['requests', 'duration']],
    ['as callers see it, by flags and security', REVIEWS, { reporter: 'source', by: ['flags', 'mtls'] }, ['requests']],
    ['as callees see it, by security', REVIEWS, { reporter: 'destination', by: ['mtls'] }, ['requests', 'duration']],
    [
      'an app by its versions',
      ref('app', 'bookinfo', 'reviews'),
      { by: ['version'], statistics: ['average', 'p90', 'p999'] },
      ['requests', 'duration'],
    ],
    ['a service by workload', ref('service', 'bookinfo', 'reviews'), { by: ['workload'] }, ['requests', 'duration']],
    [
      'a namespace by service',
      ref('namespace', 'bookinfo'),
      { by: ['service'] },
      ['requests', 'tcpReceived', 'tcpSent', 'tcpOpened', 'tcpClosed'],
    ],
    [
      'a namespace, outbound, by peer namespace',
      ref('namespace', 'boutique'),
      { direction: 'outbound', by: ['peerNamespace', 'protocol'] },
      ['requests', 'messagesSent', 'messagesReceived'],
    ],
    ['a database', ref('workload', 'bookinfo', 'mongodb-v1'), {}, ['tcpReceived', 'tcpSent', 'tcpOpened']],
  ];
  it.each(CASES)('%s: what is drawn is what the PromQL beside it answers', async (_, entity, more, drawn) => {
    const document = await read(entity, more);
    for (const id of drawn) expect(chartOf(document, id).series.length, id).toBeGreaterThan(0);
    expect(document.charts.every(({ problem }) => problem === null)).toBe(true);
    expect(await compare(document)).toBeGreaterThan(50);
  });

  it('has numbers that hand-written PromQL gives', async () => {
    const inbound = await read(REVIEWS, { reporter: 'destination' });
    const who = 'destination_workload_namespace="bookinfo", destination_workload="reviews-v2"';
    const rate = `[${inbound.rateSeconds}s]`;
    const hand: Readonly<Record<string, string>> = {
      'requests/rate': `sum(rate(istio_requests_total{${who}, reporter="destination"}${rate}))`,
      'duration/average': `sum(rate(istio_request_duration_milliseconds_sum{${who}, reporter="destination"}${rate})) / sum(rate(istio_request_duration_milliseconds_count{${who}, reporter="destination"}${rate}))`,
      'duration/p95': `histogram_quantile(0.95, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${who}, reporter="destination"}${rate})))`,
      'responseThroughput/rate': `sum(rate(istio_response_bytes_sum{${who}, reporter="destination"}${rate}))`,
    };
    for (const [place, promql] of Object.entries(hand)) {
      const [id = '', target = ''] = place.split('/');
      const series = chartOf(inbound, id as MetricChartId).series.find((one) => one.target === target);
      const [told] = await ask(promql, inbound);
      const theirs = told === undefined ? new Map<number, number>() : valuesOf(told);
      expect(theirs.size, place).toBeGreaterThan(5);
      for (const [at, value] of theirs) {
        const own = series?.points.find(([seconds]) => seconds === at)?.[1] ?? Number.NaN;
        expect(Math.abs(own - value), `${place} ${at}`).toBeLessThanOrEqual(1e-9 * Math.max(1, value));
      }
    }
    // What one side sends is what the proxy of the other end calls received.
    const database = await read(ref('workload', 'bookinfo', 'mongodb-v1'));
    const [sent] = await ask(
      `sum(rate(istio_tcp_sent_bytes_total{destination_workload_namespace="bookinfo", destination_workload="mongodb-v1", reporter="destination"}[${database.rateSeconds}s]))`,
      database,
    );
    const drawn = chartOf(database, 'tcpSent').series[0]?.points.at(-1)?.[1] ?? 0;
    expect(drawn).toBeGreaterThan(0);
    expect(drawn).toBeCloseTo([...valuesOf(sent ?? { metric: {}, values: [] }).values()].at(-1) ?? 0, 6);
  });

  it('adds up whatever it draws: groups, those beyond the first, and those that may not be named', async () => {
    const entity = ref('namespace', 'bookinfo');
    const whole = chartOf(await read(entity), 'requests').series[0]?.points ?? [];
    for (const [top, sight] of [
      [1, null],
      [2, ['bookinfo']],
    ] as const) {
      const document = await read(entity, { by: ['peerWorkload', 'service'], top }, sight);
      const chart = chartOf(document, 'requests');
      expect(chart.restGroups).toBeGreaterThan(1);
      expect(chart.series.filter(({ kind }) => kind === 'group')).toHaveLength(top);
      for (const [place, [, value]] of whole.entries())
        expect(chart.series.reduce((sum, { points }) => sum + (points[place]?.[1] ?? 0), 0)).toBeCloseTo(value ?? 0, 6);
    }
  });

  it('tells readers of some namespaces nothing of others, whatever they group by', async () => {
    for (const kind of ['namespace', 'workload'] as const) {
      const entity = kind === 'namespace' ? ref('namespace', 'bookinfo') : ref('workload', 'bookinfo', 'productpage-v1');
      for (const direction of ['inbound', 'outbound'] as const) {
        const by = groupingsOf(kind, direction);
        expect(by.length).toBeGreaterThan(8);
        for (const grouping of by) {
          const text = JSON.stringify(await read(entity, { direction, by: [grouping], top: 20 }, ['bookinfo']));
          expect(text, `${kind} ${direction} ${grouping}`).not.toMatch(/istio-system|ingressgateway|boutique|loadgenerator/);
        }
      }
    }
    const seen = await read(ref('workload', 'bookinfo', 'productpage-v1'), { by: ['peerWorkload'] }, ['bookinfo']);
    expect(chartOf(seen, 'requests').series.map(({ kind }) => kind)).toContain('hidden');
    // The quantiles of what is hidden are those of the whole of it.
    expect(
      chartOf(seen, 'duration').series.some(
        ({ kind, target, points }) => kind === 'hidden' && target === 'p95' && points.some(([, value]) => value !== null),
      ),
    ).toBe(true);
    expect(seen.notes.join()).toContain('may not see');
    await expect(read(ref('workload', 'boutique', 'frontend'), {}, ['bookinfo'])).rejects.toMatchObject({ code: 'notFound' });
  });

  it.each(['x"} or istio_requests_total{pod!="', "x'`\\", 'a\nb', '.*', '$namespace $x {{y}}', '__proto__'])(
    'takes %j for a name and nothing else',
    async (name) => {
      for (const kind of ['workload', 'app', 'service'] as const)
        for (const direction of ['inbound', 'outbound'] as const) {
          const document = await read({ kind, namespace: 'bookinfo', name }, { direction, by: ['peerWorkload'] });
          expect(document.charts.every(({ series, problem }) => series.length === 0 && problem === null)).toBe(true);
        }
      const document = await read({ kind: 'namespace', namespace: name, name });
      expect(document.charts.every(({ series, problem }) => series.length === 0 && problem === null)).toBe(true);
    },
  );

  it('says what is empty from what is not there, and asks for nothing twice', async () => {
    const sent = (): number => source.stats().reduce((sum, one) => sum + one.sent, 0);
    const first = await read(REVIEWS);
    const before = sent();
    await Promise.all(Array.from({ length: 10 }, () => read(REVIEWS)));
    expect(sent()).toBe(before);
    const tcp = chartOf(first, 'tcpOpened');
    expect(tcp.series).toEqual([]);
    // There is TCP elsewhere in the mesh.
    expect(tcp.missing).toEqual([]);
    expect(first.grafana).toEqual({
      href: 'https://grafana.example.com/d/istio-workload',
      variables: { namespace: ['bookinfo'], workload: ['reviews-v2'] },
    });
  });

  it('says of groupings for which a metric has no label that it is not split by them', async () => {
    const document = await read(ref('namespace', 'boutique'), { by: [...GROUPINGS] });
    expect(chartOf(document, 'messagesSent').unsplit).toEqual(['protocol', 'code', 'grpc', 'flags', 'mtls']);
    expect(chartOf(document, 'requests').unsplit).toEqual([]);
  });
});
