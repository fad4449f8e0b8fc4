// The objects of the simulated cluster, in memory and etcd-like: one revision counter for all, frozen objects, a bounded history for watches and
// consistent paged lists. In: whole objects (the simulator's or the API server's). Out: objects, snapshots, change events.
import { createHash } from 'node:crypto';
import { History, type StoreEvent } from './history';
import { deepEqual, deepFreeze, omit } from './json';
import type { Kind } from './kinds/kind';
import { KindRegistry, storageApiVersion } from './kinds/kind-registry';
import { isKubeObject, type KubeObject, withMetadata } from './object';
import { applyDefaults } from './schemas/check';

export type { StoreEvent } from './history';
export type { KubeMetadata, KubeObject, ManagedFieldsEntry } from './object';

export interface ObjectStoreOptions {
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  /** How many changes are kept at least for watches and old lists (default 10,000). */
  readonly historyLimit?: number;
  readonly uidSeed?: number;
}

export interface Snapshot {
  readonly revision: number;
  /** Objects of one resource, in the order of their keys (namespace, then name). */
  readonly objects: readonly KubeObject[];
}

export type ChangeListener = (event: StoreEvent) => void;

interface Table {
  readonly objects: Map<string, KubeObject>;
  readonly listeners: Set<ChangeListener>;
  sorted: readonly KubeObject[] | undefined;
}

const FIRST_REVISION = 1;
const KEPT_SNAPSHOTS = 32;

/** The key that orders objects as etcd does. */
export function objectKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

export class ObjectStore {
  readonly registry = new KindRegistry();
  readonly #now: () => number;
  readonly #uidSeed: number;
  readonly #history: History;
  readonly #tables = new Map<string, Table>();
  readonly #listeners = new Set<ChangeListener>();
  readonly #snapshots = new Map<string, Snapshot>();
  #revision = FIRST_REVISION;
  readonly #unpublished: StoreEvent[] = [];
  #drawn = 0;

  constructor(options: ObjectStoreOptions) {
    this.#now = options.now;
    this.#uidSeed = options.uidSeed ?? 1;
    this.#history = new History(options.historyLimit ?? 10_000, FIRST_REVISION);
  }

  /** The revision of the last change. */
  get revision(): number {
    return this.#revision;
  }

  /** Changes up to this revision are forgotten: a watch or an exact list from before it is answered 410. */
  get compactedRevision(): number {
    return this.#history.compactedRevision;
  }

  /** Puts objects in without admission; the store owns and freezes them. Throws on a kind that is not served. */
  seed(objects: readonly KubeObject[]): void {
    for (const object of objects) this.write(object);
  }

  /** Objects of a resource ("services", "virtualservices.networking.istio.io"), of one namespace or of all, in key order. */
  list(resource: string, namespace?: string): readonly KubeObject[] {
    const objects = this.snapshot(resource).objects;
    return namespace === undefined ? objects : objects.filter((object) => object.metadata.namespace === namespace);
  }

  read(resource: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#tables.get(resource)?.objects.get(objectKey(namespace, name));
  }

