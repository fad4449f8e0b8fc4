// Values under their schema, as server-side apply sees them (structured-merge-diff's typed package): which paths a value sets, how two values
// differ, how an applied value merges into a live one, and how given-up paths are taken out.
import { assignKey, deepEqual, isList, isRecord } from '../json';
import { childSchema } from '../schemas/check';
import type { Schema } from '../schemas/schema';
import { emptySet, type FieldSet, leaf, setOf, unite } from './field-set';

type Shape = 'leaf' | 'map' | 'list';

/** Lists without a list type and maps marked atomic have one owner; maps are granular; what has no schema is deduced (maps granular). */
function shapeOf(value: unknown, schema: Schema | undefined): Shape {
  if (isRecord(value)) return schema?.mapType === 'atomic' || schema?.intOrString === true ? 'leaf' : 'map';
  if (isList(value)) return schema?.listType === 'map' || schema?.listType === 'set' ? 'list' : 'leaf';
  return 'leaf';
}

const isEmptyContainer = (value: unknown): boolean =>
  isRecord(value) ? Object.keys(value).length === 0 : isList(value) && value.length === 0;

/** The path element of an item of an associative list; keys that the item lacks take their default. */
function itemElement(item: unknown, schema: Schema): string {
  if (schema.listType !== 'map' || !isRecord(item)) return `v:${JSON.stringify(item)}`;
  const keys = (schema.listKeys ?? [])
    .map((key) => [key, item[key] ?? schema.items?.properties?.[key]?.default] as const)
    .filter(([, value]) => value !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return `k:${JSON.stringify(Object.fromEntries(keys))}`;
}

function itemsByElement(list: unknown, schema: Schema): ReadonlyMap<string, unknown> {
  return new Map((isList(list) ? list : []).map((item) => [itemElement(item, schema), item]));
}

/** The paths that a value sets. */
export function fieldsOf(value: unknown, schema: Schema | undefined): FieldSet {
  switch (shapeOf(value, schema)) {
    case 'leaf':
      return leaf;
    case 'map': {
      const entries = Object.entries(isRecord(value) ? value : {});
      return setOf(
        entries.map(([key, item]) => {
          const inside = fieldsOf(item, schema === undefined ? undefined : childSchema(schema, key));
          const named = schema?.properties !== undefined && Object.hasOwn(schema.properties, key);
          const empty = isRecord(item) && Object.keys(item).length === 0;
          return [`f:${key}`, empty || !named ? { ...inside, member: true } : inside] as const;
        }),
      );
    }
    case 'list':
      return setOf(
        [...itemsByElement(value, schema ?? {})].map(([element, item]) => {
          const inside = schema?.listType === 'set' ? emptySet : fieldsOf(item, schema?.items);
          return [element, { ...inside, member: true }] as const;
        }),
      );
  }
}

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

const unchanged: Comparison = { added: emptySet, modified: emptySet, removed: emptySet };

/** What changed from one value to another; undefined stands for an absent value. */
export function compareValues(from: unknown, to: unknown, schema: Schema | undefined): Comparison {
  const shape = shapeOf(to ?? from, schema);
  const comparable = from === undefined || to === undefined || shapeOf(from, schema) === shape;
  const bothEmpty = (from === undefined || isEmptyContainer(from)) && (to === undefined || isEmptyContainer(to));
  if (shape === 'leaf' || !comparable || bothEmpty) return compareLeaves(from, to);
  const [before, after] =
    shape === 'map' ? [entriesOf(from), entriesOf(to)] : [itemsByElement(from, schema ?? {}), itemsByElement(to, schema ?? {})];
  const elements = new Set([...before.keys(), ...after.keys()]);
  const parts = [...elements].map((element) => {
    const inner =
      shape === 'map' && schema !== undefined ? childSchema(schema, element.slice(2)) : shape === 'list' ? schema?.items : undefined;
    const [left, right] = [before.get(element), after.get(element)];
    const part = compareValues(left, right, schema?.listType === 'set' ? undefined : inner);
    return [element, isPlainStruct(element, inner) ? part : withItself(part, left, right)] as const;
  });
  const gather = (pick: keyof Comparison): FieldSet => setOf(parts.map(([element, part]) => [element, part[pick]] as const));
  return { added: gather('added'), modified: gather('modified'), removed: gather('removed') };
}

function compareLeaves(from: unknown, to: unknown): Comparison {
  if (deepEqual(from, to)) return unchanged;
  if (from === undefined) return { ...unchanged, added: leaf };
  return to === undefined ? { ...unchanged, removed: leaf } : { ...unchanged, modified: leaf };
}

/** A field or item that came or went is itself added or removed, besides what is in it. */
function withItself(part: Comparison, from: unknown, to: unknown): Comparison {
  if (from === undefined) return { ...part, added: unite(part.added, leaf) };
  return to === undefined ? { ...part, removed: unite(part.removed, leaf) } : part;
}

/** Go structs embedded by value (spec, template...) always exist in a built-in object, so nobody owns them as such. */
function isPlainStruct(element: string, schema: Schema | undefined): boolean {
  const plain = ['f:spec', 'f:status', 'f:template', 'f:metadata', 'f:strategy', 'f:updateStrategy', 'f:jobTemplate'];
  return schema?.component !== undefined && plain.includes(element);
}

function entriesOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(isRecord(value) ? value : {}).map(([key, item]) => [`f:${key}`, item]));
}

