// Any difference in words, by its path: for what has no words of its own. In: two JSON values. Out: a line each.
import type { Json, JsonObject } from '../../../model/inventory';
import { alignLists } from './align-lists';
import { fieldOf, fieldsOf, isList, isObject, sameJson } from './json-edit';

const LONGEST = 80;

/** A value in a line: texts as they are, objects as JSON, cut. */
export function valueText(value: Json | undefined): string {
  if (value === undefined || value === null) return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const shown = text === '' ? '""' : text;
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}

/** `a → b` at each place that differs, `timeouts.request: none → 2s`. */
export function leafWords(before: Json | undefined, after: Json | undefined, path: string): readonly string[] {
  if (sameJson(before, after)) return [];
  if (isObject(before) && isObject(after)) return fieldWords(before, after, path, () => true);
  if (isList(before) && isList(after) && [...before, ...after].some((item) => isObject(item)))
    return alignLists(before, after).flatMap(({ from, to }) =>
      leafWords(from === null ? undefined : before[from], to === null ? undefined : after[to], `${path}[${to ?? from}]`),
    );
  return [`${path === '' ? 'the object' : path}: ${valueText(before)} → ${valueText(after)}`];
}

/** The same for the fields of two objects that `includes` names. */
export function fieldWords(before: JsonObject, after: JsonObject, path: string, includes: (name: string) => boolean): readonly string[] {
  const names = [...new Set([...fieldsOf(before), ...fieldsOf(after)])].filter(includes);
  return names.flatMap((name) => leafWords(fieldOf(before, name), fieldOf(after, name), path === '' ? name : `${path}.${name}`));
}
