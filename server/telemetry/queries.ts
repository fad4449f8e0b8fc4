// The query plan: everything that one snapshot of the traffic asks the backend, mesh-wide or for a few namespaces.
// In: window, namespaces, what the backend holds. Out: PromQL with its labels. Pure; the cost of each query is in the text beside it.
//
//   source       request rates as callers report them, with codes, flags, gRPC status and security  base
//   destination  the same as callees and waypoints report them; TCP bytes per second as everybody
//                does, both directions (label `direction`)                                       base
//   tcp          that TCP alone, where it is read from recorded series                           base
//   duration     sum of request durations, for average latency                                   overlay latency
//   bytes        sizes of responses, of requests, or both in one query (label `direction`)       overlays throughput, requestThroughput
//   buckets      duration histogram by edge, so that any quantile of any fold is computed here   overlay quantiles
//   identity     app and version of workloads, rare
//
// Prometheus evaluates a query on one core, so the base is two halves of the same weight that run side by side. It pays for the series that it touches, hardly for labels (see bench/): so one query brings all that one metric can say, no
// metric is read twice, and the overlays read the destination's half only, plus the source's for hosts of which no destination reports.
// Where recording rules of rules.ts are loaded and fresh, a plan reads what they recorded instead (`recorded`): a few hundredths of the cost.
import {
  BUCKETS,
  CALLED,
  CLUSTER_LABELS,
  computeSum,
  DESTINATION_REQUESTS,
  DURATION,
  EDGE_LABELS,
  type EdgeSum,
  JOINED,
  OUTCOME_LABELS,
  PAYLOAD_BYTES,
  REPORT_LABELS,
  readSum,
  SOURCE_REQUESTS,
  TCP_BYTES,
} from './edge-sums';
import { escapePattern, isNoneOf, isOneOf, type Matchers, quote } from './promql';

export const QUERY_NAMES = [
  'source',
  'destination',
  'tcp',
  'duration',
  'bytes',
  'buckets',
  'identity',
  'idle',
  'messages',
  'operations',
] as const;
export type QueryName = (typeof QUERY_NAMES)[number];

/** Text and labels of one instant query; fits server/ports' VectorQuery. */
export interface PlannedQuery {
  readonly name: QueryName;
  readonly stream?: string;
  readonly promql: string;
  readonly labels: readonly string[];
  readonly splitBy?: readonly string[];
}

export interface QueryPlan {
  readonly windowSeconds: number;
  /** Null or empty = all; else only traffic from, to or aimed at these. */
  readonly namespaces: readonly string[] | null;
  /** Whether the metrics speak of more than one cluster. */
  readonly severalClusters: boolean;
  /** Names repeated queries (see VectorQuery.stream); null for a question asked once. */
  readonly stream: string | null;
  /** What is read as recording rules keep it: rates and sums, and the histograms; only in the window that rules record. Absent: nothing. */
  readonly recorded?: { readonly edges: boolean; readonly latency: boolean };
}

const SPLIT_LABELS = ['destination_workload_namespace', 'source_workload_namespace'] as const;

/** Hosts in one matcher; with more of them the source's half is read whole. */
const MAX_HOSTS = 500;

export const edgeLabels = (plan: QueryPlan): readonly string[] =>
  plan.severalClusters ? [...EDGE_LABELS, ...CLUSTER_LABELS] : EDGE_LABELS;
