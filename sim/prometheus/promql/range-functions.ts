// Functions of a range vector: one window of samples in, one number out (Prometheus' promql/functions.go).
// The window holds no stale markers. A function returns false when the window has no result.
import { cell, isInfinite, keepsInfiniteMean } from './float';
import { QueryError } from './query-error';

/** Samples [from, to) of times (ms) and values, the nominal bounds of the range, and the evaluation time. */
export interface Window {
  times: Float64Array;
  values: Float64Array;
  from: number;
  to: number;
  rangeStartMs: number;
  rangeEndMs: number;
  evaluationMs: number;
  /** Scalar arguments at this step, in order. */
  readonly scalars: number[];
  result: number;
}

export type RangeFunction = (window: Window) => boolean;

// Kahan summation with Neumaier's improvement, as Prometheus sums over time.
class Accumulator {
  sum = 0;
  compensation = 0;

  clear(): void {
    this.sum = 0;
    this.compensation = 0;
  }

  add(increment: number): void {
    const total = this.sum + increment;
    if (Math.abs(this.sum) >= Math.abs(increment)) this.compensation += this.sum - total + increment;
    else this.compensation += increment - total + this.sum;
    this.sum = total;
  }

  get total(): number {
    return this.sum + this.compensation;
  }
}

// rate, increase and delta: the slope between first and last sample, extrapolated to the bounds of the range when the
// samples come close to them, but never below zero for counters (extrapolatedRate in Prometheus).
function extrapolated(window: Window, isCounter: boolean, isRate: boolean): boolean {
  const { times, values, from, to } = window;
  if (to - from < 2) return false;
  const first = cell(values, from);
  let change = cell(values, to - 1) - first;
  if (isCounter) {
    let previous = first;
    for (let i = from + 1; i < to; i++) {
      const current = cell(values, i);
      if (current < previous) change += previous;
      previous = current;
    }
  }
  let toStart = (cell(times, from) - window.rangeStartMs) / 1000;
  const toEnd = (window.rangeEndMs - cell(times, to - 1)) / 1000;
  const sampled = (cell(times, to - 1) - cell(times, from)) / 1000;
  const average = sampled / (to - from - 1);
  if (isCounter && change > 0 && first >= 0) {
    const toZero = sampled * (first / change);
    if (toZero < toStart) toStart = toZero;
  }
  const threshold = average * 1.1;
  let extrapolatedTo = sampled;
  extrapolatedTo += toStart < threshold ? toStart : average / 2;
  extrapolatedTo += toEnd < threshold ? toEnd : average / 2;
  let factor = extrapolatedTo / sampled;
  if (isRate) factor /= (window.rangeEndMs - window.rangeStartMs) / 1000;
  window.result = change * factor;
  return true;
}

function betweenLastTwo(window: Window, isRate: boolean): boolean {
  const { times, values, from, to } = window;
  if (to - from < 2) return false;
  const last = cell(values, to - 1);
  const previous = cell(values, to - 2);
  const change = isRate && last < previous ? last : last - previous;
  window.result = isRate ? change / ((cell(times, to - 1) - cell(times, to - 2)) / 1000) : change;
  return true;
}

const accumulator = new Accumulator();

function averageOverTime(window: Window): boolean {
  accumulator.clear();
  let count = 0;
  for (let i = window.from; i < window.to; i++) {
    const value = cell(window.values, i);
    count++;
    const mean = accumulator.sum;
    if (keepsInfiniteMean(mean, value)) continue;
    accumulator.add(value / count - mean / count);
  }
  window.result = isInfinite(accumulator.sum) ? accumulator.sum : accumulator.total;
  return true;
}

function sumOverTime(window: Window): boolean {
  accumulator.clear();
  for (let i = window.from; i < window.to; i++) accumulator.add(cell(window.values, i));
  window.result = isInfinite(accumulator.sum) ? accumulator.sum : accumulator.total;
  return true;
}

function extremeOverTime(window: Window, isMore: (candidate: number, best: number) => boolean): boolean {
  let best = cell(window.values, window.from);
  for (let i = window.from; i < window.to; i++) {
    const value = cell(window.values, i);
    if (isMore(value, best) || Number.isNaN(best)) best = value;
  }
  window.result = best;
  return true;
}

function varianceOverTime(window: Window): number {
  const mean = new Accumulator();
  const squares = new Accumulator();
  let count = 0;
  for (let i = window.from; i < window.to; i++) {
    const value = cell(window.values, i);
    count++;
    const delta = value - mean.total;
    mean.add(delta / count);
    squares.add(delta * (value - mean.total));
  }
  return squares.total / count;
}

function ascendingNanFirst(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  return Number.isNaN(b) ? 1 : a - b || 0;
}

