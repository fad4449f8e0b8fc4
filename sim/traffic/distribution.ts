// Distributions of durations (ms) and sizes (bytes) on a logarithmic grid: mixtures, sums, cuts and bucket shares are exact to a cell.
// In: LatencySpec and the like. Out: Distribution (immutable, mass 1). Pure.
import type { LatencySpec } from '../world/behaviour';

const PER_OCTAVE = 6;
const SMALLEST = 0.05;
const CELLS = 168;
const DROP = 1e-6;

const indexOf = (value: number): number =>
  value <= SMALLEST ? 0 : Math.min(CELLS - 1, Math.floor(Math.log2(value / SMALLEST) * PER_OCTAVE));

/** Probability by cell from `first` on, with the mean of the values in each cell. */
export interface Distribution {
  readonly first: number;
  readonly mass: Float64Array;
  readonly means: Float64Array;
  readonly mean: number;
}

const EDGES = Float64Array.from({ length: CELLS + 1 }, (_, i) => (i === 0 ? 0 : SMALLEST * 2 ** (i / PER_OCTAVE)));
const LOG_EDGES = EDGES.map(Math.log);
/** Typical value of each cell. */
const CENTRES = Float64Array.from({ length: CELLS }, (_, i) => Math.sqrt(Math.max(EDGES[i] ?? 0, SMALLEST / 2) * (EDGES[i + 1] ?? 0)));
/** Cells of a sum by the cells of its parts, so that sums need no logarithms. */
const SUM_CELLS = Uint8Array.from({ length: CELLS * CELLS }, (_, ij) => {
  const i = Math.floor(ij / CELLS);
  const j = ij % CELLS;
  return indexOf(((EDGES[i] ?? 0) + (EDGES[i + 1] ?? 0) + (EDGES[j] ?? 0) + (EDGES[j + 1] ?? 0)) / 2);
});
const lowerEdge = (cell: number): number => EDGES[cell] ?? Number.POSITIVE_INFINITY;

// Working space of one computation at a time; nothing is kept in it between calls.
const mass = new Float64Array(CELLS);
const moment = new Float64Array(CELLS);

function clear(): void {
  mass.fill(0);
  moment.fill(0);
}

// From cell masses and cell moments (mass times mean); drops dust and normalises.
function fromCells(): Distribution {
  let total = 0;
  for (const m of mass) total += m;
  let first = 0;
  let last = CELLS - 1;
  while (first < last && (mass[first] ?? 0) <= total * DROP) first++;
  while (last > first && (mass[last] ?? 0) <= total * DROP) last--;
  const length = last - first + 1;
  const kept = new Float64Array(length);
  const means = new Float64Array(length);
  let sum = 0;
  for (let i = 0; i < length; i++) sum += mass[first + i] ?? 0;
  let mean = 0;
  for (let i = 0; i < length; i++) {
    const m = (mass[first + i] ?? 0) / sum;
    kept[i] = m;
    means[i] = m > 0 ? (moment[first + i] ?? 0) / (mass[first + i] ?? 1) : lowerEdge(first + i);
    mean += m * (means[i] ?? 0);
  }
  return { first, mass: kept, means, mean };
}

/** Always this value. */
export function constant(value: number): Distribution {
  return { first: indexOf(value), mass: Float64Array.of(1), means: Float64Array.of(value), mean: value };
}

// Abramowitz and Stegun 26.2.17; error below 1e-7.
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const d = 0.3989422804 * Math.exp((-z * z) / 2);
  const p = d * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - p : p;
}

function addLogNormal(share: number, median: number, sigma: number): void {
  const mu = Math.log(median);
  let below = 0;
  for (let i = 0; i < CELLS; i++) {
    const upTo = i === CELLS - 1 ? 1 : normalCdf(((LOG_EDGES[i + 1] ?? 0) - mu) / sigma);
    const m = (upTo - below) * share;
    below = upTo;
    mass[i] = (mass[i] ?? 0) + m;
    moment[i] = (moment[i] ?? 0) + m * (CENTRES[i] ?? 0);
  }
}

/** A log-normal, with its tail if it has one. */
export function logNormal(spec: LatencySpec): Distribution {
  clear();
  const tail = spec.tail?.share ?? 0;
  addLogNormal(1 - tail, spec.medianMs, spec.sigma);
  if (spec.tail) addLogNormal(tail, spec.tail.medianMs, spec.tail.sigma);
  return fromCells();
}

