// How often the backend may be asked: collections take at most a third of the time between them, quantiles at most a quarter of all time.
// In: how long things took. Out: intervals. Pure state, told the time.

const MAX_INTERVAL_MS = 300_000;
const SECOND_MS = 1000;
/** Shares of the time that may be spent: 1/3 on collections, 1/4 on quantiles. */
const COLLECTION_PARTS = 3;
const QUANTILE_PARTS = 4;
/** A stream that nobody collected for this long weighs nothing. */
const FORGET_MS = 120_000;

export class Pace {
  readonly #loads = new Map<string, { loadMs: number; atMs: number }>();
  readonly #quantilesDueMs = new Map<string, number>();

  /** Notes that collecting `stream` took `elapsedMs`: more counts at once, less slowly, so that one quick answer does not bring the load back. */
  noteCollection(stream: string, elapsedMs: number, nowMs: number): void {
    const before = this.#loads.get(stream);
    const loadMs = before === undefined || elapsedMs >= before.loadMs ? elapsedMs : before.loadMs * 0.7 + elapsedMs * 0.3;
    this.#loads.set(stream, { loadMs, atMs: nowMs });
    for (const [name, { atMs }] of this.#loads) if (atMs < nowMs - FORGET_MS) this.#loads.delete(name);
  }

  /** `refreshMs`, or more while the streams in use would take more than a third of it; at most five minutes, whole seconds. */
  recommendedIntervalMs(refreshMs: number, nowMs: number): number {
    let loadMs = 0;
    for (const own of this.#loads.values()) if (own.atMs >= nowMs - FORGET_MS) loadMs += own.loadMs;
    const needed = Math.ceil((loadMs * COLLECTION_PARTS) / SECOND_MS) * SECOND_MS;
    return Math.max(refreshMs, Math.min(needed, MAX_INTERVAL_MS));
  }

  /** Whether the quantiles of `stream` may be read again. */
  quantilesDue(stream: string, nowMs: number): boolean {
    return nowMs >= (this.#quantilesDueMs.get(stream) ?? 0);
  }

  /** Notes that reading the quantiles of `stream` took `elapsedMs` and has just ended. */
  noteQuantiles(stream: string, elapsedMs: number, nowMs: number): void {
    this.#quantilesDueMs.set(stream, nowMs + Math.min(elapsedMs * (QUANTILE_PARTS - 1), MAX_INTERVAL_MS));
    for (const [name, dueMs] of this.#quantilesDueMs) if (dueMs < nowMs - FORGET_MS) this.#quantilesDueMs.delete(name);
  }
}
