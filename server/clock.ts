// The one place where time is read. In: the system clock. Out: Clock.
import type { Clock } from './ports';

/** Real time; timers never keep the process alive by themselves. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
