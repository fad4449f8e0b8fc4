// A line of pods/log with timestamps=true -> its instant and its text. In: text. Out: LogLine, or null for what a node says without an instant.
import { neutralise } from '../../model/log-text';

export interface LogLine {
  /** UTC, nine digits of a second. */
  readonly at: string;
  readonly text: string;
  /** Bytes left away at its end. */
  readonly cut: number;
}

const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** An instant of RFC 3339 in the one form that sorts as text; nodes write the time of their own zone. Null where it is none. */
export function readInstant(stamp: string): string | null {
  // As kubelets write it where the clock is UTC.
  if (stamp.length === 30 && stamp.endsWith('Z') && stamp[19] === '.' && STAMP.test(stamp)) return stamp;
  const [, seconds, fraction = '', zone] = STAMP.exec(stamp) ?? [];
  if (seconds === undefined || zone === undefined) return null;
  const ms = Date.parse(`${seconds}${zone}`);
  return Number.isNaN(ms) ? null : `${new Date(ms).toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`;
}

export function readLine(raw: string, cut: number): LogLine | null {
  const space = raw.indexOf(' ');
  const at = readInstant(space < 0 ? raw : raw.slice(0, space));
  return at === null ? null : { at, text: space < 0 ? '' : neutralise(raw.slice(space + 1)), cut };
}

/** An instant of a clock in the form of lines. */
export const instantOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23)}000000Z`;
