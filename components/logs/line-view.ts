// The lines of a store that one pane shows: of its containers, that a filter lets through, with what is marked in them. Knows no framework.
// In: LogStore, a filter. Out: lines and ranges by subscription; an expression that takes too long is given up, and said.
import { findText, type Ranges } from './find-ranges';
import { KEPT_LINES, type KeptLine, type LogStore, type StoreChange } from './log-store';
import type { RegexMessage, RegexReply } from './regex-worker';

export interface LineFilter {
  /** '': everything. */
  readonly text: string;
  readonly isExpression: boolean;
  /** Lines without it are left out, or only not marked. */
  readonly hides: boolean;
}

export interface ViewEnvironment {
  readonly startWorker: () => Worker;
  startTimer(delayMs: number, callback: () => void): () => void;
}

const BATCH_LINES = 1000;
/** A batch that takes longer is of an expression that may never end. */
const PATIENCE_MS = 1500;
/** A line that is longer is looked through so far by expressions. */
const MAX_SEARCHED = 16_384;

const isReply = (data: unknown): data is RegexReply => typeof data === 'object' && data !== null && 'id' in data && 'ranges' in data;

export class LineView {
  readonly #store: LogStore;
  readonly #accepts: (source: number) => boolean;
  readonly #environment: ViewEnvironment;
  readonly #listeners = new Set<() => void>();
  #filter: LineFilter = { text: '', isExpression: false, hides: true };
  #lowered = '';
  #shown: KeptLine[] = [];
  #ranges = new Map<number, Ranges>();
  #worker: Worker | null = null;
  #queue: KeptLine[] = [];
  #batch: readonly KeptLine[] = [];
  #batchId = 0;
  #cancelPatience: (() => void) | null = null;
  /** Changes whenever something shown does. */
  revision = 0;
  /** Lines that came at the end since the start. */
  appended = 0;
  /** Lines that came at the front since the start. */
  prepended = 0;
  /** Grows with each filter: what was shown before it is shown no more. */
  epoch = 0;
  /** The expression was given up. */
  tooSlow = false;

  constructor(store: LogStore, accepts: (source: number) => boolean, environment: ViewEnvironment) {
    this.#store = store;
    this.#accepts = accepts;
    this.#environment = environment;
    this.#shown = store.lines.filter(({ source }) => accepts(source));
  }

  /** Follows the store until what is returned is called. */
  open(): () => void {
    const unsubscribe = this.#store.subscribe((change) => this.#take(change));
    const filter = this.#filter;
    this.#filter = { ...filter, text: '', isExpression: false };
    this.#shown = this.#store.lines.filter(({ source }) => this.#accepts(source));
    this.setFilter(filter);
    return () => {
      unsubscribe();
      this.#stopWorker();
    };
  }

  get shown(): readonly KeptLine[] {
    return this.#shown;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly read = (): number => this.revision;

  /** What is marked in a line; null: nothing. */
  rangesOf(line: KeptLine): Ranges {
    if (line.text === null || this.#filter.text === '') return null;
    return this.#filter.isExpression ? (this.#ranges.get(line.id) ?? null) : findText(this.#lowered, line.text);
  }

  setFilter(filter: LineFilter): void {
    const old = this.#filter;
    if (old.text === filter.text && old.isExpression === filter.isExpression && old.hides === filter.hides) return;
    this.#filter = filter;
    this.#lowered = filter.text.toLowerCase();
    this.#stopWorker();
    this.#ranges.clear();
    this.epoch++;
    this.tooSlow = false;
    const own = this.#store.lines.filter(({ source }) => this.#accepts(source));
    if (this.#isQueued()) {
      this.#shown = filter.hides ? [] : own;
      this.#queue = own;
      this.#search();
    } else this.#shown = own.filter((line) => this.#passes(line));
    this.#tell();
  }

  #isQueued(): boolean {
    return this.#filter.isExpression && this.#filter.text !== '' && !this.tooSlow;
  }

  /** Marks of skipped lines always pass: what is missing is missing of everything. */
  #passes(line: KeptLine): boolean {
    if (this.#filter.text === '' || !this.#filter.hides || this.tooSlow || line.text === null) return true;
    return this.#filter.isExpression ? this.#ranges.has(line.id) : line.text.toLowerCase().includes(this.#lowered);
  }

  #take({ appended, prepended, firstId }: StoreChange): void {
    const own = appended.filter(({ source }) => this.#accepts(source));
    const older = prepended.filter(({ source }) => this.#accepts(source));
    if (this.#isQueued()) {
      this.#queue.push(...own);
      // More comes than can be looked through: that is too slow, too.
      if (this.#queue.length > KEPT_LINES * 2) {
        this.#giveUp();
        return;
      }
      if (older.length > 0) {
        // Found anew, so that they come in their order.
        const filter = this.#filter;
        this.#filter = { ...filter, text: '' };
        this.setFilter(filter);
        return;
      }
      if (!this.#filter.hides) for (const line of own) this.#shown.push(line);
      this.#search();
    } else {
      const passing = own.filter((line) => this.#passes(line));
      for (const line of passing) this.#shown.push(line);
      this.appended += passing.length;
      const before = older.filter((line) => this.#passes(line));
      if (before.length > 0) this.#shown = [...before, ...this.#shown];
      this.prepended += before.length;
    }
    let gone = 0;
    while (gone < this.#shown.length && (this.#shown[gone]?.id ?? 0) < firstId) this.#ranges.delete(this.#shown[gone++]?.id ?? 0);
    if (gone > 0) this.#shown.splice(0, gone);
    this.#tell();
  }

  /** Gives the worker its next batch. */
  #search(): void {
    if (this.#batch.length > 0 || this.#queue.length === 0) return;
    try {
      this.#worker ??= this.#startWorker();
    } catch {
      this.#giveUp();
      return;
    }
    this.#batch = this.#queue.splice(0, BATCH_LINES);
    const texts = this.#batch.map(({ text }) => (text ?? '').slice(0, MAX_SEARCHED));
    const message: RegexMessage = { id: ++this.#batchId, source: this.#filter.text, texts };
    this.#worker.postMessage(message);
    this.#cancelPatience = this.#environment.startTimer(PATIENCE_MS, () => this.#giveUp());
  }

  #startWorker(): Worker {
    const worker = this.#environment.startWorker();
    worker.onmessage = (event: MessageEvent<unknown>) => {
      if (isReply(event.data) && event.data.id === this.#batchId) this.#settle(event.data.ranges);
    };
    worker.onerror = () => this.#giveUp();
    return worker;
  }

  #settle(ranges: readonly Ranges[]): void {
    this.#cancelPatience?.();
    const batch = this.#batch;
    this.#batch = [];
    batch.forEach((line, i) => {
      const found = ranges[i] ?? null;
      if (found !== null) this.#ranges.set(line.id, found);
      if (!this.#filter.hides || (found === null && line.text !== null)) return;
      this.#shown.push(line);
      this.appended++;
    });
    this.#search();
    this.#tell();
  }

  /** Everything is shown again: half a filter would hide what it has not looked at. */
  #giveUp(): void {
    this.#stopWorker();
    this.epoch++;
    this.tooSlow = true;
    this.#ranges.clear();
    this.#shown = this.#store.lines.filter(({ source }) => this.#accepts(source));
    this.#tell();
  }

  #stopWorker(): void {
    this.#cancelPatience?.();
    this.#cancelPatience = null;
    this.#worker?.terminate();
    this.#worker = null;
    this.#queue = [];
    this.#batch = [];
  }

  #tell(): void {
    this.revision++;
    for (const listener of this.#listeners) listener();
  }
}
