// Step: average and quantiles of every edge, from what its observations add up to. In: rows, buckets. Out: DraftEdges.latency.
// Both legs through a service node are unambiguous sums: into the service over its workloads, on to a workload over its callers.
import type { EdgeLatency } from '../../../model/graph';
import * as column from '../columns';
import type { Draft, StepContext } from '../draft';
import { addBuckets, quantileMs } from '../quantile';
import { round4 } from '../round';

export function measureLatency(draft: Draft, context: StepContext): void {
  const { overlays } = context.view;
  const quantiles = overlays.includes('quantiles');
  if (!quantiles && !overlays.includes('latency')) return;
  const { edges } = draft;
  const { bucketBoundsMs } = context.traffic.index.snapshot;
  const buckets = quantiles && bucketBoundsMs.length > 0 ? sumBuckets(draft, context) : null;
  for (let e = 0; e < edges.count; e++) {
    const row = e * column.ROW;
    const average = averageMs(column.at(edges.rows, row + column.DURATION_MS), column.at(edges.rows, row + column.TIMED_REQUESTS));
    edges.latency[e] = latencyOf(average, bucketBoundsMs, buckets, e);
  }
}

/** Average in ms of requests whose duration is known; null if none is. */
export const averageMs = (durationMsPerSecond: number, timedRequestsPerSecond: number): number | null =>
  timedRequestsPerSecond > 0 ? round4(durationMsPerSecond / timedRequestsPerSecond) : null;

/** Latency from an average and a row of cumulative buckets; null when neither says anything. */
export function latencyOf(
  average: number | null,
  boundsMs: readonly number[],
  buckets: Float64Array | null,
  row: number,
): EdgeLatency | null {
  const at = (q: number): number | null => {
    const value = buckets === null ? null : quantileMs(q, boundsMs, buckets, row);
    return value === null ? null : round4(value);
  };
  const p50Ms = at(0.5);
  if (average === null && p50Ms === null) return null;
  return { averageMs: average, p50Ms, p95Ms: p50Ms === null ? null : at(0.95), p99Ms: p50Ms === null ? null : at(0.99) };
}

function sumBuckets(draft: Draft, context: StepContext): Float64Array {
  const { observations, bucketBoundsMs } = context.traffic.index.snapshot;
  const sums = new Float64Array(draft.edges.count * bucketBoundsMs.length);
  for (let c = 0; c < draft.chosen.length; c++) {
    const buckets = observations[column.at(draft.chosen, c)]?.durationBuckets ?? null;
    if (buckets === null || buckets.length !== bucketBoundsMs.length) continue;
    const [first, second] = [column.at(draft.first, c), column.at(draft.second, c)];
    if (first >= 0) addBuckets(sums, first, bucketBoundsMs, buckets);
    if (second >= 0) addBuckets(sums, second, bucketBoundsMs, buckets);
  }
  return sums;
}