/** The live value with an applied one merged over it. */
export function mergeApplied(live: unknown, applied: unknown, schema: Schema | undefined): unknown {
  const shape = shapeOf(applied, schema);
  if (shape === 'leaf' || shapeOf(live, schema) !== shape) return applied;
  if (shape === 'list') return mergeAppliedLists(live, applied, schema ?? {});
  const result: Record<string, unknown> = isRecord(live) ? { ...live } : {};
  for (const [key, item] of Object.entries(isRecord(applied) ? applied : {})) {
    const known = Object.hasOwn(result, key) ? result[key] : undefined;
    assignKey(result, key, mergeApplied(known, item, schema === undefined ? undefined : childSchema(schema, key)));
  }
  return result;
}

/** Items keep the applied order; items only the live list has stay before the shared item they stood before. */
function mergeAppliedLists(live: unknown, applied: unknown, schema: Schema): readonly unknown[] {
  const before = [...itemsByElement(live, schema)];
  const wanted = itemsByElement(applied, schema);
  const known = new Map(before);
  const result: unknown[] = [];
  let position = 0;
  const takeLiveOnly = (): void => {
    for (let item = before[position]; item !== undefined && !wanted.has(item[0]); item = before[position]) {
      result.push(item[1]);
      position += 1;
    }
  };
  for (const [element, item] of wanted) {
    takeLiveOnly();
    result.push(known.has(element) ? mergeApplied(known.get(element), item, schema.items) : item);
    if (before[position]?.[0] === element) position += 1;
  }
  for (const [element, item] of before.slice(position)) if (!wanted.has(element)) result.push(item);
  return result;
}

/** Takes out the paths of `given` that nobody owns any more; a container that becomes empty by it goes too. */
export function removeUnowned(value: unknown, schema: Schema | undefined, given: FieldSet, owned: FieldSet): unknown {
  const shape = shapeOf(value, schema);
  if (shape === 'map' && isRecord(value)) {
    const result: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      const kept = keepOwned(
        item,
        schema === undefined ? undefined : childSchema(schema, key),
        given.children.get(`f:${key}`),
        owned.children.get(`f:${key}`),
      );
      if (kept !== undefined) assignKey(result, key, kept);
    }
    return result;
  }
  if (shape !== 'list' || !isList(value)) return value;
  return value.flatMap((item) => {
    const element = itemElement(item, schema ?? {});
    const kept = keepOwned(item, schema?.items, given.children.get(element), owned.children.get(element));
    return kept === undefined ? [] : [kept];
  });
}

function keepOwned(item: unknown, schema: Schema | undefined, given: FieldSet | undefined, owned: FieldSet | undefined): unknown {
  if (given === undefined) return item;
  if (given.member && owned === undefined) return undefined;
  const kept = removeUnowned(item, schema, given, owned ?? emptySet);
  return owned === undefined && isEmptyContainer(kept) && !isEmptyContainer(item) ? undefined : kept;
}
