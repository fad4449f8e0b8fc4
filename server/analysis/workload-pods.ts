// The pods of a mesh by workload, as rules about workloads look at them. In: MeshIndex. Out: WorkloadPods; pods without a workload stand for themselves.
import type { EntityRef } from '../../model/entity';
import type { PodInfo } from '../../model/inventory';
import { groupBy } from '../istio/memo';
import { tableOf } from '../istio/mesh-index';

export interface WorkloadPods {
  readonly entity: EntityRef;
  readonly pods: readonly PodInfo[];
}

const nameOf = (pod: PodInfo): string => (pod.workload === null ? pod.name : (pod.workload.split('/').at(-1) ?? pod.name));

/** Pods that are done are left out. */
export const workloadPods = tableOf((index): readonly WorkloadPods[] => {
  const alive = [...index.inventory.pods.values()].filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed');
  return [...groupBy(alive, (pod) => `${pod.namespace}/${nameOf(pod)}`).values()].flatMap((pods): readonly WorkloadPods[] => {
    const [first] = pods;
    return first === undefined ? [] : [{ entity: { kind: 'workload', namespace: first.namespace, name: nameOf(first) }, pods }];
  });
});
