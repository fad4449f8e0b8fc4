// The pods of a mesh by workload, as rules about workloads look at them. In: MeshIndex. Out: WorkloadPods; pods without a workload stand for themselves.
import type { EntityRef } from '../../model/entity';
import type { PodInfo } from '../../model/inventory';
import { tableInSteps } from '../istio/mesh-index';

export interface WorkloadPods {
  readonly entity: EntityRef;
  readonly pods: readonly PodInfo[];
}

const nameOf = (pod: PodInfo): string => (pod.workload === null ? pod.name : pod.workload.slice(pod.workload.lastIndexOf('/') + 1));

/** Pods that are done are left out. */
export const workloadPods = tableInSteps(function* (index): Generator<void, readonly WorkloadPods[]> {
  const found = new Map<string, WorkloadPods & { readonly pods: PodInfo[] }>();
  for (const pod of index.inventory.pods.values()) {
    yield;
    if (pod.phase === 'Succeeded' || pod.phase === 'Failed') continue;
    const { namespace } = pod;
    const name = nameOf(pod);
    const known = found.get(`${namespace}/${name}`);
    if (known !== undefined) known.pods.push(pod);
    else found.set(`${namespace}/${name}`, { entity: { kind: 'workload', namespace, name }, pods: [pod] });
  }
  return [...found.values()];
});
