// Functions that look at one number at a time: mathematics, and the parts of a date (UTC).
import { pow } from './float';

function signOf(value: number): number {
  if (value < 0) return -1;
  return value > 0 ? 1 : value;
}

/** value -> value; all of them drop the metric name. */
export const POINTWISE_FUNCTIONS: ReadonlyMap<string, (value: number) => number> = new Map<string, (value: number) => number>([
  ['abs', Math.abs],
  ['acos', Math.acos],
  ['acosh', Math.acosh],
  ['asin', Math.asin],
  ['asinh', Math.asinh],
  ['atan', Math.atan],
  ['atanh', Math.atanh],
  ['ceil', Math.ceil],
  ['cos', Math.cos],
  ['cosh', Math.cosh],
  ['deg', (value) => (value * 180) / Math.PI],
  ['exp', Math.exp],
  ['floor', Math.floor],
  ['ln', Math.log],
  ['log10', Math.log10],
  ['log2', Math.log2],
  ['rad', (value) => (value * Math.PI) / 180],
  ['sgn', signOf],
  ['sin', Math.sin],
  ['sinh', Math.sinh],
  ['sqrt', Math.sqrt],
  ['tan', Math.tan],
  ['tanh', Math.tanh],
]);

const DAY_MS = 86_400_000;

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

const DATE_PARTS: ReadonlyMap<string, (date: Date) => number> = new Map<string, (date: Date) => number>([
  ['days_in_month', daysInMonth],
  ['day_of_month', (date) => date.getUTCDate()],
  ['day_of_week', (date) => date.getUTCDay()],
  ['day_of_year', dayOfYear],
  ['hour', (date) => date.getUTCHours()],
  ['minute', (date) => date.getUTCMinutes()],
  ['month', (date) => date.getUTCMonth() + 1],
  ['year', (date) => date.getUTCFullYear()],
]);

/** seconds since 1970 -> part of that UTC date; NaN for a time no calendar reaches. */
export function datePartFunction(name: string): ((seconds: number) => number) | undefined {
  const part = DATE_PARTS.get(name);
  return part === undefined ? undefined : (seconds) => part(new Date(Math.trunc(seconds) * 1000));
}

/** The arithmetic and comparison of two numbers: value, or undefined when a comparison filters it out. */
export function rounded(value: number, toNearest: number): number {
  // Inverting first loses fewer digits (funcRound in Prometheus); ties round up.
  const inverse = 1 / toNearest;
  return Math.floor(value * inverse + 0.5) / inverse;
}

/** Two operands -> result, for every arithmetic operator. */
export const ARITHMETIC: Readonly<Record<'+' | '-' | '*' | '/' | '%' | '^' | 'atan2', (x: number, y: number) => number>> = {
  '+': (x, y) => x + y,
  '-': (x, y) => x - y,
  '*': (x, y) => x * y,
  '/': (x, y) => x / y,
  '%': (x, y) => x % y,
  '^': pow,
  atan2: Math.atan2,
};

/** Two operands -> whether the comparison holds. */
export const COMPARISON: Readonly<Record<'==' | '!=' | '>' | '<' | '>=' | '<=', (x: number, y: number) => boolean>> = {
  '==': (x, y) => x === y,
  '!=': (x, y) => x !== y,
  '>': (x, y) => x > y,
  '<': (x, y) => x < y,
  '>=': (x, y) => x >= y,
  '<=': (x, y) => x <= y,
};
