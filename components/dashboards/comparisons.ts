// What a range may be compared with: the period before it, the same an hour, a day, a week ago. In: a choice, the range. Out: seconds, words. Pure.
import { formatWindow } from '../ui/format';

export const COMPARISONS = ['none', 'period', '3600', '86400', '604800'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export const COMPARISON_LABELS: Readonly<Record<Comparison, string>> = {
  none: 'No comparison',
  period: 'With the period before',
  3600: 'With an hour before',
  86400: 'With the day before',
  604800: 'With the week before',
};

/** A text of the address; what is not known compares with nothing. */
export const readComparison = (text: string | null): Comparison => COMPARISONS.find((one) => one === text) ?? 'none';

/** Seconds before, 0 = none. */
export const secondsOf = (comparison: Comparison, rangeSeconds: number): number =>
  comparison === 'none' ? 0 : comparison === 'period' ? rangeSeconds : Number(comparison);

export function wordComparison(comparison: Comparison, rangeSeconds: number): string {
  switch (comparison) {
    case 'none':
      return '';
    case 'period':
      return `${formatWindow(rangeSeconds).replace(/^Last /, '')} before`;
    case '3600':
      return '1 hour before';
    case '86400':
      return '1 day before';
    case '604800':
      return '1 week before';
    default:
      return comparison satisfies never;
  }
}

/** The same question so much earlier; `now` in ms, to whole minutes, so that questions stay equal for a while. */
export function askBefore(query: URLSearchParams, seconds: number, nowMs: number): URLSearchParams {
  const past = new URLSearchParams(query);
  const at = Number(past.get('at') ?? Math.floor(nowMs / 60_000) * 60);
  past.set('at', String(at - seconds));
  return past;
}
