// What crosses the network between the server and a browser (or any API client): view parameters, documents, stream events.
// In: query strings. Out: ViewSpec and its canonical text; the types of every answer under /api. Parsing rejects, it never guesses.
import * as v from 'valibot';
import { Failure } from './failure';
import type { EdgeLatency, EdgeResponse, Graph, GraphEdge, GraphNode, GraphTotals } from './graph';
import { GRAPH_TYPES, type GraphBox, type GraphType } from './graph';
import type { HealthStatus } from './health';
import type { EdgeId, NodeId } from './ids';
import type { PathsPart } from './paths';
import { completeOptions, DEFAULT_OPTIONS, flag, OPTION_QUERY, optionTexts, splitList, type ViewOptions } from './view-options';

/** Data that a view wants beyond rates; each costs the backend queries of its own, quantiles the most. `throughput`: bytes of responses. */
export const OVERLAYS = ['latency', 'quantiles', 'throughput', 'requestThroughput'] as const;
export type Overlay = (typeof OVERLAYS)[number];
/** What other options of a view want of the backend, by queries of its own. */
export type Extra = 'idleEdges' | 'messages' | 'operations';
export type Asked = Overlay | Extra;

/** What a view asks the backend for beyond the base. */
export const askedBy = ({ overlays, idleEdges, operations, rateGrpc }: ViewSpec): readonly Asked[] => [
  ...overlays,
  ...(idleEdges ? (['idleEdges'] as const) : []),
  ...(operations ? (['operations'] as const) : []),
  ...(rateGrpc === 'requests' || rateGrpc === 'none' ? [] : (['messages'] as const)),
];

/** Windows that the UI offers, in seconds. The API takes any from the shortest that the scrapes permit to MAX. */
export const WINDOWS_SECONDS = [60, 120, 300, 600, 1800, 3600, 10800, 21600, 43200, 86400, 604800, 2592000] as const;
/** Offered too where scrapes are frequent enough. */
export const SHORT_WINDOWS_SECONDS = [15, 30] as const;
export const MIN_WINDOW_SECONDS = 15;
/** Every backend is asked for windows of this length, whatever its scrape interval. */
export const SAFE_WINDOW_SECONDS = 60;
/** A rate needs two samples: with three scrapes in the window one may fail. */
export const SCRAPES_PER_WINDOW = 3;
export const MAX_WINDOW_SECONDS = 2592000;
/** Longest list of namespaces in one request. */
export const MAX_NAMESPACES = 500;
/** Longest `hide`. */
export const MAX_HIDE_LENGTH = 1000;

/** What somebody looks at. Two equal views (by viewKey) share one graph, one encoding and one stream on the server. */
export interface ViewSpec extends ViewOptions {
  readonly graphType: GraphType;
  /** Sorted, without duplicates; empty = every namespace. */
  readonly namespaces: readonly string[];
  readonly windowSeconds: number;
  /** Unix seconds of a past instant; null = live. */
  readonly atSeconds: number | null;
  readonly serviceNodes: boolean;
  /** Show nodes without traffic. */
  readonly idle: boolean;
  readonly overlays: readonly Overlay[];
  /** What is left out before anything is folded: plain words or an expression of model/find; '' = nothing. The server reads and checks it. */
  readonly hide: string;
}

export const DEFAULT_VIEW: ViewSpec = {
  graphType: 'versionedApp',
  namespaces: [],
  windowSeconds: 60,
  atSeconds: null,
  serviceNodes: true,
  idle: false,
  overlays: [],
  hide: '',
  ...DEFAULT_OPTIONS,
};

const DURATION = /^(?:(\d{1,9})(s|m|h|d)?)$/;
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };

/** Seconds of `90`, `90s`, `5m`, `3h`, `30d`; null if it is none of these. */
export function decodeDurationSeconds(text: string): number | null {
  const found = DURATION.exec(text);
  if (!found) return null;
  return Number(found[1]) * (UNIT_SECONDS[found[2] ?? 's'] ?? 1);
}

