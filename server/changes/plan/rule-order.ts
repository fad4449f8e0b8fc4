// Rules moved, removed, switched off and on. In: Draft, intents. Out: the object in the draft, or why not.
import { type Intent, refText } from '../../../model/edit';
import type { Json } from '../../../model/inventory';
import { DISABLED_RULES, type DisabledRule, readDisabledRules, withDisabledRules } from './disabled-rules';
import type { Draft } from './draft';
import { isObject, listAt, withInserted, withoutItem } from './json-edit';
import { isRefusal, Refusal } from './refusal';
import { fieldOfRules, findPlace, isRouteKind, missingRule, type RulePlace, rulesAt, withRules } from './rule-place';

/** All annotations of an object together (Kubernetes, apimachinery TotalAnnotationSizeLimitB). */
const MAX_ANNOTATIONS = 256 * 1024;

export function planMove(draft: Draft, { rule, to }: Extract<Intent, { type: 'moveRule' }>): Refusal | null {
  const place = findExisting(draft, rule);
  if (isRefusal(place)) return place;
  const rules = rulesAt(place);
  if (to >= rules.length)
    return new Refusal(
      place.path,
      `${refText(place.ref)} has ${rules.length} rules: none can be moved to position ${to + 1}`,
      'Choose a position in the list.',
    );
  if (to === place.index) return null;
  draft.write(place.ref, withRules(place, withInserted(withoutItem(rules, place.index), to, rules[place.index] ?? null)));
  return null;
}

export function planRemove(draft: Draft, { rule }: Extract<Intent, { type: 'removeRule' }>): Refusal | null {
  const place = findExisting(draft, rule);
  if (isRefusal(place)) return place;
  if (isLastRule(place)) return lastRule(place, 'removed');
  draft.write(place.ref, withRules(place, withoutItem(rulesAt(place), place.index)));
  return null;
}

export function planDisable(draft: Draft, { rule }: Extract<Intent, { type: 'disableRule' }>): Refusal | null {
  const place = findExisting(draft, rule);
  if (isRefusal(place)) return place;
  if (isLastRule(place)) return lastRule(place, 'disabled');
  const known = readDisabledRules(place.manifest.metadata.annotations);
  if (known === null) return unreadable(place);
  const off = rulesAt(place)[place.index];
  if (!isObject(off)) return missingRule(place);
  const disabled: readonly DisabledRule[] = [...known, { list: place.list, index: place.index, rule: off }];
  const written = withDisabledRules(withRules(place, withoutItem(rulesAt(place), place.index)), disabled);
  const size = Object.entries(written.metadata.annotations ?? {}).reduce((sum, [name, text]) => sum + name.length + text.length, 0);
  if (size > MAX_ANNOTATIONS)
    return new Refusal(
      `metadata.annotations.${DISABLED_RULES}`,
      `the disabled rules of ${refText(place.ref)} are too large for its annotations`,
      'Remove some of them for good.',
    );
  draft.write(place.ref, written);
  return null;
}

export function planEnable(draft: Draft, { object, position }: Extract<Intent, { type: 'enableRule' }>): Refusal | null {
  const manifest = draft.read(object);
  if (manifest === null || !isRouteKind(object.kind))
    return new Refusal('', `${refText(object)} is not there any more`, 'Look at the rules as they are now, and make the change again.');
  const known = readDisabledRules(manifest.metadata.annotations);
  if (known === null) return unreadable({ ref: object });
  const off = known[position];
  if (off === undefined)
    return new Refusal(
      `metadata.annotations.${DISABLED_RULES}`,
      `${refText(object)} has no disabled rule ${position + 1}`,
      'Look at the rules as they are now, and make the change again.',
    );
  const field = fieldOfRules(object.kind, off.list);
  const rules = listAt(manifest.spec, field);
  const written = withRules({ manifest, field }, withInserted<Json>(rules, Math.min(off.index, rules.length), off.rule));
  draft.write(object, withDisabledRules(written, withoutItem(known, position)));
  return null;
}

function findExisting(draft: Draft, rule: RulePlaceOf): RulePlace | Refusal {
  const place = findPlace(draft, rule);
  if (isRefusal(place)) return place;
  return place.fresh || !isObject(rulesAt(place)[place.index]) ? missingRule(place) : place;
}
type RulePlaceOf = Parameters<typeof findPlace>[1];

const isLastRule = (place: RulePlace): boolean => {
  const others = place.kind === 'VirtualService' ? (['http', 'tls', 'tcp'] as const).filter((list) => list !== place.field) : [];
  return rulesAt(place).length === 1 && others.every((list) => listAt(place.manifest.spec, list).length === 0);
};

const lastRule = (place: RulePlace, what: string): Refusal =>
  new Refusal(
    place.path,
    `it is the only rule of ${refText(place.ref)}, which must have one, so it cannot be ${what}`,
    `Delete ${refText(place.ref)} instead, or add another rule first.`,
  );

const unreadable = ({ ref }: Pick<RulePlace, 'ref'>): Refusal =>
  new Refusal(
    `metadata.annotations.${DISABLED_RULES}`,
    `the annotation ${DISABLED_RULES} of ${refText(ref)} cannot be read`,
    'Mend or remove the annotation as YAML.',
  );
