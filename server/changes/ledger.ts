// One change's entry of the journal as it is led from state to state: every step forward is written before the next is taken, guarded by the
// version that was read. In: JournalStore. Out: Ledger. Whoever else advanced the entry is read again and reckoned with.
import type { ChangeRecord } from '../../model/change';
import { Failure } from '../../model/failure';
import { isAborted, pause } from '../pause';
import type { Clock, JournalEntry, JournalStore } from '../ports';

/** What a record becomes; null: nothing is to be written (it has moved on meanwhile). */
export type Advance = (record: ChangeRecord) => ChangeRecord | null;

const PAUSES_MS = [200, 500, 1_000, 2_000, 4_000, 8_000];

export class Ledger {
  readonly #store: JournalStore;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #entry: JournalEntry;

  constructor(store: JournalStore, clock: Clock, signal: AbortSignal, entry: JournalEntry) {
    this.#store = store;
    this.#clock = clock;
    this.#signal = signal;
    this.#entry = entry;
  }

  get record(): ChangeRecord {
    return this.#entry.record;
  }

  /** Reads the entry again. @throws Failure of the journal; notFound when it was removed */
  async refresh(): Promise<ChangeRecord> {
    const { id } = this.record;
    const entry = await this.#store.read(id, this.#signal);
    if (entry === null) throw new Failure('notFound', `the journal entry ${id} is gone`, 'Look at the objects of the change by hand.');
    this.#entry = entry;
    return entry.record;
  }

  /**
   * Writes what the record becomes; whether it was. A write of unknown outcome is looked for, one that somebody forestalled is decided anew.
   * @throws Failure of the journal when it cannot be written for a while
   */
  async advance(change: Advance): Promise<boolean> {
    for (let attempt = 0; ; attempt++) {
      const next = change(this.record);
      if (next === null) return false;
      try {
        this.#entry = await this.#store.update(next, this.#entry.version, this.#signal);
        return true;
      } catch (error) {
        if (!(error instanceof Failure) || error.code === 'tooLarge' || error.code === 'forbidden' || error.code === 'notFound')
          throw error;
        const waitMs = PAUSES_MS[attempt];
        if (waitMs === undefined || isAborted(this.#signal)) throw error;
        await pause(this.#clock, error.code === 'conflict' && attempt === 0 ? 0 : waitMs, this.#signal);
        const read = await this.refresh().catch((again: unknown) => {
          if (again instanceof Failure && again.code !== 'notFound' && again.code !== 'forbidden') return null;
          throw again;
        });
        // The answer was lost, the entry was not.
        if (read !== null && JSON.stringify(read) === JSON.stringify(next)) return true;
      }
    }
  }
}

/** The record with one step changed. */
export const withStep = (record: ChangeRecord, index: number, part: Partial<ChangeRecord['steps'][number]>): ChangeRecord => ({
  ...record,
  steps: record.steps.map((step, i) => (i === index ? { ...step, ...part } : step)),
});

/** An id that sorts by time: base 36 of the milliseconds, then what makes it unique. */
export const changeId = (nowMs: number, random: string): string => `${nowMs.toString(36).padStart(9, '0')}-${random}`;
