// Measures of a change as charts: errors, P95, requests by destination. In: ChangeRecord. Out: charts. Pure.
import type { ChangeRecord, TrafficMeasure } from '../../model/change';
import type { ChartSeries } from '../../model/wire';
import type { LineChart } from '../charts/chart-data';

export interface MeasureChart extends LineChart {
  readonly id: 'errors' | 'latency' | 'rates';
  /** What it was before the change; null: not known. */
  readonly baseline: number | null;
  /** The guard trips above it. */
  readonly limit: number | null;
}

/** Before, during, after; oldest first, each instant once. */
export function listMeasures({ before, measures, after }: Pick<ChangeRecord, 'before' | 'measures' | 'after'>): readonly TrafficMeasure[] {
  const all = new Map<number, TrafficMeasure>();
  for (const one of [before, ...measures, after]) if (one !== null) all.set(one.atMs, one);
  return [...all.values()].sort((a, b) => a.atMs - b.atMs);
}

/** Charts with at least one point. */
export function buildMeasureCharts(change: ChangeRecord): readonly MeasureChart[] {
  const all = listMeasures(change);
  const { before, confirm } = change;
  const points = confirm.guard?.errorPercentPoints ?? null;
  const factor = confirm.guard?.latencyFactor ?? null;
  const workloads = [...new Set(all.flatMap(({ byDestination }) => byDestination.map(({ workload }) => workload)))].sort();
  const p95 = before?.p95Ms ?? null;
  const series = (name: string, measured: (measure: TrafficMeasure) => number | null): ChartSeries => ({
    name,
    points: all.map((measure) => [measure.atMs / 1000, measured(measure)]),
  });
  const charts: readonly MeasureChart[] = [
    {
      id: 'rates',
      title: 'Requests by version',
      unit: 'rps',
      series: workloads.map((workload) =>
        series(workload, ({ byDestination }) =>
          byDestination.filter((one) => one.workload === workload).reduce((sum, one) => sum + one.requestsPerSecond, 0),
        ),
      ),
      baseline: null,
      limit: null,
    },
    {
      id: 'errors',
      title: 'Errors',
      unit: 'percent',
      series: [series('Errors', ({ errorPercent }) => errorPercent)],
      baseline: before?.errorPercent ?? null,
      limit: points === null || before === null ? null : before.errorPercent + points,
    },
    {
      id: 'latency',
      title: 'P95',
      unit: 'ms',
      series: [series('P95', ({ p95Ms }) => p95Ms)],
      baseline: p95,
      limit: factor === null || p95 === null ? null : p95 * factor,
    },
  ];
  return charts.filter((chart) => chart.series.some((one) => one.points.some(([, value]) => value !== null)));
}
