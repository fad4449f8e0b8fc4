// Numbers out of repeats. In: lists. Out: medians, quantiles. Pure.

/** The q-quantile (0..1) by nearest rank; NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

/** The middle of the values, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? Number.NaN)) / 2;
}

export const least = (values: readonly number[]): number => (values.length === 0 ? Number.NaN : Math.min(...values));
export const most = (values: readonly number[]): number => (values.length === 0 ? Number.NaN : Math.max(...values));
export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** "median … (least …)" of times, as the notes say it. */
export const spread = (values: readonly number[]): string => `${median(values).toFixed(0)} ms, least ${least(values).toFixed(0)}`;
