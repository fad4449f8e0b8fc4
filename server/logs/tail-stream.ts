// A live tail for one reader: the last lines first, then several containers followed, merged by time and sent in frames as server-sent events.
// In: LogSourcePort, LogQuery, a sink, a clock. Out: chunks. A slow reader slows nobody: what it cannot take is dropped, counted and said.
import type { LogEvent, SourceReport } from '../../model/log';
import { LogPlace } from '../../model/log-place';
import { type LogQuery, sourceKey } from '../../model/log-query';
import type { Clock, ClusterCredential, LogSourcePort } from '../ports';
import { followLog } from './follow';
import { drainRings, LineRing } from './line-ring';
import { instantOf } from './read-line';
import { readPage } from './read-page';

export interface TailSink {
  /** Takes a chunk; false: full, wait for `drained`. */
  write(chunk: Uint8Array): boolean;
  /** The tail is over: every container has ended for good, or the console stops. */
  close(): void;
}

export interface TailParts {
  readonly port: LogSourcePort;
  readonly credential: ClusterCredential;
  readonly clock: Clock;
  readonly namespace: string;
  readonly query: LogQuery;
  readonly sink: TailSink;
  readonly onDefect: (error: unknown) => void;
}

const FRAME_MS = 150;
/** Characters of a frame. */
const FRAME_SIZE = 128 * 1024;
const HEARTBEAT_MS = 15_000;
const RING_LINES = 6_000;
/** Characters that wait for a reader, by container. */
const RING_SIZE = { all: 4 * 1024 * 1024, least: 128 * 1024, most: 1536 * 1024 } as const;

const ENCODER = new TextEncoder();

export const encodeLogEvent = (event: LogEvent): Uint8Array => {
  const { type, ...data } = event;
  return ENCODER.encode(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
};
const HEARTBEAT = ENCODER.encode(': still here\n\n');

const isOver = ({ state }: SourceReport): boolean => state === 'ended' || state === 'gone' || state === 'missing';

export class TailStream {
  readonly #parts: TailParts;
  readonly #rings: readonly LineRing[];
  readonly #stop = new AbortController();
  #cancelTurn: (() => void) | null = null;
  #isFull = false;
  #sentMs: number;
  #running = 0;
  #reports: SourceReport[] = [];

  constructor(parts: TailParts) {
    this.#parts = parts;
    const { sources } = parts.query;
    const size = Math.min(RING_SIZE.most, Math.max(RING_SIZE.least, Math.floor(RING_SIZE.all / sources.length)));
    this.#rings = sources.map(() => new LineRing(RING_LINES, size));
    this.#sentMs = parts.clock.now();
  }

  /** Begins; never rejects. */
  async start(): Promise<void> {
    const { query, onDefect } = this.#parts;
    try {
      this.#write(encodeLogEvent({ type: 'sources', sources: query.sources }));
      const starts = query.after.size > 0 ? this.#resume() : await this.#begin();
      if (this.#stop.signal.aborted) return;
      this.#running = starts.length;
      starts.forEach((start, source) => void this.#follow(source, start));
      this.#schedule();
    } catch (error) {
      if (!this.#stop.signal.aborted) onDefect(error);
      this.#end();
    }
  }

  /** The sink has room again. */
  drained(): void {
    this.#isFull = false;
  }

  /** The reader is gone. */
  cancel(): void {
    this.#stop.abort();
    this.#cancelTurn?.();
    this.#cancelTurn = null;
  }

  /** The last lines, and where to go on after them. */
  async #begin(): Promise<readonly { readonly place: LogPlace; readonly sinceTime: string | null }[]> {
    const { port, credential, clock, namespace, query } = this.#parts;
    const nowMs = clock.now();
    const sinceTime = query.sinceSeconds === null ? null : instantOf(nowMs - query.sinceSeconds * 1000);
    // Without lines before it begins, only what is written from now on is wanted.
    if (query.tail === 0) return query.sources.map(() => ({ place: new LogPlace(), sinceTime: instantOf(nowMs) }));
    const page = await readPage({ port, credential, namespace, nowMs }, { ...query, before: null, previous: false }, this.#stop.signal);
    if (this.#stop.signal.aborted) return [];
    for (let from = 0; from < page.rows.length; from += 500)
      this.#write(encodeLogEvent({ type: 'lines', rows: page.rows.slice(from, from + 500) }));
    return page.places.map((place) => ({ place, sinceTime }));
  }

  /** From where the reader stands. Of containers without a line so far, only what came after the reader's earliest place can be new to it. */
  #resume(): readonly { readonly place: LogPlace; readonly sinceTime: string | null }[] {
    const { sources, after } = this.#parts.query;
    const earliest = [...after.values()].map(({ at }) => at).sort()[0] ?? null;
    return sources.map((source) => ({ place: new LogPlace(after.get(sourceKey(source)) ?? null), sinceTime: earliest }));
  }

  async #follow(source: number, start: { readonly place: LogPlace; readonly sinceTime: string | null }): Promise<void> {
    const { port, credential, clock, namespace, query, onDefect } = this.#parts;
    const named = query.sources[source];
    const ring = this.#rings[source];
    if (named === undefined || ring === undefined) return;
    try {
      await followLog(
        {
          port,
          credential,
          clock,
          onLine: (line) => ring.push(line),
          onState: (state, detail) => this.#reports.push({ source, state, detail }),
          onUnauthorized: () => this.#end(),
        },
        { namespace, ...named, ...start },
        this.#stop.signal,
      );
    } catch (error) {
      if (!this.#stop.signal.aborted) onDefect(error);
    }
    this.#running--;
  }

  #schedule(): void {
    this.#cancelTurn = this.#parts.clock.after(FRAME_MS, () => {
      this.#turn();
    });
  }

  #turn(): void {
    if (this.#stop.signal.aborted) return;
    const hold = this.#rings.length > 1;
    while (!this.#isFull) {
      const rows = drainRings(this.#rings, FRAME_SIZE, hold);
      if (rows.length === 0) break;
      this.#write(encodeLogEvent({ type: 'lines', rows }));
    }
    for (const ring of this.#rings) ring.turn();
    this.#report();
    if (!this.#isFull && this.#parts.clock.now() - this.#sentMs >= HEARTBEAT_MS) this.#write(HEARTBEAT);
    const isIdle = this.#rings.every((ring) => ring.length === 0);
    if (this.#running === 0 && isIdle && this.#reports.length === 0) this.#end();
    else this.#schedule();
  }

  /** Lines come before the word on what became of their container. */
  #report(): void {
    const kept: SourceReport[] = [];
    for (const report of this.#reports) {
      const isLater = this.#isFull || (isOver(report) && (this.#rings[report.source]?.length ?? 0) > 0);
      if (isLater) kept.push(report);
      else this.#write(encodeLogEvent({ type: 'state', report }));
    }
    this.#reports = kept;
  }

  #write(chunk: Uint8Array): void {
    if (this.#stop.signal.aborted) return;
    this.#sentMs = this.#parts.clock.now();
    if (!this.#parts.sink.write(chunk)) this.#isFull = true;
  }

  #end(): void {
    if (this.#stop.signal.aborted) return;
    this.cancel();
    this.#parts.sink.close();
  }
}
