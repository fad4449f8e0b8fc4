// The form of a spec, lean: types, enums, required fields, fields that exclude each other. In: Shape, JSON. Out: Faults with their paths.
// What is not described here is not judged: a newer Istio may know more.
import type { Json, JsonObject } from '../../../model/inventory';
import { decodeDurationMs } from '../../istio/read/fields';

export type Shape =
  | { readonly type: 'text'; readonly values?: readonly string[]; readonly filled?: boolean }
  | { readonly type: 'number'; readonly min?: number; readonly max?: number; readonly whole?: boolean }
  | { readonly type: 'flag' | 'duration' | 'any' }
  | { readonly type: 'list'; readonly of: Shape; readonly min?: number }
  | { readonly type: 'map'; readonly of: Shape }
  | {
      readonly type: 'object';
      readonly fields: Readonly<Record<string, Shape>>;
      readonly required?: readonly string[];
      /** Of each group at most one field may be set. */
      readonly exclusive?: readonly (readonly string[])[];
    };

export type ObjectShape = Extract<Shape, { type: 'object' }>;

export interface Fault {
  readonly kind: 'wrong' | 'unknown';
  readonly path: string;
  readonly message: string;
}

export const text: Shape = { type: 'text' };
export const filled: Shape = { type: 'text', filled: true };
export const flag: Shape = { type: 'flag' };
export const duration: Shape = { type: 'duration' };
export const any: Shape = { type: 'any' };
export const whole: Shape = { type: 'number', whole: true };
export const count: Shape = { type: 'number', whole: true, min: 0 };
export const port: Shape = { type: 'number', whole: true, min: 1, max: 65_535 };
export const percent: Shape = { type: 'number', min: 0, max: 100 };
export const oneOf = (...values: readonly string[]): Shape => ({ type: 'text', values });
export const list = (of: Shape, min = 0): Shape => ({ type: 'list', of, min });
export const texts = list(text);
export const mapOf = (of: Shape): Shape => ({ type: 'map', of });
export const textMap = mapOf(text);
export const object = (fields: Readonly<Record<string, Shape>>, more: Partial<ObjectShape> = {}): ObjectShape => ({
  type: 'object',
  fields,
  ...more,
});

/** What of a value is not as its shape asks. */
export function faultsOf(shape: Shape, value: Json, path: string): readonly Fault[] {
  const faults: Fault[] = [];
  walk(shape, value, path, faults);
  return faults;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !isList(value);
const show = (value: Json): string => {
  const words = JSON.stringify(value);
  return words.length > 60 ? `${words.slice(0, 57)}...` : words;
};

function walk(shape: Shape, value: Json, path: string, faults: Fault[]): void {
  const wrong = (wanted: string): void => {
    faults.push({ kind: 'wrong', path, message: `${path} must be ${wanted}, not ${show(value)}` });
  };
  switch (shape.type) {
    case 'any':
      return;
    case 'text':
      if (typeof value !== 'string') wrong('a text');
      else if (shape.values !== undefined && !shape.values.includes(value)) wrong(`one of ${shape.values.join(', ')}`);
      else if (shape.filled === true && value === '') wrong('filled in');
      return;
    case 'flag':
      if (typeof value !== 'boolean') wrong('true or false');
      return;
    case 'number':
      if (typeof value !== 'number') wrong('a number');
      else if (shape.whole === true && !Number.isInteger(value)) wrong('a whole number');
      else if ((shape.min !== undefined && value < shape.min) || (shape.max !== undefined && value > shape.max))
        wrong(shape.max === undefined ? `at least ${shape.min ?? 0}` : `between ${shape.min ?? 0} and ${shape.max}`);
      return;
    case 'duration':
      if (typeof value !== 'string' || (decodeDurationMs(value) ?? 0) < 1) wrong('a duration of at least 1 ms such as 2s, 1.5s or 100ms');
      return;
    case 'list':
      if (!isList(value)) wrong('a list');
      else {
        if (value.length < (shape.min ?? 0)) wrong(`a list of at least ${shape.min ?? 0}`);
        value.forEach((entry, i) => {
          walk(shape.of, entry, `${path}[${i}]`, faults);
        });
      }
      return;
    case 'map':
      if (!isObject(value)) wrong('an object');
      else for (const [name, entry] of present(value)) walk(shape.of, entry, `${path}.${name}`, faults);
      return;
    case 'object':
      if (!isObject(value)) wrong('an object');
      else walkObject(shape, value, path, faults);
  }
}

/** Members that are set: null is the same as absent, as the API server drops it. */
const present = (value: JsonObject): readonly (readonly [string, Json])[] =>
  Object.entries(value).flatMap(([name, entry]) => (entry === undefined || entry === null ? [] : [[name, entry] as const]));

function walkObject(shape: ObjectShape, value: JsonObject, path: string, faults: Fault[]): void {
  const has = (name: string): boolean => value[name] !== undefined && value[name] !== null;
  for (const name of shape.required ?? []) if (!has(name)) faults.push({ kind: 'wrong', path, message: `${path}.${name} is required` });
  for (const group of shape.exclusive ?? []) {
    const set = group.filter(has);
    if (set.length > 1) faults.push({ kind: 'wrong', path, message: `only one of ${set.join(', ')} may be set in ${path}` });
  }
  for (const [name, entry] of present(value)) {
    const own = shape.fields[name];
    if (own !== undefined) walk(own, entry, `${path}.${name}`, faults);
    else {
      const near = nearest(
        name,
        Object.keys(shape.fields).filter((known) => !has(known)),
      );
      if (near !== null)
        faults.push({ kind: 'unknown', path: `${path}.${name}`, message: `field ${name} is not known; ${near} was probably meant` });
    }
  }
}

/** The known name that differs by a slip of the hand (at most two letters, one in short names), null if none does. */
function nearest(name: string, known: readonly string[]): string | null {
  const limit = name.length < 6 ? 1 : 2;
  const lower = name.toLowerCase();
  return (
    known.find((other) => other.toLowerCase() === lower || (name.length > 2 && distance(lower, other.toLowerCase(), limit) <= limit)) ??
    null
  );
}

/** Edits between two words, a swap of neighbours counted once; more than the limit is not told apart. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}
