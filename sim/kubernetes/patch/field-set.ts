// Sets of field paths, as managedFields records them (structured-merge-diff's fieldpath.Set, encoded as FieldsV1). A path element is written as
// FieldsV1 writes it: f:<field>, k:<list item keys>, v:<set item>. In: tries and values. Out: new tries; nothing is changed in place.
import { isRecord } from '../json';

export interface FieldSet {
  /** The path that ends here is in the set itself, besides what lies under it. */
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const emptySet: FieldSet = { member: false, children: new Map() };
export const leaf: FieldSet = { member: true, children: new Map() };

export function isEmptySet(set: FieldSet): boolean {
  return !set.member && set.children.size === 0;
}

/** A set of what its children say; empty children fall away. */
export function setOf(children: Iterable<readonly [string, FieldSet]>, member = false): FieldSet {
  return { member, children: new Map([...children].filter(([, child]) => !isEmptySet(child))) };
}

export function unite(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(left)) return right;
  if (isEmptySet(right)) return left;
  const keys = new Set([...left.children.keys(), ...right.children.keys()]);
  return setOf(
    [...keys].map((key) => [key, unite(left.children.get(key) ?? emptySet, right.children.get(key) ?? emptySet)] as const),
    left.member || right.member,
  );
}

export function intersect(left: FieldSet, right: FieldSet): FieldSet {
  const shared = [...left.children].map(([key, child]) => [key, intersect(child, right.children.get(key) ?? emptySet)] as const);
  return setOf(shared, left.member && right.member);
}

export function subtract(left: FieldSet, right: FieldSet): FieldSet {
  const rest = [...left.children].map(([key, child]) => {
    const other = right.children.get(key);
    return [key, other === undefined ? child : subtract(child, other)] as const;
  });
  return setOf(rest, left.member && !right.member);
}

export function equalSets(left: FieldSet, right: FieldSet): boolean {
  return (
    left.member === right.member &&
    left.children.size === right.children.size &&
    [...left.children].every(([key, child]) => {
      const other = right.children.get(key);
      return other !== undefined && equalSets(child, other);
    })
  );
}

/** Every path of the set, in order, as lists of elements. */
export function listPaths(set: FieldSet, prefix: readonly string[] = []): readonly (readonly string[])[] {
  const below = [...set.children].flatMap(([key, child]) => listPaths(child, [...prefix, key]));
  return set.member ? [prefix, ...below] : below;
}

/** A path as conflict messages write it: `.spec.containers[name="a"].image`. */
export function formatPath(path: readonly string[]): string {
  return path
    .map((element) => {
      const text = element.slice(2);
      if (element.startsWith('f:')) return `.${text}`;
      if (element.startsWith('v:')) return `[=${text}]`;
      const keys = decodeKeys(text);
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}

function decodeKeys(text: string): readonly (readonly [string, unknown])[] {
  try {
    const keys: unknown = JSON.parse(text);
    return isRecord(keys) ? Object.entries(keys) : [];
  } catch {
    return [];
  }
}

export function encodeFields(set: FieldSet): Readonly<Record<string, unknown>> {
  const children = [...set.children].sort(([left], [right]) => (left < right ? -1 : 1));
  const encoded = children.map(([key, child]) => [key, encodeFields(child)] as const);
  return { ...(set.member && encoded.length > 0 ? { '.': {} } : {}), ...Object.fromEntries(encoded) };
}

/** Reads FieldsV1; what is not of its form is left out. */
export function decodeFields(fields: unknown): FieldSet {
  if (!isRecord(fields)) return emptySet;
  const children = Object.entries(fields)
    .filter(([key]) => /^[fkvi]:/.test(key))
    .map(([key, value]) => [key, decodeNode(value)] as const);
  return setOf(children, Object.hasOwn(fields, '.'));
}

function decodeNode(value: unknown): FieldSet {
  const node = decodeFields(value);
  return node.children.size === 0 ? leaf : node;
}
