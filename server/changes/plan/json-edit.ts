// Changing JSON without losing what is not meant: fields keep their place, new ones come last, equal values stay the same object.
// In: Json. Out: Json; nothing is changed in place.
import type { Json, JsonObject } from '../../../model/inventory';

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

export const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !isList(value);

/** A field of its own; what every object inherits (`constructor`) is none. */
export const fieldOf = (object: JsonObject | null, name: string): Json | undefined =>
  object !== null && Object.hasOwn(object, name) ? object[name] : undefined;

/** The object under a name; null where there is none. */
export function objectAt(object: JsonObject | null, name: string): JsonObject | null {
  const value = fieldOf(object, name);
  return isObject(value) ? value : null;
}

/** The list under a name; empty where there is none. */
export function listAt(object: JsonObject | null, name: string): readonly Json[] {
  const value = fieldOf(object, name);
  return isList(value) ? value : [];
}

export function textAt(object: JsonObject | null, name: string): string | null {
  const value = fieldOf(object, name);
  return typeof value === 'string' ? value : null;
}

export function numberAt(object: JsonObject | null, name: string): number | null {
  const value = fieldOf(object, name);
  return typeof value === 'number' ? value : null;
}

/** Texts of a list; other entries are left out. */
export const textsAt = (object: JsonObject | null, name: string): readonly string[] =>
  listAt(object, name).filter((entry) => typeof entry === 'string');

/** Names of the fields that are there (JSON knows no undefined). */
export const fieldsOf = (object: JsonObject): readonly string[] => Object.keys(object).filter((name) => object[name] !== undefined);

/** Equal as JSON: the order of fields does not count, that of lists does. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = fieldsOf(a);
  return names.length === fieldsOf(b).length && names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name]));
}

/** The object with a field set (in its place, or last) or, where the value is undefined, without it. */
export function withField(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  if (value === undefined) {
    if (!Object.hasOwn(object, name)) return object;
    return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
  }
  return Object.hasOwn(object, name) && sameJson(object[name], value) ? object : { ...object, [name]: value };
}

/** Several fields at once, in the order in which they are given. */
export const withFields = (object: JsonObject, fields: JsonObject): JsonObject =>
  Object.entries(fields).reduce((so, [name, value]) => withField(so, name, value), object);

/** As withField for a field that holds an object or a list: an empty one is left out. */
export function withPart(object: JsonObject, name: string, part: JsonObject | readonly Json[]): JsonObject {
  const empty = isList(part) ? part.length === 0 : fieldsOf(part).length === 0;
  return withField(object, name, empty ? undefined : part);
}

/** `wanted` with its fields in the order in which `written` has them. */
export function inOrderOf(written: Json | undefined, wanted: Json): Json {
  if (written !== undefined && sameJson(written, wanted)) return written;
  if (!isObject(written) || !isObject(wanted)) return wanted;
  const names = [
    ...fieldsOf(written).filter((name) => fieldOf(wanted, name) !== undefined),
    ...fieldsOf(wanted).filter((name) => fieldOf(written, name) === undefined),
  ];
  return Object.fromEntries(names.map((name) => [name, inOrderOf(fieldOf(written, name), wanted[name] ?? null)]));
}

/** The list with one item replaced. */
export const withItem = <T>(list: readonly T[], at: number, item: T): readonly T[] => list.map((old, i) => (i === at ? item : old));

/** The list with an item before the one at `at`. */
export const withInserted = <T>(list: readonly T[], at: number, item: T): readonly T[] => [...list.slice(0, at), item, ...list.slice(at)];

export const withoutItem = <T>(list: readonly T[], at: number): readonly T[] => list.filter((_, i) => i !== at);

/** Canonical text: fields sorted, so that equal JSON has equal text. */
export function canonicalJson(value: Json | undefined): string {
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const fields = [...fieldsOf(value)].sort().map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`);
  return `{${fields.join(',')}}`;
}
