// A map that forgets what was not used for longest. In: keys, values with a weight. Out: values.

export class Lru<T> {
  readonly #entries = new Map<string, { readonly value: T; readonly weight: number }>();
  readonly #maxEntries: number;
  readonly #maxWeight: number;
  #weight = 0;

  constructor(maxEntries: number, maxWeight: number) {
    this.#maxEntries = maxEntries;
    this.#maxWeight = maxWeight;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key, which counts as used now; null if there is none. */
  read(key: string): T | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** What is kept, the least used first; none of it counts as used now. */
  values(): readonly T[] {
    return [...this.#entries.values()].map(({ value }) => value);
  }

  /** Keeps a value; what was not used for longest gives way, the newest always stays. */
  write(key: string, value: T, weight: number): void {
    this.forget(key);
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= 1 || (this.#entries.size <= this.#maxEntries && this.#weight <= this.#maxWeight)) return;
      this.forget(oldest);
    }
  }

  /** Forgets a key, if it is kept. */
  forget(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }
}
