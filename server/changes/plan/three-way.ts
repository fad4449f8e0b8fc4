// Two changes of one object brought together. In: base, mine, theirs. Out: the merged manifest, or the places that both changed differently.
// Fields and items that one side changed are taken from it; the order of fields is that of theirs, which is what the cluster has.
import type { Manifest, MergeConflict } from '../../../model/change';
import type { Json, JsonObject } from '../../../model/inventory';
import { alignLists } from './align-lists';
import { fieldOf, fieldsOf, isList, isObject, sameJson } from './json-edit';
import { manifestJson } from './manifest-of';

/** `merged` null with no conflicts: the object shall not be. */
export interface Merge {
  readonly merged: Manifest | null;
  readonly conflicts: readonly MergeConflict[];
}

/** Conflicts leave `merged` null. A manifest is null where the object does not exist on that side. */
export function threeWay(base: Manifest | null, mine: Manifest | null, theirs: Manifest | null): Merge {
  const conflicts: MergeConflict[] = [];
  const jsonOf = (manifest: Manifest | null): Json | undefined => (manifest === null ? undefined : manifestJson(manifest));
  const merged = mergeValue(jsonOf(base), jsonOf(mine), jsonOf(theirs), '', conflicts);
  // The parts of three manifests put together make a manifest.
  return { merged: conflicts.length > 0 || merged === undefined ? null : (merged as unknown as Manifest), conflicts };
}

function mergeValue(
  base: Json | undefined,
  mine: Json | undefined,
  theirs: Json | undefined,
  path: string,
  conflicts: MergeConflict[],
): Json | undefined {
  if (sameJson(mine, theirs)) return theirs;
  if (sameJson(mine, base)) return theirs;
  if (sameJson(theirs, base)) return mine;
  if (isObject(mine) && isObject(theirs)) return mergeObjects(isObject(base) ? base : {}, mine, theirs, path, conflicts);
  if (isList(base) && isList(mine) && isList(theirs)) {
    const merged = mergeLists(base, mine, theirs, path, conflicts);
    if (merged !== null) return merged;
  }
  conflicts.push({ path, base: base ?? null, mine: mine ?? null, theirs: theirs ?? null });
  return theirs;
}

function mergeObjects(base: JsonObject, mine: JsonObject, theirs: JsonObject, path: string, conflicts: MergeConflict[]): JsonObject {
  const names = [...fieldsOf(theirs), ...fieldsOf(mine).filter((name) => fieldOf(theirs, name) === undefined)];
  const merged: [string, Json][] = [];
  for (const name of names) {
    const place = path === '' ? name : `${path}.${name}`;
    const value = mergeValue(fieldOf(base, name), fieldOf(mine, name), fieldOf(theirs, name), place, conflicts);
    if (value !== undefined) merged.push([name, value]);
  }
  return Object.fromEntries(merged);
}

/** What one side did to each item of the base, and what it put before it (or, at the end, behind the last). */
interface SideOfList {
  readonly items: readonly (Json | undefined)[];
  readonly before: readonly (readonly Json[])[];
}

function readSide(base: readonly Json[], side: readonly Json[]): SideOfList {
  const items: (Json | undefined)[] = base.map(() => undefined);
  const before: Json[][] = Array.from({ length: base.length + 1 }, () => []);
  let gap = 0;
  for (const { from, to } of alignLists(base, side)) {
    if (from !== null) {
      gap = from + 1;
      if (to !== null) items[from] = side[to];
    } else before[gap]?.push(side[to] ?? null);
  }
  return { items, before };
}

/** Null where both put different items into the same place. */
function mergeLists(
  base: readonly Json[],
  mine: readonly Json[],
  theirs: readonly Json[],
  path: string,
  conflicts: MergeConflict[],
): readonly Json[] | null {
  const me = readSide(base, mine);
  const them = readSide(base, theirs);
  const merged: Json[] = [];
  const found: MergeConflict[] = [];
  for (let i = 0; i <= base.length; i += 1) {
    const [ours = [], others = []] = [me.before[i], them.before[i]];
    if (ours.length > 0 && others.length > 0 && !sameJson(ours, others)) return null;
    merged.push(...(others.length > 0 ? others : ours));
    if (i === base.length) break;
    const value = mergeValue(base[i], me.items[i], them.items[i], `${path}[${i}]`, found);
    if (value !== undefined) merged.push(value);
  }
  conflicts.push(...found);
  return merged;
}
