// Quantiles of cumulative histograms, exactly as Prometheus' histogram_quantile (promql/quantile.go, bucketQuantile), and their sums.
// In: upper bounds and cumulative rates. Out: milliseconds. Pure.

export interface Quantile {
  readonly valueMs: number;
  /** True: the quantile lies in the last bucket, `valueMs` is only its lower bound ("at least"). */
  readonly capped: boolean;
}

/**
 * The cumulative rate at each bound. Where the histogram has no such bound (NaN): what linear interpolation between its neighbours gives,
 * the assumption that the quantile makes anyway; NaN stays between its last finite bound and +Inf, if anything lies there.
 */
export function fillBounds(bounds: readonly number[], cumulative: Float64Array): Float64Array {
  const filled = Float64Array.from(cumulative);
  let lowBound = 0;
  let low = 0;
  for (let i = 0; i < bounds.length; i++) {
    const own = cumulative[i] ?? Number.NaN;
    if (!Number.isNaN(own)) {
      low = own;
      lowBound = bounds[i] ?? 0;
      continue;
    }
    let above = i + 1;
    while (above < bounds.length && Number.isNaN(cumulative[above] ?? Number.NaN)) above++;
    const high = cumulative[above];
    const highBound = bounds[above];
    if (high === undefined || highBound === undefined) continue;
    if (Number.isFinite(highBound)) filled[i] = low + ((high - low) * ((bounds[i] ?? 0) - lowBound)) / (highBound - lowBound);
    else if (high <= low) filled[i] = low;
  }
  return filled;
}

/**
 * The sum of histograms over the same bounds; a histogram without some of them is interpolated there. NaN where that cannot be known, so
 * that a quantile of the sum does not claim more than the histogram with the lowest last bound allows.
 */
export function foldBuckets(bounds: readonly number[], histograms: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(bounds.length);
  for (const histogram of histograms) {
    const filled = fillBounds(bounds, histogram);
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (filled[i] ?? 0);
  }
  return sum;
}

/**
 * The q-quantile (0..1) of cumulative rates at ascending bounds in ms, the last of which must be Infinity; null without observations.
 * Rates that sink between bounds (rounding, scrapes at different instants) are raised to the one before, as Prometheus does.
 */
export function quantileOf(bounds: readonly number[], cumulative: Float64Array, q: number): Quantile | null {
  if (bounds.at(-1) !== Number.POSITIVE_INFINITY || !(q >= 0 && q <= 1)) return null;
  const uppers: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < bounds.length; i++) {
    const count = cumulative[i] ?? Number.NaN;
    if (Number.isNaN(count)) continue;
    uppers.push(bounds[i] ?? 0);
    counts.push(Math.max(count, counts.at(-1) ?? 0));
  }
  const last = uppers.length - 1;
  const total = counts[last] ?? 0;
  if (last < 1 || uppers[last] !== Number.POSITIVE_INFINITY || !(total > 0)) return null;
  let rank = q * total;
  let bucket = 0;
  while (bucket < last && (counts[bucket] ?? 0) < rank) bucket++;
  if (bucket === last) return { valueMs: uppers[last - 1] ?? 0, capped: true };
  const end = uppers[bucket] ?? 0;
  if (bucket === 0 && end <= 0) return { valueMs: end, capped: false };
  let start = 0;
  let count = counts[bucket] ?? 0;
  if (bucket > 0) {
    start = uppers[bucket - 1] ?? 0;
    count -= counts[bucket - 1] ?? 0;
    rank -= counts[bucket - 1] ?? 0;
  }
  // q = 0 falls into an empty first bucket: Prometheus says NaN there, its lower bound is the better answer.
  return { valueMs: count > 0 ? start + (end - start) * (rank / count) : start, capped: false };
}
