// An entity's charts: which queries each needs, and what their answers draw. In: definitions, MetricsQuery, answers, sight. Out: MetricChart. Pure.
// Averages and quantiles are computed here from sums and buckets, exactly as Prometheus would (telemetry/quantile), so that groups can be
// added up before; the PromQL that is shown gives the same numbers for every group that is drawn by itself.
import type { Sight } from '../../model/account';
import { type MetricChart, type MetricSeries, type MetricsQuery, STATISTIC_WORDS, type Statistic } from '../../model/entity-metrics';
import { quantileOf } from '../telemetry/quantile';
import { type ChartDefinition, fixOf } from './definitions';
import { type Asked, averageText, quantileText, sumRates } from './expressions';
import { type AnsweredSeries, type FoldPlan, foldBuckets, foldSums, type Grid, planFold, sizeOf } from './fold';
import { groupLabels } from './groupings';

export const QUANTILES: Readonly<Record<Exclude<Statistic, 'average'>, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 };
/** Lines of a histogram's chart: more cannot be told apart. */
const MAX_LINES = 12;

type Part = 'rate' | 'sum' | 'count' | 'buckets';

export interface ChartPlan {
  readonly definition: ChartDefinition;
  /** What is asked, by part; each is a sum. */
  readonly parts: ReadonlyMap<Part, string>;
  /** What is shown. */
  readonly queries: MetricChart['queries'];
  readonly metrics: readonly string[];
  readonly labels: readonly string[];
  readonly query: MetricsQuery;
  /** Asked for, and not to be had of this metric. */
  readonly unsplit: MetricChart['unsplit'];
}

export function planChart(definition: ChartDefinition, query: MetricsQuery, asked: Asked): ChartPlan {
  const { direction } = query;
  const by = query.by.filter((grouping) => !definition.unsplit.includes(grouping));
  const labels = groupLabels(by, direction);
  const metric = definition.metric[direction];
  const unsplit = query.by.filter((grouping) => definition.unsplit.includes(grouping));
  const common = { definition, labels, query: { ...query, by }, unsplit };
  if (definition.shape === 'rate') {
    const promql = sumRates(definition, metric, labels, asked);
    return { ...common, parts: new Map([['rate', promql]]), queries: [{ target: 'rate', promql }], metrics: [metric] };
  }
  const sum = sumRates(definition, `${metric}_sum`, labels, asked);
  const count = sumRates(definition, `${metric}_count`, labels, asked);
  const buckets = sumRates(definition, `${metric}_bucket`, ['le', ...labels], asked);
  const parts = new Map<Part, string>([['count', count]]);
  if (query.statistics.includes('average')) parts.set('sum', sum);
  if (query.statistics.some((one) => one !== 'average')) parts.set('buckets', buckets);
  return {
    ...common,
    parts,
    queries: query.statistics.map((one) => ({
      target: one,
      promql: one === 'average' ? averageText(sum, count) : quantileText(QUANTILES[one], buckets),
    })),
    metrics: [...parts.keys()].map((part) => `${metric}_${part === 'buckets' ? 'bucket' : part}`),
  };
}

export type ChartAnswers = (promql: string) => readonly AnsweredSeries[];
export type Drawn = Pick<MetricChart, 'series' | 'restGroups'>;

const pointsOf = (grid: Grid, at: (place: number) => number | null): MetricSeries['points'] =>
  Array.from({ length: sizeOf(grid) }, (_, place) => [grid.fromSeconds + place * grid.stepSeconds, at(place)] as const);
const orNull = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);

/** What the answers draw; nothing where nothing was counted in the range. */
export function drawChart(plan: ChartPlan, answers: ChartAnswers, grid: Grid, sight: Sight): Drawn {
  const { definition, query, labels } = plan;
  const histogram = definition.shape === 'histogram';
  const weights = answers(plan.parts.get(histogram ? 'count' : 'rate') ?? '');
  const top =
    histogram && query.by.length > 0 ? Math.max(1, Math.min(query.top, Math.floor(MAX_LINES / query.statistics.length))) : query.top;
  const fold = planFold(weights, { by: query.by, direction: query.direction, labels, top, sight });
  const series = histogram ? drawHistogram(plan, fold, answers, grid) : drawRate(definition, fold, weights, grid);
  const counted = series.some(({ points }) => points.some(([, value]) => value !== null && (histogram || value !== 0)));
  return counted ? { series, restGroups: fold.restGroups } : NOTHING_DRAWN;
}

function drawRate({ title }: ChartDefinition, fold: FoldPlan, weights: readonly AnsweredSeries[], grid: Grid): readonly MetricSeries[] {
  const sums = foldSums(fold, weights, grid);
  return fold.groups.map(({ kind, name, labels }, i) => ({
    ...{ target: 'rate', kind, name: name === '' ? title : name, labels },
    points: pointsOf(grid, (place) => orNull(sums[i]?.[place])),
  }));
}

function drawHistogram({ parts, query }: ChartPlan, fold: FoldPlan, answers: ChartAnswers, grid: Grid): readonly MetricSeries[] {
  const ask = (part: Part): readonly AnsweredSeries[] => {
    const promql = parts.get(part);
    return promql === undefined ? [] : answers(promql);
  };
  const counts = foldSums(fold, ask('count'), grid);
  const totals = foldSums(fold, ask('sum'), grid);
  const { bounds, sums } = foldBuckets(fold, ask('buckets'), grid);
  const valueAt = (statistic: Statistic, group: number, place: number): number | null => {
    if (statistic === 'average') {
      const count = counts[group]?.[place] ?? Number.NaN;
      return count > 0 ? orNull((totals[group]?.[place] ?? Number.NaN) / count) : null;
    }
    const cumulative = Float64Array.from(sums[group] ?? [], (own) => own[place] ?? Number.NaN);
    return quantileOf(bounds, cumulative, QUANTILES[statistic])?.valueMs ?? null;
  };
  return fold.groups.flatMap(({ kind, name, labels }, group) =>
    query.statistics.map((statistic) => ({
      ...{ target: statistic, kind, labels },
      name: name === '' ? STATISTIC_WORDS[statistic] : `${name} · ${STATISTIC_WORDS[statistic]}`,
      points: pointsOf(grid, (place) => valueAt(statistic, group, place)),
    })),
  );
}

/** A chart with what is drawn in it, or why it is empty. */
export function buildChart(
  { definition, queries, metrics, unsplit }: ChartPlan,
  drawn: Drawn,
  rest: Pick<MetricChart, 'missing' | 'problem'>,
): MetricChart {
  const { id, family, title, unit, about } = definition;
  return { id, family, title, unit, about, queries, ...drawn, unsplit, ...rest, fix: fixOf(metrics[0] ?? '') };
}

/** What is drawn of a chart that has nothing to draw. */
export const NOTHING_DRAWN: Drawn = { series: [], restGroups: 0 };
