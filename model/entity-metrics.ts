// Charts of the metrics of a namespace, app, workload or service in one direction: what may be asked, what is answered.
// In: query strings. Out: MetricsQuery and back, MetricsDocument of /api/metrics. Parsing rejects, it never guesses.
import type { PanelDocument, PanelSeries, PanelUnit, VariableChoice } from './dashboard';
import { DEFAULT_RANGE, decodeRange, type PanelRange } from './dashboard-query';
import type { EntityKind, EntityRef } from './entity';
import { Failure, type Problem } from './failure';
import { encodeDuration } from './wire';

export const METRIC_DIRECTIONS = ['inbound', 'outbound'] as const;
export type MetricDirection = (typeof METRIC_DIRECTIONS)[number];

/** `both`: whoever knows best, edge by edge, as in the graph. `destination`: whoever serves, waypoints included. */
export const METRIC_REPORTERS = ['both', 'source', 'destination'] as const;
export type MetricReporter = (typeof METRIC_REPORTERS)[number];

/** What series may be told apart by. `peer…`: of the other end; `version` and `workload`: of this one. */
export const GROUPINGS = [
  'version',
  'workload',
  'service',
  'peerNamespace',
  'peerApp',
  'peerWorkload',
  'peerVersion',
  'peerCluster',
  'protocol',
  'code',
  'grpc',
  'flags',
  'mtls',
] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const GROUPING_WORDS: Readonly<Record<Grouping, string>> = {
  version: 'Own version',
  workload: 'Own workload',
  service: 'Service called',
  peerNamespace: 'Peer namespace',
  peerApp: 'Peer app',
  peerWorkload: 'Peer workload',
  peerVersion: 'Peer version',
  peerCluster: 'Peer cluster',
  protocol: 'Protocol',
  code: 'Response code',
  grpc: 'gRPC status',
  flags: 'Response flags',
  mtls: 'Mutual TLS',
};

/** What would tell nothing apart: a workload is one workload, a service called is one service. */
export function groupingsOf(kind: EntityKind, direction: MetricDirection): readonly Grouping[] {
  return GROUPINGS.filter((grouping) => {
    if (grouping === 'workload') return kind !== 'workload';
    if (grouping === 'service') return kind !== 'service' || direction === 'outbound';
    return true;
  });
}

export const STATISTICS = ['average', 'p50', 'p90', 'p95', 'p99', 'p999'] as const;
export type Statistic = (typeof STATISTICS)[number];
export const STATISTIC_WORDS: Readonly<Record<Statistic, string>> = {
  average: 'Average',
  p50: 'P50',
  p90: 'P90',
  p95: 'P95',
  p99: 'P99',
  p999: 'P99.9',
};
export const DEFAULT_STATISTICS: readonly Statistic[] = ['average', 'p50', 'p95', 'p99'];

/** Groups that are drawn each; what is beyond them is added up. */
export const TOPS = [5, 10, 20] as const;
const DEFAULT_TOP = 5;
const MAX_TOP = 50;

export interface MetricsQuery {
  readonly direction: MetricDirection;
  readonly reporter: MetricReporter;
  /** In the order of GROUPINGS. */
  readonly by: readonly Grouping[];
  /** In the order of STATISTICS, at least one. */
  readonly statistics: readonly Statistic[];
  readonly top: number;
  readonly range: PanelRange;
}

export const DEFAULT_METRICS_QUERY: MetricsQuery = {
  direction: 'inbound',
  reporter: 'both',
  by: [],
  statistics: DEFAULT_STATISTICS,
  top: DEFAULT_TOP,
  range: DEFAULT_RANGE,
};

const quoted = (text: string): string => JSON.stringify(text.slice(0, 80));

function oneOf<T extends string>(query: URLSearchParams, name: string, known: readonly T[], standard: T): T {
  const text = query.get(name);
  if (text === null || text === '') return standard;
  const found = known.find((one) => one === text);
  if (found !== undefined) return found;
  throw new Failure('badRequest', `${name}=${quoted(text)} is not known`, `Give one of ${known.join(', ')}.`);
}

