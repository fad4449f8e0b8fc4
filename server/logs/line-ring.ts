// The newest lines of one container, bounded: when a reader is slow the oldest go, counted. And several of them by time.
// In: lines as they come. Out: rows, with a mark where lines were skipped.
import type { LogRow } from '../../model/log';
import type { LogLine } from './read-line';

/** What a line weighs beside its characters. */
const LINE_OVERHEAD = 64;

export class LineRing {
  readonly #maxLines: number;
  readonly #maxSize: number;
  #lines: LogLine[] = [];
  #first = 0;
  #size = 0;
  #skipped = 0;
  /** Lines that were there at the last turn. */
  #old = 0;

  constructor(maxLines: number, maxSize: number) {
    this.#maxLines = maxLines;
    this.#maxSize = maxSize;
  }

  get length(): number {
    return this.#lines.length - this.#first;
  }
  /** Lines that were dropped before the first that is here. */
  get skipped(): number {
    return this.#skipped;
  }
  /** True where the first line was there at the last turn already. */
  get isOld(): boolean {
    return this.#old > 0;
  }

  push(line: LogLine): void {
    this.#lines.push(line);
    this.#size += line.text.length + LINE_OVERHEAD;
    while (this.length > 1 && (this.length > this.#maxLines || this.#size > this.#maxSize)) {
      this.#drop();
      this.#skipped++;
    }
  }

  peek(): LogLine | undefined {
    return this.#lines[this.#first];
  }

  /** Takes the first line away, and the count of those skipped before it. */
  shift(): void {
    this.#drop();
    this.#skipped = 0;
  }

  /** What is here now is old at the next turn. */
  turn(): void {
    this.#old = this.length;
  }

  #drop(): void {
    const line = this.peek();
    if (line === undefined) return;
    this.#size -= line.text.length + LINE_OVERHEAD;
    this.#first++;
    if (this.#old > 0) this.#old--;
    // The array is cut now and then, not at every line.
    if (this.#first < 512 || this.#first * 2 < this.#lines.length) return;
    this.#lines = this.#lines.slice(this.#first);
    this.#first = 0;
  }
}

const rowOf = (source: number, { at, text, cut }: LogLine): LogRow => (cut > 0 ? [source, at, text, cut] : [source, at, text]);

/**
 * Takes rows out of rings by time, each ring's in its own order, up to a size. `hold`: stops before a line that came since the last turn,
 * so that lines of another node that are under way find their place before it.
 */
export function drainRings(rings: readonly LineRing[], maxSize: number, hold: boolean): readonly LogRow[] {
  const rows: LogRow[] = [];
  let size = 0;
  while (size < maxSize) {
    let next = -1;
    let at = '';
    for (let i = 0; i < rings.length; i++) {
      const line = rings[i]?.peek();
      if (line === undefined || (next >= 0 && line.at >= at)) continue;
      next = i;
      at = line.at;
    }
    const ring = rings[next];
    const line = ring?.peek();
    if (ring === undefined || line === undefined || (hold && !ring.isOld)) return rows;
    if (ring.skipped > 0) rows.push([next, line.at, null, ring.skipped]);
    rows.push(rowOf(next, line));
    size += line.text.length + LINE_OVERHEAD;
    ring.shift();
  }
  return rows;
}
