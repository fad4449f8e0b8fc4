// Quantiles of merged histograms for thousands of edges at once: the rules of telemetry/quantile without an allocation per edge.
// In: cumulative bucket rates, several in rows of one array. Out: milliseconds. Source: Prometheus, histogram_quantile.
import { fillBounds } from '../telemetry/quantile';

/** Adds the cumulative buckets of one series to row `row` of `target`: interpolated where it lacks a bound, NaN where nobody can know. */
export function addBuckets(target: Float64Array, row: number, boundsMs: readonly number[], buckets: Float64Array): void {
  let own = buckets;
  for (const rate of buckets)
    if (Number.isNaN(rate)) {
      own = fillBounds(boundsMs, buckets);
      break;
    }
  const start = row * boundsMs.length;
  for (let i = 0; i < boundsMs.length; i++) target[start + i] = (target[start + i] ?? 0) + (own[i] ?? 0);
}

/**
 * The q-quantile (0..1) in ms of the cumulative rates at `row`; null without traffic. A bound with NaN is no bound; rates that sink are
 * raised to the one before; a rank in the +Inf bucket gives the highest finite bound.
 */
export function quantileMs(q: number, boundsMs: readonly number[], rows: Float64Array, row: number): number | null {
  const last = boundsMs.length - 1;
  const start = row * boundsMs.length;
  let total = rows[start + last] ?? Number.NaN;
  if (last < 1 || Number.isNaN(total)) return null;
  for (let i = 0; i < last; i++) total = Math.max(total, (rows[start + i] ?? 0) || 0);
  if (total <= 0) return null;
  const rank = q * total;
  let below = 0;
  let lower: number | null = null;
  for (let i = 0; i < last; i++) {
    const own = rows[start + i] ?? Number.NaN;
    if (Number.isNaN(own)) continue;
    const count = Math.max(below, own);
    const upper = boundsMs[i] ?? 0;
    if (count >= rank) {
      if (lower === null && upper <= 0) return upper;
      const from = lower ?? 0;
      return count > below ? from + (upper - from) * ((rank - below) / (count - below)) : from;
    }
    below = count;
    lower = upper;
  }
  return lower;
}
