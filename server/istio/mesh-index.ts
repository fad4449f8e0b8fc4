// The inventory arranged for questions about configuration: the root to which everything computed is tied.
// In: Inventory. Out: MeshIndex. Services, virtual services, destination rules, policies and scopes are arranged on first use
// by the file that owns them, and kept as long as the index lives.
import type { ConfigKind, ConfigObject, Inventory } from '../../model/inventory';
import { groupBy, memoByObject, memoInSteps, type Stepwise } from './memo';
import { compareByAge } from './order';

export interface MeshIndex {
  readonly inventory: Inventory;
  /** DNS domain of the cluster, `cluster.local`. */
  readonly domain: string;
  /** Objects of a kind, oldest first. */
  objects(kind: ConfigKind): readonly ConfigObject[];
  /** Objects of a kind in a namespace, oldest first. */
  objectsIn(kind: ConfigKind, namespace: string): readonly ConfigObject[];
}

/** Tied to the list of a kind, which stays as it is while only others change. */
const byAge = memoByObject((objects: readonly ConfigObject[]): readonly ConfigObject[] => [...objects].sort(compareByAge));
const byNamespace = memoByObject((objects: readonly ConfigObject[]) => groupBy(byAge(objects), ({ namespace }) => namespace));
const NONE: readonly ConfigObject[] = [];

/** Arranges an inventory for the evaluators; costs nothing until it is asked. */
export function buildMeshIndex(inventory: Inventory): MeshIndex {
  const listOf = (kind: ConfigKind): readonly ConfigObject[] => inventory.config.get(kind) ?? NONE;
  return {
    inventory,
    domain: inventory.mesh.domain,
    objects: (kind) => byAge(listOf(kind)),
    objectsIn: (kind, namespace) => byNamespace(listOf(kind)).get(namespace) ?? NONE,
  };
}

/** A table of an index, made on first use and forgotten with it. */
export const tableOf = <T extends object>(build: (index: MeshIndex) => T): ((index: MeshIndex) => T) => memoByObject(build);

/** A table that looks at everything of a large mesh: made on first use, or in steps before it. */
export type SteppedTable<T> = ((index: MeshIndex) => T) & Stepwise<MeshIndex>;

export const tableInSteps = <T extends object>(build: (index: MeshIndex) => Generator<void, T>): SteppedTable<T> => memoInSteps(build);
