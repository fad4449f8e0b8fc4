// Everything that is wrong with a mesh: its configuration, and namespaces, services and workloads themselves. In: Inventory, an instant.
// Out: MeshFindings, in small steps: a large mesh takes long, and whoever runs it has others to serve.
import type { EntityFinding, Finding } from '../../model/finding';
import type { Inventory } from '../../model/inventory';
import { analyseInSteps } from '../analysis/analyse';
import { analyseEntities } from '../analysis/entities';
import { indexOf } from './rehearse';

export interface MeshFindings {
  /** What they are of; findings of another inventory say nothing of its objects. */
  readonly inventory: Inventory;
  readonly findings: readonly Finding[];
  readonly entities: readonly EntityFinding[];
}

/** `nowMs`: by which suppressions are judged. */
export function* findInSteps(inventory: Inventory, nowMs: number): Generator<void, MeshFindings> {
  const index = indexOf(inventory);
  const { findings } = yield* analyseInSteps(index, { nowMs });
  yield* analyseEntities.prepare(index);
  return { inventory, findings, entities: analyseEntities(index) };
}

/** Whether findings of one inventory are findings of another but for pods and workloads, which come and go all the time. */
export const sameConfig = (a: Inventory, b: Inventory): boolean =>
  a === b ||
  (a.config === b.config &&
    a.services === b.services &&
    a.namespaces === b.namespaces &&
    a.mesh === b.mesh &&
    haveSame(a.secretNames, b.secretNames));

/** The reader makes the set anew each time. */
const haveSame = (a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean => {
  if (a === undefined || b === undefined || a === b) return a === b;
  if (a.size !== b.size) return false;
  for (const name of a) if (!b.has(name)) return false;
  return true;
};
