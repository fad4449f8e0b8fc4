// histogram_quantile over classic buckets (Prometheus' promql/quantile.go: bucketQuantile, coalesce, ensureMonotonic).
// In: a matrix of bucket rows with `le` labels, φ per step. Out: one row per histogram, without name and `le`.
import type { Labels } from '../storage/labels';
import { METRIC_NAME } from '../storage/labels';
import { decodeFloat } from './literals';
import { Matrix } from './matrix';

const BUCKET_LABEL = 'le';

interface BucketRow {
  readonly row: number;
  readonly upperBound: number;
}

interface Histogram {
  readonly labels: Labels;
  readonly buckets: BucketRow[];
}

/** The φ-quantile of cumulative bucket counts; `bounds` ascending and distinct; `counts` is made monotonic in place. */
export function bucketQuantile(quantile: number, bounds: readonly number[], counts: number[]): number {
  if (Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const last = bounds.length - 1;
  if (last < 1 || bounds[last] !== Number.POSITIVE_INFINITY) return Number.NaN;
  let highest = counts[0] ?? Number.NaN;
  for (let i = 1; i <= last; i++) {
    const count = counts[i] ?? Number.NaN;
    if (count > highest) highest = count;
    else if (count < highest) counts[i] = highest;
  }
  const observations = counts[last] ?? Number.NaN;
  if (observations === 0) return Number.NaN;
  let rank = quantile * observations;
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((counts[middle] ?? Number.NaN) >= rank) high = middle;
    else low = middle + 1;
  }
  // The quantile lies in the +Inf bucket: the best answer is the highest finite bound.
  if (low === last) return bounds[last - 1] ?? Number.NaN;
  const end = bounds[low] ?? Number.NaN;
  if (low === 0 && end <= 0) return end;
  const start = low === 0 ? 0 : (bounds[low - 1] ?? Number.NaN);
  const below = low === 0 ? 0 : (counts[low - 1] ?? Number.NaN);
  rank -= below;
  return start + (end - start) * (rank / ((counts[low] ?? Number.NaN) - below));
}

function groupBuckets(input: Matrix): Histogram[] {
  const byKey = new Map<string, Histogram>();
  input.rows.forEach((labels, row) => {
    const upperBound = decodeFloat(labels.value(BUCKET_LABEL));
    if (upperBound === undefined) return;
    // The metric name takes part in telling histograms apart, but not in the result.
    const identity = labels.without([BUCKET_LABEL]);
    let histogram = byKey.get(identity.key);
    if (histogram === undefined) {
      histogram = { labels: identity, buckets: [] };
      byKey.set(identity.key, histogram);
    }
    histogram.buckets.push({ row, upperBound });
  });
  const histograms = [...byKey.values()];
  for (const { buckets } of histograms) buckets.sort((a, b) => a.upperBound - b.upperBound || 0);
  return histograms;
}

/** Evaluates histogram_quantile; rows without a readable `le` are ignored. */
export function evaluateHistogramQuantile(quantiles: Matrix, input: Matrix): Matrix {
  const { steps } = input;
  const histograms = groupBuckets(input);
  const output = new Matrix(steps, histograms.length);
  const bounds: number[] = [];
  const counts: number[] = [];
  for (const { labels, buckets } of histograms) {
    const base = output.addRow(labels);
    for (let step = 0; step < steps; step++) {
      bounds.length = 0;
      counts.length = 0;
      for (const { row, upperBound } of buckets) {
        const index = row * steps + step;
        if (input.present[index] !== 1) continue;
        const count = input.values[index] ?? Number.NaN;
        const last = bounds.length - 1;
        // Two spellings of one bound ("1" and "1.0") are one bucket.
        if (last >= 0 && bounds[last] === upperBound) counts[last] = (counts[last] ?? 0) + count;
        else {
          bounds.push(upperBound);
          counts.push(count);
        }
      }
      if (bounds.length > 0) output.put(base + step, bucketQuantile(quantiles.scalarAt(step), bounds, counts));
    }
  }
  return output.relabel((labels) => labels.without([METRIC_NAME]));
}
