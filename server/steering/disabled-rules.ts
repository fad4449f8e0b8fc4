// Rules that were taken out of their list and kept in the annotation `heddle.dev/disabled-rules`. In: ConfigObject. Out: rows of the document.
// The annotation is foreign text: what cannot be read is left out.
import type { ConfigObject, Json } from '../../model/inventory';
import type { ServiceRoutingDocument } from '../../model/steering';
import { readApiRuleForm } from './api-rule-form';
import { readObject, refOf } from './raw';
import { readRuleForm } from './rule-form';
import { describeForm } from './rule-words';

export const DISABLED_RULES = 'heddle.dev/disabled-rules';

function readList(text: string): readonly Json[] {
  try {
    const value = JSON.parse(text) as Json;
    return Array.isArray(value) ? (value as readonly Json[]) : [];
  } catch {
    return [];
  }
}

/** The disabled rules of an object, by their position in the annotation. */
export function readDisabledRules(object: ConfigObject, domain: string): ServiceRoutingDocument['disabledRules'] {
  const text = object.annotations[DISABLED_RULES];
  if (text === undefined) return [];
  return readList(text).flatMap((entry, position) => {
    const raw = readObject(readObject(entry)?.['rule']);
    if (raw === null) return [];
    const form = object.kind === 'VirtualService' ? readRuleForm(raw, object.namespace) : readApiRuleForm(raw, object.namespace, domain);
    const { when, what } = describeForm(form);
    return [{ object: refOf(object), position, words: `${when}: ${what}`, raw }];
  });
}
