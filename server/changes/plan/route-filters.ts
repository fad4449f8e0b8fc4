// Filters of a Gateway API rule. In: rule, type of the filter. Out: its settings; the rule with other settings, other filters untouched.
import type { Json, JsonObject } from '../../../model/inventory';
import { isObject, listAt, objectAt, textAt, withField, withItem, withPart } from './json-edit';

/** Types that Heddle edits, each with the field that holds its settings. */
const FIELDS = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  CORS: 'cors',
} as const;
export type FilterType = keyof typeof FIELDS;

const isOf = (filter: Json | undefined, type: FilterType): filter is JsonObject => isObject(filter) && textAt(filter, 'type') === type;

/** Settings of the first filter of a type; null where there is none. */
export const filterOf = (rule: JsonObject, type: FilterType): JsonObject | null => {
  const filter = listAt(rule, 'filters').find((candidate) => isOf(candidate, type));
  return isObject(filter) ? objectAt(filter, FIELDS[type]) : null;
};

export const countFilters = (rule: JsonObject, type: FilterType): number =>
  listAt(rule, 'filters').filter((filter) => isOf(filter, type)).length;

/** The rule with the first filter of a type set so, or without any of the type. */
export function withFilter(rule: JsonObject, type: FilterType, settings: JsonObject | null): JsonObject {
  const filters = listAt(rule, 'filters');
  const at = filters.findIndex((filter) => isOf(filter, type));
  if (settings === null)
    return at < 0
      ? rule
      : withPart(
          rule,
          'filters',
          filters.filter((filter) => !isOf(filter, type)),
        );
  const old = filters[at];
  if (!isObject(old)) return withField(rule, 'filters', [...filters, { type, [FIELDS[type]]: settings }]);
  return withField(rule, 'filters', withItem<Json>(filters, at, withField(old, FIELDS[type], settings)));
}
