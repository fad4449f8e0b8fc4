// Everything that is wrong with a mesh: its configuration, and namespaces, services and workloads themselves. In: Inventory, an instant.
// Out: MeshFindings, in small steps: a large mesh takes long, and whoever runs it has others to serve.

import { type ConfigRef, refText } from '../../model/edit';
import type { EntityFinding, Finding } from '../../model/finding';
import { CONFIG_KINDS, type Inventory } from '../../model/inventory';
import { analyseInSteps, prepareTables } from '../analysis/analyse';
import { analyseEntities, ENTITY_RULES } from '../analysis/entities';
import { FindingList } from '../analysis/finding-order';
import { touchedInSteps } from '../analysis/touched';
import { indexOf } from './rehearse';

export interface MeshFindings {
  /** What they are of; findings of another inventory say nothing of its objects. */
  readonly inventory: Inventory;
  readonly findings: readonly Finding[];
  readonly entities: readonly EntityFinding[];
}

/** All of it. `nowMs`: by which suppressions are judged. */
export function* findInSteps(inventory: Inventory, nowMs: number): Generator<void, MeshFindings> {
  const index = indexOf(inventory);
  const { findings } = yield* analyseInSteps(index, { nowMs });
  yield* analyseEntities.prepare(index);
  return { inventory, findings, entities: analyseEntities(index) };
}

/** More changes than these are looked at as a whole. */
const MAX_CHANGES = 200;

/** The same where a few objects changed: what they touch is looked at anew, the rest was found before. What pods do is not followed. */
export function* findChangesInSteps(last: MeshFindings, inventory: Inventory, nowMs: number): Generator<void, MeshFindings> {
  const changes = sameButObjects(last.inventory, inventory) ? yield* changedObjects(last.inventory, inventory) : null;
  if (changes === null || changes.length > MAX_CHANGES) return yield* findInSteps(inventory, nowMs);
  const index = indexOf(inventory);
  yield* prepareTables(index);
  const only = yield* touchedInSteps(changes, [indexOf(last.inventory), index]);
  // Such an entry makes every host known, whatever names it.
  if (only.has('*') && changes.some(({ kind }) => kind === 'ServiceEntry')) return yield* findInSteps(inventory, nowMs);
  const { findings, looked } = yield* analyseInSteps(index, { only, nowMs });
  const anew = new Set(changes.map(refText));
  for (const { kind, object } of looked) anew.add(refText({ kind, namespace: object.namespace, name: object.name }));
  const list = new FindingList<Finding>((finding) => finding);
  for (const finding of last.findings) if (!anew.has(refText(finding.object))) list.add(finding);
  yield;
  for (const finding of findings) list.add(finding);
  const sorted = yield* list.sort();
  if (!changes.some(({ kind }) => KINDS_OF_ENTITIES.has(kind))) return { inventory, findings: sorted, entities: last.entities };
  yield* analyseEntities.prepare(index);
  return { inventory, findings: sorted, entities: analyseEntities(index) };
}

/** Kinds of objects that rules about namespaces, services and workloads read. */
const KINDS_OF_ENTITIES: ReadonlySet<string> = new Set(ENTITY_RULES.flatMap(({ reads }) => reads));

/** Objects that are not in both as they are. */
function* changedObjects(before: Inventory, after: Inventory): Generator<void, readonly ConfigRef[]> {
  const found: ConfigRef[] = [];
  for (const kind of CONFIG_KINDS) {
    const [old, now] = [before.config.get(kind) ?? [], after.config.get(kind) ?? []];
    if (old === now) continue;
    const gone = new Set(old);
    yield;
    const came = now.filter((object) => !gone.delete(object));
    for (const { namespace, name } of [...gone, ...came]) found.push({ kind, namespace, name });
    yield;
  }
  return found;
}

/** Whether findings of one inventory are findings of another but for pods and workloads, which come and go all the time. */
export const sameConfig = (a: Inventory, b: Inventory): boolean => a === b || (a.config === b.config && sameButObjects(a, b));

/** The same of all that is no configuration. */
const sameButObjects = (a: Inventory, b: Inventory): boolean =>
  a === b || (a.services === b.services && a.namespaces === b.namespaces && a.mesh === b.mesh && haveSame(a.secretNames, b.secretNames));

/** The reader makes the set anew each time. */
const haveSame = (a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean => {
  if (a === undefined || b === undefined || a === b) return a === b;
  if (a.size !== b.size) return false;
  for (const name of a) if (!b.has(name)) return false;
  return true;
};