/** Weighted mixture; weights need not sum to 1. @throws when there is nothing to mix. */
export function mix(parts: readonly { readonly share: number; readonly distribution: Distribution }[]): Distribution {
  const used = parts.filter((p) => p.share > 0);
  const only = used[0];
  if (!only) throw new Error('a mixture needs at least one part with a share above zero');
  if (used.length === 1) return only.distribution;
  clear();
  for (const { share, distribution } of used)
    for (let i = 0; i < distribution.mass.length; i++) {
      const m = (distribution.mass[i] ?? 0) * share;
      const cell = distribution.first + i;
      mass[cell] = (mass[cell] ?? 0) + m;
      moment[cell] = (moment[cell] ?? 0) + m * (distribution.means[i] ?? 0);
    }
  return fromCells();
}

/** Distribution of the sum of two independent values. */
export function add(a: Distribution, b: Distribution): Distribution {
  clear();
  for (let i = 0; i < a.mass.length; i++) {
    const ma = a.mass[i] ?? 0;
    const va = a.means[i] ?? 0;
    const row = (a.first + i) * CELLS + b.first;
    for (let j = 0; j < b.mass.length; j++) {
      const m = ma * (b.mass[j] ?? 0);
      const cell = SUM_CELLS[row + j] ?? 0;
      mass[cell] = (mass[cell] ?? 0) + m;
      moment[cell] = (moment[cell] ?? 0) + m * (va + (b.means[j] ?? 0));
    }
  }
  return fromCells();
}

/** Every value longer by a constant. */
export const delay = (a: Distribution, ms: number): Distribution => (ms <= 0 ? a : add(a, constant(ms)));

/** Sum of `times` independent values; a fraction is the chance of one more. Null for times 0. */
export function repeat(a: Distribution, times: number): Distribution | null {
  const whole = Math.floor(times);
  let sum: Distribution | null = null;
  for (let n = 0; n < whole; n++) sum = sum ? add(sum, a) : a;
  const rest = times - whole;
  if (rest < 1e-9) return sum;
  const more = sum ? add(sum, a) : a;
  return mix([
    { share: 1 - rest, distribution: sum ?? constant(0) },
    { share: rest, distribution: more },
  ]);
}

// Share of a cell that is not above a bound inside it. A cell that holds one value falls whole to one side.
function shareBelow(distribution: Distribution, i: number, bound: number): number {
  const from = lowerEdge(distribution.first + i);
  const to = lowerEdge(distribution.first + i + 1);
  if (bound >= to) return 1;
  if (bound < from) return 0;
  if (distribution.mass.length === 1) return (distribution.means[i] ?? 0) <= bound ? 1 : 0;
  return (bound - from) / (to - from);
}

/** Probability of a value not above each bound (ascending), of the distribution stretched by `scale`. */
export function cumulative(distribution: Distribution, bounds: readonly number[], scale: number, out: Float64Array): void {
  let cell = 0;
  let below = 0;
  for (let k = 0; k < bounds.length; k++) {
    const bound = (bounds[k] ?? 0) / scale;
    while (cell < distribution.mass.length && lowerEdge(distribution.first + cell + 1) <= bound) {
      below += distribution.mass[cell] ?? 0;
      cell++;
    }
    const inside = cell < distribution.mass.length ? (distribution.mass[cell] ?? 0) * shareBelow(distribution, cell, bound) : 0;
    out[k] = Math.min(1, below + inside);
  }
}

export interface Cut {
  /** Probability of a value above the limit. */
  readonly above: number;
  /** The values not above it; null when there are none. */
  readonly below: Distribution | null;
}

/** Splits at a limit, as a timeout does. */
export function cutAt(distribution: Distribution, limit: number): Cut {
  clear();
  let kept = 0;
  for (let i = 0; i < distribution.mass.length; i++) {
    const m = (distribution.mass[i] ?? 0) * shareBelow(distribution, i, limit);
    const cell = distribution.first + i;
    mass[cell] = m;
    moment[cell] = m * Math.min(distribution.means[i] ?? 0, limit);
    kept += m;
  }
  const above = Math.max(0, 1 - kept);
  if (above < 1e-6) return { above: 0, below: distribution };
  return { above, below: kept < 1e-6 ? null : fromCells() };
}

/** The value below which a share `u` of the distribution lies. */
export function quantile(distribution: Distribution, u: number): number {
  let below = 0;
  for (let i = 0; i < distribution.mass.length; i++) {
    const m = distribution.mass[i] ?? 0;
    if (below + m >= u || i === distribution.mass.length - 1) {
      if (distribution.mass.length === 1) return distribution.means[i] ?? 0;
      const from = lowerEdge(distribution.first + i);
      return from + (lowerEdge(distribution.first + i + 1) - from) * (m > 0 ? Math.min(1, Math.max(0, (u - below) / m)) : 0);
    }
    below += m;
  }
  return 0;
}
