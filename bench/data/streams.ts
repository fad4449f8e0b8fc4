// What the proxies of a mesh count: one stream per pod, edge, reporter and outcome, with the label sets and metrics of Istio's
// standard metrics (https://istio.io/latest/docs/reference/config/metrics/) as the sample Prometheus configuration scrapes them.
// In: Mesh. Out: streams, their labels, the metrics that each one feeds.
import type { Mesh, MeshEdge, MeshOutcome, MeshPod, MeshWorkload } from './mesh';

export type Label = readonly [name: string, value: string];

export interface Stream {
  readonly pod: MeshPod;
  readonly owner: MeshWorkload;
  readonly edge: MeshEdge;
  readonly reporter: 'source' | 'destination';
  readonly outcome: MeshOutcome;
  /** Requests (TCP: bytes) per second. */
  readonly rate: number;
}

/** How a metric's value follows from the stream's counter: itself, a multiple, or a histogram bucket. */
export type MetricDef =
  | { readonly kind: 'multiple'; readonly name: string; readonly factor: number }
  | { readonly kind: 'durationSum'; readonly name: string }
  | { readonly kind: 'bucket'; readonly name: string; readonly le: string; readonly index: number };

/** `requests`: request and TCP counters; `sums`: and the sums of duration and sizes; `all`: and every histogram bucket. */
export type MetricSelection = 'requests' | 'sums' | 'all';

// Envoy's default buckets, the last being +Inf.
export const BUCKET_BOUNDS_MS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000,
] as const;

const multiple = (name: string, factor: number): MetricDef => ({ kind: 'multiple', name, factor });
const TCP_METRICS: readonly MetricDef[] = [
  multiple('istio_tcp_sent_bytes_total', 1),
  multiple('istio_tcp_received_bytes_total', 2),
  multiple('istio_tcp_connections_opened_total', 1 / 900),
  multiple('istio_tcp_connections_closed_total', 1 / 901),
];
const SUMS: readonly MetricDef[] = [
  { kind: 'durationSum', name: 'istio_request_duration_milliseconds_sum' },
  multiple('istio_request_duration_milliseconds_count', 1),
  multiple('istio_request_bytes_sum', 512),
  multiple('istio_request_bytes_count', 1),
  multiple('istio_response_bytes_sum', 4096),
  multiple('istio_response_bytes_count', 1),
];
const BUCKETS: readonly MetricDef[] = [...BUCKET_BOUNDS_MS.map(String), '+Inf'].map((le, index) => ({
  kind: 'bucket',
  name: 'istio_request_duration_milliseconds_bucket',
  le,
  index,
}));
const REQUESTS = [multiple('istio_requests_total', 1)];
const HTTP_METRICS: Readonly<Record<MetricSelection, readonly MetricDef[]>> = {
  requests: REQUESTS,
  sums: [...REQUESTS, ...SUMS],
  all: [...REQUESTS, ...SUMS, ...BUCKETS],
};

/** The metrics of a stream. */
export const metricsOf = (stream: Stream, selection: MetricSelection): readonly MetricDef[] =>
  stream.edge.service.protocol === 'tcp' ? TCP_METRICS : HTTP_METRICS[selection];

/** Every stream of the mesh, ordered by pod as a scraper would see them. */
export function buildStreams(mesh: Mesh): readonly Stream[] {
  const byPod = new Map<MeshPod, Stream[]>();
  const add = (owner: MeshWorkload, edge: MeshEdge, reporter: Stream['reporter']): void => {
    const scale = edge.service.protocol === 'tcp' ? 800 : 1;
    for (const pod of owner.pods) {
      const own = byPod.get(pod) ?? [];
      byPod.set(pod, own);
      for (const outcome of edge.outcomes)
        own.push({ pod, owner, edge, reporter, outcome, rate: (edge.requestsPerSecond * scale * outcome.share) / owner.pods.length });
    }
  };
  for (const edge of mesh.edges) {
    add(edge.source, edge, 'source');
    if (edge.destination !== null) add(edge.destination, edge, 'destination');
  }
  return [...byPod.values()].flat();
}

const CLUSTER = 'Kubernetes';

/** Labels of a stream without `__name__` and `le`, ordered by name. */
export function labelsOf(stream: Stream): readonly Label[] {
  const { edge, pod, owner, outcome, reporter } = stream;
  const { source, destination, service } = edge;
  const tcp = service.protocol === 'tcp';
  const labels: Label[] = [
    ['app', owner.app],
    ['connection_security_policy', reporter === 'source' ? 'unknown' : edge.mutualTls ? 'mutual_tls' : 'none'],
    ['destination_app', destination?.app ?? 'unknown'],
    ['destination_canonical_revision', destination?.version ?? 'latest'],
    ['destination_canonical_service', destination?.app ?? 'unknown'],
    ['destination_cluster', destination === null ? 'unknown' : CLUSTER],
    ['destination_principal', edge.mutualTls && destination !== null ? destination.principal : 'unknown'],
    ['destination_service', service.host],
    ['destination_service_name', service.name],
    ['destination_service_namespace', service.namespace],
    ['destination_version', destination?.version ?? 'unknown'],
    ['destination_workload', destination?.name ?? 'unknown'],
    ['destination_workload_namespace', destination?.namespace ?? 'unknown'],
  ];
  if (!tcp && outcome.grpcStatus !== null) labels.push(['grpc_response_status', outcome.grpcStatus]);
  labels.push(
    ['instance', `${pod.ip}:15020`],
    ['job', 'kubernetes-pods'],
    ['namespace', owner.namespace],
    ['node_name', `ip-${pod.ip.split('.').slice(0, 2).join('-')}.internal`],
    ['pod', pod.name],
    ['pod_template_hash', pod.replicaSet],
    ['reporter', reporter],
    ['request_protocol', service.protocol],
  );
  if (!tcp) labels.push(['response_code', outcome.code]);
  labels.push(
    ['response_flags', outcome.flags],
    ['security_istio_io_tlsMode', 'istio'],
    ['service_istio_io_canonical_name', owner.app],
    ['service_istio_io_canonical_revision', owner.version],
    ['source_app', source.app],
    ['source_canonical_revision', source.version],
    ['source_canonical_service', source.app],
    ['source_cluster', CLUSTER],
    ['source_principal', edge.mutualTls ? source.principal : 'unknown'],
    ['source_version', source.version],
    ['source_workload', source.name],
    ['source_workload_namespace', source.namespace],
    ['version', owner.version],
  );
  return labels;
}
