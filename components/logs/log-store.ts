// The lines that a page of logs keeps, oldest first and bounded, and where each container stands. Knows no framework.
// In: rows as they come. Out: lines by subscription. Rows wait until a timer takes them, so that thousands a second cost a dozen changes.
import { type LogRow, type LogSource, MAX_PAGE_LINES } from '../../model/log';
import { LogPlace } from '../../model/log-place';
import { type LogCursor, sourceKey } from '../../model/log-query';

export interface KeptLine {
  /** Grows by one from each line to the next that came after it; older lines that were loaded later count down from 0. */
  readonly id: number;
  readonly source: number;
  readonly at: string;
  /** Null: so many lines were skipped here, which `cut` counts. */
  readonly text: string | null;
  readonly cut: number;
}

/** What happened to the lines since the last call. */
export interface StoreChange {
  readonly appended: readonly KeptLine[];
  readonly prepended: readonly KeptLine[];
  /** Lines before this id are kept no more. */
  readonly firstId: number;
}
export type StoreListener = (change: StoreChange) => void;

export const KEPT_LINES = 20_000;
/** Characters beside it: lines may be long. */
export const KEPT_SIZE = 24 * 1024 * 1024;
const FLUSH_MS = 90;

export interface StoreEnvironment {
  startTimer(delayMs: number, callback: () => void): () => void;
}

export class LogStore {
  readonly sources: readonly LogSource[];
  readonly #environment: StoreEnvironment;
  readonly #places: readonly LogPlace[];
  readonly #listeners = new Set<StoreListener>();
  #lines: KeptLine[] = [];
  #pending: LogRow[] = [];
  #size = 0;
  #nextId = 1;
  #firstId = 0;
  #cancel: (() => void) | null = null;
  /** Lines that were let go of for want of room. */
  dropped = 0;
  /** Nothing older is kept by the nodes. */
  complete = false;

  constructor(sources: readonly LogSource[], environment: StoreEnvironment) {
    this.sources = sources;
    this.#environment = environment;
    this.#places = sources.map(() => new LogPlace());
  }

  get lines(): readonly KeptLine[] {
    return this.#lines;
  }

  subscribe(listener: StoreListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** New lines; shown with the next turn of the timer. */
  push(rows: readonly LogRow[]): void {
    for (const row of rows) {
      const [source, at, text] = row;
      if (text !== null) this.#places[source]?.note(at, text);
      this.#pending.push(row);
    }
    // A hidden tab's timers are slow: what waits is bounded, too.
    if (this.#pending.length > KEPT_LINES + MAX_PAGE_LINES) this.flush();
    this.#cancel ??= this.#environment.startTimer(FLUSH_MS, () => this.flush());
  }

  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#pending.length === 0) return;
    const appended = this.#pending.map(([source, at, text, cut = 0]): KeptLine => ({ id: this.#nextId++, source, at, text, cut }));
    this.#pending = [];
    for (const line of appended) {
      this.#lines.push(line);
      this.#size += line.text?.length ?? 0;
    }
    let gone = Math.max(0, this.#lines.length - KEPT_LINES);
    for (let i = 0; i < gone; i++) this.#size -= this.#lines[i]?.text?.length ?? 0;
    while (this.#size > KEPT_SIZE && gone < this.#lines.length - 1) this.#size -= this.#lines[gone++]?.text?.length ?? 0;
    if (gone > 0) {
      this.#lines.splice(0, gone);
      this.dropped += gone;
      this.complete = false;
    }
    this.#tell({ appended, prepended: [] });
  }

  /** Older lines, before all others. */
  prepend(rows: readonly LogRow[], complete: boolean): void {
    this.flush();
    const room = KEPT_LINES - this.#lines.length;
    const kept = rows.slice(Math.max(0, rows.length - room));
    this.complete = complete && kept.length === rows.length;
    this.#firstId -= kept.length;
    const prepended = kept.map(([source, at, text, cut = 0], i): KeptLine => ({ id: this.#firstId + i, source, at, text, cut }));
    for (const { text } of prepended) this.#size += text?.length ?? 0;
    this.#lines = [...prepended, ...this.#lines];
    this.#tell({ appended: [], prepended });
  }

  /** Whether older lines would find room. */
  get hasRoom(): boolean {
    return this.#lines.length < KEPT_LINES;
  }

  /** Where each container stands, for a stream that is opened again. */
  cursors(): ReadonlyMap<string, LogCursor> {
    const cursors = new Map<string, LogCursor>();
    this.sources.forEach((source, i) => {
      const cursor = this.#places[i]?.cursor() ?? null;
      if (cursor !== null) cursors.set(sourceKey(source), cursor);
    });
    return cursors;
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #tell(change: Omit<StoreChange, 'firstId'>): void {
    const firstId = this.#lines[0]?.id ?? this.#nextId;
    for (const listener of this.#listeners) listener({ ...change, firstId });
  }
}
