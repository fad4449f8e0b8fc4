// The whole read path against a real Prometheus (the one on the PATH; skipped without): what the collector says of a mesh equals what
// PromQL written by hand says of the same samples. Also series that no generator makes: hostile labels, ambient layers, custom buckets.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MESH_SHAPES } from '../../bench/data/mesh';
import { prometheusInstalled, type RunningPrometheus, startPrometheusOn } from '../../bench/data/prometheus';
import { createWalWriter } from '../../bench/data/wal-writer';
import { writeWal } from '../../bench/data/write-wal';
import type { Observation, TrafficSnapshot } from '../../model/traffic';
import { OVERLAYS } from '../../model/wire';
import type { MetricsSource } from '../ports';
import { createPrometheusClient } from '../prometheus/client';
import { PROMETHEUS_DEFAULTS } from '../prometheus/options';
import { type CollectRequest, TelemetryCollector } from './collect';
import { fetchElementCharts, fetchPrincipals } from './element';
import { foldBuckets, quantileOf } from './quantile';

const END_MS = 1_700_000_010_000;
const installed = prometheusInstalled();
const root = mkdtempSync(join(tmpdir(), 'heddle-prometheus-'));
const clock = { now: () => END_MS, after: () => () => undefined };
const signal = new AbortController().signal;

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

interface Backend {
  readonly prometheus: RunningPrometheus;
  readonly source: MetricsSource;
  readonly collector: TelemetryCollector;
}
async function start(dir: string): Promise<Backend> {
  const prometheus = await startPrometheusOn(dir, 0);
  const source = createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url: prometheus.url, clock });
  const collector = new TelemetryCollector({
    source,
    clock,
    homeCluster: 'Kubernetes',
    deadlineMs: 30_000,
    slowDeadlineMs: 30_000,
    onLate: () => undefined,
  });
  return { prometheus, source, collector };
}
const ask = ({ collector }: Backend, more: Partial<CollectRequest> = {}): Promise<TrafficSnapshot> =>
  collector.collect({ windowSeconds: 60, atMs: END_MS, namespaces: null, overlays: OVERLAYS, live: false, ...more }, signal);

/** Result of hand-written PromQL, values by the labels named, joined by "|". */
async function query({ prometheus }: Backend, promql: string, labels: readonly string[]): Promise<Map<string, number>> {
  const url = `${prometheus.url}/api/v1/query?${new URLSearchParams({ query: promql, time: String(END_MS / 1000) }).toString()}`;
  const answer = (await (await fetch(url)).json()) as { data: { result: { metric: Record<string, string>; value: [number, string] }[] } };
  return new Map(answer.data.result.map(({ metric, value }) => [labels.map((name) => metric[name] ?? '').join('|'), Number(value[1])]));
}
const EDGE = ['source_workload', 'destination_workload', 'destination_service'];
const nameOf = (o: Observation): string => [o.source.workload, o.destination.workload, o.service.host].join('|');
const within = (own: number, wanted: number): boolean => Math.abs(own - wanted) <= Math.abs(wanted) * 1e-9 + 1e-12;

/** Those of `wanted` that `own` misses or has otherwise. */
function differing(own: ReadonlyMap<string, number | null>, wanted: ReadonlyMap<string, number>): string[] {
  return [...wanted].flatMap(([name, value]) => {
    const mine = own.get(name);
    return typeof mine === 'number' && within(mine, value) ? [] : [`${name}: ${String(mine)} instead of ${value}`];
  });
}

