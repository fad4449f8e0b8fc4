// The pods behind a workload, an application or a service, with their containers. Pure. In: Inventory, EntityRef, sight. Out: LogPodsDocument.
import type { Sight } from '../../model/account';
import type { EntityRef } from '../../model/entity';
import { Failure } from '../../model/failure';
import { serviceKey, workloadKey } from '../../model/ids';
import type { Inventory, PodInfo, WorkloadInfo } from '../../model/inventory';
import { type ContainerRole, type LogContainer, type LogPod, type LogPodsDocument, MAX_LISTED_PODS } from '../../model/log';

const PROXY = 'istio-proxy';

function listContainers({ containers, sidecars = [], initContainers = [] }: PodInfo): readonly LogContainer[] {
  const role = (name: string): ContainerRole => (name === PROXY ? 'proxy' : 'app');
  return [
    ...containers.map((name) => ({ name, role: role(name) })),
    ...sidecars.map((name) => ({ name, role: role(name) })),
    ...initContainers.map((name) => ({ name, role: 'init' as const })),
  ];
}

/** Which pods of its namespace belong to an entity. @throws Failure notFound */
function membersOf(inventory: Inventory, { kind, namespace, name }: EntityRef): (pod: PodInfo) => boolean {
  const missing = (): never => {
    throw new Failure(
      'notFound',
      `there is no ${kind} ${name} in namespace ${namespace}`,
      'Correct the address; it may have been removed.',
    );
  };
  const workloadOf = (pod: PodInfo): WorkloadInfo | undefined =>
    pod.workload === null ? undefined : inventory.workloads.get(pod.workload);
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

export function listLogPods(inventory: Inventory | null, entity: EntityRef, sight: Sight): Omit<LogPodsDocument, 'allowed'> {
  const { namespace } = entity;
  if (sight !== null && !sight.includes(namespace))
    throw new Failure(
      'notFound',
      `there is no namespace ${namespace}, or you may not see it`,
      'Correct the address, or ask for access; /account shows what you have.',
    );
  if (inventory === null) throw new Failure('starting', 'the pods of the cluster are not known yet', 'Try again in a moment.');
  const isMember = membersOf(inventory, entity);
  const pods: LogPod[] = [];
  for (const pod of inventory.pods.values()) {
    if (pod.namespace !== namespace || !isMember(pod)) continue;
    const workload = pod.workload === null ? undefined : inventory.workloads.get(pod.workload);
    pods.push({
      name: pod.name,
      workload: workload?.name ?? pod.name,
      version: workload?.version ?? '',
      phase: pod.phase,
      ready: pod.ready,
      restarts: pod.restarts,
      containers: listContainers(pod),
    });
  }
  pods.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { namespace, pods: pods.slice(0, MAX_LISTED_PODS), left: Math.max(0, pods.length - MAX_LISTED_PODS) };
}
