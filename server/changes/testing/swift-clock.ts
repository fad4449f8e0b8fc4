// A clock that runs many times faster than real time, for tests in which real connections and long waits meet. In: a factor. Out: Clock.
import type { Clock } from '../../ports';

/** Time that passes `factor` times as fast; its timers keep nothing alive. */
export function swiftClock(factor: number, startMs: number): Clock {
  const originMs = performance.now();
  return {
    now: () => startMs + Math.floor((performance.now() - originMs) * factor),
    after: (delayMs, run) => {
      const timer = setTimeout(run, Math.ceil(delayMs / factor));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}
