// Measures of a change as series of charts: errors, P95, requests by destination. In: ChangeRecord. Out: rows by instant. Pure.
import type { ChangeRecord, TrafficMeasure } from '../../model/change';

export interface MeasureChart {
  readonly id: 'errors' | 'latency' | 'rates';
  readonly title: string;
  readonly unit: 'percent' | 'ms' | 'rps';
  /** Names of the lines; the keys of a row are `s0`, `s1`, ... since names are foreign text. */
  readonly names: readonly string[];
  readonly rows: readonly Readonly<Record<string, number | null>>[];
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
  const charts: readonly MeasureChart[] = [
    {
      id: 'rates',
      title: 'Requests by version',
      unit: 'rps',
      names: workloads,
      rows: all.map(({ atMs, byDestination }) => ({
        atMs,
        ...Object.fromEntries(
          workloads.map((workload, i) => [
            `s${i}`,
            byDestination.filter((one) => one.workload === workload).reduce((sum, one) => sum + one.requestsPerSecond, 0),
          ]),
        ),
      })),
      baseline: null,
      limit: null,
    },
    {
      id: 'errors',
      title: 'Errors',
      unit: 'percent',
      names: ['Errors'],
      rows: all.map(({ atMs, errorPercent }) => ({ atMs, s0: errorPercent })),
      baseline: before?.errorPercent ?? null,
      limit: points === null || before === null ? null : before.errorPercent + points,
    },
    {
      id: 'latency',
      title: 'P95',
      unit: 'ms',
      names: ['P95'],
      rows: all.map(({ atMs, p95Ms }) => ({ atMs, s0: p95Ms })),
      baseline: p95,
      limit: factor === null || p95 === null ? null : p95 * factor,
    },
  ];
  return charts.filter(({ rows, names }) => rows.some((row) => names.some((_, i) => (row[`s${i}`] ?? null) !== null)));
}
