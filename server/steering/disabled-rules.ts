// Rules that were taken out of their list and kept in an annotation, as rows of the routing page. In: ConfigObject. Out: rows of the document.
// What the planner could not put back is not offered: both read the annotation by one piece.
import type { ConfigObject } from '../../model/inventory';
import type { ServiceRoutingDocument } from '../../model/steering';
import { readDisabledRules } from '../changes/plan/disabled-rules';
import { readApiRuleForm } from './api-rule-form';
import { refOf } from './raw';
import { readRuleForm } from './rule-form';
import { describeForm } from './rule-words';

/** The disabled rules of an object, by their position in the annotation. */
export function listDisabledRules(object: ConfigObject, domain: string): ServiceRoutingDocument['disabledRules'] {
  return (readDisabledRules(object.annotations) ?? []).map(({ rule }, position) => {
    const form = object.kind === 'VirtualService' ? readRuleForm(rule, object.namespace) : readApiRuleForm(rule, object.namespace, domain);
    const { when, what } = describeForm(form);
    return { object: refOf(object), position, words: `${when}: ${what}`, raw: rule };
  });
}
