// The sums by edge that snapshots are made of: each can be computed from Istio's metrics, or read where a recording rule keeps it.
// In: metrics, selectors, labels. Out: PromQL. Pure. Rules record the mesh whole over one window, with the labels of every cluster.
import { is, isOneOf, type Matchers, sumOfRates, withLabel } from './promql';

export const EDGE_LABELS = [
  'source_workload',
  'source_workload_namespace',
  'destination_workload',
  'destination_workload_namespace',
  'destination_service',
  'destination_service_name',
  'destination_service_namespace',
] as const;
export const CLUSTER_LABELS = ['source_cluster', 'destination_cluster'] as const;
/** What tells request series apart, beside their edge. */
export const OUTCOME_LABELS = ['request_protocol', 'response_code', 'grpc_response_status', 'response_flags'] as const;
export const REPORT_LABELS = ['reporter', 'connection_security_policy'] as const;

/** Reports of those who serve, and of those who call. */
export const SERVED = isOneOf('reporter', ['destination', 'waypoint']);
export const CALLED = is('reporter', 'source');

/** Window of the rates that rules record. */
export const RECORDED_WINDOW_SECONDS = 60;

export interface EdgeSum {
  readonly metric: string;
  /** Labels beside those of the edge. */
  readonly labels: readonly string[];
  /** Which series of the metric; null: the selectors say it. */
  readonly reporters: string | null;
  /** Tells two metrics of one answer apart, null where there is one. */
  readonly direction: string | null;
  /** Name of the series that a rule records, over 60 s, of the reporters above. */
  readonly record: string;
}

const OVERLAY_LABELS = ['reporter', 'request_protocol'] as const;

export const SOURCE_REQUESTS: EdgeSum = {
  metric: 'istio_requests_total',
  labels: OUTCOME_LABELS,
  reporters: CALLED,
  direction: null,
  record: 'heddle:source_requests:rate1m',
};
export const DESTINATION_REQUESTS: EdgeSum = {
  metric: 'istio_requests_total',
  labels: [...REPORT_LABELS, ...OUTCOME_LABELS],
  reporters: 'reporter!="source"',
  direction: null,
  record: 'heddle:destination_requests:rate1m',
};
// Envoy names them from the proxy's side: "received" bytes are those that the client sent (istio/istio#32399), here `sent`.
const tcp = (metric: string, direction: string): EdgeSum => ({
  metric,
  labels: [...REPORT_LABELS, 'app'],
  reporters: null,
  direction,
  record: 'heddle:tcp_bytes:rate1m',
});
export const TCP_BYTES: readonly EdgeSum[] = [tcp('istio_tcp_received_bytes_total', 'sent'), tcp('istio_tcp_sent_bytes_total', 'received')];
export const DURATION: EdgeSum = {
  metric: 'istio_request_duration_milliseconds_sum',
  labels: OVERLAY_LABELS,
  reporters: SERVED,
  direction: null,
  record: 'heddle:request_duration_milliseconds_sum:rate1m',
};
const payload = (direction: 'request' | 'response'): EdgeSum => ({
  metric: `istio_${direction}_bytes_sum`,
  labels: OVERLAY_LABELS,
  reporters: SERVED,
  direction,
  record: 'heddle:payload_bytes:rate1m',
});
export const PAYLOAD_BYTES = { request: payload('request'), response: payload('response') } as const;
export const BUCKETS: EdgeSum = {
  metric: 'istio_request_duration_milliseconds_bucket',
  labels: ['le', 'request_protocol'],
  reporters: SERVED,
  direction: null,
  record: 'heddle:request_duration_milliseconds_bucket:rate1m',
};

/**
 * How recorded histograms name their edge: these labels in this order, joined in the label `edge`. A histogram has a series for each bucket,
 * and the names of ten labels would be most of what is read of it.
 */
export const JOINED = {
  label: 'edge',
  separator: '|',
  parts: [
    'destination_service_namespace',
    'destination_service',
    'destination_service_name',
    'source_workload',
    'destination_workload',
    'request_protocol',
    ...CLUSTER_LABELS,
  ],
  /** Labels that stay as they are, for queries are narrowed by them. */
  apart: ['source_workload_namespace', 'destination_workload_namespace'],
} as const;

/** A vector with the labels of its edge joined, beside `more`. */
export function joinEdge(vector: string, more: readonly string[]): string {
  const parts = JOINED.parts.map((part) => `"${part}"`).join(', ');
  const labels = [...more, JOINED.label, ...JOINED.apart].join(', ');
  return `sum by (${labels}) (label_join(${vector}, "${JOINED.label}", "${JOINED.separator}", ${parts}))`;
}

/** Reads the labels of an edge out of one that has them joined; null where a name has the separator in it, for then nothing is sure. */
export function readJoined(read: (name: string) => string): ((name: string) => string) | null {
  const parts = read(JOINED.label).split(JOINED.separator);
  const places: readonly string[] = JOINED.parts;
  if (parts.length !== places.length) return null;
  return (name) => {
    const place = places.indexOf(name);
    return place < 0 ? read(name) : (parts[place] ?? '');
  };
}

const narrowed = (selectors: readonly Matchers[], matcher: string | null): readonly Matchers[] =>
  matcher === null ? selectors : selectors.map((own) => [...own, matcher]);

/** The sum over some selectors that do not overlap, computed from the metric: only what is above zero. */
export function computeSum(sum: EdgeSum, selectors: readonly Matchers[], edgeLabels: readonly string[], windowSeconds: number): string {
  const rates = `(${sumOfRates(sum.metric, narrowed(selectors, sum.reporters), [...sum.labels, ...edgeLabels], windowSeconds)}) > 0`;
  return sum.direction === null ? rates : withLabel(rates, 'direction', sum.direction);
}

/** The same as a rule recorded it. */
export function readSum(sum: EdgeSum, selectors: readonly Matchers[]): string {
  return narrowed(selectors, sum.direction === null ? null : is('direction', sum.direction))
    .map((own) => `${sum.record}${own.length === 0 ? '' : `{${own.join(', ')}}`}`)
    .join(' or ');
}
