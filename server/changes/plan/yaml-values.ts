// Values that YAML can say and JSON cannot. In: what the parser gave. Out: the first that the cluster could not keep, with its path.
import type { Json } from '../../../model/inventory';

export interface ForeignValue {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly next: string;
}

const MAX_DEPTH = 100;

export function findForeignValue(value: unknown, path: readonly (string | number)[] = []): ForeignValue | null {
  if (path.length > MAX_DEPTH)
    return { path, message: `the text is nested more than ${MAX_DEPTH} levels deep`, next: 'Write it with fewer levels.' };
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return null;
    case 'number':
      if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return null;
      return { path, message: `${value} cannot be kept exactly`, next: 'Write a smaller number, or put it into quotes.' };
    case 'object':
      break;
    default:
      return { path, message: `a ${typeof value} cannot be kept`, next: 'Write a text, a number, true or false.' };
  }
  if (value === null) return null;
  if (Array.isArray(value)) {
    for (const [i, item] of (value as readonly unknown[]).entries()) {
      const found = findForeignValue(item, [...path, i]);
      if (found !== null) return found;
    }
    return null;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype)
    return { path, message: 'this kind of value cannot be kept', next: 'Write it as text.' };
  for (const [name, item] of Object.entries(value as Readonly<Record<string, Json>>)) {
    if (name === '__proto__') return { path: [...path, name], message: 'no field may have this name', next: 'Remove it.' };
    const found = findForeignValue(item, [...path, name]);
    if (found !== null) return found;
  }
  return null;
}
