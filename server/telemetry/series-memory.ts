// What the series of a repeated query mean, remembered by slot, so that a fold decodes labels only of series that are new.
// In: columns of series, a decoder of labels. Out: the decoded thing of each row. Pure but for this memory.
import type { ReadLabel } from './edge-identity';
import type { EdgeRow } from './edge-registry';
import type { ReporterSide, Security } from './reconcile';

/** An instant vector in columns; server/ports' InstantVector fits. */
export interface SeriesColumns {
  readonly count: number;
  readonly slots: Int32Array;
  readonly values: Float64Array;
  /** The very same array as long as the slot means the same series. */
  labelsOf(slot: number): readonly string[];
}

/** The answer of one planned query: the labels it asked for and its series. */
export interface QueryAnswer {
  readonly labels: readonly string[];
  readonly columns: SeriesColumns;
}

interface Held<T> {
  readonly labels: readonly string[];
  /** Null: a series of another kind. */
  readonly meaning: T | null;
}

/** Meanings by slot. `T` names the edge row (null = none) so that a forgotten row is decoded again. */
export class SeriesMemory<T extends { readonly row: EdgeRow | null }> {
  #names: readonly string[] = [];
  #held: (Held<T> | undefined)[] = [];
  readonly #positions = new Map<string, number>();

  /** Calls `take` for each series with its meaning and value; `decode` is asked about series that are new, null = pass over it. */
  forEach(answer: QueryAnswer, decode: (read: ReadLabel) => T | null, take: (meaning: T, value: number) => void): void {
    this.#prepare(answer.labels);
    const { columns } = answer;
    for (let i = 0; i < columns.count; i++) {
      const slot = columns.slots[i] ?? 0;
      const labels = columns.labelsOf(slot);
      let held = this.#held[slot];
      if (held === undefined || held.labels !== labels || held.meaning?.row?.forgotten === true) {
        const meaning = decode((name) => {
          const position = this.#positions.get(name);
          return position === undefined ? '' : (labels[position] ?? '');
        });
        held = { labels, meaning };
        this.#held[slot] = held;
      }
      if (held.meaning !== null) take(held.meaning, columns.values[i] ?? 0);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#held = [];
  }

  #prepare(names: readonly string[]): void {
    if (names.length === this.#names.length && names.every((name, i) => name === this.#names[i])) return;
    this.#names = names;
    this.#held = [];
    this.#positions.clear();
    names.forEach((name, i) => {
      this.#positions.set(name, i);
    });
  }
}

/** Reporter label to side; a label that is missing or new counts as the caller's, which yields to every other. */
export const decodeSide = (reporter: string): ReporterSide =>
  reporter === 'destination' ? 'destination' : reporter === 'waypoint' ? 'waypoint' : 'source';

/** connection_security_policy: only `mutual_tls` and `none` say something; callers always report `unknown`. */
export const decodeSecurity = (policy: string): Security =>
  policy === 'mutual_tls' ? 'mutual' : policy === 'none' ? 'plaintext' : 'unknown';
