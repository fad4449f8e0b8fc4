// The query string of a dashboard: chosen variables as Grafana writes them (`var-service=reviews`), a range, an instant.
// In: URLSearchParams. Out: VariableChoice, PanelRange, and back. Parsing rejects, it never guesses.
import type { VariableChoice } from './dashboard';
import { Failure } from './failure';
import { decodeDurationSeconds, encodeDuration, MAX_WINDOW_SECONDS } from './wire';

/** When a panel is asked for: the last so many seconds before an instant. */
export interface PanelRange {
  readonly rangeSeconds: number;
  /** Unix seconds; null = now. */
  readonly atSeconds: number | null;
}

export const DEFAULT_RANGE: PanelRange = { rangeSeconds: 1800, atSeconds: null };
/** Ranges that the screen offers, in seconds. */
export const RANGES_SECONDS = [300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 2592000] as const;
const MIN_RANGE_SECONDS = 60;
const MAX_VARIABLES = 50;
const MAX_VALUES = 100;
const MAX_VALUE_LENGTH = 300;
/** Longest PromQL of one's own. */
export const MAX_PROMQL_LENGTH = 10_000;

const bad = (detail: string, next: string): Failure => new Failure('badRequest', detail, next);

/** @throws Failure badRequest */
export function decodeRange(query: URLSearchParams, defaults: PanelRange = DEFAULT_RANGE): PanelRange {
  const range = query.get('range');
  const at = query.get('at');
  const rangeSeconds = range === null ? defaults.rangeSeconds : decodeDurationSeconds(range);
  if (rangeSeconds === null || (rangeSeconds !== 0 && rangeSeconds < MIN_RANGE_SECONDS) || rangeSeconds > MAX_WINDOW_SECONDS)
    throw bad(
      `range=${JSON.stringify((range ?? '').slice(0, 80))} is no range`,
      `Give a duration from ${encodeDuration(MIN_RANGE_SECONDS)} to ${encodeDuration(MAX_WINDOW_SECONDS)}, such as 30m or 7d.`,
    );
  if (at !== null && !/^\d{9,11}$/.test(at))
    throw bad(`at=${JSON.stringify(at.slice(0, 80))} is no instant`, 'Give unix seconds, or leave it out for now.');
  return { rangeSeconds, atSeconds: at === null ? defaults.atSeconds : Number(at) };
}

/** @throws Failure badRequest */
export function decodeChoice(query: URLSearchParams): VariableChoice {
  const choice = new Map<string, string[]>();
  for (const [key, value] of query) {
    const name = /^var-(\w{1,80})$/.exec(key)?.[1];
    if (name === undefined || value === '') continue;
    if (value.length > MAX_VALUE_LENGTH)
      throw bad(`${key} has a value of more than ${MAX_VALUE_LENGTH} characters`, 'Choose another value.');
    const values = choice.get(name) ?? [];
    choice.set(name, [...values, value]);
    if (choice.size > MAX_VARIABLES || values.length >= MAX_VALUES)
      throw bad(`more than ${MAX_VARIABLES} variables or ${MAX_VALUES} values of one`, 'Choose fewer.');
  }
  return Object.fromEntries(choice);
}

/** Inverse of decodeChoice and decodeRange; what is at its standard is left out. */
export function encodeChoice(choice: VariableChoice, range: PanelRange): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of Object.keys(choice).sort()) for (const value of choice[name] ?? []) query.append(`var-${name}`, value);
  if (range.rangeSeconds !== DEFAULT_RANGE.rangeSeconds) query.set('range', encodeDuration(range.rangeSeconds));
  if (range.atSeconds !== null) query.set('at', String(range.atSeconds));
  return query;
}
