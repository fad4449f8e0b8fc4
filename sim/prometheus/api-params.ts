// Parameters of the HTTP API: times, durations, limits, matchers. Everything in them is foreign until decoded here.
// In: URL and form parameters. Out: milliseconds, numbers, matcher sets; QueryError (bad_data) naming the parameter.
import { decodeDurationMs, decodeFloat } from './promql/literals';
import { parseSelector } from './promql/parse';
import { QueryError } from './promql/query-error';
import type { Matcher } from './storage/matcher';

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
// The largest time a Date holds: far beyond any sample, and still exact arithmetic.
const MAX_TIME_MS = 8.64e15;

export function invalidParameter(name: string, message: string): QueryError {
  return new QueryError('bad_data', `invalid parameter ${JSON.stringify(name)}: ${message}`);
}

function decodeTimeMs(text: string): number | undefined {
  const seconds = decodeFloat(text);
  if (seconds !== undefined) return Math.abs(seconds) * 1000 <= MAX_TIME_MS ? Math.round(seconds * 1000) : undefined;
  if (!RFC3339.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** A time: seconds since 1970 (fractions allowed) or RFC 3339; the default when absent. */
export function readTimeMs(params: URLSearchParams, name: string, defaultMs?: number): number {
  const text = params.get(name) ?? '';
  if (text === '' && defaultMs !== undefined) return defaultMs;
  const timeMs = decodeTimeMs(text);
  if (timeMs !== undefined) return timeMs;
  const prefix = defaultMs === undefined ? '' : `Invalid time value for '${name}': `;
  throw invalidParameter(name, `${prefix}cannot parse ${JSON.stringify(text)} to a valid timestamp`);
}

/** A duration: seconds as a float, or "1m30s". */
export function readDurationMs(params: URLSearchParams, name: string): number {
  const text = params.get(name) ?? '';
  const seconds = decodeFloat(text);
  const durationMs = seconds === undefined ? decodeDurationMs(text) : seconds * 1000;
  if (durationMs !== undefined && Number.isFinite(durationMs)) return durationMs;
  throw invalidParameter(name, `cannot parse ${JSON.stringify(text)} to a valid duration`);
}

/** A non-negative whole number, undefined when absent; 0 means no limit, as in Prometheus 3. */
export function readLimit(params: URLSearchParams, name: string): number | undefined {
  const text = params.get(name) ?? '';
  if (text === '') return undefined;
  if (!/^\d+$/.test(text)) throw invalidParameter(name, 'limit must be a number');
  const limit = Number(text);
  return limit === 0 ? undefined : limit;
}

/** The match[] selectors; each set is one alternative. */
export function readMatcherSets(params: URLSearchParams): (readonly Matcher[])[] {
  return params.getAll('match[]').map((text) => {
    try {
      return parseSelector(text);
    } catch (error) {
      throw error instanceof QueryError ? invalidParameter('match[]', error.message) : error;
    }
  });
}
