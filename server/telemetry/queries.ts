// The query plan: everything that one snapshot of the traffic asks the backend, mesh-wide or for a few namespaces.
// In: window, namespaces, what the backend holds. Out: PromQL with its labels. Pure; the cost of each query is in the text beside it.
//
//   source       request rates as callers report them, with codes, flags, gRPC status and security  base
//   destination  the same as callees and waypoints report them; TCP bytes per second as everybody
//                does, both directions (label `direction`)                                       base
//   duration     sum of request durations, for average latency                                   overlay latency
//   bytes        sizes of responses, of requests, or both in one query (label `direction`)       overlays throughput, requestThroughput
//   buckets      duration histogram by edge, so that any quantile of any fold is computed here   overlay quantiles
//   identity     app and version of workloads, rare
//
// Prometheus evaluates a query on one core, so the base is two halves of the same weight that run side by side. It pays for the series that it touches, hardly for labels (see bench/): so one query brings all that one metric can say, no
// metric is read twice, and the overlays read the destination's half only, plus the source's for hosts of which no destination reports.
import { escapePattern, is, isNoneOf, isOneOf, type Matchers, quote, sumOfRates, withLabel } from './promql';

export const QUERY_NAMES = ['source', 'destination', 'duration', 'bytes', 'buckets', 'identity'] as const;
export type QueryName = (typeof QUERY_NAMES)[number];

/** Text and labels of one instant query; fits server/ports' VectorQuery. */
export interface PlannedQuery {
  readonly name: QueryName;
  readonly stream?: string;
  readonly promql: string;
  readonly labels: readonly string[];
}

export interface QueryPlan {
  readonly windowSeconds: number;
  /** Null or empty = all; else only traffic from, to or aimed at these. */
  readonly namespaces: readonly string[] | null;
  /** Whether the metrics speak of more than one cluster. */
  readonly severalClusters: boolean;
  /** Names repeated queries (see VectorQuery.stream); null for a question asked once. */
  readonly stream: string | null;
}

const EDGE_LABELS = [
  'source_workload',
  'source_workload_namespace',
  'destination_workload',
  'destination_workload_namespace',
  'destination_service',
  'destination_service_name',
  'destination_service_namespace',
] as const;
const CLUSTER_LABELS = ['source_cluster', 'destination_cluster'] as const;

/** Hosts in one matcher; with more of them the source's half is read whole. */
const MAX_HOSTS = 500;
const SERVED = isOneOf('reporter', ['destination', 'waypoint']);
const CALLED = is('reporter', 'source');

const edgeLabels = (plan: QueryPlan): readonly string[] => (plan.severalClusters ? [...EDGE_LABELS, ...CLUSTER_LABELS] : EDGE_LABELS);
const planned = (plan: QueryPlan, name: QueryName, promql: string, labels: readonly string[]): PlannedQuery => ({
  name,
  ...(plan.stream === null ? {} : { stream: plan.stream }),
  promql,
  labels,
});

/**
 * Selectors of the traffic of some namespaces, each edge in exactly one: into them; out of them; aimed at one of their services without
 * having reached a workload (UH, NR: the destination workload is unknown); the same where even the service is only a host name.
 */
export function buildNamespaceSelectors(namespaces: readonly string[] | null): readonly Matchers[] {
  if (namespaces === null || namespaces.length === 0) return [[]];
  const from = 'source_workload_namespace';
  const into = 'destination_workload_namespace';
  const aimed = 'destination_service_namespace';
  const elsewhere = [isNoneOf(into, namespaces), isNoneOf(from, namespaces)];
  const host = `destination_service=~${quote(`.+\\.(?:${namespaces.map(escapePattern).join('|')})\\..+`)}`;
  return [
    [isOneOf(into, namespaces)],
    [isNoneOf(into, namespaces), isOneOf(from, namespaces)],
    [...elsewhere, isOneOf(aimed, namespaces)],
    [...elsewhere, isNoneOf(aimed, namespaces), isOneOf(into, ['unknown', '']), host],
  ];
}

