// Waiting that can be called off. In: Clock, AbortSignal. Out: a promise that resolves early (never rejects) on abort.
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
