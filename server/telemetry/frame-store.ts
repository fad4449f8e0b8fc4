// Columns of the past that are kept for the next who replays it. In: keys, columns, instants. Out: columns that still hold. Pure, told the time.
import type { RangeColumns } from '../ports';

export interface HeldColumns {
  readonly columns: RangeColumns;
  /** Last instant that was asked for. */
  readonly endMs: number;
  /** When it was read. */
  readonly readMs: number;
}

const MAX_BYTES = 192 * 1024 * 1024;
/** Samples may arrive this late; what is older does not change any more. */
const SETTLED_MS = 60_000;
/** What may still change is read again after this long. */
const YOUNG_MS = 15_000;
/** What a label costs beside its text, which series share. */
const LABEL_BYTES = 12;

const weightOf = ({ columns }: HeldColumns): number =>
  columns.values.byteLength + columns.labels.length * (40 + LABEL_BYTES * (columns.labels[0]?.length ?? 0));

export class FrameStore {
  readonly #held = new Map<string, HeldColumns>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Columns of a key that hold for every instant up to `neededMs`; null if they have to be read. */
  read(key: string, neededMs: number, nowMs: number): RangeColumns | null {
    const held = this.#held.get(key);
    if (held === undefined || held.endMs < neededMs) return null;
    if (held.readMs < neededMs + SETTLED_MS && nowMs - held.readMs >= YOUNG_MS) return null;
    this.#held.delete(key);
    this.#held.set(key, held);
    return held.columns;
  }

  /** Keeps columns; what was not used for longest gives way, the newest always stays. */
  write(key: string, held: HeldColumns): void {
    this.#forget(key);
    this.#held.set(key, held);
    this.#bytes += weightOf(held);
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= 1 || this.#bytes <= MAX_BYTES) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    this.#bytes -= weightOf(held);
    this.#held.delete(key);
  }
}
