// Strategic merge patch, as apimachinery's strategicpatch package applies it: lists with a merge key are merged item by item, with the directives
// $patch, $setElementOrder, $deleteFromPrimitiveList and $retainKeys. In: value, patch, schema of the value. Out: the new value.
import { assignKey, deepEqual, isList, isRecord, listOf, omit } from '../json';
import { childSchema } from '../schemas/check';
import type { Schema } from '../schemas/schema';

const ORDER = '$setElementOrder/';
const DELETE_PRIMITIVES = '$deleteFromPrimitiveList/';
const DIRECTIVE = '$patch';
const RETAIN = '$retainKeys';

/** The value with a strategic merge patch applied under its schema. */
export function applyStrategicMerge(value: unknown, patch: unknown, schema: Schema | undefined): unknown {
  if (!isRecord(patch)) return patch;
  if (patch[DIRECTIVE] === 'replace') return omit(patch, DIRECTIVE);
  if (patch[DIRECTIVE] === 'delete') return {};
  const retained = patch[RETAIN];
  const before = Object.entries(isRecord(value) ? value : {});
  const kept = before.filter(([key]) => patch[key] !== null && (!isList(retained) || retained.includes(key)));
  const result: Record<string, unknown> = Object.fromEntries(kept);

  for (const [key, part] of Object.entries(patch)) {
    if (key.startsWith(DELETE_PRIMITIVES)) removePrimitives(result, key.slice(DELETE_PRIMITIVES.length), listOf(part));
    if (key.startsWith('$') || part === null) continue;
    const child = schema === undefined ? undefined : childSchema(schema, key);
    if (isList(part)) assignKey(result, key, mergeLists(listOf(result[key]), part, child, patch[`${ORDER}${key}`]));
    else assignKey(result, key, applyStrategicMerge(Object.hasOwn(result, key) ? result[key] : undefined, part, child));
  }
  for (const [key, order] of Object.entries(patch)) {
    const field = key.slice(ORDER.length);
    if (!key.startsWith(ORDER) || patch[field] !== undefined || !isList(result[field])) continue;
    const mergeKey = schema === undefined ? undefined : childSchema(schema, field)?.patchMergeKey;
    result[field] = reorder(result[field], order, mergeKey);
  }
  return result;
}

function removePrimitives(result: Record<string, unknown>, field: string, removed: readonly unknown[]): void {
  const current = result[field];
  if (isList(current)) result[field] = current.filter((item) => !removed.includes(item));
}

function mergeLists(
  current: readonly unknown[],
  patch: readonly unknown[],
  schema: Schema | undefined,
  order: unknown,
): readonly unknown[] {
  if (schema?.patchStrategy === undefined) return patch.map((item) => applyStrategicMerge(undefined, item, schema?.items));
  const { patchMergeKey } = schema;
  if (patchMergeKey === undefined) {
    return reorder([...current, ...patch.filter((item) => !current.some((known) => deepEqual(known, item)))], order, undefined);
  }
  const plain = patch.filter((item) => !(isRecord(item) && item[DIRECTIVE] === 'delete'));
  if (plain.some((item) => isRecord(item) && item[DIRECTIVE] === 'replace')) {
    return plain.filter((item) => !(isRecord(item) && item[DIRECTIVE] === 'replace' && Object.keys(item).length === 1));
  }
  const keyOf = (item: unknown): unknown => (isRecord(item) ? item[patchMergeKey] : undefined);
  const deleted = patch.filter((item) => isRecord(item) && item[DIRECTIVE] === 'delete').map(keyOf);
  const merged = current.filter((item) => !deleted.includes(keyOf(item)));
  for (const item of plain) {
    const index = merged.findIndex((known) => keyOf(known) === keyOf(item));
    if (index < 0) merged.push(applyStrategicMerge(undefined, item, schema.items));
    else merged[index] = applyStrategicMerge(merged[index], item, schema.items);
  }
  return reorder(merged, order, patchMergeKey);
}

/** Items named by the order come in it; an item it does not name stays behind the item it followed. */
function reorder(items: readonly unknown[], order: unknown, mergeKey: string | undefined): readonly unknown[] {
  if (!isList(order)) return items;
  const keyOf = (item: unknown): unknown => (mergeKey === undefined ? item : isRecord(item) ? item[mergeKey] : undefined);
  const wanted = order.map(keyOf);
  const result = wanted.flatMap((key) => items.filter((item) => keyOf(item) === key));
  items.forEach((item, index) => {
    if (wanted.includes(keyOf(item))) return;
    const before = index === 0 ? -1 : result.indexOf(items[index - 1]);
    result.splice(before + 1, 0, item);
  });
  return result;
}
