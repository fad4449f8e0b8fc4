// The charts of an entity's metrics as they are declared: which of Istio's metrics, in which unit, by whose report. In: nothing. Out: DEFINITIONS.
// Pure. https://istio.io/latest/docs/reference/config/metrics/
import type { PanelUnit } from '../../model/dashboard';
import type { Grouping, MetricChartId, MetricDirection, MetricFamily } from '../../model/entity-metrics';

export interface ChartDefinition {
  readonly id: MetricChartId;
  readonly family: MetricFamily;
  readonly title: string;
  readonly unit: PanelUnit;
  readonly about: string | null;
  /** Counter, or the histogram's name without `_bucket`, `_sum`, `_count`. */
  readonly metric: Readonly<Record<MetricDirection, string>>;
  readonly shape: 'rate' | 'histogram';
  /**
   * Where several reporters see one edge: `edges`: the best of them; `outcomes`: also what the caller alone saw fail; `tcp`: as edges, and
   * ztunnel's bytes count only where no proxy above it reads the requests in them.
   */
  readonly reconciled: 'edges' | 'outcomes' | 'tcp';
  /** Groupings for which the metric has no label. */
  readonly unsplit: readonly Grouping[];
}

const same = (metric: string): ChartDefinition['metric'] => ({ inbound: metric, outbound: metric });
/** What one side receives the other has sent: the proxy counts as the callee does. */
const mirrored = (inbound: string, outbound: string): ChartDefinition['metric'] => ({ inbound, outbound });

/** Names in Istio's Telemetry API, by which a metric is switched off and on. */
const TELEMETRY_NAMES: Readonly<Record<string, string>> = {
  istio_requests_total: 'REQUEST_COUNT',
  istio_request_duration_milliseconds: 'REQUEST_DURATION',
  istio_request_bytes: 'REQUEST_SIZE',
  istio_response_bytes: 'RESPONSE_SIZE',
  istio_request_messages_total: 'GRPC_REQUEST_MESSAGES',
  istio_response_messages_total: 'GRPC_RESPONSE_MESSAGES',
  istio_tcp_connections_opened_total: 'TCP_OPENED_CONNECTIONS',
  istio_tcp_connections_closed_total: 'TCP_CLOSED_CONNECTIONS',
  istio_tcp_received_bytes_total: 'TCP_RECEIVED_BYTES',
  istio_tcp_sent_bytes_total: 'TCP_SENT_BYTES',
};

/** How to have a metric that is not there. */
export function fixOf(metric: string): string {
  const base = metric.replace(/_(?:bucket|sum|count)$/, '');
  return `Istio's proxies report it unless a Telemetry resource disables ${TELEMETRY_NAMES[base] ?? base}, or Prometheus drops it: look for an override of the provider prometheus, and at the scrape configuration.`;
}

// Emitted while a stream is open, when nothing of its end is known (istio_stats).
const MESSAGES_UNSPLIT: readonly Grouping[] = ['protocol', 'code', 'grpc', 'flags', 'mtls'];
const TCP_UNSPLIT: readonly Grouping[] = ['code', 'grpc'];

const request = { family: 'requests', reconciled: 'edges', unsplit: [], about: null } as const;
const message = { family: 'messages', unit: 'ops', shape: 'rate', reconciled: 'edges', unsplit: MESSAGES_UNSPLIT, about: null } as const;
const tcp = { family: 'tcp', shape: 'rate', reconciled: 'tcp', unsplit: TCP_UNSPLIT, about: null } as const;

export const DEFINITIONS: readonly ChartDefinition[] = [
  {
    ...request,
    id: 'requests',
    title: 'Request volume',
    unit: 'reqps',
    metric: same('istio_requests_total'),
    shape: 'rate',
    reconciled: 'outcomes',
  },
  {
    ...request,
    id: 'duration',
    title: 'Request duration',
    unit: 'ms',
    metric: same('istio_request_duration_milliseconds'),
    shape: 'histogram',
  },
  {
    ...request,
    id: 'requestSize',
    title: 'Request size',
    unit: 'bytes',
    metric: same('istio_request_bytes'),
    shape: 'histogram',
  },
  {
    ...request,
    id: 'responseSize',
    title: 'Response size',
    unit: 'bytes',
    metric: same('istio_response_bytes'),
    shape: 'histogram',
  },
  {
    ...request,
    id: 'requestThroughput',
    title: 'Request throughput',
    unit: 'Bps',
    metric: same('istio_request_bytes_sum'),
    shape: 'rate',
  },
  {
    ...request,
    id: 'responseThroughput',
    title: 'Response throughput',
    unit: 'Bps',
    metric: same('istio_response_bytes_sum'),
    shape: 'rate',
  },
  {
    ...message,
    id: 'messagesReceived',
    title: 'gRPC messages received',
    metric: mirrored('istio_request_messages_total', 'istio_response_messages_total'),
  },
  {
    ...message,
    id: 'messagesSent',
    title: 'gRPC messages sent',
    metric: mirrored('istio_response_messages_total', 'istio_request_messages_total'),
  },
  {
    ...tcp,
    id: 'tcpOpened',
    title: 'TCP connections opened',
    unit: 'ops',
    metric: same('istio_tcp_connections_opened_total'),
  },
  {
    ...tcp,
    id: 'tcpClosed',
    title: 'TCP connections closed',
    unit: 'ops',
    metric: same('istio_tcp_connections_closed_total'),
  },
  {
    ...tcp,
    id: 'tcpReceived',
    title: 'TCP received',
    unit: 'Bps',
    metric: mirrored('istio_tcp_received_bytes_total', 'istio_tcp_sent_bytes_total'),
  },
  {
    ...tcp,
    id: 'tcpSent',
    title: 'TCP sent',
    unit: 'Bps',
    metric: mirrored('istio_tcp_sent_bytes_total', 'istio_tcp_received_bytes_total'),
  },
];
