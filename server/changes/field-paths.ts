// Which of the fields that somebody manages a patch touches. Pure. In: FieldsV1, JSON pointers of a patch. Out: paths, `spec.http`.
// Source: structured-merge-diff, fieldpath/serialize-pe.go: `f:name` a field, `k:{…}` an item by its keys, `v:…` by its value, `i:n` by its place.
import type { Json, JsonObject } from '../../model/inventory';

const isObject = (x: Json | undefined): x is JsonObject => typeof x === 'object' && x !== null && !Array.isArray(x);
const partOf = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

/** Fields of `fields` that lie on, above or below what the pointers name; as far as both name the same, list items as one. */
export function touchedFields(fields: JsonObject, pointers: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const pointer of pointers) {
    const path = follow(fields, pointer.split('/').slice(1).map(partOf), []);
    if (path !== null) found.add(path);
  }
  return [...found].sort();
}

/** How far a pointer leads into the set; null where the set holds nothing there. */
function follow(fields: JsonObject, parts: readonly string[], walked: readonly string[]): string | null {
  const [part, ...rest] = parts;
  if (part === undefined) return walked.join('.');
  const field = fields[`f:${part}`];
  if (isObject(field)) {
    const inner = Object.keys(field).filter((key) => key !== '.');
    // A leaf: the whole below it is one value of the manager's (atomic lists and maps, which CRDs have by default).
    return inner.length === 0 ? [...walked, part].join('.') : follow(field, rest, [...walked, part]);
  }
  // An item of a list is named by its keys or value there and by its place here: any of them may be meant.
  const items = Object.entries(fields).filter(([key]) => /^[kvi]:/.test(key));
  if (items.length > 0 && /^(?:\d+|-)$/.test(part)) {
    for (const [, item] of items) {
      const path = isObject(item) ? follow(item, rest, walked) : null;
      if (path !== null) return path;
    }
  }
  return null;
}
