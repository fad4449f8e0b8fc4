// The pods behind a workload, an application or a service, with their containers: those that run, and those that have run to their end. Pure. In: Inventory, EntityRef, sight. Out: LogPodsDocument.
import type { Sight } from '../../model/account';
import type { EntityRef } from '../../model/entity';
import { Failure } from '../../model/failure';
import { serviceKey, workloadKey } from '../../model/ids';
import type { FinishedPod, Inventory, PodInfo, WorkloadInfo } from '../../model/inventory';
import { type ContainerRole, type LogContainer, type LogPod, type LogPodsDocument, MAX_LISTED_PODS } from '../../model/log';

const PROXY = 'istio-proxy';

/** What pods have in common, whether they run or have run to their end. */
type AnyPod = Pick<
  FinishedPod,
  'namespace' | 'name' | 'labels' | 'workload' | 'phase' | 'restarts' | 'restarted' | 'containers' | 'sidecars' | 'initContainers'
>;

function listContainers({ containers, sidecars = [], initContainers = [], restarted = [] }: AnyPod): readonly LogContainer[] {
  const one = (name: string, role: ContainerRole): LogContainer => ({ name, role, restarted: restarted.includes(name) });
  return [
    ...[...containers, ...sidecars].map((name) => one(name, name === PROXY ? 'proxy' : 'app')),
    ...initContainers.map((name) => one(name, 'init')),
  ];
}

/** Which pods of its namespace belong to an entity. @throws Failure notFound */
function membersOf(inventory: Inventory, { kind, namespace, name }: EntityRef): (pod: AnyPod) => boolean {
  const missing = (): never => {
    throw new Failure(
      'notFound',
      `there is no ${kind} ${name} in namespace ${namespace}`,
      'Correct the address; it may have been removed.',
    );
  };
  const workloadOf = (pod: AnyPod): WorkloadInfo | undefined => (pod.workload === null ? undefined : inventory.workloads.get(pod.workload));
  switch (kind) {
    case 'workload': {
      const key = workloadKey(inventory.cluster, namespace, name);
      return inventory.workloads.has(key) ? (pod) => pod.workload === key : missing();
    }
    case 'app': {
      const isThere = [...inventory.workloads.values()].some((workload) => workload.namespace === namespace && workload.app === name);
      return isThere ? (pod) => workloadOf(pod)?.app === name : missing();
    }
    case 'service': {
      const service = inventory.services.get(serviceKey(inventory.cluster, namespace, name));
      if (service === undefined) return missing();
      const selector = Object.entries(service.selector);
      return selector.length === 0 ? () => false : (pod) => selector.every(([label, value]) => pod.labels[label] === value);
    }
    case 'namespace':
      return () => true;
    default:
      return kind satisfies never;
  }
}

export function listLogPods(inventory: Inventory, entity: EntityRef, sight: Sight): Omit<LogPodsDocument, 'allowed'> {
  const { namespace } = entity;
  if (sight !== null && !sight.includes(namespace))
    throw new Failure(
      'notFound',
      `there is no namespace ${namespace}, or you may not see it`,
      'Correct the address, or ask for access; /account shows what you have.',
    );
  const isMember = membersOf(inventory, entity);
  const describePod = (pod: AnyPod, ready: boolean, ownerName: string): LogPod => {
    const workload = pod.workload === null ? undefined : inventory.workloads.get(pod.workload);
    return {
      name: pod.name,
      workload: workload?.name ?? ownerName,
      version: workload?.version ?? '',
      phase: pod.phase,
      ready,
      restarts: pod.restarts,
      containers: listContainers(pod),
    };
  };
  const isOurs = (pod: AnyPod): boolean => pod.namespace === namespace && isMember(pod);
  const byName = (a: LogPod, b: LogPod): number => (a.name < b.name ? -1 : 1);
  // Those that run stand first, and are listed first where there are too many.
  const alive = [...inventory.pods.values()].filter(isOurs).map((pod: PodInfo) => describePod(pod, pod.ready, pod.name));
  const finished = (inventory.finishedPods ?? []).filter(isOurs).map((pod) => describePod(pod, false, pod.ownerName));
  const pods = [...alive.sort(byName), ...finished.sort(byName)];
  return { namespace, pods: pods.slice(0, MAX_LISTED_PODS), left: Math.max(0, pods.length - MAX_LISTED_PODS) };
}
