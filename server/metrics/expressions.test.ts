// The rule for reporters as PromQL, on counters written by hand: each edge counts once by whoever knows best, what reached nobody is added, and
// ztunnel's bytes count where nobody reads the requests in them.
import { describe, expect, it } from 'vitest';
import type { MetricChartId } from '../../model/entity-metrics';
import { evaluateInstant } from '../../sim/prometheus/query';
import { SeriesStore } from '../../sim/prometheus/store';
import { DEFINITIONS } from './definitions';
import { type Asked, sumRates } from './expressions';
import { buildSelectors } from './selectors';

const NOW_MS = 1_790_000_000_000;
const STEP_MS = 15_000;
type Labels = Readonly<Record<string, string>>;

/** Counters that grow by so much a second over the last five minutes. */
function fill(rows: readonly (readonly [metric: string, labels: Labels, perSecond: number])[]): SeriesStore {
  const store = new SeriesStore({ retentionMs: 3_600_000 });
  for (let ms = 300_000; ms >= 0; ms -= STEP_MS)
    for (const [metric, labels, perSecond] of rows)
      store.append({ __name__: metric, ...labels }, NOW_MS - ms, (perSecond * (300_000 - ms)) / 1000);
  return store;
}
const edge = (from: string, to: string): Labels => ({
  ...{ source_workload: from, source_workload_namespace: 'shop', destination_workload: to, destination_workload_namespace: 'shop' },
  destination_service: 'api.shop.svc.cluster.local',
  request_protocol: 'http',
});
const report = (reporter: string, code = '200', flags = '-'): Labels => ({ reporter, response_code: code, response_flags: flags });

const selectors = buildSelectors({
  entity: { kind: 'workload', namespace: 'shop', name: 'api' },
  direction: 'inbound',
  cluster: null,
  workloads: [],
});
const ASKED: Asked = { selectors: selectors ?? [], reporter: 'both', rateSeconds: 60, clusters: false, ambient: false };

function ask(
  store: SeriesStore,
  id: MetricChartId,
  asked: Partial<Asked> = {},
  by: readonly string[] = [],
): Readonly<Record<string, number>> {
  const definition = DEFINITIONS.find((one) => one.id === id);
  if (definition === undefined) throw new Error(`there is no chart ${id}`);
  const result = evaluateInstant(store, sumRates(definition, definition.metric.inbound, by, { ...ASKED, ...asked }), NOW_MS);
  if (result.type !== 'vector') throw new Error('no vector');
  return Object.fromEntries(
    result.samples.map(({ labels, value }) => [by.map((label) => labels.value(label)).join(' '), Math.round(value * 1000) / 1000]),
  );
}

describe('requests', () => {
  const rows: Parameters<typeof fill>[0] = [
    // Both see it; the callee counts a retry more.
    ['istio_requests_total', { ...edge('web', 'api'), ...report('source') }, 10],
    ['istio_requests_total', { ...edge('web', 'api'), ...report('destination') }, 11],
    // Only the caller knows of what never arrived.
    ['istio_requests_total', { ...edge('web', 'api'), ...report('source', '503', 'UF,URX') }, 2],
    // The caller gave up on what the callee answered: counted once, as it was answered.
    ['istio_requests_total', { ...edge('web', 'api'), ...report('source', '504', 'UT') }, 1],
    // The callee has no proxy on this edge.
    ['istio_requests_total', { ...edge('job', 'api'), ...report('source') }, 4],
    // Through a waypoint, in front of a sidecar.
    ['istio_requests_total', { ...edge('cron', 'api'), ...report('waypoint') }, 7],
    ['istio_requests_total', { ...edge('cron', 'api'), ...report('destination') }, 6],
    // Another workload's.
    ['istio_requests_total', { ...edge('web', 'other'), ...report('destination') }, 99],
  ];
  it('count each edge once, by whoever knows best', () => {
    expect(ask(fill(rows), 'requests', {}, ['source_workload', 'response_code'])).toEqual({
      'web 200': 11,
      'web 503': 2,
      'job 200': 4,
      'cron 200': 7,
    });
    expect(ask(fill(rows), 'requests')).toEqual({ '': 24 });
  });
  it('count one side where it is asked for', () => {
    expect(ask(fill(rows), 'requests', { reporter: 'source' })).toEqual({ '': 17 });
    expect(ask(fill(rows), 'requests', { reporter: 'destination' })).toEqual({ '': 24 });
  });
});

describe('TCP', () => {
  const rows: Parameters<typeof fill>[0] = [
    // A sidecar's, by both.
    ['istio_tcp_received_bytes_total', { ...edge('web', 'api'), app: 'web', reporter: 'source' }, 100],
    ['istio_tcp_received_bytes_total', { ...edge('web', 'api'), app: 'api', reporter: 'destination' }, 110],
    // ztunnel's, by both ends.
    ['istio_tcp_received_bytes_total', { ...edge('job', 'api'), app: 'ztunnel', reporter: 'source' }, 20],
    ['istio_tcp_received_bytes_total', { ...edge('job', 'api'), app: 'ztunnel', reporter: 'destination' }, 21],
    // ztunnel's of requests that a waypoint reads.
    ['istio_tcp_received_bytes_total', { ...edge('cron', 'api'), app: 'ztunnel', reporter: 'destination' }, 5000],
    ['istio_requests_total', { ...edge('cron', 'api'), ...report('waypoint') }, 7],
  ];
  it("counts ztunnel's bytes where no proxy reads the requests in them", () => {
    expect(ask(fill(rows), 'tcpReceived', { ambient: true }, ['source_workload'])).toEqual({ web: 110, job: 21 });
  });
  it('does not look for a ztunnel where there is none', () => {
    expect(ask(fill(rows.slice(0, 2)), 'tcpReceived')).toEqual({ '': 110 });
  });
});
