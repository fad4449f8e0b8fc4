// A container that writes a steady flood of numbered lines, for tests of what a flood does. Line n is written at n / rate seconds since 1970, so
// that it can be read again from any instant and every missing or doubled line shows. In: a rate, requests. Out: lines with their instants.
import type { LogRequest } from '../kubernetes/server';

export interface ChattyOptions {
  /** `namespace/workload`: its first pod's program. */
  readonly workload: string;
  readonly linesPerSecond: number;
}

/** What a node keeps of it. */
const KEPT_SECONDS = 120;
const TURN_MS = 40;

function chattyLine(n: number, rate: number): string {
  const nanos = Math.round(((n % rate) * 1e9) / rate);
  const seconds = Math.floor(n / rate);
  const stamp = `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(nanos).padStart(9, '0')}Z`;
  const level = n % 97 === 0 ? 'WARN' : 'INFO';
  return `${stamp} ${level} n=${n} order ${(n * 7919) % 100_000} was priced for customer ${(n * 104_729) % 10_007} by rule book-${n % 13} in ${n % 47} ms, stock checked, nothing to do`;
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });

/** Several lines at a time, joined by line breaks: thousands a second are not worth a write each. */
export async function* readChatty(request: LogRequest, rate: number, fromMs: number, now: () => number): AsyncIterable<string> {
  const numberAt = (ms: number): number => Math.floor((ms / 1000) * rate);
  let end = numberAt(now());
  let next = Math.max(Math.ceil((fromMs / 1000) * rate), end - KEPT_SECONDS * rate);
  if (request.tailLines !== undefined) next = Math.max(next, end - request.tailLines);
  for (;;) {
    while (next < end) {
      const lines: string[] = [];
      for (const until = Math.min(end, next + 500); next < until; next++) lines.push(chattyLine(next, rate));
      if (request.signal.aborted) return;
      yield lines.join('\n');
    }
    if (!request.follow || request.signal.aborted) return;
    await pause(TURN_MS, request.signal);
    end = numberAt(now());
  }
}
