// A chart of lines over time: its type, its series as rows by instant, itself in one sentence. In: series. Out: rows, words. Pure.
import type { PanelUnit } from '../../model/dashboard';
import type { ChartSeries, ElementChart } from '../../model/wire';
import { formatByteRate, formatBytes, formatLatency, formatNumber, formatRate, formatShare, NO_VALUE } from '../ui/format';

/** What a line was some time before, at the instants of now. */
export interface PastSeries extends ChartSeries {
  /** Name of the line that it is the past of. */
  readonly of: string;
}

export interface LineChart {
  readonly title: string;
  readonly unit: ElementChart['unit'] | PanelUnit;
  readonly series: readonly ChartSeries[];
  /** Drawn dashed, in the colours of the lines of now. */
  readonly past?: readonly PastSeries[];
  /** Errors are drawn in the colour of danger. */
  readonly tone?: 'plain' | 'danger';
  /** What it was before something; said, not drawn. */
  readonly baseline?: number | null;
  /** A bound that something watches: drawn across. */
  readonly limit?: number | null;
  /** The queries that made it. */
  readonly promql?: readonly string[];
}

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
export function formatValue(unit: LineChart['unit'], value: number | null): string {
  switch (unit) {
    case 'rps':
    case 'reqps':
      return formatRate(value);
    case 'percent':
      return formatShare(value === null ? null : value / 100);
    case 'ms':
      return formatLatency(value);
    case 'percentunit':
      return formatShare(value);
    case 's':
      return formatLatency(value === null ? null : value * 1000);
    case 'Bps':
      return formatByteRate(value);
    case 'bytes':
      return formatBytes(value);
    case 'ops':
      return value === null ? NO_VALUE : `${formatNumber(value)}/s`;
    case 'cores':
    case 'short':
      return formatNumber(value);
  }
}

/** "P95: now 120 ms, between 80 ms and 300 ms." for each series, then what it was before and what bounds it. */
export function wordChart({ title, unit, series, baseline = null, limit = null }: LineChart): string {
  const sentences = series.map(({ name, points }) => {
    const values = points.map(([, value]) => value).filter((value) => value !== null);
    const now = values.at(-1);
    if (now === undefined) return `${name}: no values.`;
    const low = values.reduce((a, b) => Math.min(a, b));
    const high = values.reduce((a, b) => Math.max(a, b));
    return `${name}: now ${formatValue(unit, now)}, between ${formatValue(unit, low)} and ${formatValue(unit, high)}.`;
  });
  if (baseline !== null) sentences.push(`Before: ${formatValue(unit, baseline)}.`);
  if (limit !== null) sentences.push(`The guard trips above ${formatValue(unit, limit)}.`);
  return `${title}. ${sentences.join(' ')}`;
}

/** Rows of the table twin: so many at most, evenly chosen, the last one always. */
export function thinRows(rows: readonly ChartRow[], most: number): readonly ChartRow[] {
  if (rows.length <= most) return rows;
  const step = Math.ceil(rows.length / most);
  return rows.filter((_, i) => (rows.length - 1 - i) % step === 0);
}
