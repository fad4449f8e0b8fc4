// Names that mean something until a time: revoked sessions, logout tokens that were seen. In: Clock. Out: ExpiringSet, bounded.
import type { Clock } from '../ports';

/** Holds at most `limit` names; the oldest go first. Of this process only. */
export class ExpiringSet {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #entries = new Map<string, { readonly addedAtMs: number; readonly untilMs: number }>();
  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Adds a name until `untilMs`; false if it was there already. */
  add(name: string, untilMs: number): boolean {
    const isNew = this.addedAtMs(name) === null;
    this.#entries.delete(name);
    this.#entries.set(name, { addedAtMs: this.#clock.now(), untilMs });
    if (this.#entries.size > this.#limit) this.#trim();
    return isNew;
  }
  /** When a name that still counts was added, ms since the epoch; null when it does not count. */
  addedAtMs(name: string): number | null {
    const found = this.#entries.get(name);
    if (found === undefined) return null;
    if (found.untilMs > this.#clock.now()) return found.addedAtMs;
    this.#entries.delete(name);
    return null;
  }
  has(name: string): boolean {
    return this.addedAtMs(name) !== null;
  }
  get size(): number {
    return this.#entries.size;
  }
  #trim(): void {
    const now = this.#clock.now();
    for (const [name, { untilMs }] of this.#entries) if (untilMs <= now) this.#entries.delete(name);
    for (const name of this.#entries.keys()) {
      if (this.#entries.size <= this.#limit) return;
      this.#entries.delete(name);
    }
  }
}