  /** Creates or replaces an object and returns it as stored; a write that changes nothing makes no event. Throws on a kind that is not served. */
  write(object: KubeObject): KubeObject {
    const kind = this.#kindOf(object);
    const namespace = kind.namespaced ? (object.metadata.namespace ?? 'default') : undefined;
    const table = this.#table(kind.resource);
    const key = objectKey(namespace, object.metadata.name);
    const existing = table.objects.get(key);
    const next = this.#complete(kind, object, namespace, existing);
    if (existing !== undefined && deepEqual(withMetadata(existing, { resourceVersion: undefined }), next)) return existing;

    this.#revision += 1;
    const stored = deepFreeze(withMetadata(next, { resourceVersion: String(this.#revision) }));
    table.objects.set(key, stored);
    table.sorted = undefined;
    this.#publish({
      type: existing === undefined ? 'ADDED' : 'MODIFIED',
      resource: kind.resource,
      object: stored,
      previous: existing,
      revision: this.#revision,
    });
    return stored;
  }

  /** What write() would store, without storing it (a dry run): a replaced object keeps its resourceVersion, a new one has none. */
  preview(object: KubeObject): KubeObject {
    const kind = this.#kindOf(object);
    const namespace = kind.namespaced ? (object.metadata.namespace ?? 'default') : undefined;
    const existing = this.read(kind.resource, namespace, object.metadata.name);
    return withMetadata(this.#complete(kind, object, namespace, existing), { resourceVersion: existing?.metadata.resourceVersion });
  }

  /** Removes an object at once (no finalizers, no cascade); removing what is not there is nothing. */
  remove(resource: string, namespace: string | undefined, name: string): void {
    const table = this.#table(resource);
    const key = objectKey(namespace, name);
    const existing = table.objects.get(key);
    if (existing === undefined) return;
    this.#revision += 1;
    table.objects.delete(key);
    table.sorted = undefined;
    const last = deepFreeze(withMetadata(existing, { resourceVersion: String(this.#revision) }));
    this.#publish({ type: 'DELETED', resource, object: last, previous: existing, revision: this.#revision });
  }

  /** Calls back on every change, in order, while the change is being made; returns how to stop. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Calls back on every later change of one resource; returns how to stop. */
  onResourceChange(resource: string, listener: ChangeListener): () => void {
    const { listeners } = this.#table(resource);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  /** Changes of a resource after a revision, oldest first; undefined where that revision is compacted away. */
  changesAfter(resource: string, revision: number): readonly StoreEvent[] | undefined {
    return this.#history.eventsAfter(resource, revision);
  }

  /** The resource as it is now. */
  snapshot(resource: string): Snapshot {
    const table = this.#table(resource);
    table.sorted ??= [...table.objects.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, object]) => object);
    return { revision: this.#revision, objects: table.sorted };
  }

  /** The resource as it was at a revision, kept for the pages that follow; undefined where that is compacted away or not yet reached. */
  snapshotAt(resource: string, revision: number): Snapshot | undefined {
    const id = `${resource}@${revision}`;
    const kept = this.#snapshots.get(id);
    if (kept !== undefined) return kept;
    const built = this.#rebuild(resource, revision);
    if (built === undefined) return undefined;
    this.#snapshots.set(id, built);
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > KEPT_SNAPSHOTS && oldest !== undefined) this.#snapshots.delete(oldest);
    return built;
  }

  /** Forgets all history, as an etcd compaction of everything: older watches, exact lists and continue tokens expire. */
  compact(): void {
    // Compaction only reaches what is older than the present: one empty step makes every revision handed out so far old.
    this.#revision += 1;
    this.#history.compact(this.#revision);
    this.#snapshots.clear();
  }

  /** The next uid of the store's own sequence. */
  drawUid(): string {
    const hex = this.#draw();
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** A random-looking suffix for generateName, of the letters that apimachinery's rand.String uses. */
  drawSuffix(): string {
    const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
    return [...Buffer.from(this.#draw(), 'hex').subarray(0, 5)].map((byte) => alphabet[byte % alphabet.length] ?? 'x').join('');
  }

  #draw(): string {
    this.#drawn += 1;
    return createHash('sha256').update(`${this.#uidSeed}:${this.#drawn}`).digest('hex');
  }

  #kindOf(object: KubeObject): Kind {
    const kind = this.registry.findByKind(object.apiVersion, object.kind);
    if (kind === undefined || kind.review) {
      throw new Error(
        `cannot store ${object.kind} "${object.metadata.name}": no kind ${object.kind} in ${object.apiVersion}; add a row to the kind table`,
      );
    }
    return kind;
  }

  #table(resource: string): Table {
    const known = this.#tables.get(resource);
    if (known !== undefined) return known;
    const table: Table = { objects: new Map(), listeners: new Set(), sorted: undefined };
    this.#tables.set(resource, table);
    return table;
  }

  /** Identity is kept from the stored object; the generation moves when anything but metadata and status does. */
  #complete(kind: Kind, object: KubeObject, namespace: string | undefined, existing: KubeObject | undefined): KubeObject {
    const { metadata } = object;
    const stored = existing?.metadata;
    const next: KubeObject = { ...withDefaults(kind, object, existing), apiVersion: storageApiVersion(kind) };
    const complete = withMetadata(next, {
      namespace,
      resourceVersion: undefined,
      uid: stored?.uid ?? metadata.uid ?? this.drawUid(),
      creationTimestamp: stored?.creationTimestamp ?? metadata.creationTimestamp ?? formatTime(this.#now()),
      managedFields: metadata.managedFields?.length === 0 ? undefined : (metadata.managedFields ?? stored?.managedFields),
      generation: undefined,
    });
    if (!kind.tracksGeneration) return complete;
    const changed = existing !== undefined && !deepEqual(desiredState(existing), desiredState(complete));
    const generation = existing === undefined ? (metadata.generation ?? 1) : (stored?.generation ?? 1) + (changed ? 1 : 0);
    return withMetadata(complete, { generation });
  }

  /** A listener that writes makes its event wait until every listener has seen the present one: all see them in order. */
  #publish(event: StoreEvent): void {
    this.#history.append(event);
    this.#unpublished.push(event);
    if (this.#unpublished.length > 1) return;
    for (let next = this.#unpublished[0]; next !== undefined; next = this.#unpublished[0]) {
      try {
        for (const listener of [...this.#listeners, ...this.#table(next.resource).listeners]) listener(next);
      } finally {
        this.#unpublished.shift();
      }
    }
  }

  #rebuild(resource: string, revision: number): Snapshot | undefined {
    const changes = this.#history.eventsAfter(resource, revision);
    if (changes === undefined || revision > this.#revision) return undefined;
    if (changes.length === 0) return { revision, objects: this.snapshot(resource).objects };
    const objects = new Map(this.#table(resource).objects);
    for (const { object, previous } of changes.toReversed()) {
      const key = objectKey(object.metadata.namespace, object.metadata.name);
      if (previous === undefined) objects.delete(key);
      else objects.set(key, previous);
    }
    const sorted = [...objects.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, object]) => object);
    return { revision, objects: sorted };
  }
}

/** What is stored carries its kind's defaults, as the API server reads every object; a part shared with the stored object already does. */
function withDefaults(kind: Kind, object: KubeObject, existing: KubeObject | undefined): KubeObject {
  if (existing !== undefined && existing['spec'] === object['spec']) return object;
  const filled = applyDefaults(kind.schema(), object);
  return isKubeObject(filled) ? filled : object;
}

function desiredState(object: KubeObject): Readonly<Record<string, unknown>> {
  return omit(object, 'apiVersion', 'kind', 'metadata', 'status');
}

/** A time as Kubernetes writes it: RFC 3339 in whole seconds. */
export function formatTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
