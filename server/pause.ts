// Waiting that can be called off, and letting others go first. In: Clock, AbortSignal. Out: promises; on abort they resolve early (never reject).
import type { Clock } from './ports';

/** Resolves after `ms`, or at once when `signal` is aborted. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.after(ms, done);
    function done(): void {
      signal.removeEventListener('abort', stop);
      resolve();
    }
    function stop(): void {
      cancel();
      resolve();
    }
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** `signal.aborted`, asked anew: the compiler believes a property that it has seen once, and an abort may come during any await. */
export const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/** Whatever came in meanwhile is served first. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** So long the thread is held at a time by work that has many parts. */
export const TURN_MS = 4;

/** Between the parts of long work: gives the thread away where it was held long enough. */
export function createTurns(): () => Promise<void> | undefined {
  let endMs = performance.now() + TURN_MS;
  return () => {
    if (performance.now() < endMs) return undefined;
    return nextTurn().then(() => {
      endMs = performance.now() + TURN_MS;
    });
  };
}
