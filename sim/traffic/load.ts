// How much load there is at an instant: a pure function of time and seed. In: RootLoad, ms. Out: requests per second, latency factors.
import type { RootLoad } from '../world/behaviour';
import { hashText, smoothNoise } from '../world/random';

/** Requests per second of a load at an instant (for a workload's load: per ready pod). */
export function loadAt(load: RootLoad, seed: number, timeMs: number): number {
  const seconds = timeMs / 1000;
  const { bursts } = load;
  if (bursts && (seconds + bursts.offsetSeconds) % bursts.everySeconds >= bursts.activeSeconds) return 0;
  const { amplitude, periodSeconds, phase } = load.wave;
  const turn = (seconds / periodSeconds + phase) * 2 * Math.PI;
  // A day has a broad peak and a smaller one before it.
  const wave = 1 + amplitude * (0.8 * Math.sin(turn) + 0.2 * Math.sin(2 * turn + 1));
  const noise = 1 + 0.06 * smoothNoise(hashText(load.id, seed), seconds / 23);
  return Math.max(0, load.requestsPerSecond * wave * noise);
}

/** Factor on the requests into a service: its callers never keep perfect time. */
export const serviceNoise = (key: number, timeMs: number): number => 1 + 0.05 * smoothNoise(key, timeMs / 17_000);

/** Factor on the durations of a workload: caches warm and cool, neighbours are noisy. */
export const latencyFactor = (key: number, timeMs: number): number => 1 + 0.14 * smoothNoise(key ^ 0x5bd1e995, timeMs / 41_000);
