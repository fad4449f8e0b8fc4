// Numbers of the graph have four significant digits: enough to be true within 0.1 %, few enough that noise makes no change.
// In: a finite number. Out: the rounded number, which prints short.

const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10] as const;

/** `x` rounded to four significant digits; below 1e-7 in size it is 0, NaN becomes 0. */
export function round4(x: number): number {
  if (x < 0) return -round4(-x);
  if (x >= 1000) {
    if (x < 10000) return Math.round(x);
    if (x === Number.POSITIVE_INFINITY) return x;
    let unit = 10;
    while (x >= unit * 10000) unit *= 10;
    return Math.round(x / unit) * unit;
  }
  if (!(x >= 1e-7)) return 0;
  let digits = 1;
  for (let limit = 100; x < limit; limit /= 10) digits++;
  const power = POWERS[digits] ?? 1e10;
  return Math.round(x * power) / power;
}

/** A share of 0..1 rounded so that 0 and 1 mean exactly none and all. */
export function roundShare(part: number, whole: number): number {
  if (part <= 0) return 0;
  if (part >= whole) return 1;
  return Math.min(0.9999, Math.max(0.0001, round4(part / whole)));
}
