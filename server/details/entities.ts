// What an entity is in the inventory: its services, workloads and pods; and what is named nearly so where there is none.
// In: MeshIndex, EntityRef. Out: EntityParts. Pure.
import type { EntityRef } from '../../model/entity';
import { serviceKey, workloadKey } from '../../model/ids';
import type { NamespaceInfo, PodInfo, ServiceInfo, WorkloadInfo } from '../../model/inventory';
import { isEmpty, selects } from '../istio/labels';
import { groupBy, memoByObject } from '../istio/memo';
import type { MeshIndex } from '../istio/mesh-index';
import { podsIn } from '../istio/services';

export interface EntityParts {
  readonly entity: EntityRef;
  /** Null where namespaces may not be listed. */
  readonly namespace: NamespaceInfo | null;
  /** The service itself, those that select the workloads, those of the namespace. */
  readonly services: readonly ServiceInfo[];
  /** The workload itself, those of the app, those that the service selects, those of the namespace. */
  readonly workloads: readonly WorkloadInfo[];
  readonly pods: readonly PodInfo[];
}

const byNamespace = <T extends { readonly namespace: string }>() =>
  memoByObject((all: ReadonlyMap<string, T>): ReadonlyMap<string, readonly T[]> => groupBy(all.values(), ({ namespace }) => namespace));
const servicesOf = byNamespace<ServiceInfo>();
const workloadsOf = byNamespace<WorkloadInfo>();

const inNamespace = <T>(groups: ReadonlyMap<string, readonly T[]>, namespace: string): readonly T[] => groups.get(namespace) ?? [];

/** Whether a service sends to the pods of a workload. */
export const sendsTo = ({ selector, namespace }: ServiceInfo, workload: WorkloadInfo): boolean =>
  namespace === workload.namespace && !isEmpty(selector) && selects(selector, workload.podLabels);

/** Null where the cluster has none of that name. */
export function findEntity(index: MeshIndex, entity: EntityRef): EntityParts | null {
  const { inventory } = index;
  const { kind, namespace, name } = entity;
  const info = inventory.namespaces.get(namespace) ?? null;
  const services = inNamespace(servicesOf(inventory.services), namespace);
  const workloads = inNamespace(workloadsOf(inventory.workloads), namespace);
  const parts = (ownServices: readonly ServiceInfo[], own: readonly WorkloadInfo[]): EntityParts => {
    const keys = new Set(own.map(({ key }) => key));
    return {
      entity,
      namespace: info,
      services: ownServices,
      workloads: own,
      pods: podsIn(index, namespace).filter(({ workload }) => workload !== null && keys.has(workload)),
    };
  };
  switch (kind) {
    case 'namespace':
      return info === null && services.length === 0 && workloads.length === 0 ? null : parts(services, workloads);
    case 'service': {
      const service = inventory.services.get(serviceKey(inventory.cluster, namespace, name));
      return service === undefined
        ? null
        : parts(
            [service],
            workloads.filter((workload) => sendsTo(service, workload)),
          );
    }
    case 'workload':
    case 'app': {
      const one = kind === 'workload' ? inventory.workloads.get(workloadKey(inventory.cluster, namespace, name)) : undefined;
      const own = kind === 'app' ? workloads.filter(({ app }) => app === name) : one === undefined ? [] : [one];
      return own.length === 0
        ? null
        : parts(
            services.filter((service) => own.some((workload) => sendsTo(service, workload))),
            own,
          );
    }
    default:
      return kind satisfies never;
  }
}

const MAX_NEAR = 5;

/** Names of the same kind that somebody may have meant, nearest first. */
export function findNear(index: MeshIndex, { kind, namespace, name }: EntityRef, sees: (namespace: string) => boolean): readonly string[] {
  const { inventory } = index;
  const known: { readonly namespace: string; readonly name: string }[] = [];
  const put = (place: string, text: string): void => {
    if (sees(place)) known.push({ namespace: place, name: text });
  };
  if (kind === 'namespace') for (const one of inventory.namespaces.keys()) put(one, one);
  else if (kind === 'service') for (const one of inventory.services.values()) put(one.namespace, one.name);
  else for (const one of inventory.workloads.values()) put(one.namespace, kind === 'app' ? one.app : one.name);
  const scored = new Map<string, number>();
  for (const one of known) {
    const distance = nearness(one.name, name) + (one.namespace === namespace || kind === 'namespace' ? 0 : 1);
    if (distance <= Math.max(2, Math.ceil(name.length / 3)))
      scored.set(kind === 'namespace' ? one.name : `${one.namespace}/${one.name}`, distance);
  }
  return [...scored]
    .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
    .slice(0, MAX_NEAR)
    .map(([text]) => text);
}

/** Longest name that is compared letter by letter. */
const MAX_COMPARED = 63;

/** 0 for equal names, 1 where one begins the other, else how many letters differ (Levenshtein). */
function nearness(a: string, b: string): number {
  if (a === b) return 0;
  if (b !== '' && (a.startsWith(b) || (a.length > 2 && b.startsWith(a)))) return 1;
  if (Math.abs(a.length - b.length) > 4 || a.length > MAX_COMPARED || b.length > MAX_COMPARED) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? Number.POSITIVE_INFINITY;
}