/** `5m`, `1h`, `30d`: the largest unit that divides it. */
export function encodeDuration(seconds: number): string {
  for (const [unit, size] of [
    ['d', 86400],
    ['h', 3600],
    ['m', 60],
  ] as const)
    if (seconds >= size && seconds % size === 0) return `${seconds / size}${unit}`;
  return `${seconds}s`;
}

// RFC 1123 label, as Kubernetes names namespaces; `unknown` is Istio's.
const NAMESPACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const namespaceList = v.pipe(
  v.string(),
  v.transform(splitList),
  v.check((x) => x.length <= MAX_NAMESPACES, `expected at most ${MAX_NAMESPACES} namespaces`),
  v.check((x) => x.every((n) => NAMESPACE.test(n)), 'expected names of namespaces, separated by commas'),
);
const viewQuery = v.object({
  graphType: v.optional(v.picklist(GRAPH_TYPES, `expected one of ${GRAPH_TYPES.join(', ')}`)),
  namespaces: v.optional(namespaceList),
  duration: v.optional(
    v.pipe(
      v.string(),
      v.transform(decodeDurationSeconds),
      v.number('expected a duration such as 60s, 5m, 3h or 30d'),
      v.minValue(MIN_WINDOW_SECONDS, `expected at least ${MIN_WINDOW_SECONDS}s`),
      v.maxValue(MAX_WINDOW_SECONDS, 'expected at most 30d'),
    ),
  ),
  at: v.optional(v.pipe(v.string(), v.regex(/^\d{9,11}$/, 'expected an instant in unix seconds'), v.transform(Number))),
  serviceNodes: v.optional(flag),
  idle: v.optional(flag),
  overlays: v.optional(
    v.pipe(v.string(), v.transform(splitList), v.array(v.picklist(OVERLAYS, `expected a list of ${OVERLAYS.join(', ')}`))),
  ),
  hide: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(MAX_HIDE_LENGTH, `expected at most ${MAX_HIDE_LENGTH} characters`))),
  ...OPTION_QUERY,
});

/** Names of the parameters that decodeView reads. */
export const VIEW_PARAMETERS = Object.keys(viewQuery.entries);

/**
 * The view that a query string asks for; what is absent comes from `defaults`. Parameters of other names are ignored.
 * @throws Failure badRequest naming every bad parameter, its value (cut) and what was expected.
 */
export function decodeView(query: URLSearchParams, defaults: ViewSpec = DEFAULT_VIEW): ViewSpec {
  const raw: Record<string, string> = {};
  for (const name of VIEW_PARAMETERS) {
    const value = query.get(name);
    if (value !== null && value !== '') raw[name] = value;
  }
  const parsed = v.safeParse(viewQuery, raw);
  if (!parsed.success) {
    const faults = parsed.issues.map((i) => {
      const name = v.getDotPath(i)?.split('.')[0] ?? '?';
      return `${name}=${JSON.stringify((raw[name] ?? '').slice(0, 80))} (${i.message})`;
    });
    throw new Failure('badRequest', [...new Set(faults)].join('; '), 'Correct the parameters; /api/openapi.json describes them.');
  }
  const q = parsed.output;
  return {
    graphType: q.graphType ?? defaults.graphType,
    namespaces: q.namespaces ?? defaults.namespaces,
    windowSeconds: q.duration ?? defaults.windowSeconds,
    atSeconds: q.at ?? defaults.atSeconds,
    serviceNodes: q.serviceNodes ?? defaults.serviceNodes,
    idle: q.idle ?? defaults.idle,
    overlays: q.overlays ?? defaults.overlays,
    hide: q.hide ?? defaults.hide,
    ...completeOptions(q, defaults),
  };
}

