// The working copy of the objects that a change touches; everything else is looked up in the inventory.
// In: Inventory. Out: Draft: read and write by reference, look-ups by host, and what was touched in the end.
import type { Manifest } from '../../../model/change';
import { type ConfigRef, refText } from '../../../model/edit';
import type { ConfigKind, ConfigObject, Inventory, JsonObject } from '../../../model/inventory';
import { memoByObject, remember } from '../../istio/memo';
import { resolveHost } from '../../istio/names';
import { compareByAge } from '../../istio/order';
import { textAt, textsAt } from './json-edit';
import { manifestOf } from './manifest-of';

export interface Touched {
  readonly ref: ConfigRef;
  /** As the cluster has it; null: it is new. */
  readonly object: ConfigObject | null;
  /** As it shall be; null: it shall not be. */
  readonly now: Manifest | null;
}

export interface Named {
  readonly ref: ConfigRef;
  readonly manifest: Manifest;
}

const NONE: readonly ConfigObject[] = [];

/** Objects of a list by `namespace/name`. */
const byName = memoByObject(
  (list: readonly ConfigObject[]): ReadonlyMap<string, ConfigObject> =>
    new Map(list.map((object) => [`${object.namespace}/${object.name}`, object])),
);

const hostsIn = (kind: ConfigKind, spec: JsonObject, namespace: string, domain: string): readonly string[] =>
  (kind === 'DestinationRule' ? [textAt(spec, 'host') ?? ''] : textsAt(spec, 'hosts')).map((host) =>
    resolveHost(host, namespace, domain).toLowerCase(),
  );

/** Hosts that an object configures, in full and lower case. */
export const hostsOf = (kind: ConfigKind, { metadata, spec }: Manifest, domain: string): readonly string[] =>
  hostsIn(kind, spec, metadata.namespace, domain);

type HostTable = ReadonlyMap<string, readonly ConfigObject[]>;
// Tables by the domain of the cluster, kept as long as the list lives.
const hostTables: (list: readonly ConfigObject[]) => Map<string, HostTable> = memoByObject(() => new Map<string, HostTable>());

/** Objects of a list by the hosts that they configure, oldest first. */
const byHost = (list: readonly ConfigObject[], kind: ConfigKind, domain: string): HostTable =>
  remember(hostTables(list), domain, () => {
    const table = new Map<string, ConfigObject[]>();
    for (const object of list)
      for (const host of hostsIn(kind, object.spec, object.namespace, domain)) {
        const known = table.get(host);
        if (known === undefined) table.set(host, [object]);
        else known.push(object);
      }
    for (const objects of table.values()) if (objects.length > 1) objects.sort(compareByAge);
    return table;
  });

export class Draft {
  readonly inventory: Inventory;
  readonly domain: string;
  private readonly entries: Map<string, Touched>;

  constructor(inventory: Inventory, entries: ReadonlyMap<string, Touched> = new Map()) {
    this.inventory = inventory;
    this.domain = inventory.mesh.domain;
    this.entries = new Map(entries);
  }

  /** A copy to try an edit on. */
  fork(): Draft {
    return new Draft(this.inventory, this.entries);
  }

  /** Objects that were written, in the order in which they were first. */
  touched(): readonly Touched[] {
    return [...this.entries.values()];
  }

  /** The object as the cluster has it. */
  object(ref: ConfigRef): ConfigObject | null {
    return byName(this.inventory.config.get(ref.kind) ?? NONE).get(`${ref.namespace}/${ref.name}`) ?? null;
  }

  /** The object as the edits so far leave it. */
  read(ref: ConfigRef): Manifest | null {
    const entry = this.entries.get(refText(ref));
    if (entry !== undefined) return entry.now;
    const object = this.object(ref);
    return object === null ? null : manifestOf(object);
  }

  write(ref: ConfigRef, now: Manifest | null): void {
    const key = refText(ref);
    this.entries.set(key, { ref, object: this.entries.get(key)?.object ?? this.object(ref), now });
  }

  /** Objects of a kind that configure exactly this host, oldest first, new ones last. */
  ofHost(kind: ConfigKind, host: string): readonly Named[] {
    const wanted = host.toLowerCase();
    const found: Named[] = [];
    for (const object of byHost(this.inventory.config.get(kind) ?? NONE, kind, this.domain).get(wanted) ?? NONE) {
      const ref = { kind, namespace: object.namespace, name: object.name };
      const manifest = this.read(ref);
      if (manifest !== null && hostsOf(kind, manifest, this.domain).includes(wanted)) found.push({ ref, manifest });
    }
    for (const { ref, now } of this.entries.values()) {
      if (ref.kind !== kind || now === null || found.some((known) => refText(known.ref) === refText(ref))) continue;
      if (hostsOf(kind, now, this.domain).includes(wanted)) found.push({ ref, manifest: now });
    }
    return found;
  }

  /** Objects of a kind that edits so far have made or changed. */
  writtenOf(kind: ConfigKind): readonly Named[] {
    return this.touched().flatMap(({ ref, now }) => (ref.kind === kind && now !== null ? [{ ref, manifest: now }] : []));
  }

  /** `base`, or `base-2`, `base-3`, ... where an object of the kind has that name. */
  freeName(kind: ConfigKind, namespace: string, base: string): string {
    for (let n = 1; ; n += 1) {
      const name = n === 1 ? base : `${base}-${n}`;
      if (this.read({ kind, namespace, name }) === null) return name;
    }
  }
}
