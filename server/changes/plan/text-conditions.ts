// Conditions on texts as VirtualServices and Gateway API routes write them. In: TextCondition, what is written. Out: JSON, kept where it
// already says so.
import type { NamedCondition, TextCondition } from '../../../model/edit';
import type { Json, JsonObject } from '../../../model/inventory';
import { fieldOf, fieldsOf, isObject, listAt, textAt, withField, withFields, withPart } from './json-edit';

/** True when Istio's StringMatch says the condition; presence is an empty one or the regex `*`. */
function saysMatch(written: Json | undefined, condition: TextCondition): boolean {
  if (!isObject(written)) return false;
  if (condition.type === 'present') return fieldsOf(written).length === 0 || textAt(written, 'regex') === '*';
  return textAt(written, condition.type) === condition.value && fieldsOf(written).length === 1;
}

/** A StringMatch; the written one where it says the same. */
export const stringMatchLike = (written: Json | undefined, condition: TextCondition): JsonObject =>
  isObject(written) && saysMatch(written, condition) ? written : condition.type === 'present' ? {} : { [condition.type]: condition.value };

/** A map of StringMatches by header or parameter; an entry that is written already keeps its name and place. */
export function namedMatchesLike(written: JsonObject | null, wanted: readonly NamedCondition[], ignoreCase: boolean): JsonObject {
  const keyOf = (name: string): string => (ignoreCase && !name.startsWith('@') ? name.toLowerCase() : name);
  const asked = new Map(wanted.map(({ name, condition }) => [keyOf(name), condition]));
  const kept: [string, Json][] = [];
  for (const name of fieldsOf(written ?? {})) {
    const condition = asked.get(keyOf(name));
    if (condition !== undefined) kept.push([name, stringMatchLike(fieldOf(written, name), condition)]);
    asked.delete(keyOf(name));
  }
  return Object.fromEntries([
    ...kept,
    ...[...asked].map(([name, condition]): [string, Json] => [name, stringMatchLike(undefined, condition)]),
  ]);
}

/** RE2 matches the whole text: the characters of a prefix are meant as they are. */
const prefixRegex = (prefix: string): string => `${prefix.replace(/[.\\+*?()|[\]{}^$]/g, '\\$&')}.*`;

/** Type and value of a header or parameter in the Gateway API, which knows exact and regex only. */
function apiValue(condition: TextCondition): { readonly type: 'Exact' | 'RegularExpression'; readonly value: string } {
  switch (condition.type) {
    case 'exact':
      return { type: 'Exact', value: condition.value };
    case 'regex':
      return { type: 'RegularExpression', value: condition.value };
    case 'prefix':
      return { type: 'RegularExpression', value: prefixRegex(condition.value) };
    case 'present':
      return { type: 'RegularExpression', value: '.*' };
  }
}

/** A list of `{type, name, value}`; an entry that is written already keeps its place and other fields. */
export function apiNamedLike(block: JsonObject, list: string, wanted: readonly NamedCondition[], ignoreCase: boolean): JsonObject {
  const keyOf = (name: string): string => (ignoreCase ? name.toLowerCase() : name);
  const asked = new Map(wanted.map((one) => [keyOf(one.name), one]));
  const kept: Json[] = [];
  for (const entry of listAt(block, list)) {
    const key = isObject(entry) ? keyOf(textAt(entry, 'name') ?? '') : '';
    const one = asked.get(key);
    if (isObject(entry) && one !== undefined) kept.push(withApiValue(entry, apiValue(one.condition)));
    asked.delete(key);
  }
  const added = [...asked.values()].map(({ name, condition }): Json => withApiValue({ name }, apiValue(condition)));
  return withPart(block, list, [...kept, ...added]);
}

/** `Exact` is the default and need not be written. */
function withApiValue(entry: JsonObject, { type, value }: ReturnType<typeof apiValue>): JsonObject {
  if ((textAt(entry, 'type') ?? 'Exact') === type) return withField(entry, 'value', value);
  return withFields(entry, { type, value });
}
