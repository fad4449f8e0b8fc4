// A window without any traffic, for what is told before the metrics say anything. In: instant, window. Out: TrafficSnapshot.
import type { TrafficSnapshot } from '../../model/traffic';

export const emptySnapshot = (atMs: number, windowSeconds: number): TrafficSnapshot => ({
  atMs,
  windowSeconds,
  observations: [],
  bucketBoundsMs: [],
  identities: new Map(),
  quantilesAtMs: null,
  warnings: [],
  cost: { queries: 0, wallMs: 0, bytes: 0 },
});
