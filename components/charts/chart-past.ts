// What a chart showed some time before: drawn dashed under the lines of now, and the difference said in words. In: series of both. Out: lines, words. Pure.
import type { ChartSeries } from '../../model/wire';
import { NO_VALUE, plural } from '../ui/format';
import { formatValue, type LineChart, type PastSeries } from './chart-data';

/** Series of the past at the instants of now. `word`: "1 day before". */
export const shiftSeries = (series: readonly ChartSeries[], seconds: number, word: string): readonly PastSeries[] =>
  series.map(({ name, points }) => ({
    name: `${name} (${word})`,
    of: name,
    points: points.map(([at, value]) => [at + seconds, value] as const),
  }));

/** The mean of what there is; null where there is nothing. */
export function meanOf({ points }: Pick<ChartSeries, 'points'>): number | null {
  let sum = 0;
  let count = 0;
  for (const [, value] of points)
    if (value !== null) {
      sum += value;
      count++;
    }
  return count === 0 ? null : sum / count;
}

/** Differences that are smaller are said to be none. */
const SAME_SHARE = 0.02;
const MOST_SAID = 6;

export function wordDifference(unit: LineChart['unit'], now: number | null, before: number | null): string {
  if (now === null && before === null) return 'nothing in either';
  if (before === null) return `${formatValue(unit, now)}, nothing before`;
  if (now === null) return `nothing, ${formatValue(unit, before)} before`;
  const said = `${formatValue(unit, now)}, ${formatValue(unit, before)} before`;
  if (before === 0) return now === 0 ? `${formatValue(unit, 0)} in both` : said;
  const share = (now - before) / before;
  if (Math.abs(share) < SAME_SHARE) return `${said}: about the same`;
  if (share > 9) return `${said}: ${(now / before).toFixed(0)} times as much`;
  return `${said}: ${Math.abs(share * 100).toFixed(0)} % ${share > 0 ? 'more' : 'less'}`;
}

/** "Means, compared with 1 day before. P95: 120 ms, 90 ms before: 33 % more."; null without a past. */
export function wordChange({ unit, series, past = [] }: LineChart, word: string): string | null {
  if (past.length === 0) return null;
  const before = new Map(past.map((one) => [one.of, one] as const));
  const said = series.map((one) => {
    const own = before.get(one.name);
    return `${one.name}: ${wordDifference(unit, meanOf(one), own === undefined ? null : meanOf(own))}`;
  });
  const names = new Set(series.map(({ name }) => name));
  for (const one of past) if (!names.has(one.of)) said.push(`${one.of}: ${wordDifference(unit, null, meanOf(one))}`);
  const left = said.length - MOST_SAID;
  const shown = said.slice(0, MOST_SAID).map((sentence) => `${sentence}.`);
  return [`Means, compared with ${word}.`, ...shown, ...(left > 0 ? [`${plural(left, 'more line')}.`] : [])]
    .join(' ')
    .replaceAll(NO_VALUE, 'nothing');
}