const narrowed = (selectors: readonly Matchers[], ...more: Matchers): readonly Matchers[] => selectors.map((own) => [...own, ...more]);

/** The namespaces to ask for: null (everything) once a third of them is watched, for then the mesh-wide query costs less. */
export const chooseScope = (watched: readonly string[], knownNamespaces: number): readonly string[] | null =>
  watched.length === 0 || watched.length * 3 >= knownNamespaces ? null : [...watched].sort();

/** What tells request series apart, beside their edge. */
const OUTCOME_LABELS = ['request_protocol', 'response_code', 'grpc_response_status', 'response_flags'] as const;
const REPORT_LABELS = ['reporter', 'connection_security_policy'] as const;

/** Requests per second by edge, code, gRPC status and flags, as callers report them; they never know the connection's security. */
export function buildSourceQuery(plan: QueryPlan): PlannedQuery {
  const labels = [...OUTCOME_LABELS, ...edgeLabels(plan)];
  return planned(plan, 'source', buildRequestRates(plan, labels, CALLED), labels);
}

/**
 * The same as everybody else reports it, and all TCP: bytes per second by edge, reporter and direction. Only TCP has a direction. Envoy
 * names them from the proxy's side: "received" bytes are those that the client sent (istio/istio#32399), here `sent`. `app` tells
 * ztunnel's reports from those of sidecars, where the scrape sets it.
 */
export function buildDestinationQuery(plan: QueryPlan): PlannedQuery {
  const edge = edgeLabels(plan);
  const requests = buildRequestRates(plan, [...REPORT_LABELS, ...OUTCOME_LABELS, ...edge], 'reporter!="source"');
  const labels = [...REPORT_LABELS, 'app', ...edge];
  const selectors = buildNamespaceSelectors(plan.namespaces);
  const rates = (metric: string): string => `(${sumOfRates(metric, selectors, labels, plan.windowSeconds)}) > 0`;
  const sent = withLabel(rates('istio_tcp_received_bytes_total'), 'direction', 'sent');
  const received = withLabel(rates('istio_tcp_sent_bytes_total'), 'direction', 'received');
  return planned(plan, 'destination', `${requests} or ${sent} or ${received}`, [
    ...REPORT_LABELS,
    ...OUTCOME_LABELS,
    ...edge,
    'app',
    'direction',
  ]);
}

const buildRequestRates = (plan: QueryPlan, labels: readonly string[], reporter: string): string =>
  `(${sumOfRates('istio_requests_total', narrowed(buildNamespaceSelectors(plan.namespaces), reporter), labels, plan.windowSeconds)}) > 0`;

/** The half of a metric that overlays read: what destinations and waypoints report, and sources where nobody else does. */
function overlaySelectors(plan: QueryPlan, sourceOnlyHosts: readonly string[], reach: OverlayReach): readonly Matchers[] {
  const selectors = buildNamespaceSelectors(plan.namespaces);
  return [...(reach === 'all' ? narrowed(selectors, SERVED) : []), ...calledSelectors(selectors, sourceOnlyHosts)];
}

function calledSelectors(selectors: readonly Matchers[], hosts: readonly string[]): readonly Matchers[] {
  if (hosts.length === 0) return [];
  return hosts.length > MAX_HOSTS
    ? narrowed(selectors, CALLED)
    : narrowed(selectors, CALLED, isOneOf('destination_service', [...hosts].sort()));
}

/** `sourceOnly`: without what destinations and waypoints report, which is held already; then there must be hosts. */
export type OverlayReach = 'all' | 'sourceOnly';

/** Milliseconds of request duration per second by edge and reporter. */
export function buildDurationQuery(plan: QueryPlan, sourceOnlyHosts: readonly string[], reach: OverlayReach = 'all'): PlannedQuery {
  const labels = ['reporter', 'request_protocol', ...edgeLabels(plan)];
  const selectors = overlaySelectors(plan, sourceOnlyHosts, reach);
  return planned(
    plan,
    'duration',
    `(${sumOfRates('istio_request_duration_milliseconds_sum', selectors, labels, plan.windowSeconds)}) > 0`,
    labels,
  );
}

