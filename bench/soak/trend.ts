// Whether a series of readings grows. In: readings at equal distances. Out: the slope, robust against single peaks. Pure.
import { median } from '../statistics';

/** Theil–Sen: the median of the slopes of all pairs, per reading. */
export function slopeOf(readings: readonly number[]): number {
  const slopes: number[] = [];
  readings.forEach((a, i) => {
    readings.slice(i + 1).forEach((b, k) => {
      slopes.push((b - a) / (k + 1));
    });
  });
  return slopes.length === 0 ? 0 : median(slopes);
}