/** The query string of a view: parameters in a fixed order, only those that differ from `defaults`. Inverse of decodeView. */
export function encodeView(view: ViewSpec, defaults: ViewSpec = DEFAULT_VIEW): URLSearchParams {
  const query = new URLSearchParams();
  const put = (name: string, value: string, standard: string): void => {
    if (value !== standard) query.set(name, value);
  };
  put('graphType', view.graphType, defaults.graphType);
  put('namespaces', view.namespaces.join(','), defaults.namespaces.join(','));
  put('duration', encodeDuration(view.windowSeconds), encodeDuration(defaults.windowSeconds));
  put('at', view.atSeconds === null ? '' : String(view.atSeconds), defaults.atSeconds === null ? '' : String(defaults.atSeconds));
  put('serviceNodes', String(view.serviceNodes), String(defaults.serviceNodes));
  put('idle', String(view.idle), String(defaults.idle));
  put('overlays', [...view.overlays].sort().join(','), [...defaults.overlays].sort().join(','));
  put('hide', view.hide, defaults.hide);
  const standard: Readonly<Record<string, string>> = optionTexts(defaults);
  for (const [name, value] of Object.entries(optionTexts(view))) put(name, value, standard[name] ?? '');
  return query;
}

/** The shortest window in which a backend has enough samples; where its scrape interval is not known, the one that is always asked. */
export const shortestWindow = (scrapeIntervalSeconds: number | null): number =>
  scrapeIntervalSeconds === null
    ? SAFE_WINDOW_SECONDS
    : Math.min(SAFE_WINDOW_SECONDS, Math.max(MIN_WINDOW_SECONDS, scrapeIntervalSeconds * SCRAPES_PER_WINDOW));

/** Whether a view looks beyond its namespaces, at the whole mesh. */
export const isMeshWide = (view: ViewSpec): boolean => view.focus !== null || (view.from !== null && view.to !== null);

/** Equal for equal views. */
export const viewKey = (view: ViewSpec): string => encodeView(view).toString();

/** Where data comes from, how old it is and, when it is not current, why. */
export interface SourceState {
  /** `waiting`: nothing yet; `live`: current; `stale`: the last good data is shown; `partial`: current but incomplete. */
  readonly state: 'waiting' | 'live' | 'stale' | 'partial';
  /** Instant of the data shown, ms since the epoch; null while waiting. */
  readonly atMs: number | null;
  /** In words what is wrong and what to do, null while live. */
  readonly cause: string | null;
  readonly next: string | null;
  /** When the recording rules that the data was read from were evaluated, ms since the epoch; absent where it was computed. */
  readonly recordedAtMs?: number;
}

export interface Freshness {
  readonly metrics: SourceState;
  readonly cluster: SourceState;
}

/** A remark about a whole graph that its reader must know (folding, lossy numbers, missing metrics). */
export interface GraphNote {
  readonly code:
    | 'folded'
    | 'noTraffic'
    | 'quantilesPending'
    | 'windowTooShort'
    | 'partialMetrics'
    | 'missingMetric'
    | 'unknownNamespace'
    | 'unknownNode'
    | 'noPath'
    | 'morePaths'
    | 'noOperations';
  readonly text: string;
}

/** Answer of GET /api/graph. */
export interface GraphDocument extends Graph {
  readonly view: ViewSpec;
  /** Instant at which the window ends, ms since the epoch. */
  readonly atMs: number;
  readonly revision: number;
  readonly totals: GraphTotals;
  readonly notes: readonly GraphNote[];
  readonly freshness: Freshness;
  /** True when namespaces or apps are folded, or edges are left out. */
  readonly folded: boolean;
  /** The paths between the view's ends; absent where it has none. */
  readonly paths?: PathsPart;
}