const planned = (plan: QueryPlan, name: QueryName, promql: string, labels: readonly string[]): PlannedQuery => ({
  name,
  ...(plan.stream === null ? {} : { stream: plan.stream }),
  promql,
  labels,
  // Every sum is by edge, so that sums over parts of the namespaces have no series in common.
  splitBy: SPLIT_LABELS,
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

/** The same selectors of series that have the labels of their edge joined. */
function buildJoinedSelectors(namespaces: readonly string[] | null): readonly Matchers[] {
  if (namespaces === null || namespaces.length === 0) return [[]];
  const [from, into] = JOINED.apart;
  const names = `(?:${namespaces.map(escapePattern).join('|')})`;
  const elsewhere = [isNoneOf(into, namespaces), isNoneOf(from, namespaces)];
  const aimed = quote(`${names}\\|.*`);
  return [
    [isOneOf(into, namespaces)],
    [isNoneOf(into, namespaces), isOneOf(from, namespaces)],
    [...elsewhere, `${JOINED.label}=~${aimed}`],
    [
      ...elsewhere,
      `${JOINED.label}!~${aimed}`,
      isOneOf(into, ['unknown', '']),
      `${JOINED.label}=~${quote(`[^|]*\\|[^|]+\\.${names}\\.[^|]+\\|.*`)}`,
    ],
  ];
}

/** The namespaces to ask for: null (everything) once a third of them is watched, for then the mesh-wide query costs less. */
export const chooseScope = (watched: readonly string[], knownNamespaces: number): readonly string[] | null =>
  watched.length === 0 || watched.length * 3 >= knownNamespaces ? null : [...watched].sort();

/** Some sums over the namespaces of a plan, in one query. */
function askFor(plan: QueryPlan, sums: readonly EdgeSum[], recorded = false): string {
  const selectors = buildNamespaceSelectors(plan.namespaces);
  return sums
    .map((sum) => (recorded ? readSum(sum, selectors) : computeSum(sum, selectors, edgeLabels(plan), plan.windowSeconds)))
    .join(' or ');
}

/** Requests per second by edge, code, gRPC status and flags, as callers report them; they never know the connection's security. */
export const buildSourceQuery = (plan: QueryPlan): PlannedQuery =>
  planned(plan, 'source', askFor(plan, [SOURCE_REQUESTS], plan.recorded?.edges), [...OUTCOME_LABELS, ...edgeLabels(plan)]);

/**
 * The same as everybody else reports it, and all TCP: bytes per second by edge, reporter and direction. Only TCP has a direction. `app`
 * tells ztunnel's reports from those of sidecars, where the scrape sets it. Recorded TCP is a query of its own: a union would cost more.
 */
export function buildDestinationQuery(plan: QueryPlan): PlannedQuery {
  const labels = [...REPORT_LABELS, ...OUTCOME_LABELS, ...edgeLabels(plan)];
  return plan.recorded?.edges === true
    ? planned(plan, 'destination', askFor(plan, [DESTINATION_REQUESTS], true), labels)
    : planned(plan, 'destination', askFor(plan, [DESTINATION_REQUESTS, ...TCP_BYTES], false), [...labels, 'app', 'direction']);
}

/** TCP bytes per second alone; needed where the base is read recorded, for then the destination query does not bring them. */
export const buildTcpQuery = (plan: QueryPlan): PlannedQuery =>
  planned(plan, 'tcp', askFor(plan, TCP_BYTES, plan.recorded?.edges), [...REPORT_LABELS, ...edgeLabels(plan), 'app', 'direction']);

function calledSelectors(plan: QueryPlan, hosts: readonly string[]): readonly Matchers[] {
  if (hosts.length === 0) return [];
  const ofHosts = hosts.length > MAX_HOSTS ? [] : [isOneOf('destination_service', [...hosts].sort())];
  return buildNamespaceSelectors(plan.namespaces).map((own) => [...own, CALLED, ...ofHosts]);
}

/** `sourceOnly`: without what destinations and waypoints report, which is held already; then there must be hosts. */
export type OverlayReach = 'all' | 'sourceOnly';

/** What destinations and waypoints report of a sum, and sources where nobody else does. The latter is never recorded: it is little. */
function overlayOf(plan: QueryPlan, sum: EdgeSum, hosts: readonly string[], reach: OverlayReach): string {
  const compute = (own: EdgeSum, selectors: readonly Matchers[]): string =>
    computeSum(own, selectors, edgeLabels(plan), plan.windowSeconds);
  const called = calledSelectors(plan, hosts);
  const parts: string[] = [];
  if (reach === 'all') parts.push(askFor(plan, [sum], plan.recorded?.edges));
  if (called.length > 0) parts.push(compute({ ...sum, reporters: null }, called));
  return parts.join(' or ');
}

/** Milliseconds of request duration per second by edge and reporter. */
export const buildDurationQuery = (plan: QueryPlan, sourceOnlyHosts: readonly string[], reach: OverlayReach = 'all'): PlannedQuery =>
  planned(plan, 'duration', overlayOf(plan, DURATION, sourceOnlyHosts, reach), [...DURATION.labels, ...edgeLabels(plan)]);

export type PayloadDirection = keyof typeof PAYLOAD_BYTES;

/** Bytes per second by edge, reporter and direction (one or two). */
export function buildBytesQuery(
  plan: QueryPlan,
  directions: readonly PayloadDirection[],
  sourceOnlyHosts: readonly string[],
  reach: OverlayReach = 'all',
): PlannedQuery {
  const promql = directions.map((direction) => overlayOf(plan, PAYLOAD_BYTES[direction], sourceOnlyHosts, reach)).join(' or ');
  return planned(plan, 'bytes', promql, [...PAYLOAD_BYTES.request.labels, ...edgeLabels(plan), 'direction']);
}

/**
 * Cumulative bucket rates by edge: of destinations and waypoints, and (a second query, only if needed) of sources for hosts of which
 * nobody else reports. Empty buckets are left out; they lie below the first one that is there. Rules also leave out those that hold
 * everything, which lie above the last one. One such query costs Prometheus less than one histogram_quantile of the same series per
 * quantile, and its buckets can be added up.
 */
export function buildBucketQueries(plan: QueryPlan, sourceOnlyHosts: readonly string[]): readonly PlannedQuery[] {
  const build = (promql: string, side: string): PlannedQuery =>
    planned(plan.stream === null ? plan : { ...plan, stream: `${plan.stream} ${side}` }, 'buckets', promql, [
      ...BUCKETS.labels,
      ...edgeLabels(plan),
    ]);
  const called = calledSelectors(plan, sourceOnlyHosts);
  const isRecorded = plan.recorded?.latency === true;
  return [
    isRecorded
      ? { ...build(readSum(BUCKETS, buildJoinedSelectors(plan.namespaces)), 'recorded'), labels: ['le', JOINED.label, ...JOINED.apart] }
      : build(askFor(plan, [BUCKETS]), 'served'),
    ...(called.length === 0
      ? []
      : [build(computeSum({ ...BUCKETS, reporters: null }, called, edgeLabels(plan), plan.windowSeconds), 'called')]),
  ];
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
    const own = side === 'source' ? selectors.map((matchers) => [...matchers, CALLED]) : selectors;
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
