// What the address says of time beside the view: the baseline of a comparison and the range of a replay. In: texts. Out: values and back. Pure.
import { type Baseline, decodeBaseline, encodeBaseline } from '../../model/comparison';
import { formatAge, formatInstant } from '../ui/format';

/** Names of the parameters. */
export const COMPARE = 'compare';
export const REPLAY = 'replay';

export interface TimeRange {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** `1700000000-1700001800`; null for anything else. */
export function decodeRange(text: string): TimeRange | null {
  const found = /^(\d{9,11})-(\d{9,11})$/.exec(text);
  if (found === null) return null;
  const range = { fromSeconds: Number(found[1]), toSeconds: Number(found[2]) };
  return range.toSeconds > range.fromSeconds ? range : null;
}

export const encodeRange = ({ fromSeconds, toSeconds }: TimeRange): string => `${fromSeconds}-${toSeconds}`;

/** The last so many seconds, on whole multiples of a step. */
export function lastRange(nowMs: number, seconds: number, stepSeconds: number): TimeRange {
  const toSeconds = Math.floor(nowMs / 1000 / stepSeconds) * stepSeconds;
  return { fromSeconds: toSeconds - Math.ceil(seconds / stepSeconds) * stepSeconds, toSeconds };
}

export const BASELINE_CHOICES: readonly { readonly value: string; readonly label: string }[] = [
  { value: '5m', label: '5 minutes before' },
  { value: '1h', label: '1 hour before' },
  { value: '1d', label: 'Yesterday, same time' },
  { value: '7d', label: 'Last week, same time' },
];
export const STANDARD_BASELINE = '1h';

/** A baseline in words: "1 hour before", "2026-03-01 14:00:00". */
export function wordBaseline(baseline: Baseline): string {
  if (baseline.kind === 'instant') return formatInstant(baseline.atSeconds * 1000);
  const text = encodeBaseline(baseline);
  return BASELINE_CHOICES.find(({ value }) => value === text)?.label ?? `${formatAge(baseline.seconds * 1000)} before`;
}

export const readCompare = (text: string): Baseline | null => (text === '' ? null : decodeBaseline(text));
