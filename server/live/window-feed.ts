// One live window: its newest snapshot, what that covers, when the next is due, what failed. In: collector, demands. Out: snapshots for
// everybody; equal demands under way share one collection; the last good snapshot stays on failure.
import { Failure } from '../../model/failure';
import type { TrafficSnapshot } from '../../model/traffic';
import { type Asked, SAFE_WINDOW_SECONDS } from '../../model/wire';
import type { Clock } from '../ports';
import type { Collector } from './collector';

/** What viewers need of a window together; `namespaces` null = all. */
export interface Demand {
  readonly namespaces: ReadonlySet<string> | null;
  readonly overlays: ReadonlySet<Asked>;
}

/** True when what was collected for `have` answers `want` too. */
export function covers(have: Demand, want: Demand): boolean {
  for (const overlay of want.overlays) if (!have.overlays.has(overlay)) return false;
  if (have.namespaces === null) return true;
  if (want.namespaces === null) return false;
  for (const namespace of want.namespaces) if (!have.namespaces.has(namespace)) return false;
  return true;
}

/** What answers both. */
export const joinDemands = (a: Demand, b: Demand): Demand => ({
  namespaces: a.namespaces === null || b.namespaces === null ? null : new Set([...a.namespaces, ...b.namespaces]),
  overlays: new Set([...a.overlays, ...b.overlays]),
});

/** Longer windows move slowly: a fortieth of the window is often enough, and at most five minutes. */
const WINDOW_PARTS = 40;
/** Short windows are asked for by whoever waits for a change: as often as a new sample may have come. */
const SHORT_WINDOW_PARTS = 3;
const MAX_WINDOW_INTERVAL_MS = 300_000;
/** After a failure: again soon, for most are short, then less and less often. */
const RETRY_MS = 2000;
const MAX_BACKOFF_MS = 60_000;

export interface FeedOptions {
  readonly windowSeconds: number;
  readonly collector: Collector;
  readonly clock: Clock;
  readonly refreshMs: number;
  /** Narrows the namespaces to ask for; null = all. */
  readonly scopeOf: (demand: Demand) => readonly string[] | null;
}

export interface Collected {
  readonly snapshot: TrafficSnapshot;
  readonly covered: Demand;
}

export class WindowFeed {
  readonly windowSeconds: number;
  readonly #options: FeedOptions;
  #collected: Collected | null = null;
  #failure: Failure | null = null;
  #failures = 0;
  /** Instant of the last attempt's end. */
  #attemptMs = Number.NEGATIVE_INFINITY;
  #underWay: { readonly demand: Demand; readonly done: Promise<void> } | null = null;
  /** How often the backend was asked, and how often in vain. */
  collections = 0;
  failedCollections = 0;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.windowSeconds = options.windowSeconds;
  }

  get collected(): Collected | null {
    return this.#collected;
  }
  /** Failure of the last attempt, null if it succeeded. */
  get failure(): Failure | null {
    return this.#failure;
  }
  /** Instant at which the last attempt ended; -Infinity before the first. */
  get attemptMs(): number {
    return this.#attemptMs;
  }
  /** True once an attempt has ended, well or badly. */
  get attempted(): boolean {
    return this.#attemptMs !== Number.NEGATIVE_INFINITY;
  }

  intervalMs(): number {
    return Math.max(this.#options.collector.recommendedIntervalMs(this.#refreshMs()), this.#slowMs());
  }

  /** The same if the backend answered at once. */
  wantedMs(): number {
    return Math.max(this.#refreshMs(), this.#slowMs());
  }

  #refreshMs(): number {
    const { refreshMs } = this.#options;
    return this.windowSeconds < SAFE_WINDOW_SECONDS ? Math.min(refreshMs, (this.windowSeconds * 1000) / SHORT_WINDOW_PARTS) : refreshMs;
  }

  #slowMs(): number {
    return Math.min((this.windowSeconds * 1000) / WINDOW_PARTS, MAX_WINDOW_INTERVAL_MS);
  }

  /** Instant at which the next collection is due, ms since the epoch. */
  dueMs(): number {
    if (!this.attempted) return 0;
    const interval = this.intervalMs();
    if (this.#failure === null) return (this.#collected?.snapshot.atMs ?? this.#attemptMs) + interval;
    return this.#attemptMs + Math.min(RETRY_MS * 2 ** (this.#failures - 1), Math.max(interval, MAX_BACKOFF_MS));
  }

  /** Whether what is held answers a demand well enough at this instant: it covers it, and is not older than a refresh and a half. */
  answers(demand: Demand): boolean {
    if (this.#collected === null || !covers(this.#collected.covered, demand)) return false;
    const now = this.#options.clock.now();
    if (now - this.#collected.snapshot.atMs <= this.intervalMs() * 1.5) return true;
    // Right after a failure the last good data is the answer: asking again now would only make everybody wait.
    return this.#failure !== null && now < this.dueMs();
  }

  /** Replaces a snapshot that was completed after it was given out. True if it is still the newest one. */
  complete(snapshot: TrafficSnapshot): boolean {
    if (this.#collected === null || this.#collected.snapshot.atMs !== snapshot.atMs) return false;
    const { extras } = this.#collected.snapshot;
    this.#collected = { snapshot: extras === undefined ? snapshot : { ...snapshot, extras }, covered: this.#collected.covered };
    return true;
  }

  /**
   * Collects for a demand, or joins a collection under way that covers it. Resolves when the attempt has ended; its failure is in
   * `failure`, what it brought in `collected`.
   */
  async collect(demand: Demand, signal: AbortSignal): Promise<void> {
    while (this.#underWay !== null && !signal.aborted) {
      const { demand: other, done } = this.#underWay;
      await done;
      if (covers(other, demand)) return;
    }
    if (signal.aborted) return;
    const done = this.#attempt(demand, signal).finally(() => {
      this.#underWay = null;
    });
    this.#underWay = { demand, done };
    await done;
  }

  async #attempt(demand: Demand, signal: AbortSignal): Promise<void> {
    const { collector, clock, scopeOf } = this.#options;
    const namespaces = scopeOf(demand);
    const atMs = clock.now();
    this.collections++;
    try {
      const snapshot = await collector.collect(
        { windowSeconds: this.windowSeconds, atMs, namespaces, overlays: [...demand.overlays].sort(), live: true },
        signal,
      );
      this.#collected = { snapshot, covered: { namespaces: namespaces === null ? null : new Set(namespaces), overlays: demand.overlays } };
      this.#failure = null;
      this.#failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      this.failedCollections++;
      this.#failures++;
      this.#failure =
        error instanceof Failure
          ? error
          : new Failure('internal', 'the metrics could not be read', 'Look in the log of the console.', { cause: error });
    } finally {
      this.#attemptMs = clock.now();
    }
  }
}
