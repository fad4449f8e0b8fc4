// A small mesh for tests of steering: pods from YAML with the workloads that they make up, a change of objects, and traffic.
// In: YAML of services, pods, configuration. Out: Inventory, MeshIndex. A pod's workload is `<app>-<version>`, or its app alone.
import { workloadKey } from '../../../model/ids';
import type { Inventory, PodInfo, WorkloadInfo } from '../../../model/inventory';
import { isWaypoint } from '../../istio/proxies';
import { inventoryOf as bareInventoryOf } from '../../istio/test-mesh';

const nameOf = ({ labels, name }: PodInfo): string => {
  const app = labels['app'] ?? name;
  const version = labels['version'];
  return version === undefined ? app : `${app}-${version}`;
};

function workloadOf(pods: readonly PodInfo[]): WorkloadInfo | null {
  const [pod] = pods;
  if (pod === undefined) return null;
  const name = nameOf(pod);
  const ready = pods.filter((each) => each.ready).length;
  const gateway = pod.containers.length === 1 && pod.containers[0] === 'istio-proxy';
  return {
    cluster: pod.cluster,
    namespace: pod.namespace,
    name,
    uid: name,
    resourceVersion: '1',
    createdAtMs: 0,
    labels: pod.labels,
    annotations: {},
    key: workloadKey(pod.cluster, pod.namespace, name),
    kind: 'Deployment',
    podLabels: pod.labels,
    serviceAccount: pod.serviceAccount,
    app: pod.labels['app'] ?? name,
    version: pod.labels['version'] ?? 'latest',
    mode: isWaypoint(pod.labels)
      ? 'waypoint'
      : gateway || pod.labels['gateway'] === 'true'
        ? 'gateway'
        : pod.injected
          ? 'sidecar'
          : pod.ambient
            ? 'ambient'
            : 'none',
    pods: { desired: pods.length, current: pods.length, available: ready, ready },
    meshedPods: pod.injected ? ready : 0,
  };
}

/** The inventory of YAML documents (see server/istio/test-mesh) with its workloads. */
export function inventoryOf(yaml: string): Inventory {
  const bare = bareInventoryOf(yaml);
  const groups = new Map<string, PodInfo[]>();
  const pods = new Map<string, PodInfo>();
  for (const [key, pod] of bare.pods) {
    const owned = { ...pod, workload: workloadKey(pod.cluster, pod.namespace, nameOf(pod)) };
    pods.set(key, owned);
    const group = `${pod.namespace}/${nameOf(pod)}`;
    groups.set(group, [...(groups.get(group) ?? []), owned]);
  }
  const workloads = [...groups.values()].flatMap((group) => workloadOf(group) ?? []);
  return { ...bare, pods, workloads: new Map(workloads.map((workload) => [workload.key, workload])) };
}

/** The inventory with objects of YAML in place of those of the same kind, namespace and name, or beside them. */
export function changed(inventory: Inventory, yaml: string, without: readonly string[] = []): Inventory {
  const fresh = bareInventoryOf(yaml);
  const config = new Map(inventory.config);
  for (const [kind, objects] of config)
    config.set(
      kind,
      objects.filter(({ namespace, name }) => !without.includes(`${kind}/${namespace}/${name}`)),
    );
  for (const [kind, objects] of fresh.config) {
    const kept = (config.get(kind) ?? []).filter(
      (old) => !objects.some((each) => each.name === old.name && each.namespace === old.namespace),
    );
    config.set(kind, [...kept, ...objects]);
  }
  return { ...inventory, config };
}

/** A service on port 80 and its pods, `versions` ready each once. */
export const service = (namespace: string, name: string, versions: readonly string[] = ['v1'], ports = '{http: 80}'): string =>
  [
    `kind: Service\nmetadata: {namespace: ${namespace}, name: ${name}}\nspec: {ports: ${ports}}`,
    ...versions.map(
      (version) =>
        `kind: Pod\nmetadata: {namespace: ${namespace}, name: ${name}-${version}-0, labels: {app: ${name}, version: ${version}}}\nspec: {}`,
    ),
  ].join('\n---\n');

export const documents = (...parts: readonly string[]): string => parts.join('\n---\n');
