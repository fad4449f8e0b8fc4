// The world as it would be. In: Inventory, Plan. Out: Inventory that shares everything that the plan does not touch.
import type { Plan, PlanStep } from '../../../model/change';
import type { ConfigKind, ConfigObject, Inventory } from '../../../model/inventory';
import { objectOf } from './manifest-of';

/** Age of objects that do not exist yet: the youngest that a Date can hold, and finite, since ages are compared by their difference. */
const NEWEST_MS = 8.64e15;

export function applyPlan(inventory: Inventory, plan: Pick<Plan, 'steps'>): Inventory {
  if (plan.steps.length === 0) return inventory;
  const byKind = new Map<ConfigKind, PlanStep[]>();
  for (const step of plan.steps) byKind.set(step.ref.kind, [...(byKind.get(step.ref.kind) ?? []), step]);
  const config = new Map(inventory.config);
  for (const [kind, steps] of byKind)
    config.set(
      kind,
      steps.reduce((list, step) => applyStep(inventory.cluster, list, step), config.get(kind) ?? []),
    );
  return { ...inventory, config };
}

function applyStep(cluster: string, list: readonly ConfigObject[], { ref, after }: PlanStep): readonly ConfigObject[] {
  const at = list.findIndex((object) => object.name === ref.name && object.namespace === ref.namespace);
  if (after === null) return at < 0 ? list : list.filter((_, i) => i !== at);
  const object = objectOf(after, list[at] ?? null, cluster, NEWEST_MS);
  return at < 0 ? [...list, object] : list.map((old, i) => (i === at ? object : old));
}