/** Metrics of payload by the direction that they count. */
const BYTES_METRICS = { request: 'istio_request_bytes_sum', response: 'istio_response_bytes_sum' } as const;
export type PayloadDirection = keyof typeof BYTES_METRICS;

/** Bytes per second by edge, reporter and direction (one or two). */
export function buildBytesQuery(
  plan: QueryPlan,
  directions: readonly PayloadDirection[],
  sourceOnlyHosts: readonly string[],
  reach: OverlayReach = 'all',
): PlannedQuery {
  const labels = ['reporter', 'request_protocol', ...edgeLabels(plan)];
  const selectors = overlaySelectors(plan, sourceOnlyHosts, reach);
  const rates = (metric: string): string => `(${sumOfRates(metric, selectors, labels, plan.windowSeconds)}) > 0`;
  const promql = directions.map((direction) => withLabel(rates(BYTES_METRICS[direction]), 'direction', direction)).join(' or ');
  return planned(plan, 'bytes', promql, [...labels, 'direction']);
}

/**
 * Cumulative bucket rates by edge: of destinations and waypoints, and (a second query, only if needed) of sources for hosts of which
 * nobody else reports. Empty buckets are left out; they lie below the first one that is there. One such query costs Prometheus less than
 * one histogram_quantile of the same series per quantile, and its buckets can be added up.
 */
export function buildBucketQueries(plan: QueryPlan, sourceOnlyHosts: readonly string[]): readonly PlannedQuery[] {
  const labels = ['le', 'request_protocol', ...edgeLabels(plan)];
  const selectors = buildNamespaceSelectors(plan.namespaces);
  const build = (own: readonly Matchers[], side: string): PlannedQuery => {
    const promql = `(${sumOfRates('istio_request_duration_milliseconds_bucket', own, labels, plan.windowSeconds)}) > 0`;
    return planned(plan.stream === null ? plan : { ...plan, stream: `${plan.stream} ${side}` }, 'buckets', promql, labels);
  };
  const called = calledSelectors(selectors, sourceOnlyHosts);
  return [build(narrowed(selectors, SERVED), 'served'), ...(called.length === 0 ? [] : [build(called, 'called')])];
}

/** Labels of an identity query, in this order: workload, namespace, app, version, cluster. */
const identityLabels = (side: 'source' | 'destination'): readonly string[] => [
  `${side}_workload`,
  `${side}_workload_namespace`,
  `${side}_canonical_service`,
  `${side}_canonical_revision`,
  `${side}_cluster`,
];

/**
 * Which app and version each workload is, as callee and as caller. `wholeWindow` also finds series that ended before the instant
 * (views of the past), at the price of a rate; otherwise only what an instant selector sees.
 */
export function buildIdentityQueries(plan: QueryPlan, wholeWindow: boolean): readonly PlannedQuery[] {
  const selectors = buildNamespaceSelectors(plan.namespaces);
  const build = (side: 'source' | 'destination'): PlannedQuery => {
    const labels = identityLabels(side);
    // A caller is named best by its own proxy, a callee by whoever knows it.
    const own = side === 'source' ? narrowed(selectors, CALLED) : selectors;
    const vectors = ['istio_requests_total', 'istio_tcp_received_bytes_total'].flatMap((metric) =>
      own.map((matchers) => {
        const selector = `${metric}{${matchers.join(', ')}}`;
        return `group by (${labels.join(', ')}) (${wholeWindow ? `last_over_time(${selector}[${plan.windowSeconds}s])` : selector})`;
      }),
    );
    return planned({ ...plan, stream: null }, 'identity', vectors.join(' or '), labels);
  };
  return [build('destination'), build('source')];
}