/** The φ-quantile of values, linearly interpolated; sorts the array. NaN sorts first, φ outside [0, 1] gives ∓Inf. */
export function quantileOf(quantile: number, values: number[]): number {
  if (values.length === 0 || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  values.sort(ascendingNanFirst);
  const rank = quantile * (values.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(values.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return (values[lower] ?? Number.NaN) * (1 - weight) + (values[upper] ?? Number.NaN) * weight;
}

// Least squares through the window; the intercept is taken at `interceptMs`.
function regression(window: Window, interceptMs: number): { readonly slope: number; readonly intercept: number } {
  const { times, values, from, to } = window;
  const initial = cell(values, from);
  let isConstant = true;
  const sums = { x: new Accumulator(), y: new Accumulator(), xy: new Accumulator(), xx: new Accumulator() };
  for (let i = from; i < to; i++) {
    const y = cell(values, i);
    if (i > from && y !== initial) isConstant = false;
    const x = (cell(times, i) - interceptMs) / 1000;
    sums.x.add(x);
    sums.y.add(y);
    sums.xy.add(x * y);
    sums.xx.add(x * x);
  }
  if (isConstant) return isInfinite(initial) ? { slope: Number.NaN, intercept: Number.NaN } : { slope: 0, intercept: initial };
  const count = to - from;
  const x = sums.x.total;
  const y = sums.y.total;
  const slope = (sums.xy.total - (x * y) / count) / (sums.xx.total - (x * x) / count);
  return { slope, intercept: y / count - (slope * x) / count };
}

function doubleSmoothing(window: Window): boolean {
  const smoothing = window.scalars[0] ?? Number.NaN;
  const trend = window.scalars[1] ?? Number.NaN;
  if (smoothing <= 0 || smoothing >= 1) {
    throw new QueryError('execution', `invalid smoothing factor. Expected: 0 < sf < 1, got: ${smoothing.toFixed(6)}`);
  }
  if (trend <= 0 || trend >= 1) {
    throw new QueryError('execution', `invalid trend factor. Expected: 0 < tf < 1, got: ${trend.toFixed(6)}`);
  }
  const { values, from, to } = window;
  if (to - from < 2) return false;
  let previous = 0;
  let smoothed = cell(values, from);
  let slope = cell(values, from + 1) - smoothed;
  for (let i = from + 1; i < to; i++) {
    if (i > from + 1) slope = trend * (smoothed - previous) + (1 - trend) * slope;
    const next = smoothing * cell(values, i) + (1 - smoothing) * (smoothed + slope);
    previous = smoothed;
    smoothed = next;
  }
  window.result = smoothed;
  return true;
}

function countPairs(window: Window, matches: (current: number, previous: number) => boolean): boolean {
  let count = 0;
  for (let i = window.from + 1; i < window.to; i++) if (matches(cell(window.values, i), cell(window.values, i - 1))) count++;
  window.result = count;
  return true;
}

function withResult(window: Window, value: number): boolean {
  window.result = value;
  return true;
}

export const RANGE_FUNCTIONS: ReadonlyMap<string, RangeFunction> = new Map<string, RangeFunction>([
  ['rate', (window) => extrapolated(window, true, true)],
  ['increase', (window) => extrapolated(window, true, false)],
  ['delta', (window) => extrapolated(window, false, false)],
  ['irate', (window) => betweenLastTwo(window, true)],
  ['idelta', (window) => betweenLastTwo(window, false)],
  ['avg_over_time', averageOverTime],
  ['sum_over_time', sumOverTime],
  ['count_over_time', (window) => withResult(window, window.to - window.from)],
  ['last_over_time', (window) => withResult(window, cell(window.values, window.to - 1))],
  ['present_over_time', (window) => withResult(window, 1)],
  ['absent_over_time', (window) => withResult(window, 1)],
  ['max_over_time', (window) => extremeOverTime(window, (candidate, best) => candidate > best)],
  ['min_over_time', (window) => extremeOverTime(window, (candidate, best) => candidate < best)],
  ['stdvar_over_time', (window) => withResult(window, varianceOverTime(window))],
  ['stddev_over_time', (window) => withResult(window, Math.sqrt(varianceOverTime(window)))],
  [
    'quantile_over_time',
    (window) => withResult(window, quantileOf(window.scalars[0] ?? Number.NaN, [...window.values.subarray(window.from, window.to)])),
  ],
  ['deriv', (window) => window.to - window.from >= 2 && withResult(window, regression(window, cell(window.times, window.from)).slope)],
  [
    'predict_linear',
    (window) => {
      if (window.to - window.from < 2) return false;
      const { slope, intercept } = regression(window, window.evaluationMs);
      return withResult(window, slope * (window.scalars[0] ?? Number.NaN) + intercept);
    },
  ],
  ['holt_winters', doubleSmoothing],
  ['changes', (window) => countPairs(window, (now, before) => now !== before && !(Number.isNaN(now) && Number.isNaN(before)))],
  ['resets', (window) => countPairs(window, (now, before) => now < before)],
]);
