// A table made of all objects of one kind, kept as long as their list lives: a planned change leaves the lists of other kinds as they are.
// In: a kind, how to build. Out: the table of an index. The builder may look at
// that kind, the domain and the root namespace only.
import type { ConfigKind, ConfigObject } from '../../model/inventory';
import type { MeshIndex } from './mesh-index';

const EMPTY: readonly ConfigObject[] = [];

/** `build`, evaluated once per list of objects. */
export function kindTable<T extends object>(kind: ConfigKind, build: (index: MeshIndex) => T): (index: MeshIndex) => T {
  const known = new WeakMap<readonly ConfigObject[], { readonly mesh: string; readonly table: T }>();
  return (index) => {
    const list = index.inventory.config.get(kind) ?? EMPTY;
    const mesh = `${index.domain}|${index.inventory.mesh.rootNamespace}`;
    const hit = known.get(list);
    if (hit?.mesh === mesh) return hit.table;
    const table = build(index);
    known.set(list, { mesh, table });
    return table;
  };
}
