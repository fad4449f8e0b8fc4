// What a step changes, in words. In: manifests before and after. Out: a line each, "rule 1: v1 100 → 80, v2 0 → 20".
import type { Manifest } from '../../../model/change';
import type { ConfigRef } from '../../../model/edit';
import type { Json, JsonObject } from '../../../model/inventory';
import { alignLists } from './align-lists';
import { objectsOf } from './destinations';
import { DISABLED_RULES, type DisabledRule, readDisabledRules } from './disabled-rules';
import { fieldOf, fieldsOf, isObject, listAt, sameJson, textAt } from './json-edit';
import { fieldWords, leafWords, valueText } from './leaf-words';
import { manifestJson } from './manifest-of';
import { ruleChanges, ruleWords } from './rule-words';

const RULE_FIELDS = ['http', 'tls', 'tcp', 'rules'] as const;

/** Lines that say what changes; at least one where anything does. */
export function describeChange(ref: ConfigRef, before: Manifest | null, after: Manifest | null, domain: string): readonly string[] {
  const name = `${ref.kind} ${ref.namespace}/${ref.name}`;
  if (before === null) return after === null ? [] : [`${name} is new`, ...contentWords(ref, after.spec, domain)];
  if (after === null) return [`${name} is deleted`];
  const lines = [
    ...leafWords(before.apiVersion, after.apiVersion, 'apiVersion'),
    ...mapWords('label', before.metadata.labels, after.metadata.labels),
    ...mapWords('annotation', before.metadata.annotations, after.metadata.annotations),
    ...specWords(ref, before, after, domain),
  ];
  // What no line above tells is told by its path.
  return lines.length > 0 ? lines : leafWords(manifestJson(before), manifestJson(after), '');
}

const titleOf = (field: string, index: number): string => `${field === 'http' || field === 'rules' ? '' : `${field} `}rule ${index + 1}`;

function contentWords(ref: ConfigRef, spec: JsonObject, domain: string): readonly string[] {
  const rules = RULE_FIELDS.flatMap((field) =>
    objectsOf(listAt(spec, field)).map((rule, i) => `${titleOf(field, i)}: ${ruleWords(rule, ref, domain)}`),
  );
  return [...rules, ...objectsOf(listAt(spec, 'subsets')).map((subset) => `subset ${textAt(subset, 'name') ?? ''}: ${labelWords(subset)}`)];
}

function labelWords(subset: JsonObject): string {
  const labels = fieldOf(subset, 'labels');
  return isObject(labels)
    ? fieldsOf(labels)
        .map((name) => `${name} ${valueText(labels[name])}`)
        .join(', ')
    : 'no labels';
}

function mapWords(
  noun: string,
  before: Readonly<Record<string, string>> = {},
  after: Readonly<Record<string, string>> = {},
): readonly string[] {
  return fieldWords(before, after, '', (name) => name !== DISABLED_RULES).map((line) => `${noun} ${line}`);
}

function specWords(ref: ConfigRef, before: Manifest, after: Manifest, domain: string): readonly string[] {
  const off = newlyIn(after, before);
  const on = newlyIn(before, after);
  const lines = RULE_FIELDS.flatMap((field) => listWords(ref, field, before.spec, after.spec, off, on, domain));
  const told: readonly string[] = [...RULE_FIELDS, ...(ref.kind === 'DestinationRule' ? ['subsets'] : [])];
  const subsets = ref.kind === 'DestinationRule' ? subsetWords(before.spec, after.spec) : [];
  return [...lines, ...subsets, ...fieldWords(before.spec, after.spec, '', (name) => !told.includes(name))];
}

/** Disabled rules of one form that are not among those of the other. */
function newlyIn(one: Manifest, other: Manifest): readonly DisabledRule[] {
  const known = readDisabledRules(other.metadata.annotations) ?? [];
  return (readDisabledRules(one.metadata.annotations) ?? []).filter(({ rule }) => !known.some((old) => sameJson(old.rule, rule)));
}

function listWords(
  ref: ConfigRef,
  field: string,
  before: JsonObject,
  after: JsonObject,
  off: readonly DisabledRule[],
  on: readonly DisabledRule[],
  domain: string,
): readonly string[] {
  const old = listAt(before, field);
  const now = listAt(after, field);
  const pairs = alignLists(old, now);
  const removed = pairs.flatMap(({ from, to }) => (from !== null && to === null ? [from] : []));
  const moved = new Map<number, number>();
  for (const { from, to } of pairs) {
    if (from !== null) continue;
    const source = removed.find((place) => !moved.has(place) && sameJson(old[place], now[to]));
    if (source !== undefined) moved.set(source, to);
  }
  return pairs.flatMap(({ from, to }): readonly string[] => {
    if (from !== null) {
      if (to !== null) return pairWords(ref, titleOf(field, to), old[from], now[to], domain);
      const target = moved.get(from);
      if (target !== undefined) return [`${titleOf(field, from)} becomes ${titleOf(field, target)}`];
      return [`${titleOf(field, from)} is ${isAmong(off, old[from]) ? 'switched off' : 'removed'}: ${wordsOf(ref, old[from], domain)}`];
    }
    if ([...moved.values()].includes(to)) return [];
    return [`${titleOf(field, to)} is ${isAmong(on, now[to]) ? 'switched on again' : 'new'}: ${wordsOf(ref, now[to], domain)}`];
  });
}

const isAmong = (rules: readonly DisabledRule[], rule: Json | undefined): boolean => rules.some((one) => sameJson(one.rule, rule));

const wordsOf = (ref: ConfigRef, rule: Json | undefined, domain: string): string =>
  isObject(rule) ? ruleWords(rule, ref, domain) : 'no rule';

function pairWords(ref: ConfigRef, title: string, before: Json | undefined, after: Json | undefined, domain: string): readonly string[] {
  if (sameJson(before, after)) return [];
  if (!isObject(before) || !isObject(after)) return leafWords(before, after, title);
  return ruleChanges(before, after, ref, domain).map((line) => `${title}: ${line}`);
}

function subsetWords(before: JsonObject, after: JsonObject): readonly string[] {
  const byName = (spec: JsonObject): ReadonlyMap<string, JsonObject> =>
    new Map(objectsOf(listAt(spec, 'subsets')).map((subset) => [textAt(subset, 'name') ?? '', subset]));
  const old = byName(before);
  const now = byName(after);
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): readonly string[] => {
    const from = old.get(name);
    const to = now.get(name);
    if (from === undefined) return to === undefined ? [] : [`subset ${name} is new: ${labelWords(to)}`];
    if (to === undefined) return [`subset ${name} is removed`];
    return fieldWords(from, to, '', () => true).map((line) => `subset ${name}: ${line}`);
  });
}
