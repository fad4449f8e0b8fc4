// The smallest change of objects that does what is asked. In: Inventory, edits. Out: Plan, and what is wrong with the edits that are not in it.
// Edits are done one after another on a working copy; those of one object become one step; what changes nothing vanishes.
import type { Plan } from '../../../model/change';
import type { ConfigRef, Edit, EditProblem } from '../../../model/edit';
import type { Inventory } from '../../../model/inventory';
import { digestSteps } from './digest';
import { Draft } from './draft';
import { orderSteps } from './order-steps';
import { planIntent } from './plan-intent';
import { planYaml } from './plan-yaml';
import type { Refusal } from './refusal';

export interface Planned {
  readonly plan: Plan;
  readonly problems: readonly EditProblem[];
}

/** An edit with problems leaves no trace in the plan; the others are planned as if it were not there. */
export function planEdits(inventory: Inventory, edits: readonly Edit[]): Planned {
  let draft = new Draft(inventory);
  const problems: EditProblem[] = [];
  edits.forEach((edit, i) => {
    const attempt = draft.fork();
    const refusals = planEdit(attempt, edit);
    if (refusals.length === 0) draft = attempt;
    for (const { path, message, next, position } of refusals)
      problems.push({ edit: i, ref: refOfEdit(edit), path, message, next, ...position });
  });
  return { plan: buildPlan(draft), problems };
}

function buildPlan(draft: Draft): Plan {
  const steps = orderSteps(draft.touched(), draft.domain);
  return { steps, digest: digestSteps(steps) };
}

const asList = (refusal: Refusal | null): readonly Refusal[] => (refusal === null ? [] : [refusal]);

function planEdit(draft: Draft, edit: Edit): readonly Refusal[] {
  switch (edit.type) {
    case 'delete':
      if (draft.read(edit.ref) !== null) draft.write(edit.ref, null);
      return [];
    case 'yaml':
      return planYaml(draft, edit);
    default:
      return asList(planIntent(draft, edit));
  }
}

/** The object that an edit names, as far as it does. */
function refOfEdit(edit: Edit): ConfigRef | null {
  switch (edit.type) {
    case 'yaml':
    case 'delete':
      return edit.ref;
    case 'enableRule':
      return edit.object;
    case 'trafficPolicy':
    case 'subsets':
    case 'expose':
      return null;
    default:
      return edit.rule.object;
  }
}
