// What was asked, by cause: of the last minute, and since the start. In: one call per query. Out: QueryLoad. Told the time.
import type { CauseUse, QueryCause, QueryUse } from '../../model/load';

const SLOT_MS = 5000;
const SLOTS = 12;
const OTHER: QueryCause = { kind: 'other', windowSeconds: null };
/** Causes differ by window, of which there are few; past this all count as one. */
const MAX_CAUSES = 40;

interface Tally {
  queries: number;
  failed: number;
  seconds: number;
  bytes: number;
}
interface Slot extends Tally {
  /** Number of its time; another one: it is of an earlier round. */
  turn: number;
}
interface Account {
  readonly cause: QueryCause;
  readonly slots: (Slot | undefined)[];
  readonly total: Tally;
}

const nothing = (): Tally => ({ queries: 0, failed: 0, seconds: 0, bytes: 0 });
const add = (to: Tally, use: QueryUse): void => {
  to.queries += use.queries;
  to.failed += use.failed;
  to.seconds += use.seconds;
  to.bytes += use.bytes;
};

export class LoadAccount {
  readonly #now: () => number;
  readonly #accounts = new Map<string, Account>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Notes a query that has ended. */
  note(cause: QueryCause | undefined, use: Omit<QueryUse, 'queries'>): void {
    const account = this.#accountOf(cause ?? OTHER);
    const turn = Math.floor(this.#now() / SLOT_MS);
    const slot = account.slots[turn % SLOTS] ?? { turn: -1, ...nothing() };
    if (slot.turn !== turn) Object.assign(slot, nothing(), { turn });
    account.slots[turn % SLOTS] = slot;
    add(slot, { ...use, queries: 1 });
    add(account.total, { ...use, queries: 1 });
  }

  /** The last minute by cause, most time first; causes without a query in it are left out. */
  lastMinute(): readonly CauseUse[] {
    const turn = Math.floor(this.#now() / SLOT_MS);
    return [...this.#accounts.values()]
      .map(({ cause, slots }) => {
        const sum = nothing();
        for (const slot of slots) if (slot !== undefined && slot.turn > turn - SLOTS && slot.turn <= turn) add(sum, slot);
        return { cause, ...sum };
      })
      .filter(({ queries }) => queries > 0)
      .sort((a, b) => b.seconds - a.seconds);
  }

  /** Since the start, by cause. */
  totals(): readonly CauseUse[] {
    return [...this.#accounts.values()].map(({ cause, total }) => ({ cause, ...total }));
  }

  #accountOf(cause: QueryCause): Account {
    const key = `${cause.kind} ${cause.windowSeconds ?? ''}`;
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    if (this.#accounts.size >= MAX_CAUSES && cause !== OTHER) return this.#accountOf(OTHER);
    const made: Account = { cause, slots: [], total: nothing() };
    this.#accounts.set(key, made);
    return made;
  }
}
