// Structured logs: one JSON object a line on standard output (or short text for people). Secrets are redacted by type; control characters
// never reach a terminal. In: level, event, fields. Out: lines.
import { Failure } from '../model/failure';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: 'json' | 'text';
  readonly now: () => number;
  readonly write: (line: string) => void;
}

// A thrown thing in words: a Failure tells what failed and what to do; anything else its message and stack (for us to mend).
function plain(value: unknown): unknown {
  if (value instanceof Failure) return { code: value.code, detail: value.detail, next: value.next, cause: plain(value.cause) };
  if (value instanceof Error)
    return {
      error: value.message,
      stack: value.stack
        ?.split('\n')
        .slice(1, 6)
        .map((l) => l.trim()),
    };
  return value;
}

/** A logger that writes what is at or above `level`. */
export function createLogger({ level, format, now, write }: LogOptions): Logger {
  const least = LOG_LEVELS.indexOf(level);
  const emit = (at: LogLevel, event: string, fields: LogFields = {}): void => {
    if (LOG_LEVELS.indexOf(at) < least) return;
    const time = new Date(now()).toISOString();
    const entries = Object.entries(fields).map(([k, x]) => [k, plain(x)] as const);
    // JSON.stringify escapes control characters, so a hostile label value cannot forge a line or move a cursor.
    write(
      format === 'json'
        ? JSON.stringify({ time, level: at, event, ...Object.fromEntries(entries) })
        : `${time.slice(11, 23)} ${at.padEnd(5)} ${event}${entries.map(([k, x]) => ` ${k}=${JSON.stringify(x)}`).join('')}`,
    );
  };
  return {
    debug: (event, fields) => emit('debug', event, fields),
    info: (event, fields) => emit('info', event, fields),
    warn: (event, fields) => emit('warn', event, fields),
    error: (event, fields) => emit('error', event, fields),
  };
}
