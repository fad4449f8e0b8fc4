// The numbers are right: what the whole path from query to graph says of each edge equals PromQL written by hand, asked of the same real
// Prometheus for the same window and instant; and both know the same edges. Needs `prometheus` on the PATH.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prometheusInstalled, startPrometheusOn } from '../../bench/data/prometheus';
import { writeWal } from '../../bench/data/write-wal';
import type { GraphEdge } from '../../model/graph';
import { compileHealthRules, DEFAULT_HEALTH_RULES } from '../../model/health-rules';
import type { Observation, TrafficSnapshot } from '../../model/traffic';
import { DEFAULT_VIEW } from '../../model/wire';
import { startSimulation } from '../../sim/simulation';
import { GraphMemory } from '../graph/memory';
import { projectGraph } from '../graph/project';
import { createPrometheusClient } from '../prometheus/client';
import { PROMETHEUS_DEFAULTS } from '../prometheus/options';
import { FakeClock } from '../testing/fake-clock';
import { TelemetryCollector } from './collect';
import { quantileOf } from './quantile';

const WINDOW_SECONDS = 60;
const TOLERANCE = 0.01;

// What an edge is: two workloads, the host called, the protocol.
const EDGE = 'source_workload, source_workload_namespace, destination_workload, destination_workload_namespace, destination_service';
const HTTP_EDGE = `${EDGE}, request_protocol`;
const CELL = `${HTTP_EDGE}, response_code, grpc_response_status, response_flags`;
// Requests of which only the caller knows: no route, no healthy upstream, connection failure, overflow, rate limit, injected fault ...
const NEVER_REACHED = 'response_flags=~"(.*,)?(NR|NC|UH|UF|UO|UC|FI|RL|RLSE|UAEX|DF|DO|IH)(,.*)?"';
// Answers lost on the way: the one case that these queries do not count; the test looks that there are none.
const ANSWER_LOST = 'response_flags=~"(.*,)?(UT|UR|LR|SI|DT|DC)(,.*)?"';

const served = (by: string, matchers: string): string =>
  `(sum by (${by}) (rate(istio_requests_total{reporter="destination", ${matchers}}[1m])) > 0)`;
const called = (by: string, matchers: string): string =>
  `(sum by (${by}) (rate(istio_requests_total{reporter="source", ${matchers}}[1m])) > 0)`;
/** Requests by edge: the callee's count, plus what never reached it, plus the caller's count where no callee reports. */
const requests = (matchers: string): string =>
  `sum by (${HTTP_EDGE}) (${served(CELL, matchers)} or ${called(CELL, `${NEVER_REACHED}, ${matchers}`)} or (${called(CELL, matchers)} unless on (${HTTP_EDGE}) ${served(HTTP_EDGE, '')}))`;
/** The callee's answer to a question, else the caller's; `alone` narrows the caller's series to hosts of which it alone reports, to save time. */
const byEither = (alone: string, promql: (matchers: string) => string): string =>
  `(${promql('reporter="destination"')}) or (${promql(`reporter="source", ${alone}`)})`;
const duration = (part: string, by: string, matchers: string): string =>
  `sum by (${by}) (rate(istio_request_duration_milliseconds_${part}{${matchers}}[1m]))`;
const average = (alone: string): string =>
  byEither(alone, (m) => `${duration('sum', HTTP_EDGE, m)} / (${duration('count', HTTP_EDGE, m)} > 0)`);
const quantile = (q: number, alone: string): string =>
  byEither(alone, (m) => `histogram_quantile(${q}, ${duration('bucket', `le, ${HTTP_EDGE}`, m)}) >= 0`);
const tcp = (metric: string): string => byEither('', (m) => `sum by (${EDGE}) (rate(${metric}{${m}}[1m])) > 0`);

interface Truth {
  /** By edge; HTTP and gRPC only, as the next five. */
  readonly rates: ReadonlyMap<string, number>;
  readonly errors: ReadonlyMap<string, number>;
  readonly averages: ReadonlyMap<string, number>;
  readonly quantiles: readonly (readonly [number, ReadonlyMap<string, number>])[];
  readonly sent: ReadonlyMap<string, number>;
  readonly received: ReadonlyMap<string, number>;
  readonly lost: number;
}

async function ask(url: string, promql: string, atMs: number): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: promql, time: String(atMs / 1000) }),
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.json();
  if (answer.status !== 'success') throw new Error(`${promql}: ${JSON.stringify(answer)}`);
  const found = new Map<string, number>();
  for (const { metric: m, value } of answer.data.result) {
    const key = `${m.source_workload_namespace}/${m.source_workload}>${m.destination_workload_namespace}/${m.destination_workload}|${m.destination_service}|${m.request_protocol ?? 'tcp'}`;
    expect(found.has(key), `the query names ${key} once`).toBe(false);
    found.set(key, Number(value[1]));
  }
  return found;
}

