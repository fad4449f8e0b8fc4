// How long the console leaves a trivial request waiting: its event loop seen from outside. In: a reader. Out: waiting times, ms.
import type { HttpReader } from './http-reader';

const EVERY_MS = 20;

export interface Pinger {
  /** Stops and gives the time of every ping. */
  stop(): Promise<readonly number[]>;
}

/** Asks for /api/health/live fifty times a second, never two at once. */
export function startPinging(console: HttpReader): Pinger {
  const times: number[] = [];
  const state = { running: true };
  const run = async (): Promise<void> => {
    while (state.running) {
      const { wholeMs } = await console.readWell('/api/health/live');
      times.push(wholeMs);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  };
  const ended = run();
  ended.catch(() => undefined);
  return {
    stop: async () => {
      state.running = false;
      await ended;
      return times;
    },
  };
}
