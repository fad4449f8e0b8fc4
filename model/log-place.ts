// How far a log was read: the last instant and the lines of that instant, so that a log that is opened again goes on without doubling or
// losing a line. In: lines in their order. Out: whether a line is known, a cursor. Source: the API server passes sinceTime on in whole
// seconds (registry/core/pod/strategy.go), so that lines of up to a second come again.
import { hashLine } from './log';
import type { LogCursor } from './log-query';

/** Lines of one instant that are remembered; nodes stamp lines with nanoseconds, so that there is one nearly always. */
const MOST = 64;

export class LogPlace {
  #at = '';
  #texts: string[] = [];
  #hashes: readonly string[];
  /** While the log is read again: what of the last instant is still to come. Null: everything is new. */
  #expected: string[] | null = null;

  constructor(cursor: LogCursor | null = null) {
    this.#at = cursor?.at ?? '';
    this.#hashes = cursor?.hashes ?? [];
  }

  /** Instant to ask from; null before the first line. */
  get at(): string | null {
    return this.#at === '' ? null : this.#at;
  }

  /** The log begins again at or before the last instant: lines that are known are to come once more. */
  reopen(): void {
    this.#expected = this.#at === '' ? null : [...this.#known()];
  }

  /** True for a line that is new, which is then known. */
  take(at: string, text: string): boolean {
    if (this.#expected !== null) {
      if (at < this.#at) return false;
      if (at > this.#at) this.#expected = null;
      else if (this.#isExpected(text)) return false;
    }
    this.note(at, text);
    return true;
  }

  /** Notes a line that is new for sure. Two streams of a container may be stamped out of order: the latest instant stays. */
  note(at: string, text: string): void {
    if (at < this.#at) return;
    if (at > this.#at) {
      this.#at = at;
      this.#texts = [];
      this.#hashes = [];
    }
    this.#texts.push(text);
    if (this.#texts.length > MOST) this.#texts.shift();
  }

  /** Null before the first line. */
  cursor(): LogCursor | null {
    return this.#at === '' ? null : { at: this.#at, hashes: this.#known().slice(-MOST) };
  }

  #known(): readonly string[] {
    return [...this.#hashes, ...this.#texts.map(hashLine)];
  }

  #isExpected(text: string): boolean {
    const place = this.#expected?.indexOf(hashLine(text)) ?? -1;
    if (place < 0) return false;
    this.#expected?.splice(place, 1);
    return true;
  }
}