async function readTruth(url: string, atMs: number): Promise<Truth> {
  const own = (promql: string): Promise<ReadonlyMap<string, number>> => ask(url, promql, atMs);
  const unanswered = await own(`${called(HTTP_EDGE, '')} unless on (${HTTP_EDGE}) ${served(HTTP_EDGE, '')}`);
  const hosts = [...new Set([...unanswered.keys()].map((key) => key.split('|')[1]?.replaceAll('.', '\\\\.')))];
  const alone = `destination_service=~"${hosts.join('|')}"`;
  const [rates, httpErrors, grpcFailures, grpcStatuses, averages, p50, p95, p99, sent, received, lost] = await Promise.all([
    own(requests('')),
    own(requests('request_protocol="http", response_code=~"0|[45].."')),
    own(requests('request_protocol="grpc", response_code=~"[45].."')),
    own(requests('request_protocol="grpc", response_code!~"[45]..", grpc_response_status!~"0|"')),
    own(average(alone)),
    own(quantile(0.5, alone)),
    own(quantile(0.95, alone)),
    own(quantile(0.99, alone)),
    // Envoy counts from the callee's side: what it received is what the client sent.
    own(tcp('istio_tcp_received_bytes_total')),
    own(tcp('istio_tcp_sent_bytes_total')),
    own(called(HTTP_EDGE, ANSWER_LOST)),
  ]);
  const errors = new Map<string, number>();
  for (const part of [httpErrors, grpcFailures, grpcStatuses])
    for (const [key, value] of part) errors.set(key, (errors.get(key) ?? 0) + value);
  const quantiles = [
    [0.5, p50],
    [0.95, p95],
    [0.99, p99],
  ] as const;
  return { rates, errors, averages, quantiles, sent, received, lost: lost.size };
}

const keyOf = ({ source, destination, service, protocol }: Observation): string =>
  `${source.namespace}/${source.workload}>${destination.namespace}/${destination.workload}|${service.host}|${protocol}`;

async function collectOurs(url: string, atMs: number): Promise<TrafficSnapshot> {
  const clock = new FakeClock(atMs);
  const source = createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url, clock });
  const deadlines = { deadlineMs: 30_000, slowDeadlineMs: 30_000 };
  const collector = new TelemetryCollector({ source, clock, homeCluster: 'Kubernetes', ...deadlines, onLate: () => undefined });
  try {
    return await collector.collect(
      { windowSeconds: WINDOW_SECONDS, atMs, namespaces: null, overlays: ['latency', 'quantiles'], live: false },
      new AbortController().signal,
    );
  } finally {
    await collector.close();
    await source.close();
  }
}

const differs = (own: number | null | undefined, truth: number | undefined): boolean => {
  const [a, b] = [own ?? 0, truth ?? 0];
  return !(Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b)));
};

/** Faults as text: `what of key: ours, truth`. */
class Comparison {
  readonly faults: string[] = [];
  compared = 0;
  check(what: string, key: string, own: number | null | undefined, truth: number | undefined): void {
    this.compared++;
    if (differs(own, truth)) this.faults.push(`${what} of ${key}: ${own ?? 'none'}, by hand ${truth ?? 'none'}`);
  }
}

interface Case {
  readonly name: string;
  readonly leastEdges: number;
  /** Starts a Prometheus with data; gives the instant to look at and what ends it. */
  start(dir: string): Promise<{ readonly url: string; readonly atMs: number; close(): Promise<void> }>;
}

const CASES: readonly Case[] = [
  {
    name: 'the simulated mesh',
    leastEdges: 30,
    start: async (dir) => {
      const before = Math.floor(Date.now() / 1000) * 1000;
      const simulation = await startSimulation({ prometheus: 'real', historyMinutes: 2, directory: join(dir, 'sim') });
      if (simulation.prometheus === null) throw new Error('the simulation has no Prometheus');
      // In the written past: whatever is scraped meanwhile changes nothing there.
      return { url: simulation.prometheus.url, atMs: before - 15_000, close: () => simulation.close() };
    },
  },
  {
    name: 'a mesh of 300 services',
    leastEdges: 220,
    start: async (dir) => {
      const shape = { services: 300, namespaces: 15, edges: 320, podsPerWorkload: 1, idleShare: 0.2, seed: 7 };
      const atMs = 1_760_000_010_000;
      writeWal(join(dir, 'mesh'), shape, { steps: 5, stepSeconds: 15, endMs: atMs, metrics: 'all' });
      const prometheus = await startPrometheusOn(join(dir, 'mesh'), 0);
      return { url: prometheus.url, atMs, close: () => prometheus.close() };
    },
  },
];

