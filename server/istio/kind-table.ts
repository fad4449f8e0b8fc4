// A table made of all objects of one kind, kept as long as their list lives: a planned change leaves the lists of other kinds as they are.
// In: a kind, how to build (at once, or in steps). Out: the table of an index. The builder may look at
// that kind, the domain and the root namespace only.
import type { ConfigKind, ConfigObject } from '../../model/inventory';
import { finish } from './memo';
import type { MeshIndex, SteppedTable } from './mesh-index';

const EMPTY: readonly ConfigObject[] = [];

/** `build`, evaluated once per list of objects. */
export const kindTable = <T extends object>(kind: ConfigKind, build: (index: MeshIndex) => T): ((index: MeshIndex) => T) =>
  // biome-ignore lint/correctness/useYield: it is made in one step
  kindTableInSteps(kind, function* (index) {
    return build(index);
  });

/** The same of what is made in steps. */
export function kindTableInSteps<T extends object>(kind: ConfigKind, build: (index: MeshIndex) => Generator<void, T>): SteppedTable<T> {
  const known = new WeakMap<readonly ConfigObject[], { readonly mesh: string; readonly table: T }>();
  const listOf = (index: MeshIndex): readonly ConfigObject[] => index.inventory.config.get(kind) ?? EMPTY;
  const meshOf = (index: MeshIndex): string => `${index.domain}|${index.inventory.mesh.rootNamespace}`;
  const find = (index: MeshIndex): T | null => {
    const hit = known.get(listOf(index));
    return hit?.mesh === meshOf(index) ? hit.table : null;
  };
  const read = (index: MeshIndex): T => {
    const hit = find(index);
    if (hit !== null) return hit;
    const table = finish(build(index));
    known.set(listOf(index), { mesh: meshOf(index), table });
    return table;
  };
  function* prepare(index: MeshIndex): Generator<void, void> {
    if (find(index) !== null) return;
    const table = yield* build(index);
    if (find(index) === null) known.set(listOf(index), { mesh: meshOf(index), table });
  }
  return Object.assign(read, { prepare });
}
