// Delete: preconditions, finalizers, what belongs to the object (a namespace's contents, dependents by owner reference), collections.
import { isRecord, recordOf, textOf, valueAt } from '../json';
import type { Kind } from '../kinds/kind';
import { type KubeObject, withMetadata } from '../object';
import type { Predicate } from '../selectors';
import { badRequest, conflict, notFound } from '../status-error';
import { formatTime, type ObjectStore } from '../store';
import { readDryRun, resourceOf, type Target } from './target';

type Propagation = 'Background' | 'Foreground' | 'Orphan';

export interface Removed {
  readonly object: KubeObject;
  /** True where the object is gone; false where finalizers still hold it. */
  readonly gone: boolean;
}

export class ObjectRemover {
  readonly #store: ObjectStore;
  readonly #now: () => number;

  constructor(store: ObjectStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Deletes one object under the DeleteOptions of the body and query. Throws 404, or 409 on a failed precondition. */
  remove(target: Target, options: unknown): Removed {
    const { kind, namespace, name } = target;
    const existing = this.#store.read(kind.resource, namespace, name);
    if (existing === undefined) throw notFound(resourceOf(target), name);
    requirePreconditions(target, existing, options);
    const propagation = readPropagation(target, options);
    if (readDryRun(target) || isDryRun(options)) return { object: existing, gone: true };
    return this.#removeObject(kind, existing, propagation);
  }

  /** Deletes every object of the collection that the selectors match. */
  removeAll(target: Target, matches: Predicate | undefined, options: unknown): readonly KubeObject[] {
    const { kind, namespace } = target;
    const chosen = this.#store.list(kind.resource, namespace).filter((object) => matches?.(object) ?? true);
    const propagation = readPropagation(target, options);
    if (readDryRun(target) || isDryRun(options)) return chosen;
    return chosen.map((object) => this.#removeObject(kind, object, propagation).object);
  }

  #removeObject(kind: Kind, existing: KubeObject, propagation: Propagation): Removed {
    const { namespace, name, finalizers = [] } = existing.metadata;
    if (kind.resource === 'namespaces') return { object: this.#removeNamespace(kind, existing), gone: true };
    if (finalizers.length > 0) {
      const deletionTimestamp = existing.metadata.deletionTimestamp ?? formatTime(this.#now());
      return { object: this.#store.write(withMetadata(existing, { deletionTimestamp, deletionGracePeriodSeconds: 0 })), gone: false };
    }
    // Foreground deletion takes the dependents before their owner; the others let the owner go first.
    if (propagation === 'Foreground') this.#releaseDependents(existing, propagation);
    this.#store.remove(kind.resource, namespace, name);
    if (propagation !== 'Foreground') this.#releaseDependents(existing, propagation);
    return { object: existing, gone: true };
  }

  /** A namespace is first seen terminating, then its contents go, then it goes (what the namespace controller does, at once). */
  #removeNamespace(kind: Kind, existing: KubeObject): KubeObject {
    const { name } = existing.metadata;
    const marked = withMetadata(existing, { deletionTimestamp: formatTime(this.#now()) });
    const terminating = this.#store.write({ ...marked, status: { ...recordOf(existing['status']), phase: 'Terminating' } });
    for (const contained of this.#store.registry.kinds.filter((candidate) => candidate.namespaced && !candidate.review)) {
      for (const object of this.#store.list(contained.resource, name)) this.#store.remove(contained.resource, name, object.metadata.name);
    }
    this.#store.remove(kind.resource, undefined, name);
    return terminating;
  }

  /** The garbage collector: objects owned by nobody else go (or, orphaned, only lose the reference). */
  #releaseDependents(owner: KubeObject, propagation: Propagation): void {
    const { uid } = owner.metadata;
    for (const kind of this.#store.registry.kinds.filter((candidate) => !candidate.review)) {
      for (const object of this.#store.list(kind.resource)) {
        const references = object.metadata.ownerReferences ?? [];
        if (!references.some((reference) => reference.uid === uid)) continue;
        const others = references.filter((reference) => reference.uid !== uid);
        if (propagation === 'Orphan' || others.length > 0) {
          this.#store.write(withMetadata(object, { ownerReferences: others.length === 0 ? undefined : others }));
        } else this.#removeObject(kind, object, propagation);
      }
    }
  }
}

/** An object marked for deletion goes when its last finalizer has gone. */
export function finishDeletion(store: ObjectStore, kind: Kind, object: KubeObject): void {
  const { deletionTimestamp, finalizers = [], namespace, name } = object.metadata;
  if (deletionTimestamp !== undefined && finalizers.length === 0 && kind.resource !== 'namespaces')
    store.remove(kind.resource, namespace, name);
}

function requirePreconditions(target: Target, existing: KubeObject, options: unknown): void {
  const { uid, resourceVersion } = recordOf(valueAt(options, 'preconditions'));
  const { metadata } = existing;
  if (textOf(uid) !== undefined && uid !== metadata.uid) {
    throw conflict(
      resourceOf(target),
      target.name,
      `Precondition failed: UID in precondition: ${String(uid)}, UID in object meta: ${metadata.uid ?? ''}`,
    );
  }
  if (textOf(resourceVersion) !== undefined && resourceVersion !== metadata.resourceVersion) {
    const why = `Precondition failed: ResourceVersion in precondition: ${String(resourceVersion)}, ResourceVersion in object meta: ${metadata.resourceVersion ?? ''}`;
    throw conflict(resourceOf(target), target.name, why);
  }
}

function isDryRun(options: unknown): boolean {
  const dryRun = isRecord(options) ? options['dryRun'] : undefined;
  return Array.isArray(dryRun) && dryRun.includes('All');
}

function readPropagation(target: Target, options: unknown): Propagation {
  const policy = textOf(valueAt(options, 'propagationPolicy')) ?? target.query.get('propagationPolicy') ?? 'Background';
  if (policy === 'Background' || policy === 'Foreground' || policy === 'Orphan') return policy;
  throw badRequest(`propagationPolicy must be Background, Foreground or Orphan, not "${policy}"`);
}