describe.skipIf(!prometheusInstalled()).each(CASES)('of $name', ({ start, leastEdges }) => {
  const dir = mkdtempSync(join(tmpdir(), 'heddle-truth-'));
  let close: () => Promise<void> = () => Promise.resolve();
  let truth: Truth;
  let snapshot: TrafficSnapshot;

  beforeAll(async () => {
    const running = await start(dir);
    close = running.close;
    truth = await readTruth(running.url, running.atMs);
    snapshot = await collectOurs(running.url, running.atMs);
  });
  afterAll(async () => {
    await close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('has the edges that Prometheus has, each once', () => {
    const keys = snapshot.observations.map(keyOf);
    const wanted = new Set([...truth.rates.keys(), ...truth.sent.keys(), ...truth.received.keys()]);
    expect(keys.length).toBeGreaterThan(leastEdges);
    expect([...keys].sort()).toEqual([...wanted].sort());
    expect(snapshot.warnings).toEqual([]);
    expect(truth.lost, 'edges with answers lost on the way, which the queries by hand do not count').toBe(0);
  });

  it('has their rates, bytes, averages and quantiles', () => {
    const comparison = new Comparison();
    for (const observation of snapshot.observations) {
      const key = keyOf(observation);
      if (observation.protocol === 'tcp') {
        comparison.check('bytes sent', key, observation.tcpSentBytesPerSecond, truth.sent.get(key));
        comparison.check('bytes received', key, observation.tcpReceivedBytesPerSecond, truth.received.get(key));
        continue;
      }
      const { requestsPerSecond, durationMsPerSecond, durationBuckets } = observation;
      comparison.check('rate', key, requestsPerSecond, truth.rates.get(key));
      comparison.check(
        'average',
        key,
        durationMsPerSecond === null ? null : durationMsPerSecond / requestsPerSecond,
        truth.averages.get(key),
      );
      for (const [q, values] of truth.quantiles) {
        const own = durationBuckets === null ? null : quantileOf(snapshot.bucketBoundsMs, durationBuckets, q);
        comparison.check(`P${q * 100}`, key, own?.valueMs, values.get(key));
      }
    }
    expect(comparison.faults).toEqual([]);
    expect(comparison.compared).toBeGreaterThan(leastEdges * 3);
    expect(truth.averages.size).toBeGreaterThan(leastEdges / 2);
  });

  it('draws them in the workload graph with the same rates, errors and latencies', () => {
    const memory = new GraphMemory(compileHealthRules(DEFAULT_HEALTH_RULES));
    const view = { ...DEFAULT_VIEW, graphType: 'workload', serviceNodes: false, overlays: ['latency', 'quantiles'] } as const;
    const { graph } = projectGraph(memory.read(snapshot, null), view);
    const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    // Traffic that reached no workload is drawn at its service, or at an unknown node: compared by caller.
    const pairOf = (edge: GraphEdge): string => {
      const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)];
      const end = target?.kind === 'workload' ? `${target.namespace}/${target.workload}` : '?';
      return `${source?.namespace}/${source?.workload ?? 'unknown'}>${end}|${edge.protocol}`;
    };
    const group = <T>(items: Iterable<T>, by: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
      const groups = new Map<string, T[]>();
      for (const item of items) groups.set(by(item), [...(groups.get(by(item)) ?? []), item]);
      return groups;
    };
    const drawn = group(graph.edges, pairOf);
    const pairs = group([...truth.rates.keys(), ...truth.sent.keys()], (key) =>
      key.replace('>unknown/unknown|', '>?|').replace(/\|.*\|/, '|'),
    );
    expect([...drawn.keys()].sort()).toEqual([...pairs.keys()].sort());
    const twice = [...drawn].filter(([pair, edges]) => edges.length > 1 && !pair.includes('>?|'));
    expect(twice, 'pairs of workloads that are drawn twice').toEqual([]);
    const comparison = new Comparison();
    for (const [pair, keys] of pairs) {
      const edges = drawn.get(pair) ?? [];
      const [edge] = edges;
      const total = (values: ReadonlyMap<string, number>): number => keys.reduce((sum, key) => sum + (values.get(key) ?? 0), 0);
      if (pair.endsWith('|tcp')) {
        comparison.check('bytes sent', pair, edge?.sentBytesPerSecond, total(truth.sent));
        comparison.check('bytes received', pair, edge?.receivedBytesPerSecond, total(truth.received));
        continue;
      }
      const rate = total(truth.rates);
      const ours = edges.reduce((sum, each) => sum + each.requestsPerSecond, 0);
      const errors = edges.reduce((sum, each) => sum + each.errorsPerSecond, 0);
      comparison.check('rate', pair, ours, rate);
      comparison.check('error share', pair, errors / ours, total(truth.errors) / rate);
      const [only, ...more] = keys;
      // Averages and quantiles of several hosts do not add up; the observations above hold them.
      if (only === undefined || more.length > 0) continue;
      comparison.check('average', pair, edge?.latency?.averageMs, truth.averages.get(only));
      const own = [edge?.latency?.p50Ms, edge?.latency?.p95Ms, edge?.latency?.p99Ms];
      for (const [i, [q, values]] of truth.quantiles.entries()) comparison.check(`P${q * 100}`, pair, own[i], values.get(only));
    }
    expect(comparison.faults).toEqual([]);
    expect(comparison.compared).toBeGreaterThan(leastEdges * 3);
    expect([...truth.errors.values()].some((value) => value > 0)).toBe(true);
  });
});
