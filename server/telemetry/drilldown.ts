// The history of one element of the graph, and who speaks on an edge: which queries to ask, and what their answers draw. Pure.
// In: a selector of traffic, a time range. Out: PromQL; charts. Reporters as in the graph: inbound and edges from the callee's side
// (with what only callers saw), outbound from the caller's.
import type { Protocol } from '../../model/traffic';
import { is, isNoneOf, isOneOf, type Matchers, withLabel } from './promql';

/** One end of traffic. `cluster` null: not asked for (one cluster only). */
export type EndSelector =
  | { readonly kind: 'workload'; readonly cluster: string | null; readonly namespace: string; readonly workload: string }
  /** By canonical service; `version` (canonical revision) null = all. */
  | {
      readonly kind: 'app';
      readonly cluster: string | null;
      readonly namespace: string;
      readonly app: string;
      readonly version: string | null;
    }
  | { readonly kind: 'namespace'; readonly cluster: string | null; readonly namespace: string };

/** The service called: by host where it is known, else by name and namespace (Envoy's catch-all clusters have a name only). */
export type ServiceSelector =
  | { readonly kind: 'host'; readonly cluster: string | null; readonly host: string }
  | { readonly kind: 'name'; readonly cluster: string | null; readonly name: string; readonly namespace: string | null };

/** Traffic between ends; null = any. */
export interface TrafficSelector {
  readonly source: EndSelector | null;
  readonly destination: EndSelector | null;
  readonly service: ServiceSelector | null;
  readonly protocol: Protocol | null;
}

export type ElementQueryId = 'requests' | 'buckets' | 'duration' | 'bytes' | 'tcp';
export interface ElementQuery {
  readonly id: ElementQueryId;
  readonly promql: string;
}

const inCluster = (side: 'source' | 'destination', cluster: string | null): Matchers =>
  cluster === null ? [] : [is(`${side}_cluster`, cluster)];

/** Alternatives for one end: selectors of which no two match the same series. */
function endAlternatives(side: 'source' | 'destination', end: EndSelector | null): readonly Matchers[] {
  if (end === null) return [[]];
  const here = [...inCluster(side, end.cluster), is(`${side}_workload_namespace`, end.namespace)];
  switch (end.kind) {
    case 'workload':
      return [[...here, is(`${side}_workload`, end.workload)]];
    case 'app':
      return [
        [
          ...here,
          is(`${side}_canonical_service`, end.app),
          ...(end.version === null ? [] : [is(`${side}_canonical_revision`, end.version)]),
        ],
      ];
    case 'namespace':
      // Requests aimed at its services that reached no workload carry the service's namespace only.
      return side === 'source'
        ? [here]
        : [
            here,
            [
              isNoneOf('destination_workload_namespace', [end.namespace]),
              isOneOf('destination_workload', ['unknown', '']),
              is('destination_service_namespace', end.namespace),
            ],
          ];
  }
}

function serviceMatchers(service: ServiceSelector | null): Matchers {
  if (service === null) return [];
  const here = inCluster('destination', service.cluster);
  if (service.kind === 'host') return [...here, is('destination_service', service.host)];
  return [
    ...here,
    is('destination_service_name', service.name),
    ...(service.namespace === null ? [] : [is('destination_service_namespace', service.namespace)]),
  ];
}

const protocolMatchers = (protocol: Protocol | null): Matchers =>
  protocol === 'grpc' ? [is('request_protocol', 'grpc')] : protocol === 'http' ? [isNoneOf('request_protocol', ['grpc'])] : [];

/** Selectors of the traffic, none overlapping. */
function buildSelectors(traffic: TrafficSelector, more: Matchers): readonly Matchers[] {
  const common = [...serviceMatchers(traffic.service), ...more];
  return endAlternatives('source', traffic.source).flatMap((source) =>
    endAlternatives('destination', traffic.destination).map((destination) => [...source, ...destination, ...common]),
  );
}

/** One sum over all selectors: they match different series, so the union of the series is exact whatever the labels summed by. */
const sumOfUnion = (metric: string, selectors: readonly Matchers[], labels: readonly string[], windowSeconds: number): string =>
  `sum by (${labels.join(', ')}) (${selectors.map((own) => `rate(${metric}{${own.join(', ')}}[${windowSeconds}s])`).join(' or ')})`;