/** Change from one revision of a view to the next. */
export interface GraphDelta {
  readonly from: number;
  readonly to: number;
  readonly atMs: number;
  readonly nodes: { readonly put: readonly GraphNode[]; readonly drop: readonly NodeId[] };
  readonly boxes: { readonly put: readonly GraphBox[]; readonly drop: readonly NodeId[] };
  readonly edges: { readonly put: readonly GraphEdge[]; readonly drop: readonly EdgeId[] };
  readonly totals: GraphTotals;
  readonly notes: readonly GraphNote[];
  readonly folded: boolean;
  /** The whole of it, as in the document. */
  readonly paths?: PathsPart;
}

/**
 * Events of GET /api/graph/stream (SSE). `snapshot` and `delta` carry an id `<epoch>-<revision>` to resume from;
 * `status` tells that the age or the cause changed while the graph did not; comments are heartbeats.
 */
export type StreamEvent =
  | { readonly event: 'snapshot'; readonly data: GraphDocument }
  | { readonly event: 'delta'; readonly data: GraphDelta }
  | { readonly event: 'status'; readonly data: Freshness };

/** Comes last on a stream that the server ends only to be asked again (the login behind it has to be looked at): nothing failed. */
export const REOPEN_EVENT = 'reopen';

/** A point of a chart: seconds since the epoch and a value, null where there is none. */
export type ChartPoint = readonly [unixSeconds: number, value: number | null];

export interface ChartSeries {
  readonly name: string;
  readonly points: readonly ChartPoint[];
}

/** A chart of the side panel with the query that made it. */
export interface ElementChart {
  readonly id: 'rate' | 'errors' | 'latency' | 'throughput' | 'bytes';
  /** Which traffic of a node; `edge` for an edge. */
  readonly direction: 'inbound' | 'outbound' | 'edge';
  readonly title: string;
  readonly unit: 'rps' | 'percent' | 'ms' | 'Bps';
  readonly series: readonly ChartSeries[];
  readonly promql: readonly string[];
}

/** Answer of GET /api/graph/element?id=…: what the side panel shows of one node, box or edge. The tables come from memory. */
export interface ElementDocument {
  readonly id: string;
  readonly atMs: number;
  readonly inbound: readonly EdgeResponse[];
  readonly outbound: readonly EdgeResponse[];
  readonly latency: EdgeLatency | null;
  /** SPIFFE ids seen on an edge, with the requests (or bytes) per second of each pair; null where not asked (not an edge). */
  readonly principals: readonly { readonly source: string; readonly destination: string; readonly perSecond: number }[] | null;
}

/** Answer of GET /api/graph/charts?id=…: history of one element, read from Prometheus on demand. */
export interface ElementChartsDocument {
  readonly id: string;
  readonly charts: readonly ElementChart[];
}

/** One card of the overview. */
export interface NamespaceSummary {
  readonly name: string;
  readonly cluster: string;
  readonly mode: 'sidecar' | 'ambient' | 'controlPlane' | 'none';
  readonly revision: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly health: HealthStatus;
  /** Number of apps, workloads and services by status. */
  readonly apps: Readonly<Record<HealthStatus, number>>;
  readonly workloads: Readonly<Record<HealthStatus, number>>;
  readonly services: Readonly<Record<HealthStatus, number>>;
  readonly inbound: { readonly requestsPerSecond: number; readonly errorShare: number | null; readonly tcpBytesPerSecond: number };
  readonly outbound: { readonly requestsPerSecond: number; readonly errorShare: number | null; readonly tcpBytesPerSecond: number };
  readonly mtlsShare: number | null;
  /** Requests per second into the namespace over the last refreshes, oldest first (for a sparkline). */
  readonly recent: readonly ChartPoint[];
}

/** Answer of GET /api/namespaces. */
export interface NamespacesDocument {
  readonly atMs: number | null;
  readonly windowSeconds: number;
  /** Shortest window that the scrape interval permits, as far as it is known. */
  readonly shortestWindowSeconds: number;
  readonly namespaces: readonly NamespaceSummary[];
  readonly freshness: Freshness;
}