function someOf<T extends string>(query: URLSearchParams, name: string, known: readonly T[], standard: readonly T[]): readonly T[] {
  const text = query.get(name);
  if (text === null || text === '') return standard;
  const asked = new Set(text.split(','));
  for (const one of asked)
    if (!known.some((own) => own === one))
      throw new Failure('badRequest', `${name} has ${quoted(one)}, which is not known`, `Give some of ${known.join(', ')}.`);
  return known.filter((one) => asked.has(one));
}

/** @throws Failure badRequest */
export function decodeMetricsQuery(query: URLSearchParams): MetricsQuery {
  const top = query.get('top') ?? String(DEFAULT_TOP);
  if (!/^\d{1,3}$/.test(top) || Number(top) < 1 || Number(top) > MAX_TOP)
    throw new Failure('badRequest', `top=${quoted(top)} is no number of groups`, `Give one from 1 to ${MAX_TOP}.`);
  return {
    direction: oneOf(query, 'direction', METRIC_DIRECTIONS, 'inbound'),
    reporter: oneOf(query, 'reporter', METRIC_REPORTERS, 'both'),
    by: someOf(query, 'by', GROUPINGS, []),
    statistics: someOf(query, 'statistics', STATISTICS, DEFAULT_STATISTICS),
    top: Number(top),
    range: decodeRange(query),
  };
}

/** Inverse of decodeMetricsQuery; what is at its standard is left out. */
export function encodeMetricsQuery({ direction, reporter, by, statistics, top, range }: MetricsQuery): URLSearchParams {
  const query = new URLSearchParams();
  if (direction !== 'inbound') query.set('direction', direction);
  if (reporter !== 'both') query.set('reporter', reporter);
  if (by.length > 0) query.set('by', by.join(','));
  if (statistics.join() !== DEFAULT_STATISTICS.join()) query.set('statistics', statistics.join(','));
  if (top !== DEFAULT_TOP) query.set('top', String(top));
  if (range.rangeSeconds !== DEFAULT_RANGE.rangeSeconds) query.set('range', encodeDuration(range.rangeSeconds));
  if (range.atSeconds !== null) query.set('at', String(range.atSeconds));
  return query;
}

export const METRIC_CHARTS = [
  'requests',
  'duration',
  'requestSize',
  'responseSize',
  'requestThroughput',
  'responseThroughput',
  'messagesReceived',
  'messagesSent',
  'tcpOpened',
  'tcpClosed',
  'tcpReceived',
  'tcpSent',
] as const;
export type MetricChartId = (typeof METRIC_CHARTS)[number];

/** What is empty together: one sentence says it of all its charts. */
export type MetricFamily = 'requests' | 'messages' | 'tcp';

export interface MetricSeries extends PanelSeries {
  /** `rest`: all groups beyond the first, together; `hidden`: those that name namespaces which the reader may not see, together. */
  readonly kind: 'group' | 'rest' | 'hidden';
}

export interface MetricChart {
  readonly id: MetricChartId;
  readonly family: MetricFamily;
  readonly title: string;
  readonly unit: PanelUnit;
  /** What is unusual about it; null: the title says it. */
  readonly about: string | null;
  /** PromQL of what is drawn, by the series' targets. */
  readonly queries: PanelDocument['queries'];
  /** Empty where nothing was counted. */
  readonly series: readonly MetricSeries[];
  /** Groups that are summed in the series of kind `rest`. */
  readonly restGroups: number;
  /** Groupings that its metric has no label for. */
  readonly unsplit: readonly Grouping[];
  /** Metrics that the backend does not have at all; [] while anything is drawn. */
  readonly missing: readonly string[];
  /** How to have them. */
  readonly fix: string;
  /** Why it could not be asked for, while others could. */
  readonly problem: Problem | null;
}

/** Answer of GET /api/metrics/{kind}/{namespace}[/{name}]. */
export interface MetricsDocument {
  readonly entity: EntityRef;
  readonly direction: MetricDirection;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly stepSeconds: number;
  /** How far each rate looks back. */
  readonly rateSeconds: number;
  readonly charts: readonly MetricChart[];
  /** What is to be known of all of it, in sentences. */
  readonly notes: readonly string[];
  /** The dashboard of the same in Grafana; null where there is none. */
  readonly grafana: { readonly href: string; readonly variables: VariableChoice } | null;
}