describe.skipIf(!installed)('a small mesh in a real Prometheus', () => {
  let backend: Backend;
  let snapshot: TrafficSnapshot;
  let http: readonly Observation[];
  beforeAll(async () => {
    const dir = join(root, 'small');
    writeWal(dir, MESH_SHAPES.small, { steps: 12, stepSeconds: 15, endMs: END_MS, metrics: 'all' });
    backend = await start(dir);
    snapshot = await ask(backend);
    http = snapshot.observations.filter((o) => o.protocol !== 'tcp');
  });
  afterAll(async () => {
    await backend.collector.close();
    await backend.source.close();
    await backend.prometheus.close();
  });
  const by = (label: readonly string[]): string => `sum by (${label.join(', ')})`;

  it('finds what the backend holds', async () => {
    const found = await backend.source.fetchCapabilities({ signal, deadlineMs: 10_000 });
    expect(found).toMatchObject({ scrapeIntervalSeconds: 15, clusters: ['Kubernetes'], notes: [] });
    expect(found.version).toMatch(/^\d+\.\d+/);
  });

  /** Requests by edge as reconciled: cells of the callee, and cells of the caller that never arrived and that the callee does not have. */
  const counted = (matcher: string): string => {
    const cells = (more: string): string =>
      `${by([...EDGE, 'response_code', 'grpc_response_status', 'response_flags'])} (rate(istio_requests_total{${more}${matcher}}[60s])) > 0`;
    return `${by(EDGE)} (${cells('reporter="destination"')} or ${cells('reporter="source",response_flags=~".*U[CFHO].*|NR"')})`;
  };

  it('has the rates of all edges: of the callee, and of the caller those that never arrived', async () => {
    const wanted = await query(backend, counted(''), EDGE);
    expect(wanted.size).toBeGreaterThan(80);
    expect(differing(new Map(http.map((o) => [nameOf(o), o.requestsPerSecond])), wanted)).toEqual([]);
    expect(http).toHaveLength(wanted.size);
    const dead = await query(backend, `${by(EDGE)} (rate(istio_requests_total{destination_workload="unknown"}[60s])) > 0`, EDGE);
    expect(dead.size).toBeGreaterThan(0);
    expect(new Set(http.filter((o) => o.destination.workload === 'unknown').map(nameOf))).toEqual(new Set(dead.keys()));
    expect(http.filter((o) => o.destination.workload === 'unknown').every((o) => o.reporter === 'source')).toBe(true);
  });

  it('has the shares of errors and of mutual TLS', async () => {
    const errors = await query(backend, `${counted(',response_code=~"[45].."')} / ${counted('')}`, EDGE);
    const share = (o: Observation): number =>
      o.responses.filter((r) => /^[45]/.test(r.code)).reduce((sum, r) => sum + r.requestsPerSecond, 0) / o.requestsPerSecond;
    expect(errors.size).toBeGreaterThan(20);
    expect(differing(new Map(http.map((o) => [nameOf(o), share(o)])), errors)).toEqual([]);
    const plain = await query(
      backend,
      `${by(EDGE)} (rate(istio_requests_total{reporter="destination",connection_security_policy="none"}[60s])) > 0`,
      EDGE,
    );
    expect(differing(new Map(http.map((o) => [nameOf(o), o.mtls.plaintext])), plain)).toEqual([]);
  });

  it('has average latency and throughput', async () => {
    const average = await query(
      backend,
      `${by(EDGE)} (rate(istio_request_duration_milliseconds_sum{reporter="destination"}[60s])) / ${by(EDGE)} (rate(istio_request_duration_milliseconds_count{reporter="destination"}[60s])) > 0`,
      EDGE,
    );
    expect(
      differing(
        new Map(http.map((o) => [nameOf(o), o.durationMsPerSecond === null ? null : o.durationMsPerSecond / o.requestsPerSecond])),
        average,
      ),
    ).toEqual([]);
    const size = await query(
      backend,
      `${by(EDGE)} (rate(istio_response_bytes_sum{reporter="destination"}[60s])) / ${by(EDGE)} (rate(istio_response_bytes_count{reporter="destination"}[60s])) > 0`,
      EDGE,
    );
    expect(
      differing(
        new Map(http.map((o) => [nameOf(o), o.responseBytesPerSecond === null ? null : o.responseBytesPerSecond / o.requestsPerSecond])),
        size,
      ),
    ).toEqual([]);
    const dead = http.find((o) => o.reporter === 'source');
    expect(dead?.durationMsPerSecond).toBeGreaterThan(0);
  });

  it('has the quantiles of edges and of folds of edges', async () => {
    for (const q of [0.5, 0.95, 0.99]) {
      const wanted = await query(
        backend,
        `histogram_quantile(${q}, ${by(['le', ...EDGE])} (rate(istio_request_duration_milliseconds_bucket{reporter="destination"}[60s]))) > 0`,
        EDGE,
      );
      const own = new Map(
        http.map((o) => [
          nameOf(o),
          o.durationBuckets === null ? null : (quantileOf(snapshot.bucketBoundsMs, o.durationBuckets, q)?.valueMs ?? null),
        ]),
      );
      expect(wanted.size).toBeGreaterThan(80);
      expect(differing(own, wanted)).toEqual([]);
      const folded = await query(
        backend,
        `histogram_quantile(${q}, ${by(['le', 'destination_workload'])} (rate(istio_request_duration_milliseconds_bucket{reporter="destination"}[60s]))) > 0`,
        ['destination_workload'],
      );
      const mine = new Map(
        [...folded.keys()].map((workload) => {
          const histograms = http.flatMap((o) =>
            o.destination.workload === workload && o.durationBuckets !== null ? [o.durationBuckets] : [],
          );
          return [workload, quantileOf(snapshot.bucketBoundsMs, foldBuckets(snapshot.bucketBoundsMs, histograms), q)?.valueMs ?? null];
        }),
      );
      expect(differing(mine, folded)).toEqual([]);
    }
  });

  it('has both directions of TCP', async () => {
    const tcp = snapshot.observations.filter((o) => o.protocol === 'tcp');
    const sent = await query(backend, `${by(EDGE)} (rate(istio_tcp_received_bytes_total{reporter="destination"}[60s])) > 0`, EDGE);
    const received = await query(backend, `${by(EDGE)} (rate(istio_tcp_sent_bytes_total{reporter="destination"}[60s])) > 0`, EDGE);
    expect(sent.size).toBeGreaterThan(3);
    expect(differing(new Map(tcp.map((o) => [nameOf(o), o.tcpSentBytesPerSecond])), sent)).toEqual([]);
    expect(differing(new Map(tcp.map((o) => [nameOf(o), o.tcpReceivedBytesPerSecond])), received)).toEqual([]);
  });

  it('replays what snapshots of the same instants say', async () => {
    const overlays = ['latency', 'throughput', 'requestThroughput'] as const;
    const frames = await backend.collector.collectFrames(
      { windowSeconds: 60, stepSeconds: 15, fromMs: END_MS - 75_000, toMs: END_MS, namespaces: null, overlays },
      signal,
    );
    expect(frames.instantsMs.length).toBe(6);
    expect(frames.warnings).toEqual([]);
    for (const [index, atMs] of frames.instantsMs.entries()) {
      const wanted = await ask(backend, { atMs, overlays });
      const own = frames.frame(index);
      expect(own.observations.map((o) => o.key)).toEqual(wanted.observations.map((o) => o.key));
      wanted.observations.forEach((o, i) => {
        const mine = own.observations[i];
        const pairs = [
          [mine?.requestsPerSecond, o.requestsPerSecond],
          [mine?.durationMsPerSecond, o.durationMsPerSecond],
          [mine?.responseBytesPerSecond, o.responseBytesPerSecond],
          [mine?.tcpSentBytesPerSecond, o.tcpSentBytesPerSecond],
        ] as const;
        for (const [got, expected] of pairs)
          expect(Math.abs((got ?? 0) - (expected ?? 0))).toBeLessThanOrEqual(Math.abs(expected ?? 0) * 1e-6);
      });
    }
  });

  it('gives for some namespaces what the whole mesh says of them', async () => {
    const namespaces = [...new Set(http.map((o) => o.destination.namespace))].filter((name) => name.startsWith('team-')).slice(0, 2);
    const scoped = await ask(backend, { namespaces });
    const touches = (o: Observation): boolean =>
      [o.source.namespace, o.destination.namespace, o.service.namespace].some((name) => namespaces.includes(name));
    const plain = (list: readonly Observation[]): unknown[] =>
      list.filter(touches).map((o) => [o.key, o.requestsPerSecond, o.durationMsPerSecond, o.responseBytesPerSecond, o.durationBuckets]);
    expect(scoped.observations.every(touches)).toBe(true);
    expect(scoped.observations.length).toBeLessThan(snapshot.observations.length);
    expect(plain(scoped.observations)).toEqual(plain(snapshot.observations));
  });

  it('knows apps and versions, principals and the history of an edge', async () => {
    expect(snapshot.identities.size).toBeGreaterThan(40);
    const edge = http.find((o) => o.protocol === 'http' && o.mtls.mutual > 0 && o.requestsPerSecond > 1 && o.reporter === 'destination');
    if (edge === undefined) throw new Error('no edge');
    expect(snapshot.identities.get(`Kubernetes/${edge.destination.namespace}/${edge.destination.workload}`)?.version).toMatch(/^v\d$/);
    const end = (side: 'source' | 'destination') => ({
      kind: 'workload' as const,
      cluster: null,
      namespace: edge[side].namespace,
      workload: edge[side].workload,
    });
    const traffic = {
      source: end('source'),
      destination: end('destination'),
      service: { kind: 'host' as const, cluster: null, host: edge.service.host },
      protocol: 'http' as const,
    };
    const [pair] = await fetchPrincipals(backend.source, { traffic, atMs: END_MS, windowSeconds: 60, deadlineMs: 10_000 }, signal);
    expect(pair?.source).toMatch(new RegExp(`^spiffe://cluster.local/ns/${edge.source.namespace}/`));
    expect(pair?.perSecond).toBeCloseTo(edge.requestsPerSecond, 9);
    const charts = await fetchElementCharts(
      backend.source,
      {
        traffic: [{ direction: 'edge', selector: traffic }],
        endMs: END_MS,
        rangeSeconds: 60,
        scrapeIntervalSeconds: 15,
        deadlineMs: 10_000,
      },
      signal,
    );
    expect(charts.map((chart) => chart.id)).toEqual(['rate', 'errors', 'latency', 'throughput']);
    const last = charts[0]?.series.reduce((sum, own) => sum + (own.points.at(-1)?.[1] ?? 0), 0);
    expect(last).toBeCloseTo(edge.requestsPerSecond, 9);
    const p95 = charts[2]?.series.find((own) => own.name === 'P95')?.points.at(-1)?.[1];
    expect(p95).toBeCloseTo(quantileOf(snapshot.bucketBoundsMs, edge.durationBuckets ?? new Float64Array(0), 0.95)?.valueMs ?? -1, 9);
  });
});

