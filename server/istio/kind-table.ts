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
  interface Made {
    readonly domain: string;
    readonly root: string;
    readonly table: T;
  }
  const known = new WeakMap<readonly ConfigObject[], Made>();
  const find = ({ domain, inventory: { config, mesh } }: MeshIndex): T | null => {
    const hit = known.get(config.get(kind) ?? EMPTY);
    return hit !== undefined && hit.domain === domain && hit.root === mesh.rootNamespace ? hit.table : null;
  };
  const keep = ({ domain, inventory: { config, mesh } }: MeshIndex, table: T): T => {
    known.set(config.get(kind) ?? EMPTY, { domain, root: mesh.rootNamespace, table });
    return table;
  };
  const read = (index: MeshIndex): T => find(index) ?? keep(index, finish(build(index)));
  function* prepare(index: MeshIndex): Generator<void, void> {
    if (find(index) !== null) return;
    const table = yield* build(index);
    // Whoever could not wait may have made it meanwhile: theirs is in use.
    if (find(index) === null) keep(index, table);
  }
  return Object.assign(read, { prepare });
}
