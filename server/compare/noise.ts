// How far two windows may differ by chance alone. In: rates, shares, latencies with how many requests they were measured on.
// Out: differences in standard deviations. Pure.
//
// The model. A window shows a sample: over the seconds that its scrapes really cover, requests arrive as a Poisson process, and a rate also
// moves by some percent from one window to the next without anything having changed (ORDINARY). So
//   rate      d = |x1 - x2| - 1 over sqrt(x1 + x2 + ORDINARY² (x1² + x2²)),  x = requests counted in the window
//   share     the pooled two-proportion test with continuity correction; errors come in bursts, so their variance counts BURST times
//   average   Welch's test on the spread of the durations (from the histogram, or TYPICAL_SPREAD times the mean where there is none)
//   quantile  the same on the standard error of an order statistic: half the distance between the quantiles at p ± sqrt(p (1 - p) / n)
// Requests that follow each other are slow together, so the n of both latencies is the count over CLUSTERED.
// A difference exceeds noise where it is larger than `deviationsFor(tests)`: Bonferroni over all tests of the comparison, so that two
// windows between which nothing changed show any change at all once in 1 / FAMILY comparisons at most.

/** Part by which a rate or an average moves from window to window although nothing changed. */
export const ORDINARY = 0.05;
/** Bytes of a connection move more, and come in records of about so many. */
export const ORDINARY_BYTES = 0.2;
export const RECORD_BYTES = 16_384;
const BURST = 2;
const CLUSTERED = 4;
/** Standard deviation over mean of request durations where no histogram tells: heavier than exponential. */
const TYPICAL_SPREAD = 1.5;
/** Chance that any test of a comparison exceeds noise while nothing changed. */
const FAMILY = 0.05;

/** Seconds of a window that its samples cover: rate() extrapolates over the rest, which tells nothing new. */
export const countedSeconds = (windowSeconds: number, scrapeIntervalSeconds: number | null): number =>
  Math.max(windowSeconds / 2, windowSeconds - (scrapeIntervalSeconds ?? 15));

/** Standard deviations that one of `tests` differences must exceed. */
export function deviationsFor(tests: number): number {
  // Abramowitz and Stegun 26.2.23, good to 0.0005.
  const t = Math.sqrt(-2 * Math.log(FAMILY / (2 * Math.max(1, tests))));
  return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}

/** Two counts of equally long windows. */
export function rateDeviations(before: number, after: number, ordinary: number = ORDINARY): number {
  const variance = before + after + ordinary * ordinary * (before * before + after * after);
  return variance <= 0 ? 0 : Math.max(0, Math.abs(after - before) - 1) / Math.sqrt(variance);
}

export interface ShareSample {
  /** 0..1 */
  readonly share: number;
  /** Requests that it is a share of. */
  readonly count: number;
}

/** Null where one side has no requests. `burst`: how much more than independent draws its hits vary. */
export function shareDeviations(before: ShareSample, after: ShareSample, burst: number = BURST): number | null {
  const [n, m] = [before.count, after.count];
  if (n <= 0 || m <= 0) return null;
  const pooled = (before.share * n + after.share * m) / (n + m);
  const variance = pooled * (1 - pooled) * (1 / n + 1 / m) * burst;
  const distance = Math.abs(after.share - before.share) - (1 / n + 1 / m) / 2;
  return variance <= 0 ? 0 : Math.max(0, distance) / Math.sqrt(variance);
}

export interface LatencySample {
  readonly valueMs: number;
  /** Its standard error. */
  readonly errorMs: number;
}

/** Averages or quantiles. */
export function latencyDeviations(before: LatencySample, after: LatencySample): number {
  const varianceOf = ({ valueMs, errorMs }: LatencySample): number => errorMs ** 2 + (ORDINARY * valueMs) ** 2;
  const variance = varianceOf(before) + varianceOf(after);
  return variance <= 0 ? 0 : Math.abs(after.valueMs - before.valueMs) / Math.sqrt(variance);
}

/** Requests that say as much about a latency as `count` that follow each other. */
const independentOf = (count: number): number => Math.max(1, count / CLUSTERED);

/** Standard error of an average; `deviationMs` of single requests, null: no histogram tells. */
export const averageErrorMs = (averageMs: number, deviationMs: number | null, count: number): number =>
  (deviationMs ?? averageMs * TYPICAL_SPREAD) / Math.sqrt(independentOf(count));

/** Standard error of the q-quantile, from the quantiles around it. */
export function quantileErrorMs(q: number, count: number, quantile: (q: number) => number | null): number | null {
  const reach = Math.sqrt((q * (1 - q)) / independentOf(count));
  const [low, high] = [quantile(Math.max(0, q - reach)), quantile(Math.min(1, q + reach))];
  return low === null || high === null ? null : (high - low) / 2;
}