describe.skipIf(!installed)('odd series in a real Prometheus', () => {
  let backend: Backend;
  const HOSTILE = 'a"b\\c\n<script>|.*{é😀';
  beforeAll(async () => {
    const dir = join(root, 'odd');
    const writer = createWalWriter(dir);
    const counter = (name: string, labels: Record<string, string>, perSecond: number): void => {
      const ref = writer.series([['__name__', name], ...Object.entries(labels).filter(([, value]) => value !== '')]);
      for (let step = 0; step <= 8; step++) writer.sample(ref, END_MS - (8 - step) * 15_000, step * 15 * perSecond);
    };
    const edge = (source: string, destination: string, reporter: string, more: Record<string, string> = {}): Record<string, string> => ({
      source_workload: source,
      source_workload_namespace: 'n',
      source_cluster: 'west',
      destination_workload: destination,
      destination_workload_namespace: 'n',
      destination_cluster: 'east',
      destination_service: `${destination}.n.svc.cluster.local`,
      destination_service_name: destination,
      destination_service_namespace: 'n',
      reporter,
      request_protocol: 'http',
      response_code: '200',
      response_flags: '-',
      ...more,
    });
    counter('istio_requests_total', edge(HOSTILE, HOSTILE, 'destination'), 3);
    counter('istio_requests_total', edge('client', 'server', 'waypoint', { connection_security_policy: 'mutual_tls' }), 2);
    for (const [reporter, direction] of [
      ['source', 'sent'],
      ['destination', 'received'],
    ] as const)
      counter(
        `istio_tcp_${direction}_bytes_total`,
        { ...edge('client', 'server', reporter, { response_code: '', request_protocol: 'tcp' }), app: 'ztunnel' },
        500,
      );
    for (const [le, perSecond] of [
      ['10', 1],
      ['20', 2],
      ['+Inf', 4],
    ] as const)
      counter('istio_request_duration_milliseconds_bucket', { ...edge('x', 'custom', 'destination'), le }, perSecond);
    for (const [le, perSecond] of [
      ['5', 1],
      ['15', 1],
      ['40', 4],
      ['+Inf', 4],
    ] as const)
      counter('istio_request_duration_milliseconds_bucket', { ...edge('y', 'custom', 'destination'), le }, perSecond);
    counter('istio_requests_total', edge('x', 'custom', 'destination'), 4);
    counter('istio_requests_total', edge('y', 'custom', 'destination'), 4);
    writer.close();
    backend = await start(dir);
  });
  afterAll(async () => {
    await backend.collector.close();
    await backend.source.close();
    await backend.prometheus.close();
  });

  it('reads them over several clusters, once each, live and narrowed', async () => {
    const mesh = await ask(backend);
    const told = mesh.observations.map(
      (o) =>
        `${o.source.cluster}/${o.source.workload}>${o.destination.cluster}/${o.destination.workload} ${o.protocol} ${o.reporter} ${o.requestsPerSecond.toFixed(3)}`,
    );
    expect([...told].sort()).toEqual(
      [
        `west/${HOSTILE}>east/${HOSTILE} http destination 3.000`,
        'west/client>east/server http waypoint 2.000',
        'west/x>east/custom http destination 4.000',
        'west/y>east/custom http destination 4.000',
      ].sort(),
    );
    const traffic = {
      source: { kind: 'workload' as const, cluster: 'west', namespace: 'n', workload: HOSTILE },
      destination: null,
      service: { kind: 'host' as const, cluster: 'east', host: `${HOSTILE}.n.svc.cluster.local` },
      protocol: null,
    };
    const charts = await fetchElementCharts(
      backend.source,
      {
        traffic: [{ direction: 'edge', selector: traffic }],
        endMs: END_MS,
        rangeSeconds: 60,
        scrapeIntervalSeconds: 15,
        deadlineMs: 10_000,
      },
      signal,
    );
    expect(charts[0]?.series[0]?.points.at(-1)?.[1]).toBeCloseTo(3, 6);
  });

  it('has the quantiles of each edge whatever its bounds', async () => {
    const mesh = await ask(backend);
    const wanted = await query(
      backend,
      'histogram_quantile(0.6, sum by (le, source_workload) (rate(istio_request_duration_milliseconds_bucket[60s])))',
      ['source_workload'],
    );
    const own = new Map(
      mesh.observations.flatMap((o) =>
        o.durationBuckets === null
          ? []
          : [[o.source.workload, quantileOf(mesh.bucketBoundsMs, o.durationBuckets, 0.6)?.valueMs ?? null] as const],
      ),
    );
    expect(mesh.bucketBoundsMs).toEqual([5, 10, 15, 20, 40, Number.POSITIVE_INFINITY]);
    expect(wanted.size).toBe(2);
    expect(differing(own, wanted)).toEqual([]);
  });
});
