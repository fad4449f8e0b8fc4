// What happened in the last ticks, request counts by flow and pod pair, so that logs can be written when somebody asks.
// In: flow runs after each tick. Out: the ticks that concern a pod.
import type { Flow } from './flow';
import type { FlowRun } from './flow-run';

export interface RememberedFlow {
  readonly flow: Flow;
  /** Requests by pod pair. */
  readonly counts: Int32Array;
}

export interface RememberedTick {
  readonly fromMs: number;
  readonly toMs: number;
  readonly flows: readonly RememberedFlow[];
}

export class TrafficMemory {
  private readonly limit: number;
  private readonly ticks: { fromMs: number; toMs: number; flows: RememberedFlow[] }[] = [];
  private readonly waiting = new Set<() => void>();

  constructor(limit: number) {
    this.limit = limit;
  }

  begin(fromMs: number, toMs: number): void {
    this.ticks.push({ fromMs, toMs, flows: [] });
    if (this.ticks.length > this.limit) this.ticks.shift();
    // Who waits goes on after the running tick is complete: promises continue only when its code has run to the end.
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const wake of waiting) wake();
  }

  put(run: FlowRun): void {
    this.ticks[this.ticks.length - 1]?.flows.push({ flow: run.rated.flow, counts: run.counts.slice() });
  }

  /** Ticks that begin at or after an instant, oldest first. */
  since(fromMs: number): readonly RememberedTick[] {
    return this.ticks.filter((t) => t.fromMs >= fromMs);
  }

  /** Resolves with the next tick, or when the signal aborts. */
  waitForTick(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
