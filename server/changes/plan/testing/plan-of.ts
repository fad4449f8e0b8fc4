// A plan over a mesh written in YAML, and what it makes of the objects. In: YAML, edits. Out: specs by reference, problems, words.
import { parse } from 'yaml';
import type { PlanStep } from '../../../../model/change';
import { type Edit, type EditProblem, type RuleRef, refText } from '../../../../model/edit';
import type { Inventory, JsonObject } from '../../../../model/inventory';
import { inventoryOf } from '../../../istio/test-mesh';
import { planEdits } from '../plan-edits';

export const HOST = 'reviews.bookinfo.svc.cluster.local';
export const RATINGS = 'ratings.bookinfo.svc.cluster.local';

/** reviews with pods of v1 and v2, ratings with one of v1. */
export const BOOKINFO = `
kind: Service
metadata: {name: reviews, namespace: bookinfo}
spec: {ports: {http: 9080}}
---
kind: Service
metadata: {name: ratings, namespace: bookinfo}
spec: {ports: {http: 9080, admin: 9090}}
---
kind: Pod
metadata: {name: r1, namespace: bookinfo, labels: {app: reviews, version: v1}}
---
kind: Pod
metadata: {name: r2, namespace: bookinfo, labels: {app: reviews, app.kubernetes.io/version: v2.0}}
`;

export interface PlanOutcome {
  readonly inventory: Inventory;
  readonly steps: readonly PlanStep[];
  /** `VirtualService/bookinfo/reviews` → its spec; null where it is deleted. */
  readonly specs: Readonly<Record<string, JsonObject | null>>;
  readonly problems: readonly EditProblem[];
  readonly words: readonly string[];
}

/** `objects`: more YAML documents beside BOOKINFO. */
export function planOf(objects: string, ...edits: readonly Edit[]): PlanOutcome {
  const inventory = inventoryOf(`${BOOKINFO}\n---\n${objects}`);
  const { plan, problems } = planEdits(inventory, edits);
  return {
    inventory,
    steps: plan.steps,
    specs: Object.fromEntries(plan.steps.map(({ ref, after }) => [refText(ref), after?.spec ?? null])),
    problems,
    words: plan.steps.flatMap(({ words }) => words),
  };
}

/** A rule of `kind/bookinfo/reviews`. */
export const ruleOf = (
  kind: 'VirtualService' | 'HTTPRoute' | 'GRPCRoute' | 'TCPRoute' | 'TLSRoute',
  index = 0,
  list: RuleRef['list'] = 'http',
): RuleRef => ({
  object: { kind, namespace: 'bookinfo', name: 'reviews' },
  list,
  index,
  host: HOST,
});

/** A rule of an object that does not exist yet. */
export const newRuleOf = (host = HOST, as: 'VirtualService' | 'HTTPRoute' = 'VirtualService'): RuleRef => ({
  object: null,
  list: 'http',
  index: 0,
  host,
  as,
});

/** An object `reviews` in `bookinfo` with a spec. */
export const objectOf = (kind: string, spec: string, apiVersion = 'networking.istio.io/v1'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: reviews, namespace: bookinfo}\nspec: ${spec}\n`;
export const apiObjectOf = (kind: string, spec: string): string => objectOf(kind, spec, 'gateway.networking.k8s.io/v1');

export const yaml = (text: string): unknown => parse(text);
