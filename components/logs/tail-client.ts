// The live tail as the page has it: a stream that is read at the page's pace, opened again where it broke, from where each line was read.
// In: LogStore, an address, fetch. Out: lines into the store, states by callback.
import type { LogEvent, SourceReport } from '../../model/log';
import { decodeProblem, type ShownProblem } from '../ui/fetch-json';
import { announceRefusal } from '../ui/session-signal';
import type { LogStore } from './log-store';

export type TailState =
  | { readonly kind: 'opening' | 'live' | 'ended' }
  /** The stream broke and is opened again. */
  | { readonly kind: 'reconnecting'; readonly why: string }
  | { readonly kind: 'failed'; readonly problem: ShownProblem };

export interface TailOptions {
  readonly store: LogStore;
  /** Address of the stream: anew, or after what the store has. */
  readonly address: (resume: boolean) => string;
  readonly onState: (state: TailState) => void;
  readonly onReport: (report: SourceReport) => void;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 10_000;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** One event; null for comments and what is not ours. */
export function readEvent(block: string): LogEvent | null {
  const type = /^event: (\w+)$/m.exec(block)?.[1];
  const text = /^data: (.*)$/m.exec(block)?.[1];
  if (type === undefined || text === undefined) return null;
  const data: unknown = JSON.parse(text);
  if (!isRecord(data)) return null;
  // The server is ours and of the same version: what is in the lists is as it wrote it.
  if (type === 'lines' && Array.isArray(data['rows'])) return { type, rows: data['rows'] as Extract<LogEvent, { type: 'lines' }>['rows'] };
  if (type === 'state' && isRecord(data['report'])) return { type, report: data['report'] as unknown as SourceReport };
  return null;
}

/** Reads events until the stream ends; true where any came. */
async function readStream(body: ReadableStream<Uint8Array>, onEvent: (event: LogEvent) => void): Promise<boolean> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let any = false;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return any;
    rest += decoder.decode(value, { stream: true });
    let from = 0;
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n', from)) {
      const event = readEvent(rest.slice(from, end));
      from = end + 2;
      any = true;
      if (event !== null) onEvent(event);
    }
    rest = rest.slice(from);
  }
}

/** Runs until the signal aborts or the tail is over. */
export async function runTail({ store, address, onState, onReport, fetch: ask, signal, wait }: TailOptions): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  let resume = false;
  const over = new Set<number>();
  let isLive = false;
  const take = (event: LogEvent): void => {
    // The last lines are read first: before they are there, the log is still being opened.
    if (!isLive && event.type !== 'sources') {
      isLive = true;
      onState({ kind: 'live' });
    }
    switch (event.type) {
      case 'lines':
        resume = true;
        store.push(event.rows);
        return;
      case 'state': {
        const { source, state } = event.report;
        if (state === 'gone' || state === 'missing' || state === 'refused') over.add(source);
        onReport(event.report);
        return;
      }
      case 'sources':
        return;
      default:
        event satisfies never;
    }
  };
  // Asked anew each time: an abort may come during any await.
  const isAborted = (): boolean => signal.aborted;
  while (!isAborted()) {
    let why = 'The console closed the stream.';
    try {
      const response = await ask(address(resume), { signal, headers: { accept: 'text/event-stream' } });
      if (response.status === 401) announceRefusal();
      if (!response.ok || response.body === null) {
        const problem = decodeProblem(response.status, 'the live tail', await response.json().catch(() => null));
        // What is refused stays so; a console that is away or has no room may come back.
        if (response.status < 500 && response.status !== 429) {
          onState({ kind: 'failed', problem });
          return;
        }
        why = `${problem.title}: ${problem.detail}`;
      } else {
        isLive = false;
        if (await readStream(response.body, take)) pauseMs = FIRST_PAUSE_MS;
        if (over.size === store.sources.length) {
          onState({ kind: 'ended' });
          return;
        }
      }
    } catch {
      if (isAborted()) return;
      why = 'The connection to the console broke.';
    }
    if (isAborted()) return;
    onState({ kind: 'reconnecting', why });
    await wait(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
  }
}
