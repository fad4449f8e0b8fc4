// Plain JSON values: guards, deep equality, deep freezing, and reading by a path of keys. In: unknown values. Out: the same, narrowed.

export type JsonRecord = Readonly<Record<string, unknown>>;

/** True for a JSON object (not null, not a list). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a list; unlike Array.isArray it narrows to unknown items, never to any. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The record, or an empty one where the value is anything else. */
export function recordOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

/** The list, or an empty one where the value is anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return isList(value) ? value : [];
}

/** The string, or undefined where the value is anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The strings of a list, anything else in it left out. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item): item is string => typeof item === 'string');
}

/** The value under nested keys, or undefined where the path leaves the objects. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let current: unknown = value;
  for (const key of path) {
    if (!isRecord(current)) return undefined;
    current = Object.hasOwn(current, key) ? current[key] : undefined;
  }
  return current;
}

/** Deep equality of JSON values; a key holding undefined equals an absent key. */
export function deepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (isList(left)) return isList(right) && left.length === right.length && left.every((item, index) => deepEqual(item, right[index]));
  if (!isRecord(left) || !isRecord(right)) return false;
  const leftKeys = Object.keys(left).filter((key) => left[key] !== undefined);
  const rightCount = Object.keys(right).filter((key) => right[key] !== undefined).length;
  return leftKeys.length === rightCount && leftKeys.every((key) => right[key] !== undefined && deepEqual(left[key], right[key]));
}

/** Freezes a value we own, in depth; a part that is already frozen is taken as frozen in depth (it came from a stored object). */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item);
  return value;
}

/** The record without some keys. */
export function omit(record: JsonRecord, ...keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

/** Sets one own key, also where the key is "__proto__". */
export function assignKey(record: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The value without any object key that holds null: the API server reads null as "not set" (nullable fields of our kinds included). */
export function withoutNulls(value: unknown): unknown {
  if (isList(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== null && item !== undefined) assignKey(result, key, withoutNulls(item));
  }
  return result;
}
