// The smallest way from one manifest to another as RFC 6902 operations, and back from operations to a manifest.
// In: two JSON values. Out: add, replace, remove. Lists are aligned so that equal and similar items stay where they are.
import type { PatchOperation } from '../../../model/change';
import type { Json, JsonObject } from '../../../model/inventory';
import { alignLists } from './align-lists';
import { fieldsOf, isList, isObject, sameJson, withField, withInserted, withItem, withoutItem } from './json-edit';

/** RFC 6901: `~` and `/` in a name are escaped. */
const escapeName = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
const unescapeName = (name: string): string => name.replaceAll('~1', '/').replaceAll('~0', '~');

/** Operations that make `after` of `before`, to be done in order. */
export function diffJson(before: Json, after: Json, path = ''): readonly PatchOperation[] {
  if (sameJson(before, after)) return [];
  if (isObject(before) && isObject(after)) return diffObjects(before, after, path);
  if (isList(before) && isList(after)) return diffLists(before, after, path);
  return [{ op: 'replace', path, value: after }];
}

function diffObjects(before: JsonObject, after: JsonObject, path: string): readonly PatchOperation[] {
  const found: PatchOperation[] = [];
  for (const name of fieldsOf(before)) {
    const place = `${path}/${escapeName(name)}`;
    const next = Object.hasOwn(after, name) ? after[name] : undefined;
    if (next === undefined) found.push({ op: 'remove', path: place });
    else found.push(...diffJson(before[name] ?? null, next, place));
  }
  for (const name of fieldsOf(after))
    if (!Object.hasOwn(before, name) || before[name] === undefined)
      found.push({ op: 'add', path: `${path}/${escapeName(name)}`, value: after[name] ?? null });
  return found;
}

/** Each operation sees the list as those before it have left it: `at` is the place in that list. */
function diffLists(before: readonly Json[], after: readonly Json[], path: string): readonly PatchOperation[] {
  const found: PatchOperation[] = [];
  let at = 0;
  for (const { from, to } of alignLists(before, after)) {
    const place = `${path}/${at}`;
    if (to === null) found.push({ op: 'remove', path: place });
    else {
      if (from === null) found.push({ op: 'add', path: place, value: after[to] ?? null });
      else found.push(...diffJson(before[from] ?? null, after[to] ?? null, place));
      at += 1;
    }
  }
  return found;
}

/** The value that the operations make of another. @throws Error where an operation means a place that is not there. */
export const applyPatch = (value: Json, patch: readonly PatchOperation[]): Json => patch.reduce(applyOperation, value);

function applyOperation(value: Json, operation: PatchOperation): Json {
  const [root, ...names] = operation.path.split('/').map(unescapeName);
  if (root !== '') throw new Error(`${operation.path} is no JSON pointer`);
  if (names.length === 0) {
    if (operation.op === 'remove') throw new Error('the whole document cannot be removed');
    return operation.value;
  }
  return applyAt(value, names, operation);
}

function applyAt(value: Json, names: readonly string[], operation: PatchOperation): Json {
  const [name = '', ...rest] = names;
  if (isList(value)) {
    const at = name === '-' ? value.length : Number(name);
    const last = operation.op === 'add' && rest.length === 0 ? value.length : value.length - 1;
    if (!Number.isInteger(at) || at < 0 || at > last) throw new Error(`${operation.path} is not there`);
    if (rest.length > 0) return withItem(value, at, applyAt(value[at] ?? null, rest, operation));
    if (operation.op === 'remove') return withoutItem(value, at);
    return operation.op === 'add' ? withInserted(value, at, operation.value) : withItem(value, at, operation.value);
  }
  if (!isObject(value)) throw new Error(`${operation.path} is not there`);
  const old = Object.hasOwn(value, name) ? value[name] : undefined;
  if (old === undefined && (rest.length > 0 || operation.op !== 'add')) throw new Error(`${operation.path} is not there`);
  if (rest.length > 0) return { ...value, [name]: applyAt(old ?? null, rest, operation) };
  return operation.op === 'remove' ? withField(value, name, undefined) : { ...value, [name]: operation.value };
}
