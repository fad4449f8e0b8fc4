// Hosts that ServiceEntries declare, and which ServiceEntry a caller means by a host.
// In: ServiceEntry objects. Out: ServiceEntryIndex. Source: Istio's ServiceEntry reference (hosts, exportTo, location).
import type { ConfigObject } from '../../model/inventory';
import { readText, readTexts } from './json';

export interface EntryInfo {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly hosts: readonly string[];
  /** Namespaces that see it; `*` = all. */
  readonly exportTo: readonly string[];
  /** Location MESH_EXTERNAL, which is the default. */
  readonly external: boolean;
}

export class ServiceEntryIndex {
  readonly size: number;
  readonly #exact = new Map<string, EntryInfo[]>();
  /** By suffix including its dot: `*.example.com` is under `.example.com`. */
  readonly #wildcards = new Map<string, EntryInfo[]>();

  constructor(objects: readonly ConfigObject[]) {
    this.size = objects.length;
    for (const object of objects) {
      const exportTo = readTexts(object.spec['exportTo']);
      const entry: EntryInfo = {
        cluster: object.cluster,
        namespace: object.namespace,
        name: object.name,
        hosts: readTexts(object.spec['hosts']),
        exportTo: exportTo.length > 0 ? exportTo : ['*'],
        external: readText(object.spec['location']) !== 'MESH_INTERNAL',
      };
      for (const host of entry.hosts) {
        const [map, key] = host.startsWith('*.') ? [this.#wildcards, host.slice(1)] : [this.#exact, host];
        const list = map.get(key);
        if (list === undefined) map.set(key, [entry]);
        else list.push(entry);
      }
    }
  }

  /** The entry that a workload of `namespace` means by `host`: exact before wildcard, its own namespace first, then the oldest name. */
  entryOf(host: string, namespace: string): EntryInfo | null {
    const exact = visible(this.#exact.get(host), namespace);
    if (exact !== null) return exact;
    for (let dot = host.indexOf('.', 1); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      const found = visible(this.#wildcards.get(host.slice(dot)), namespace);
      if (found !== null) return found;
    }
    return null;
  }
}

function visible(entries: readonly EntryInfo[] | undefined, namespace: string): EntryInfo | null {
  if (entries === undefined) return null;
  const seen = entries.filter((e) => e.exportTo.some((to) => to === '*' || to === namespace || (to === '.' && e.namespace === namespace)));
  return seen.find((e) => e.namespace === namespace) ?? seen[0] ?? null;
}
