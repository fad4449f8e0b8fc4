// Traffic policy of a host or a subset. In: intent. Out: the DestinationRule in the draft, or why not. Parts that are not named stay.
import type { Intent, TrafficPolicyEdit } from '../../../model/edit';
import type { Json, JsonObject } from '../../../model/inventory';
import type { Draft } from './draft';
import { fieldOf, inOrderOf, isObject, listAt, objectAt, textAt, withField, withItem, withPart } from './json-edit';
import { withSpec } from './manifest-of';
import { isRefusal, type Refusal } from './refusal';
import { ruleOfHost, ruleToWrite, ruleWithSubset } from './subsets';

const PARTS = ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls'] as const satisfies readonly (keyof TrafficPolicyEdit)[];

export function planTrafficPolicy(draft: Draft, intent: Extract<Intent, { type: 'trafficPolicy' }>): Refusal | null {
  const { host, namespace, subset, policy } = intent;
  const known = ruleOfHost(draft, host, namespace, subset);
  // Removing parts of what does not exist needs no object.
  if (known === null && PARTS.every((part) => !policy[part])) return null;
  const found = known ?? (subset === null ? ruleToWrite(draft, host, namespace) : ruleWithSubset(draft, host, namespace, subset));
  if (isRefusal(found)) return found;
  const { spec } = found.manifest;
  const written = subset === null ? withPolicy(spec, policy) : withSubsetPolicy(spec, subset, policy);
  if (written !== spec || known === null) draft.write(found.ref, withSpec(found.manifest, written));
  return null;
}

/** Of a DestinationRule's spec or of a subset. */
function withPolicy(holder: JsonObject, policy: TrafficPolicyEdit): JsonObject {
  const old = objectAt(holder, 'trafficPolicy');
  let written = old ?? {};
  for (const part of PARTS) {
    const wanted = policy[part];
    if (wanted === undefined) continue;
    written = withField(written, part, wanted === null ? undefined : inOrderOf(fieldOf(written, part), wanted));
  }
  return written === old ? holder : withPart(holder, 'trafficPolicy', written);
}

function withSubsetPolicy(spec: JsonObject, subset: string, policy: TrafficPolicyEdit): JsonObject {
  const subsets = listAt(spec, 'subsets');
  const at = subsets.findIndex((entry) => isObject(entry) && textAt(entry, 'name') === subset);
  const old = subsets[at];
  return isObject(old) ? withField(spec, 'subsets', withItem<Json>(subsets, at, withPolicy(old, policy))) : spec;
}
