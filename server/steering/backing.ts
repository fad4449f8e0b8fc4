// What stands behind hosts and callers: pods, the workloads that they belong to, how many of them are ready, who a caller is.
// In: MeshIndex, names. Out: workload names with ready pods, Caller. Tables are kept as long as the pods of the inventory live.
import { workloadKey } from '../../model/ids';
import type { Inventory, MeshMode, PodInfo, WorkloadInfo } from '../../model/inventory';
import type { Caller } from '../../model/routing';
import { UNKNOWN, type WorkloadRef } from '../../model/traffic';
import { effectiveDestinationRule } from '../istio/destination-rule';
import type { Labels } from '../istio/labels';
import { memoByObject } from '../istio/memo';
import type { MeshIndex } from '../istio/mesh-index';
import { endpointsBehind, type MeshService, pickService, servicesForHost } from '../istio/services';

const podTable = memoByObject(
  (pods: Inventory['pods']): ReadonlyMap<string, PodInfo> =>
    new Map([...pods.values()].map((pod) => [`${pod.namespace}/${pod.name}`, pod])),
);

/** A pod by `namespace/name`, as route decisions name endpoints. */
export const podNamed = (index: MeshIndex, name: string): PodInfo | null => podTable(index.inventory.pods).get(name) ?? null;

/** Name of the workload that a pod belongs to; a pod of its own is its own workload. */
export const workloadNameOf = (pod: PodInfo): string => (pod.workload === null ? pod.name : (pod.workload.split('/').at(-1) ?? pod.name));

/** Ready pods by workload. */
export function countByWorkload(pods: readonly PodInfo[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const pod of pods) {
    const name = workloadNameOf(pod);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** The service of a host as its own namespace sees it, null where nobody has the host. */
export function serviceOfHost(index: MeshIndex, host: string): MeshService | null {
  const candidates = servicesForHost(index, host);
  return pickService(candidates, candidates[0]?.namespace ?? '');
}

export interface Backing {
  /** Ready pods; null where the endpoints are no pods of this cluster. */
  readonly pods: readonly PodInfo[] | null;
  /** Workloads with ready pods, sorted. */
  readonly workloads: readonly string[];
}

const backingOf = (pods: readonly PodInfo[] | null): Backing => ({
  pods,
  workloads: [...new Set((pods ?? []).map(workloadNameOf))].sort(),
});

/** What is ready behind a host with some labels; nothing where there is no such host. */
export function backingOfLabels(index: MeshIndex, host: string, labels: Labels): Backing {
  const service = serviceOfHost(index, host);
  return backingOf(service === null ? [] : endpointsBehind(index, service, labels).pods);
}

/** What is ready behind a subset as clients of the service's own namespace see it; null = no such host or subset. */
export function backingOfSubset(index: MeshIndex, host: string, subset: string | null): Backing | null {
  const service = serviceOfHost(index, host);
  if (service === null) return null;
  if (subset === null) return backingOf(endpointsBehind(index, service, {}).pods);
  const chosen = effectiveDestinationRule(index, service.namespace, {}, host)?.subsets.get(subset);
  return chosen === undefined ? null : backingOf(endpointsBehind(index, service, chosen.labels).pods);
}

const CALLER_MODES: Readonly<Record<MeshMode, Caller['mode']>> = {
  sidecar: 'sidecar',
  ambient: 'ambient',
  gateway: 'gateway',
  // Their own routing is none that VirtualServices act on.
  waypoint: 'none',
  ztunnel: 'none',
  controlPlane: 'none',
  none: 'none',
};

/** A workload as the evaluators want a caller. */
export const callerOfWorkload = memoByObject(
  (workload: WorkloadInfo): Caller => ({
    cluster: workload.cluster,
    namespace: workload.namespace,
    workload: workload.name,
    podLabels: workload.podLabels,
    serviceAccount: workload.serviceAccount,
    mode: CALLER_MODES[workload.mode],
  }),
);

/** The workload that telemetry or a question names; null where the inventory has none of that name. */
export const workloadNamed = (index: MeshIndex, cluster: string, namespace: string, name: string): WorkloadInfo | null =>
  index.inventory.workloads.get(workloadKey(cluster, namespace, name)) ??
  (cluster === UNKNOWN ? (index.inventory.workloads.get(workloadKey(index.inventory.cluster, namespace, name)) ?? null) : null);

/** Nobody that the mesh knows: no proxy, no identity. */
const STRANGER: Caller = { cluster: UNKNOWN, namespace: UNKNOWN, workload: UNKNOWN, podLabels: {}, serviceAccount: UNKNOWN, mode: 'none' };

/** The caller of an observation: a stranger where telemetry knows none, null where it names a workload that the inventory does not have. */
export function callerOf(index: MeshIndex, source: WorkloadRef): Caller | null {
  if (source.workload === UNKNOWN) return STRANGER;
  const workload = workloadNamed(index, source.cluster, source.namespace, source.workload);
  return workload === null ? null : callerOfWorkload(workload);
}
