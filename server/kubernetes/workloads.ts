// Pods and controllers -> workloads as Istio names them. Pure. In: decoded pods and controllers. Out: WorkloadInfo by key.
import type { WorkloadKey } from '../../model/ids';
import type { MeshMode, WorkloadInfo } from '../../model/inventory';
import type { Controller, DecodedPod } from './decode';

const CANONICAL_APP = ['service.istio.io/canonical-name', 'app.kubernetes.io/name', 'app'] as const;
const CANONICAL_VERSION = ['service.istio.io/canonical-revision', 'app.kubernetes.io/version', 'version'] as const;

const first = (labels: Readonly<Record<string, string>>, names: readonly string[], absent: string): string => {
  for (const name of names) {
    const value = labels[name];
    if (value !== undefined && value !== '') return value;
  }
  return absent;
};

// How the pods of a workload take part; decided by the pods that run, not by what the namespace asks for.
function modeOf(labels: Readonly<Record<string, string>>, pods: readonly DecodedPod[]): MeshMode {
  if (labels['app'] === 'ztunnel') return 'ztunnel';
  if (labels['app'] === 'istiod' || labels['istio'] === 'pilot') return 'controlPlane';
  if (labels['gateway.networking.k8s.io/gateway-class-name'] === 'istio-waypoint') return 'waypoint';
  const injected = pods.filter((p) => p.injected);
  // A gateway pod is nothing but a proxy.
  if (injected.length > 0 && injected.every((p) => p.containers.length === 1 && p.containers[0] === 'istio-proxy')) return 'gateway';
  if (injected.length > 0) return 'sidecar';
  return pods.some((p) => p.ambient) ? 'ambient' : 'none';
}

/** Every workload: controllers (also with no pod) and the owners of the pods that have none of the watched kinds. */
export function buildWorkloads(controllers: Iterable<Controller>, pods: Iterable<DecodedPod>): ReadonlyMap<WorkloadKey, WorkloadInfo> {
  const podsOf = new Map<WorkloadKey, DecodedPod[]>();
  for (const pod of pods) {
    if (pod.workload === null) continue;
    const list = podsOf.get(pod.workload);
    if (list) list.push(pod);
    else podsOf.set(pod.workload, [pod]);
  }
  const workloads = new Map<WorkloadKey, WorkloadInfo>();
  const put = (base: Omit<WorkloadInfo, 'app' | 'version' | 'mode' | 'meshedPods'>, own: readonly DecodedPod[]): void => {
    const labels = own[0] ? { ...base.podLabels, ...own[0].labels } : base.podLabels;
    workloads.set(base.key, {
      ...base,
      app: first(labels, CANONICAL_APP, base.name),
      version: first(labels, CANONICAL_VERSION, 'latest'),
      mode: modeOf(labels, own),
      meshedPods: own.filter((p) => p.ready && (p.injected || p.ambient)).length,
    });
  };
  for (const controller of controllers) {
    put(controller, podsOf.get(controller.key) ?? []);
    podsOf.delete(controller.key);
  }
  for (const [key, own] of podsOf) {
    const pod = own[0];
    if (!pod) continue;
    const ready = own.filter((p) => p.ready).length;
    put(
      {
        key,
        cluster: pod.cluster,
        namespace: pod.namespace,
        name: pod.ownerName,
        uid: '',
        resourceVersion: '',
        createdAtMs: pod.createdAtMs,
        labels: pod.labels,
        annotations: pod.annotations,
        kind: pod.ownerKind,
        podLabels: pod.labels,
        serviceAccount: pod.serviceAccount,
        pods: { desired: own.length, current: own.length, available: ready, ready },
      },
      own,
    );
  }
  return workloads;
}
