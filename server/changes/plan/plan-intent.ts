// Which intent is planned where. In: Draft, Intent. Out: null once it is in the draft, or why not.
import type { Intent } from '../../../model/edit';
import type { Draft } from './draft';
import { planExpose } from './expose';
import { planNewRule } from './new-rule';
import { qualifyIntent } from './qualify-intent';
import type { Refusal } from './refusal';
import { withFault } from './rule-faults';
import { withCors, withHeaders } from './rule-headers';
import { withMatches } from './rule-matches';
import { withMirror } from './rule-mirrors';
import { planDisable, planEnable, planMove, planRemove } from './rule-order';
import { editRule } from './rule-place';
import { withRewrite } from './rule-rewrites';
import { withRetries, withTimeout } from './rule-timeouts';
import { planSubsets } from './subsets';
import { planTrafficPolicy } from './traffic-policy';
import { planWeights } from './weights';

export function planIntent(draft: Draft, asked: Intent): Refusal | null {
  const intent = qualifyIntent(asked, draft.domain);
  switch (intent.type) {
    case 'weights':
      return planWeights(draft, intent);
    case 'match':
      return editRule(draft, intent.rule, (rule, place) => withMatches(rule, place, intent.matches));
    case 'fault':
      return editRule(draft, intent.rule, (rule, place) => withFault(rule, place, intent.fault));
    case 'timeout':
      return editRule(draft, intent.rule, (rule, place) => withTimeout(rule, place, intent.milliseconds));
    case 'retries':
      return editRule(draft, intent.rule, (rule, place) => withRetries(rule, place, intent.retries));
    case 'mirror':
      return editRule(draft, intent.rule, (rule, place) => withMirror(rule, place, intent.mirror));
    case 'rewrite':
      return editRule(draft, intent.rule, (rule, place) => withRewrite(rule, place, intent.rewrite));
    case 'headers':
      return editRule(draft, intent.rule, (rule, place) => withHeaders(rule, place, intent.headers));
    case 'cors':
      return editRule(draft, intent.rule, (rule, place) => withCors(rule, place, intent.cors));
    case 'addRule':
      return planNewRule(draft, intent);
    case 'moveRule':
      return planMove(draft, intent);
    case 'removeRule':
      return planRemove(draft, intent);
    case 'disableRule':
      return planDisable(draft, intent);
    case 'enableRule':
      return planEnable(draft, intent);
    case 'trafficPolicy':
      return planTrafficPolicy(draft, intent);
    case 'subsets':
      return planSubsets(draft, intent);
    case 'expose':
      return planExpose(draft, intent);
  }
}
