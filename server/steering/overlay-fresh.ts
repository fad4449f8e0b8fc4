// Objects as the API server holds them this moment, in place of what the watches know of them. In: Inventory, fresh objects. Out: Inventory.
import { type ConfigRef, refText } from '../../model/edit';
import type { ConfigKind, ConfigObject, Inventory } from '../../model/inventory';

export interface Fresh {
  readonly ref: ConfigRef;
  /** Null: there is none. */
  readonly object: ConfigObject | null;
}

const versionOf = (object: ConfigObject): number => {
  const version = Number(object.resourceVersion);
  return Number.isSafeInteger(version) ? version : 0;
};

/** The inventory with each fresh object in place, unless the watches have a newer one by now. */
export function overlayFresh(inventory: Inventory, fresh: readonly Fresh[]): Inventory {
  if (fresh.length === 0) return inventory;
  const byKind = new Map<ConfigKind, Map<string, Fresh>>();
  for (const entry of fresh) {
    const own = byKind.get(entry.ref.kind) ?? new Map<string, Fresh>();
    own.set(refText(entry.ref), entry);
    byKind.set(entry.ref.kind, own);
  }
  const config = new Map(inventory.config);
  for (const [kind, entries] of byKind) config.set(kind, overlayKind(kind, config.get(kind) ?? [], entries));
  return { ...inventory, config };
}

function overlayKind(kind: ConfigKind, known: readonly ConfigObject[], entries: Map<string, Fresh>): readonly ConfigObject[] {
  const kept = known.flatMap((object): readonly ConfigObject[] => {
    const key = refText({ kind, namespace: object.namespace, name: object.name });
    const entry = entries.get(key);
    if (entry === undefined) return [object];
    entries.delete(key);
    if (entry.object === null) return [];
    return [versionOf(object) > versionOf(entry.object) ? object : entry.object];
  });
  return [...kept, ...[...entries.values()].flatMap(({ object }) => object ?? [])];
}