/** The range queries of an element's charts in one direction. */
export function buildElementQueries(traffic: TrafficSelector, windowSeconds: number): readonly ElementQuery[] {
  const requests = buildSelectors(traffic, protocolMatchers(traffic.protocol));
  const sum = (metric: string, labels: readonly string[]): string => sumOfUnion(metric, requests, ['reporter', ...labels], windowSeconds);
  const queries: ElementQuery[] = [];
  if (traffic.protocol !== 'tcp')
    queries.push(
      {
        id: 'requests',
        promql: sum('istio_requests_total', ['request_protocol', 'response_code', 'grpc_response_status', 'response_flags']),
      },
      { id: 'buckets', promql: sum('istio_request_duration_milliseconds_bucket', ['le']) },
      { id: 'duration', promql: sum('istio_request_duration_milliseconds_sum', []) },
      {
        id: 'bytes',
        promql: `${withLabel(sum('istio_request_bytes_sum', []), 'direction', 'request')} or ${withLabel(sum('istio_response_bytes_sum', []), 'direction', 'response')}`,
      },
    );
  if (traffic.protocol === 'tcp' || traffic.protocol === null) {
    const term = (metric: string, direction: string, layer: string, matcher: string): string =>
      withLabel(
        withLabel(sumOfUnion(metric, buildSelectors(traffic, [matcher]), ['reporter'], windowSeconds), 'direction', direction),
        'layer',
        layer,
      );
    const both = (layer: string, matcher: string): string =>
      `${term('istio_tcp_received_bytes_total', 'sent', layer, matcher)} or ${term('istio_tcp_sent_bytes_total', 'received', layer, matcher)}`;
    queries.push({ id: 'tcp', promql: `${both('proxy', isNoneOf('app', ['ztunnel']))} or ${both('ztunnel', is('app', 'ztunnel'))}` });
  }
  return queries;
}

/** Instant query of the principals of traffic: labels reporter, source_principal, destination_principal. */
export function buildPrincipalsQuery(
  traffic: TrafficSelector,
  windowSeconds: number,
): { readonly promql: string; readonly labels: readonly string[] } {
  const labels = ['reporter', 'source_principal', 'destination_principal'];
  const metrics = traffic.protocol === 'tcp' ? ['istio_tcp_received_bytes_total', 'istio_tcp_sent_bytes_total'] : ['istio_requests_total'];
  const selectors = buildSelectors(traffic, protocolMatchers(traffic.protocol === 'tcp' ? null : traffic.protocol));
  const sums = metrics.map((metric) => sumOfUnion(metric, selectors, labels, windowSeconds));
  // Both directions of TCP, added where both flow; `or` keeps the pairs of which only one does.
  const promql = sums.length === 1 ? `(${sums.join('')}) > 0` : `(${sums.join(' + ')} or ${sums.join(' or ')}) > 0`;
  return { promql, labels };
}

const NICE_STEPS_SECONDS = [5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600, 43200, 86400] as const;
export const MAX_CHART_POINTS = 240;

export interface ChartRange {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepSeconds: number;
  /** Window of each rate, so that neighbouring points share no gap and hold at least four samples. */
  readonly rateWindowSeconds: number;
}

/** At most 240 points over `rangeSeconds` up to `endMs`, on whole multiples of a round step. */
export function planRange(endMs: number, rangeSeconds: number, scrapeIntervalSeconds: number | null): ChartRange {
  const scrape = scrapeIntervalSeconds ?? 15;
  const finest = Math.max(scrape, rangeSeconds / (MAX_CHART_POINTS - 1));
  const stepSeconds = NICE_STEPS_SECONDS.find((step) => step >= finest) ?? Math.ceil(finest / 86400) * 86400;
  const stepMs = stepSeconds * 1000;
  const end = Math.floor(endMs / stepMs) * stepMs;
  const steps = Math.min(MAX_CHART_POINTS - 1, Math.max(1, Math.floor(rangeSeconds / stepSeconds)));
  return { startMs: end - steps * stepMs, endMs: end, stepSeconds, rateWindowSeconds: Math.max(60, scrape * 4, stepSeconds) };
}
