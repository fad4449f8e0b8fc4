// Series of a chart as rows by instant, and the chart in one sentence. In: ElementChart. Out: rows, words. Pure.
import type { ChartSeries, ElementChart } from '../../model/wire';
import { formatByteRate, formatLatency, formatRate, formatShare } from '../ui/format';

/** Keys are `s0`, `s1`, ...: names of series are foreign text, which recharts would read as paths ("a.b"). */
export type ChartRow = Readonly<Record<string, number | null>>;

/** One row per instant of any series, in order; a series without a point there has null (a gap). */
export function buildRows(series: readonly ChartSeries[]): readonly ChartRow[] {
  const rows = new Map<number, Record<string, number | null>>();
  series.forEach(({ points }, i) => {
    for (const [unixSeconds, value] of points) {
      const row =
        rows.get(unixSeconds) ?? Object.fromEntries([['atMs', unixSeconds * 1000], ...series.map((_, k) => [`s${k}`, null] as const)]);
      row[`s${i}`] = value;
      rows.set(unixSeconds, row);
    }
  });
  return [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
}

/** A value in the chart's unit; percent charts hold 0..100. */
export function formatValue(unit: ElementChart['unit'], value: number | null): string {
  switch (unit) {
    case 'rps':
      return formatRate(value);
    case 'percent':
      return formatShare(value === null ? null : value / 100);
    case 'ms':
      return formatLatency(value);
    case 'Bps':
      return formatByteRate(value);
  }
}

/** "P95: now 120 ms, between 80 ms and 300 ms." for each series. */
export function wordChart(chart: ElementChart): string {
  const sentences = chart.series.map(({ name, points }) => {
    const values = points.map(([, value]) => value).filter((value) => value !== null);
    const now = values.at(-1);
    if (now === undefined) return `${name}: no values.`;
    const low = values.reduce((a, b) => Math.min(a, b));
    const high = values.reduce((a, b) => Math.max(a, b));
    return `${name}: now ${formatValue(chart.unit, now)}, between ${formatValue(chart.unit, low)} and ${formatValue(chart.unit, high)}.`;
  });
  return `${chart.title}. ${sentences.join(' ')}`;
}
