// A cluster in memory behind the ports of writing: resourceVersions, uids, preconditions, field manager, journal, leases, cases. Each call can
// be struck before or after it took effect. In: objects. Out: ClusterWriter, JournalStore, LeaseStore, CaseStore.
import type { ChangeRecord, Manifest } from '../../../model/change';
import { type ConfigRef, refText } from '../../../model/edit';
import { Failure } from '../../../model/failure';
import type { ConfigObject } from '../../../model/inventory';
import type { SavedCase } from '../../../model/steering';
import type {
  CaseStore,
  ClusterCredential,
  ClusterWriter,
  JournalEntry,
  JournalStore,
  LeaseStore,
  ManagedObject,
  WriteAnswer,
  WriteOptions,
} from '../../ports';

/** A call at one of the ports, `write update VirtualService/…`, `journal update …`. `phase`: before or after it takes effect. */
export type Strike = (call: string, phase: 'before' | 'after') => Promise<void> | void;

export class MemoryCluster {
  readonly objects = new Map<string, ManagedObject>();
  readonly entries = new Map<string, JournalEntry>();
  readonly leases = new Map<string, { readonly holder: string; readonly version: string }>();
  readonly cases = new Map<string, SavedCase>();
  readonly now: () => number;
  #revision = 100;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Puts an object in, or another one in its place, as somebody else would; false: it has another version. */
  put(ref: ConfigRef, manifest: Manifest, manager = 'kubectl-edit', version: string | null = null): boolean {
    const old = this.objects.get(refText(ref));
    if (version !== null && old?.object.resourceVersion !== version) return false;
    this.objects.set(refText(ref), this.#stored(ref, manifest, manager, old ?? null));
    return true;
  }

  #next = (): string => String(++this.#revision);

  #stored(ref: ConfigRef, manifest: Manifest, manager: string, old: ManagedObject | null): ManagedObject {
    const { metadata, spec, apiVersion, kind } = manifest;
    const nowMs = this.now();
    const object: ConfigObject = {
      cluster: 'Kubernetes',
      namespace: ref.namespace,
      name: ref.name,
      uid: old?.object.uid ?? `uid-${this.#next()}`,
      resourceVersion: this.#next(),
      createdAtMs: old?.object.createdAtMs ?? nowMs,
      labels: metadata.labels ?? {},
      annotations: metadata.annotations ?? {},
      apiVersion,
      kind,
      generation: (old?.object.generation ?? 0) + 1,
      spec,
      status: null,
    };
    const others = (old?.managedFields ?? []).filter((one) => one.manager !== manager);
    const own = { manager, operation: 'Update', subresource: '', timeMs: nowMs, fields: { 'f:spec': {} } } as const;
    return { ref, object, manifest, managedFields: [...others, own], ownerReferences: [] };
  }

  writer(strike: Strike = () => undefined): ClusterWriter {
    const write = async (call: string, { dryRun }: WriteOptions, work: () => WriteAnswer): Promise<WriteAnswer> => {
      if (!dryRun) await strike(`write ${call}`, 'before');
      const answer = work();
      if (!dryRun) await strike(`write ${call}`, 'after');
      return answer;
    };
    const finish = (ref: ConfigRef, next: ManagedObject, dryRun: boolean): WriteAnswer => {
      if (!dryRun) this.objects.set(refText(ref), next);
      return { outcome: 'done', object: next };
    };
    return {
      readObject: async (ref) => {
        await strike(`read ${refText(ref)}`, 'before');
        return this.objects.get(refText(ref)) ?? null;
      },
      create: (ref, manifest, _credential: ClusterCredential, options) =>
        write(`create ${refText(ref)}`, options, () =>
          this.objects.has(refText(ref))
            ? { outcome: 'conflict', detail: `${refText(ref)} exists` }
            : finish(ref, this.#stored(ref, manifest, 'heddle', null), options.dryRun),
        ),
      update: (ref, { after, resourceVersion }, _credential, options) =>
        write(`update ${refText(ref)}`, options, () => {
          const old = this.objects.get(refText(ref));
          if (old === undefined) return { outcome: 'missing', detail: `${refText(ref)} is gone` };
          if (old.object.resourceVersion !== resourceVersion) return { outcome: 'conflict', detail: `${refText(ref)} has another version` };
          return finish(ref, this.#stored(ref, after, 'heddle', old), options.dryRun);
        }),
      remove: (ref, { uid, resourceVersion }, _credential, options) =>
        write(`delete ${refText(ref)}`, options, () => {
          const old = this.objects.get(refText(ref));
          if (old === undefined) return { outcome: 'missing', detail: `${refText(ref)} is gone` };
          if (old.object.resourceVersion !== resourceVersion || old.object.uid !== uid)
            return { outcome: 'conflict', detail: `${refText(ref)} has another version` };
          if (!options.dryRun) this.objects.delete(refText(ref));
          return { outcome: 'done', object: null };
        }),
      fetchSchema: () => Promise.resolve(null),
    };
  }

  journal(strike: Strike = () => undefined): JournalStore {
    const all = (): readonly JournalEntry[] => [...this.entries.values()].sort((a, b) => b.record.createdAtMs - a.record.createdAtMs);
    const save = (record: ChangeRecord): JournalEntry => {
      // As it comes back from a store: nothing is shared with who wrote it.
      const entry = { record: JSON.parse(JSON.stringify(record)) as ChangeRecord, version: this.#next() };
      this.entries.set(record.id, entry);
      return entry;
    };
    return {
      list: () => Promise.resolve(all()),
      listOpen: async () => {
        await strike('journal listOpen', 'before');
        return all().filter(({ record }) => ['applying', 'waiting', 'reverting'].includes(record.state));
      },
      read: async (id) => {
        await strike('journal read', 'before');
        return this.entries.get(id) ?? null;
      },
      create: async (record) => {
        await strike('journal create', 'before');
        if (this.entries.has(record.id)) throw new Failure('conflict', 'it exists', 'Read it.');
        const entry = save(record);
        await strike('journal create', 'after');
        return entry;
      },
      update: async (record, version) => {
        await strike(`journal update ${record.state}`, 'before');
        if (this.entries.get(record.id)?.version !== version) throw new Failure('conflict', 'it has another version', 'Read it again.');
        const entry = save(record);
        await strike(`journal update ${record.state}`, 'after');
        return entry;
      },
      remove: (id) => Promise.resolve(void this.entries.delete(id)),
    };
  }

  leaseStore(strike: Strike = () => undefined): LeaseStore {
    return {
      read: async (name) => {
        await strike('lease read', 'before');
        return this.leases.get(name) ?? null;
      },
      hold: async (name, holder, version) => {
        await strike('lease hold', 'before');
        if ((this.leases.get(name)?.version ?? null) !== version) return null;
        const next = this.#next();
        this.leases.set(name, { holder, version: next });
        await strike('lease hold', 'after');
        return next;
      },
      list: async () => {
        await strike('lease list', 'before');
        return [...this.leases].map(([name, { version }]) => ({ name, version }));
      },
      remove: async (name, version) => {
        await strike('lease remove', 'before');
        if (this.leases.get(name)?.version === version) this.leases.delete(name);
      },
    };
  }

  caseStore(): CaseStore {
    return {
      list: () => Promise.resolve([...this.cases.values()]),
      save: (value) => Promise.resolve(void this.cases.set(value.id, value)),
      remove: (id) => Promise.resolve(void this.cases.delete(id)),
    };
  }
}
