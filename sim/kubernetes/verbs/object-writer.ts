// The writing verbs but delete: create, update, patch and server-side apply, on objects and their status and scale subresources.
// In: target + decoded body. Out: the object as stored (or as it would be: dry run), and whether it is new.
import { omit, recordOf, textOf, valueAt } from '../json';
import { joinApiVersion, type KubeObject, withMetadata } from '../object';
import { applyJsonPatch, PatchError } from '../patch/json-patch';
import { applyConfiguration, type FieldWriter, trackUpdate } from '../patch/managed-fields';
import { applyMergePatch } from '../patch/merge-patch';
import { applyStrategicMerge } from '../patch/strategic-merge';
import { alreadyExists, badRequest, conflict, invalid, notFound, StatusError, staleObject, unsupportedMediaType } from '../status-error';
import { formatTime, type ObjectStore } from '../store';
import { admitObject, decodeObject } from './admit';
import { checkImmutable, completeNew, keepAllocated } from './builtin-rules';
import { finishDeletion } from './object-remover';
import { readDryRun, readFieldManager, resourceOf, type Target } from './target';

export interface Written {
  readonly object: KubeObject;
  readonly created: boolean;
}

const APPLY = 'application/apply-patch+yaml';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** Metadata that only the server writes. */
const serverOwned = ['uid', 'creationTimestamp', 'generation', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink'];

export class ObjectWriter {
  readonly #store: ObjectStore;
  readonly #now: () => number;

  constructor(store: ObjectStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  create(target: Target, raw: unknown): Written {
    const decoded = decodeObject(raw, target);
    if (decoded.metadata.resourceVersion !== undefined && decoded.metadata.resourceVersion !== '') {
      throw badRequest('resourceVersion should not be set on objects to be created');
    }
    const object = this.#prepareNew(decoded, target);
    return this.#insert(withMetadata(object, { managedFields: trackUpdate(undefined, object, this.#writer(target)) }), target);
  }

  update(target: Target, raw: unknown): Written {
    const existing = this.#existing(target);
    if (target.subresource === 'scale') return this.#scale(target, existing, raw);
    const decoded = decodeObject(raw, target);
    if (target.kind.custom && (decoded.metadata.resourceVersion ?? '') === '') {
      const cause = {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: 0x0: must be specified for an update',
        field: 'metadata.resourceVersion',
      };
      throw invalid(target.kind.group, target.kind.kind, target.name, [cause]);
    }
    return this.#replace(target, existing, decoded);
  }

  /** Applies a patch of any of the four types; server-side apply creates what is missing. */
  patch(target: Target, mediaType: string, patch: unknown): Written {
    if (mediaType === APPLY && target.subresource !== 'scale') return this.#apply(target, patch);
    const existing = this.#existing(target);
    const current =
      target.subresource === 'scale' ? scaleOf(existing) : { ...existing, apiVersion: joinApiVersion(target.kind.group, target.version) };
    const patched = this.#patched(target, mediaType, current, patch);
    if (target.subresource === 'scale') return this.#scale(target, existing, patched);
    return this.#replace(target, existing, decodeObject(patched, target));
  }

  #patched(target: Target, mediaType: string, current: KubeObject, patch: unknown): unknown {
    switch (mediaType) {
      case 'application/json-patch+json':
        try {
          return applyJsonPatch(current, patch);
        } catch (error) {
          if (!(error instanceof PatchError)) throw error;
          throw error.kind === 'malformed' ? badRequest(error.message) : new StatusError(422, 'Invalid', error.message, {});
        }
      case 'application/merge-patch+json':
        return applyMergePatch(current, patch);
      case 'application/strategic-merge-patch+json':
        if (!target.kind.custom) return applyStrategicMerge(current, patch, target.kind.schema());
        throw unsupportedMediaType(patchTypes(target));
      default:
        throw unsupportedMediaType(patchTypes(target));
    }
  }

  #apply(target: Target, raw: unknown): Written {
    if ((target.query.get('fieldManager') ?? '') === '') {
      const message = 'Required value: is required for apply patch';
      throw invalid('meta.k8s.io', 'PatchOptions', '', [{ reason: 'FieldValueRequired', message, field: 'fieldManager' }]);
    }
    const config = decodeObject(raw, target);
    if (config.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
    const force = ['true', '1'].includes(target.query.get('force') ?? '');
    const existing = this.#store.read(target.kind.resource, target.namespace, target.name);
    if (existing === undefined && target.subresource !== '') throw notFound(resourceOf(target), target.name);
    const wanted = config.metadata.resourceVersion;
    if (wanted !== undefined && wanted !== existing?.metadata.resourceVersion) throw staleObject(resourceOf(target), target.name);

    const merged = applyConfiguration(existing, config, this.#writer(target), force);
    const object = syncLastApplied(merged, config, target);
    const { managedFields } = object.metadata;
    if (existing === undefined) return this.#insert(withMetadata(this.#prepareNew(object, target), { managedFields }), target);
    const next = this.#prepareReplacement(target, existing, object);
    return this.#commit(target, withMetadata(next, { managedFields }));
  }

  #prepareNew(object: KubeObject, target: Target): KubeObject {
    const { kind } = target;
    this.#requireNamespace(target);
    const generateName = textOf(object.metadata['generateName']) ?? '';
    const name = object.metadata.name === '' && generateName !== '' ? `${generateName}${this.#store.drawSuffix()}` : object.metadata.name;
    const fresh = withMetadata({ ...object, metadata: { ...omit(object.metadata, ...serverOwned), name } }, {});
    const withoutStatus = kind.subresources.includes('status') ? omitStatus(fresh) : fresh;
    return completeNew(kind.kind, admitObject(withoutStatus, target), this.#store);
  }

  #insert(object: KubeObject, target: Target): Written {
    const { kind } = target;
    const namespace = kind.namespaced ? target.namespace : undefined;
    if (this.#store.read(kind.resource, namespace, object.metadata.name) !== undefined) {
      throw alreadyExists(resourceOf(target), object.metadata.name);
    }
    const stored = withMetadata(object, { resourceVersion: undefined });
    return { object: readDryRun(target) ? this.#store.preview(stored) : this.#store.write(stored), created: true };
  }

  #requireNamespace({ kind, namespace }: Target): void {
    if (kind.namespaced && this.#store.read('namespaces', undefined, namespace ?? '') === undefined) {
      throw notFound({ group: '', plural: 'namespaces' }, namespace ?? '');
    }
  }

  #replace(target: Target, existing: KubeObject, decoded: KubeObject): Written {
    const next = this.#prepareReplacement(target, existing, decoded);
    return this.#commit(target, withMetadata(next, { managedFields: trackUpdate(existing, next, this.#writer(target)) }));
  }

  /** The new object under the rules of a replacement: preconditions, server-owned metadata, and only the part the (sub)resource may change. */
  #prepareReplacement(target: Target, existing: KubeObject, decoded: KubeObject): KubeObject {
    const { kind, name, subresource } = target;
    const { resourceVersion, uid } = decoded.metadata;
    if (uid !== undefined && uid !== '' && uid !== existing.metadata.uid) {
      const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${existing.metadata.uid ?? ''}`;
      throw conflict(resourceOf(target), name, why);
    }
    if ((resourceVersion ?? '') !== '' && resourceVersion !== existing.metadata.resourceVersion)
      throw staleObject(resourceOf(target), name);
    const owned = Object.fromEntries(serverOwned.map((key) => [key, existing.metadata[key]]));
    const part =
      subresource === 'status'
        ? { ...existing, apiVersion: decoded.apiVersion, status: decoded['status'] }
        : keepStatus(kind.subresources.includes('status'), existing, decoded);
    const sent = decoded.metadata.managedFields;
    const whole = withMetadata(part, { ...owned, resourceVersion: existing.metadata.resourceVersion, managedFields: sent });
    const admitted = keepAllocated(kind.kind, existing, admitObject(whole, target));
    const causes = kind.custom ? [] : checkImmutable(kind.kind, existing, admitted);
    if (causes.length > 0) throw invalid(kind.group, kind.kind, name, causes);
    return kind.kind === 'Secret' ? completeNew(kind.kind, admitted, this.#store) : admitted;
  }

  #commit(target: Target, next: KubeObject): Written {
    if (readDryRun(target)) return { object: this.#store.preview(next), created: false };
    const stored = this.#store.write(next);
    finishDeletion(this.#store, target.kind, stored);
    return { object: stored, created: false };
  }

  #scale(target: Target, existing: KubeObject, raw: unknown): Written {
    const replicas = valueAt(raw, 'spec', 'replicas') ?? 0;
    if (typeof replicas !== 'number' || !Number.isInteger(replicas))
      throw badRequest('Scale in version "v1" cannot be handled as a Scale: spec.replicas is not an integer');
    if (replicas < 0) {
      const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
      throw invalid('autoscaling', 'Scale', target.name, [{ reason: 'FieldValueInvalid', message, field: 'spec.replicas' }]);
    }
    const resourceVersion = valueAt(raw, 'metadata', 'resourceVersion');
    if (textOf(resourceVersion) !== undefined && resourceVersion !== existing.metadata.resourceVersion)
      throw staleObject(resourceOf(target), target.name);
    const next: KubeObject = { ...existing, spec: { ...recordOf(existing['spec']), replicas } };
    const tracked = withMetadata(next, { managedFields: trackUpdate(existing, next, this.#writer(target)) });
    return { ...this.#commit(target, tracked), created: false };
  }

  #existing(target: Target): KubeObject {
    const existing = this.#store.read(target.kind.resource, target.namespace, target.name);
    if (existing === undefined) throw notFound(resourceOf(target), target.name);
    return existing;
  }

  #writer(target: Target): FieldWriter {
    const { kind, version, subresource } = target;
    return {
      manager: readFieldManager(target),
      apiVersion: joinApiVersion(kind.group, version),
      subresource,
      time: formatTime(this.#now()),
      schema: kind.schema(),
      statusApart: kind.subresources.includes('status'),
    };
  }
}

function omitStatus(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata } = object;
  return { ...omit(object, 'status'), apiVersion, kind, metadata };
}

function keepStatus(apart: boolean, existing: KubeObject, decoded: KubeObject): KubeObject {
  if (!apart) return decoded;
  return existing['status'] === undefined ? omitStatus(decoded) : { ...decoded, status: existing['status'] };
}

/** The patch types of a kind, as a 415 names them. */
export function patchTypes({ kind, subresource }: Target): readonly string[] {
  const plain = ['application/json-patch+json', 'application/merge-patch+json'];
  return [...plain, ...(kind.custom || subresource === 'scale' ? [] : ['application/strategic-merge-patch+json']), APPLY];
}

/** autoscaling/v1 Scale of a workload. */
export function scaleOf(workload: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = workload.metadata;
  const labels = Object.entries(recordOf(valueAt(workload, 'spec', 'selector', 'matchLabels')));
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: withMetadata({ apiVersion: '', kind: '', metadata: { name } }, { namespace, uid, resourceVersion, creationTimestamp })
      .metadata,
    spec: { replicas: valueAt(workload, 'spec', 'replicas') ?? 0 },
    status: {
      replicas: valueAt(workload, 'status', 'replicas') ?? 0,
      selector: labels.map(([key, value]) => `${key}=${String(value)}`).join(','),
    },
  };
}

/** Where kubectl goes over from client-side to server-side apply, its annotation follows (managedfields/internal/lastappliedupdater.go). */
function syncLastApplied(object: KubeObject, config: KubeObject, target: Target): KubeObject {
  const { annotations } = object.metadata;
  if (readFieldManager(target) !== 'kubectl' || annotations?.[LAST_APPLIED] === undefined) return object;
  const plain = withMetadata(config, { annotations: omit(config.metadata.annotations ?? {}, LAST_APPLIED) });
  return withMetadata(object, { annotations: { ...annotations, [LAST_APPLIED]: `${JSON.stringify(plain)}\n` } });
}
