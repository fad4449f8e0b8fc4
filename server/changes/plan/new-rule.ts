// A new rule: composed of conditions and an action, and put into the list. In: addRule intent. Out: the object in the draft, or why not.
import type { ActionEdit, Intent } from '../../../model/edit';
import { refText } from '../../../model/edit';
import type { JsonObject } from '../../../model/inventory';
import type { Draft } from './draft';
import { sameJson, withField, withInserted } from './json-edit';
import { isRefusal, Refusal } from './refusal';
import { withFault } from './rule-faults';
import { withMatches } from './rule-matches';
import { findPlace, isConditional, type RulePlace, rulesAt, withRules } from './rule-place';
import { redirectRule } from './rule-rewrites';
import { cannot, isMeshHttp } from './rule-support';
import { withTimeout } from './rule-timeouts';
import { withDestinations } from './weights';

export function planNewRule(draft: Draft, intent: Extract<Intent, { type: 'addRule' }>): Refusal | null {
  const place = findPlace(draft, intent.rule);
  if (isRefusal(place)) return place;
  const rules = rulesAt(place);
  if (place.index > rules.length)
    return new Refusal(
      place.path,
      `${refText(place.ref)} has ${rules.length} rules under spec.${place.field}, so none can stand at position ${place.index + 1}`,
      'Look at the rules as they are now, and make the change again.',
    );
  const rule = composeRule(place, intent);
  if (isRefusal(rule)) return rule;
  // The same rule twice in a row would change nothing: it is there already.
  if (!place.fresh && sameJson(rules[place.index], rule)) return null;
  // In a new object the rule stands before the catch-all, or takes its place.
  const written = place.fresh && !isConditional(place.kind, rule) ? [rule] : withInserted(rules, place.index, rule);
  draft.write(place.ref, withRules(place, written));
  return null;
}

function composeRule(place: RulePlace, intent: Extract<Intent, { type: 'addRule' }>): JsonObject | Refusal {
  const steps: readonly ((rule: JsonObject) => JsonObject | Refusal)[] = [
    (rule) => (intent.name === null ? rule : nameRule(rule, place, intent.name)),
    (rule) => withMatches(rule, place, intent.matches),
    (rule) => withAction(rule, place, intent.action),
    (rule) => withFault(rule, place, intent.fault ?? null),
    (rule) => withTimeout(rule, place, intent.timeoutMs ?? null),
  ];
  let rule: JsonObject = {};
  for (const step of steps) {
    const next = step(rule);
    if (isRefusal(next)) return next;
    rule = next;
  }
  return rule;
}

const nameRule = (rule: JsonObject, place: RulePlace, name: string): JsonObject | Refusal =>
  place.kind === 'VirtualService' && place.list !== 'http' ? cannot(place, 'have a name') : withField(rule, 'name', name);

function withAction(rule: JsonObject, place: RulePlace, action: ActionEdit): JsonObject | Refusal {
  switch (action.type) {
    case 'route': {
      if (action.destinations.length === 0)
        return new Refusal(place.path, 'the rule sends to nothing', 'Name at least one destination, a redirect or an answer.');
      const entries = withDestinations(place, [], action.destinations);
      return isRefusal(entries) ? entries : withField(rule, place.kind === 'VirtualService' ? 'route' : 'backendRefs', entries);
    }
    case 'redirect':
      return redirectRule(rule, place, action);
    case 'respond': {
      if (!isMeshHttp(place)) return cannot(place, 'answer by itself');
      const { status, body } = action;
      return withField(rule, 'directResponse', { status, ...(body === null ? {} : { body: { string: body } }) });
    }
  }
}
