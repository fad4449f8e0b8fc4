// Weights that belong together: one is moved, the others give or take, the total stays 100. In: weights, which is moved, which are locked. Out: weights. Pure.

export const FULL = 100;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/**
 * Whole numbers in the proportion of `parts` that sum to `total` exactly: the largest remainders get what rounding left over
 * (Hamilton's method), the first ones where they are equal. Parts that are all 0 share equally.
 */
export function shareOut(parts: readonly number[], total: number): readonly number[] {
  if (parts.length === 0) return [];
  const whole = sum(parts);
  const exact = parts.map((part) => (whole > 0 ? (part / whole) * total : total / parts.length));
  const floors = exact.map((value) => Math.floor(value + 1e-9));
  const missing = total - sum(floors);
  const order = exact.map((value, i) => ({ i, rest: value - (floors[i] ?? 0) })).sort((a, b) => b.rest - a.rest || a.i - b.i);
  const lucky = new Set(order.slice(0, missing).map(({ i }) => i));
  return floors.map((value, i) => value + (lucky.has(i) ? 1 : 0));
}

/** Percent for the same proportions; the total is 100 whatever it was. */
export const toPercent = (weights: readonly number[]): readonly number[] => shareOut(weights, FULL);

/**
 * The weights after `index` was set to `value`. Locked ones stay; the others give or take in proportion. A value that the locked ones
 * leave no room for is cut; without another free one nothing can move.
 */
export function moveWeight(weights: readonly number[], index: number, value: number, locked: ReadonlySet<number>): readonly number[] {
  const free = weights.map((_, i) => i).filter((i) => i !== index && !locked.has(i));
  if (weights[index] === undefined || free.length === 0 || locked.has(index)) return weights;
  const room = FULL - sum(weights.filter((_, i) => locked.has(i)));
  const next = clamp(Math.round(value), 0, Math.max(0, room));
  const rest = shareOut(
    free.map((i) => weights[i] ?? 0),
    Math.max(0, room) - next,
  );
  return weights.map((weight, i) => (i === index ? next : (rest[free.indexOf(i)] ?? weight)));
}

/** Shares 0..1 of relative weights as Envoy takes them; a single destination takes all whatever is written. */
export function sharesOf(weights: readonly number[]): readonly number[] {
  if (weights.length === 1) return [1];
  const total = sum(weights);
  return weights.map((weight) => (total > 0 ? weight / total : 0));
}

/** Whether these are percents already. */
export const isFull = (weights: readonly number[]): boolean => sum(weights) === FULL;
