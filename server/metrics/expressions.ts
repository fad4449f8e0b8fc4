// PromQL of a chart: one sum of rates by some labels, over the series of one reporter, or over those of whoever knows best edge by edge.
// In: a metric, selectors, labels, the reporter. Out: PromQL. Pure. The rule of `both` is the graph's (telemetry/reconcile), as far as one
// expression can say it: of an edge the waypoint's report, else the destination's, else the source's; of requests also those that the source
// saw fail before anybody else had them. What the caller lost the answer of counts as the callee answered it.
import type { MetricReporter } from '../../model/entity-metrics';
import { escapePattern, is, isNoneOf, isOneOf, type Matchers, quote } from '../telemetry/promql';
import { NEVER_REACHED } from '../telemetry/reconcile';
import type { ChartDefinition } from './definitions';

export interface Asked {
  readonly selectors: readonly Matchers[];
  readonly reporter: MetricReporter;
  readonly rateSeconds: number;
  /** The metrics tell several clusters apart. */
  readonly clusters: boolean;
  /** There is a ztunnel, which reports the bytes of requests that others read. */
  readonly ambient: boolean;
}

const PAIR_LABELS = ['source_workload', 'source_workload_namespace', 'destination_workload', 'destination_workload_namespace'] as const;
const OUTCOME_LABELS = ['response_code', 'grpc_response_status', 'response_flags'] as const;
const WAYPOINT = is('reporter', 'waypoint');
const DESTINATION = is('reporter', 'destination');
const SOURCE = is('reporter', 'source');
const UNREACHED = `response_flags=~${quote(`(?:.+,)?(?:${[...NEVER_REACHED].map(escapePattern).join('|')})(?:,.+)?`)}`;
const NO_ZTUNNEL = isNoneOf('app', ['ztunnel']);
const ZTUNNEL = is('app', 'ztunnel');

const by = (labels: readonly string[]): string => (labels.length === 0 ? '' : ` by (${[...new Set(labels)].join(', ')})`);

function sum(metric: string, { selectors, rateSeconds }: Asked, more: Matchers, labels: readonly string[]): string {
  const rates = selectors.map((own) => `rate(${metric}{${[...own, ...more].join(', ')}}[${rateSeconds}s])`);
  return `sum${by(labels)} (${rates.join(' or ')})`;
}

function edgeLabels({ clusters }: Asked, { family }: ChartDefinition): readonly string[] {
  return [
    ...PAIR_LABELS,
    'destination_service',
    ...(family === 'requests' ? ['request_protocol'] : []),
    ...(clusters ? ['source_cluster', 'destination_cluster'] : []),
  ];
}

/** Waypoint, else destination, else source, edge by edge; of `sides` only. */
function best(metric: string, asked: Asked, edge: readonly string[], labels: readonly string[], sides: readonly Matchers[]): string {
  const [first = '', ...others] = sides.map((side) => sum(metric, asked, side, [...edge, ...labels]));
  return others.reduce((before, next) => `${before}\n  or on (${edge.join(', ')}) ${next}`, first);
}

/** The sum of a metric's rates by labels, whose series they may be. */
export function sumRates(definition: ChartDefinition, metric: string, labels: readonly string[], asked: Asked): string {
  switch (asked.reporter) {
    case 'source':
      return sum(metric, asked, [SOURCE], labels);
    case 'destination':
      return sum(metric, asked, [isOneOf('reporter', ['destination', 'waypoint'])], labels);
    case 'both':
      return `sum${by(labels)} (\n  ${reconciled(definition, metric, labels, asked)}\n)`;
    default:
      return asked.reporter satisfies never;
  }
}

function reconciled(definition: ChartDefinition, metric: string, labels: readonly string[], asked: Asked): string {
  const edge = edgeLabels(asked, definition);
  switch (definition.reconciled) {
    case 'edges':
      return best(metric, asked, edge, labels, [[WAYPOINT], [DESTINATION], [SOURCE]]);
    case 'outcomes': {
      const all = [...OUTCOME_LABELS, ...labels];
      const known = best(metric, asked, edge, all, [[WAYPOINT], [DESTINATION], [SOURCE]]);
      const unreached = sum(metric, asked, [SOURCE, UNREACHED], [...edge, ...all]);
      return `${known}\n  or on (${[...edge, ...OUTCOME_LABELS].join(', ')}) ${unreached}`;
    }
    case 'tcp': {
      if (!asked.ambient) return best(metric, asked, edge, labels, [[WAYPOINT], [DESTINATION], [SOURCE]]);
      const proxies = best(metric, asked, edge, labels, [
        [WAYPOINT, NO_ZTUNNEL],
        [DESTINATION, NO_ZTUNNEL],
        [SOURCE, NO_ZTUNNEL],
      ]);
      const tunnels = best(metric, asked, edge, labels, [
        [DESTINATION, ZTUNNEL],
        [SOURCE, ZTUNNEL],
      ]);
      const read = `${sum('istio_requests_total', asked, [], PAIR_LABELS)} > 0`;
      return `${proxies}\n  or on (${edge.join(', ')}) ((${tunnels}) unless on (${PAIR_LABELS.join(', ')}) (${read}))`;
    }
    default:
      return definition.reconciled satisfies never;
  }
}

/** A quantile of buckets, and the average of what was counted, as they are shown beside what was computed from the same sums. */
export const quantileText = (q: number, buckets: string): string => `histogram_quantile(${q}, ${buckets})`;
export const averageText = (total: string, count: string): string => `${total}\n/\n${count}`;
