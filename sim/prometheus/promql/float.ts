// Arithmetic with Go's edge cases, and Go's number formats: results must equal those of Prometheus.
// Sources: the documentation of Go's math.Pow, math.Max, math.Min, strconv.FormatFloat.

/** A cell of a numeric array; NaN outside of it. */
export function cell(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}

/** math.Pow: unlike Math.pow, 1^NaN and (-1)^±Inf are 1. */
export function pow(x: number, y: number): number {
  if (x === 1 || y === 0) return 1;
  if (x === -1 && (y === Number.POSITIVE_INFINITY || y === Number.NEGATIVE_INFINITY)) return 1;
  return x ** y;
}

/** math.Max: +Inf wins over NaN. */
export function maxOf(x: number, y: number): number {
  if (x === Number.POSITIVE_INFINITY || y === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  return Math.max(x, y);
}

/** math.Min: -Inf wins over NaN. */
export function minOf(x: number, y: number): number {
  if (x === Number.NEGATIVE_INFINITY || y === Number.NEGATIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  return Math.min(x, y);
}

/** True when the value is an infinity. */
export function isInfinite(value: number): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

/** Running mean step of avg and avg_over_time: an infinite mean stays unless NaN or the opposite infinity arrives. */
export function keepsInfiniteMean(mean: number, value: number): boolean {
  if (!isInfinite(mean) || Number.isNaN(value)) return false;
  return !isInfinite(value) || mean > 0 === value > 0;
}

function specialText(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return Object.is(value, -0) ? '-0' : undefined;
}

/** strconv.FormatFloat(v, 'f', -1, 64): shortest digits, never an exponent (the label of count_values). */
export function formatPlain(value: number): string {
  const special = specialText(value);
  if (special !== undefined) return special;
  const text = String(value);
  const scientific = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (scientific === null) return text;
  const sign = scientific[1] ?? '';
  const fraction = scientific[3] ?? '';
  const digits = (scientific[2] ?? '') + fraction;
  const exponent = Number(scientific[4]);
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return sign + digits.padEnd(exponent + 1, '0');
}

/** A sample value in the HTTP API: as JavaScript prints it, but exponents have two digits and specials are words. */
export function formatValue(value: number): string {
  const special = specialText(value);
  if (special !== undefined) return special;
  const text = String(value);
  const exponent = /^(.*e[+-])(\d)$/.exec(text);
  return exponent === null ? text : `${exponent[1] ?? ''}0${exponent[2] ?? ''}`;
}
