// How widely the durations of each edge's requests are spread, from their histograms. In: a projection with quantiles. Out: by edge, quantiles
// and the standard deviation of single requests. Pure; nothing is summed before somebody asks.
import * as column from '../graph/columns';
import type { Projection } from '../graph/project';
import { addBuckets, quantileMs } from '../graph/quantile';

/** Requests slower than the last finite bound are taken as so many times as slow. */
const BEYOND_LAST = 1.5;

export class LatencySpread {
  readonly #projection: Projection;
  #sums: Float64Array | null = null;

  constructor(projection: Projection) {
    this.#projection = projection;
  }

  /** The q-quantile in ms of an edge by its position in the graph; null without a histogram. */
  quantileMs(edge: number, q: number): number | null {
    const bounds = this.#bounds();
    return bounds.length === 0 ? null : quantileMs(q, bounds, this.#rows(), edge);
  }

  /** Standard deviation of single requests, each taken to lie in the middle of its bucket; null without a histogram. */
  deviationMs(edge: number): number | null {
    const bounds = this.#bounds();
    if (bounds.length === 0) return null;
    const rows = this.#rows();
    let [below, lower, weight, sum, squares] = [0, 0, 0, 0, 0];
    for (let i = 0; i < bounds.length; i++) {
      const cumulative = rows[edge * bounds.length + i] ?? Number.NaN;
      if (Number.isNaN(cumulative)) continue;
      const upper = bounds[i] ?? Number.POSITIVE_INFINITY;
      const own = Math.max(0, cumulative - below);
      const middle = Number.isFinite(upper) ? (lower + upper) / 2 : lower * BEYOND_LAST;
      weight += own;
      sum += own * middle;
      squares += own * middle * middle;
      below = Math.max(below, cumulative);
      if (Number.isFinite(upper)) lower = upper;
    }
    if (weight <= 0) return null;
    const mean = sum / weight;
    return Math.sqrt(Math.max(0, squares / weight - mean * mean));
  }

  #bounds(): readonly number[] {
    return this.#projection.trace.traffic.index.snapshot.bucketBoundsMs;
  }

  #rows(): Float64Array {
    this.#sums ??= this.#sumAll();
    return this.#sums;
  }

  #sumAll(): Float64Array {
    const { graph, trace } = this.#projection;
    const { observations, bucketBoundsMs } = trace.traffic.index.snapshot;
    const sums = new Float64Array(graph.edges.length * bucketBoundsMs.length);
    for (let c = 0; c < trace.chosen.length; c++) {
      const buckets = observations[column.at(trace.chosen, c)]?.durationBuckets ?? null;
      if (buckets === null || buckets.length !== bucketBoundsMs.length) continue;
      for (const edge of [column.at(trace.first, c), column.at(trace.second, c)])
        if (edge >= 0) addBuckets(sums, edge, bucketBoundsMs, buckets);
    }
    return sums;
  }
}
