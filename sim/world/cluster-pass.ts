// One pass of the cluster's controllers over the store: lists read once, grouped by namespace; writes go straight back.
// In: ObjectStore, clock. Out: ClusterPass, the context that every controller works on; events; addresses.
import type { KubeObject } from '../kubernetes/object';
import type { ObjectStore } from '../kubernetes/store';
import { timeText } from './objects';
import { hashText, uuidOf } from './random';

/** Hands out pod addresses and name ordinals; lives as long as the simulation. */
export class Allocator {
  private next = 0;
  private readonly ordinals = new Map<string, number>();

  /** An address of the pod network that was never used before. */
  allocateIp(): string {
    const n = this.next++;
    return `10.${244 + Math.floor(n / 62_500)}.${Math.floor(n / 250) % 250}.${2 + (n % 250)}`;
  }

  /** 0, 1, 2, ... per name. */
  countUp(name: string): number {
    const n = this.ordinals.get(name) ?? 0;
    this.ordinals.set(name, n + 1);
    return n;
  }
}

export interface PassOptions {
  readonly store: ObjectStore;
  readonly seed: number;
  readonly nowMs: number;
  readonly allocator: Allocator;
  /** `settled`: the world has always been so (no start-up times, no events); `live`: things take their time. */
  readonly mode: 'settled' | 'live';
  /** Namespaces to look at. */
  readonly namespaces: ReadonlySet<string>;
}

export class ClusterPass {
  readonly store: ObjectStore;
  readonly seed: number;
  readonly nowMs: number;
  readonly allocator: Allocator;
  readonly mode: 'settled' | 'live';
  readonly namespaces: ReadonlySet<string>;
  /** Earliest instant at which something pending will be due. */
  nextDueMs = Number.POSITIVE_INFINITY;
  private readonly grouped = new Map<string, Map<string, KubeObject[]>>();

  constructor(options: PassOptions) {
    this.store = options.store;
    this.seed = options.seed;
    this.nowMs = options.nowMs;
    this.allocator = options.allocator;
    this.mode = options.mode;
    this.namespaces = options.namespaces;
  }

  /** Objects of a resource in a namespace as they were when first asked, plus what this pass wrote. */
  list(resource: string, namespace: string): readonly KubeObject[] {
    return this.group(resource).get(namespace) ?? [];
  }

  write(resource: string, object: KubeObject): KubeObject {
    const stored = this.store.write(object);
    const list = this.listOf(resource, stored.metadata.namespace ?? '');
    const at = list.findIndex((o) => o.metadata.name === stored.metadata.name);
    if (at < 0) list.push(stored);
    else list[at] = stored;
    return stored;
  }

  remove(resource: string, object: KubeObject): void {
    this.store.remove(resource, object.metadata.namespace, object.metadata.name);
    const list = this.listOf(resource, object.metadata.namespace ?? '');
    const at = list.findIndex((o) => o.metadata.name === object.metadata.name);
    if (at >= 0) list.splice(at, 1);
  }

  /** Asks for another pass at that instant. */
  due(atMs: number): void {
    if (atMs < this.nextDueMs) this.nextDueMs = atMs;
  }

  /** An Event about an object, as the kubelet and the controllers record them. Nothing while settled: old events have expired. */
  record(about: KubeObject, reason: string, message: string, component: string): void {
    if (this.mode === 'settled') return;
    const { name, namespace, uid } = about.metadata;
    const suffix = hashText(`${name}/${reason}/${message}`, Math.floor(this.nowMs)).toString(16);
    this.store.write({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${name}.${suffix}`,
        namespace: namespace ?? 'default',
        uid: uuidOf(`${this.seed}/Event/${namespace ?? ''}/${name}/${suffix}`),
        creationTimestamp: timeText(this.nowMs),
      },
      involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name, namespace, uid },
      reason,
      message,
      type: 'Normal',
      count: 1,
      firstTimestamp: timeText(this.nowMs),
      lastTimestamp: timeText(this.nowMs),
      source: { component },
      reportingComponent: component,
      reportingInstance: '',
    });
  }

  private listOf(resource: string, namespace: string): KubeObject[] {
    const groups = this.group(resource);
    const known = groups.get(namespace);
    if (known) return known;
    const fresh: KubeObject[] = [];
    groups.set(namespace, fresh);
    return fresh;
  }

  private group(resource: string): Map<string, KubeObject[]> {
    const known = this.grouped.get(resource);
    if (known) return known;
    const groups = new Map<string, KubeObject[]>();
    for (const object of this.store.list(resource)) {
      const namespace = object.metadata.namespace ?? '';
      if (!this.namespaces.has(namespace)) continue;
      const own = groups.get(namespace);
      if (own) own.push(object);
      else groups.set(namespace, [object]);
    }
    this.grouped.set(resource, groups);
    return groups;
  }
}
