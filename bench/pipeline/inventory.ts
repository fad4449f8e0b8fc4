// The inventory that the Kubernetes API of a made-up mesh would give: its namespaces, services, workloads and pods, all well.
// In: Mesh. Out: Inventory. Pure.
import { serviceKey, workloadKey } from '../../model/ids';
import {
  DEFAULT_MESH_SETTINGS,
  type Inventory,
  type NamespaceInfo,
  type ObjectMeta,
  type PodInfo,
  type ServiceInfo,
  type WorkloadInfo,
} from '../../model/inventory';
import type { Mesh, MeshService, MeshWorkload } from '../data/mesh';

const CLUSTER = 'Kubernetes';

const meta = (namespace: string, name: string, labels: Readonly<Record<string, string>>): ObjectMeta => ({
  cluster: CLUSTER,
  namespace,
  name,
  uid: `${namespace}/${name}`,
  resourceVersion: '1',
  createdAtMs: 1_700_000_000_000,
  labels,
  annotations: {},
});

const labelsOf = (workload: MeshWorkload): Readonly<Record<string, string>> => ({ app: workload.app, version: workload.version });

function workloadOf(workload: MeshWorkload, gateway: boolean): WorkloadInfo {
  const { namespace, name, app, version } = workload;
  const ready = workload.pods.length;
  return {
    ...meta(namespace, name, labelsOf(workload)),
    key: workloadKey(CLUSTER, namespace, name),
    kind: 'Deployment',
    podLabels: labelsOf(workload),
    serviceAccount: app,
    app,
    version,
    mode: gateway ? 'gateway' : 'sidecar',
    pods: { desired: ready, current: ready, available: ready, ready },
    meshedPods: ready,
  };
}

const podsOf = (workload: MeshWorkload): PodInfo[] =>
  workload.pods.map((pod) => ({
    ...meta(workload.namespace, pod.name, labelsOf(workload)),
    workload: workloadKey(CLUSTER, workload.namespace, workload.name),
    ip: pod.ip,
    ready: true,
    phase: 'Running',
    serviceAccount: workload.app,
    containers: ['app', 'istio-proxy'],
    injected: true,
    ambient: false,
    restarts: 0,
    proxyVersion: '1.29.2',
  }));

const serviceOf = (service: MeshService): ServiceInfo => ({
  ...meta(service.namespace, service.name, { app: service.name }),
  key: serviceKey(CLUSTER, service.namespace, service.name),
  type: 'ClusterIP',
  host: service.host,
  headless: false,
  externalName: null,
  clusterIps: ['10.96.0.1'],
  ports: [{ name: service.protocol, port: 80, targetPort: 8080, transport: 'TCP', appProtocol: null }],
  selector: { app: service.workloads[0]?.app ?? service.name },
});

const namespaceOf = (name: string): NamespaceInfo => ({
  ...meta('', name, {}),
  injection: { mode: 'enabled', revision: null },
  ambient: false,
});

/** The inventory of a mesh without Istio configuration. */
export function inventoryOf(mesh: Mesh): Inventory {
  const workloads = mesh.workloads.map((workload) => workloadOf(workload, workload.name === 'istio-ingressgateway'));
  const services = mesh.services.map(serviceOf);
  const pods = mesh.workloads.flatMap(podsOf);
  const namespaces = [...new Set(workloads.map((workload) => workload.namespace))].sort().map(namespaceOf);
  return {
    cluster: CLUSTER,
    revision: 1,
    mesh: DEFAULT_MESH_SETTINGS,
    namespaces: new Map(namespaces.map((own) => [own.name, own])),
    services: new Map(services.map((own) => [own.key, own])),
    workloads: new Map(workloads.map((own) => [own.key, own])),
    pods: new Map(pods.map((own) => [`${own.cluster}/${own.namespace}/${own.name}`, own])),
    config: new Map(),
  };
}
