// The plan to be measured against: what a per-namespace console sends for one graph, query by query, one after another
// (Kiali 2.31: 3 HTTP + 3 TCP queries a namespace, 12 with P95, mutual TLS and throughput). Its label lists and shapes, our words.
// In: namespaces, a window. Out: PromQL texts in sending order.

const WORKLOADS = [
  'source_cluster',
  'source_workload_namespace',
  'source_workload',
  'source_canonical_service',
  'source_canonical_revision',
  'destination_cluster',
  'destination_service_namespace',
  'destination_service',
  'destination_service_name',
  'destination_workload_namespace',
  'destination_workload',
  'destination_canonical_service',
  'destination_canonical_revision',
];
const REQUEST_LABELS = [...WORKLOADS, 'request_protocol', 'response_code', 'grpc_response_status', 'response_flags'].join(',');
const TCP_LABELS = [...WORKLOADS, 'app', 'response_flags'].join(',');
const SECURITY_LABELS = [
  ...WORKLOADS.filter((l) => l !== 'source_canonical_revision'),
  'connection_security_policy',
  'source_principal',
  'destination_principal',
].join(',');
const LATENCY_LABELS = [...WORKLOADS, 'request_protocol'].join(',');
const THROUGHPUT_LABELS = WORKLOADS.join(',');

/** Incoming traffic to unknown workloads, incoming by the destination's report, outgoing by the source's. */
const unserviced = (n: string): string =>
  `reporter="source",source_workload_namespace!="${n}",destination_workload_namespace="unknown",destination_workload="unknown",destination_service=~"^.+\\\\.${n}\\\\..+$"`;
const incoming = (n: string): string => `reporter="destination",destination_workload_namespace="${n}"`;
const outgoing = (n: string): string => `reporter="source",source_workload_namespace="${n}"`;

const rate = (metric: string, selector: string, window: string): string => `rate(${metric}{${selector}}[${window}])`;
const summed = (metric: string, selector: string, labels: string, window: string): string =>
  `round(sum(${rate(metric, selector, window)}) by (${labels}) > 0,0.001)`;

/** Queries of the base graph: six a namespace. */
export function baseQueries(namespace: string, window: string): readonly string[] {
  const shapes = [unserviced, incoming, outgoing];
  return [
    ...shapes.map((shape) => summed('istio_requests_total', shape(namespace), REQUEST_LABELS, window)),
    ...shapes.map((shape) => summed('istio_tcp_received_bytes_total', shape(namespace), TCP_LABELS, window)),
  ];
}

/** What the security, response time and throughput options add: six more a namespace. `quantile` null = average. */
export function overlayQueries(namespace: string, window: string, quantile: number | null): readonly string[] {
  const security = (selector: string): string =>
    `round(sum(${rate('istio_requests_total', selector, window)} or ${rate('istio_tcp_received_bytes_total', selector, window)}) by (${SECURITY_LABELS}) > 0,0.001)`;
  const latency = (selector: string): string =>
    quantile === null
      ? `round(sum(${rate('istio_request_duration_milliseconds_sum', selector, window)}) by (${LATENCY_LABELS}) / sum(${rate('istio_request_duration_milliseconds_count', selector, window)}) by (${LATENCY_LABELS}) > 0,0.001)`
      : `round(histogram_quantile(${quantile},sum(${rate('istio_request_duration_milliseconds_bucket', selector, window)}) by (le,${LATENCY_LABELS})) > 0,0.001)`;
  const throughput = (selector: string): string => summed('istio_response_bytes_sum', selector, THROUGHPUT_LABELS, window);
  const destinationFrom = `reporter="destination",source_workload_namespace="${namespace}"`;
  return [
    security(incoming(namespace)),
    security(destinationFrom),
    latency(incoming(namespace)),
    latency(outgoing(namespace)),
    throughput(incoming(namespace)),
    throughput(outgoing(namespace)),
  ];
}

/** All queries of one graph of all namespaces, in the order in which they are sent. */
export function baselineQueries(
  namespaces: readonly string[],
  windowSeconds: number,
  overlays: 'none' | 'average' | 'p95',
): readonly string[] {
  const window = `${windowSeconds}s`;
  return namespaces.flatMap((n) => [
    ...baseQueries(n, window),
    ...(overlays === 'none' ? [] : overlayQueries(n, window, overlays === 'p95' ? 0.95 : null)),
  ]);
}
