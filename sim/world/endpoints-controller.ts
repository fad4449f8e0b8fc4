// Services -> EndpointSlices and Endpoints: the ready and unready addresses behind each selector.
// In: ClusterPass. Out: writes to the store, only where something changed. Source: Kubernetes' endpointslice controller.
import { listOf, recordOf, textOf, valueAt } from '../kubernetes/json';
import type { KubeObject } from '../kubernetes/object';
import type { ClusterPass } from './cluster-pass';
import { timeText } from './objects';
import { isReady } from './pods';
import { nameSuffix, uuidOf } from './random';

const SLICES = 'endpointslices.discovery.k8s.io';

const selects = (selector: Readonly<Record<string, unknown>>, labels: Readonly<Record<string, string>> | undefined): boolean =>
  Object.entries(selector).every(([key, value]) => labels?.[key] === value);

// Number of the port that a service port names on a pod; 0 when the pod has no port of that name.
function portOn(pod: KubeObject, target: unknown): number {
  if (typeof target === 'number') return target;
  for (const container of listOf(valueAt(pod, 'spec', 'containers')))
    for (const port of listOf(recordOf(container)['ports'])) {
      const number = recordOf(port)['containerPort'];
      if (recordOf(port)['name'] === target && typeof number === 'number') return number;
    }
  return 0;
}

const targetRef = (pod: KubeObject): Readonly<Record<string, unknown>> => ({
  kind: 'Pod',
  namespace: pod.metadata.namespace,
  name: pod.metadata.name,
  uid: pod.metadata.uid,
});

function writeService(pass: ClusterPass, service: KubeObject, pods: readonly KubeObject[]): void {
  const namespace = service.metadata.namespace ?? 'default';
  const name = service.metadata.name;
  const ports = listOf(valueAt(service, 'spec', 'ports')).map(recordOf);
  const first = pods[0];
  const resolved = ports.map((p) => ({
    name: textOf(p['name']) ?? '',
    port: first ? portOn(first, p['targetPort'] ?? p['port']) : typeof p['targetPort'] === 'number' ? p['targetPort'] : 0,
    protocol: textOf(p['protocol']) ?? 'TCP',
  }));
  const createdAt = service.metadata.creationTimestamp ?? timeText(pass.nowMs);
  const sliceName = `${name}-${nameSuffix(`${pass.seed}/${namespace}/${name}`, 5)}`;
  pass.write(SLICES, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: sliceName,
      namespace,
      uid: uuidOf(`${pass.seed}/EndpointSlice/${namespace}/${name}`),
      creationTimestamp: createdAt,
      labels: {
        ...service.metadata.labels,
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Service', name, uid: service.metadata.uid ?? '', controller: true, blockOwnerDeletion: true },
      ],
    },
    addressType: 'IPv4',
    ports: resolved,
    endpoints: pods.map((pod) => ({
      addresses: [textOf(valueAt(pod, 'status', 'podIP')) ?? ''],
      conditions: { ready: isReady(pod), serving: isReady(pod), terminating: false },
      nodeName: textOf(valueAt(pod, 'spec', 'nodeName')) ?? '',
      targetRef: targetRef(pod),
    })),
  });
  const address = (pod: KubeObject): Readonly<Record<string, unknown>> => ({
    ip: textOf(valueAt(pod, 'status', 'podIP')) ?? '',
    nodeName: textOf(valueAt(pod, 'spec', 'nodeName')) ?? '',
    targetRef: targetRef(pod),
  });
  const ready = pods.filter(isReady).map(address);
  const unready = pods.filter((p) => !isReady(p)).map(address);
  pass.write('endpoints', {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name,
      namespace,
      uid: uuidOf(`${pass.seed}/Endpoints/${namespace}/${name}`),
      creationTimestamp: createdAt,
      labels: { ...service.metadata.labels, 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' },
    },
    ...(pods.length === 0
      ? {}
      : {
          subsets: [
            {
              ...(ready.length > 0 ? { addresses: ready } : {}),
              ...(unready.length > 0 ? { notReadyAddresses: unready } : {}),
              ports: resolved,
            },
          ],
        }),
  });
}

/** Brings the endpoints of a namespace up to date with its services and pods. */
export function reconcileEndpoints(pass: ClusterPass, namespace: string): void {
  const services = pass.list('services', namespace);
  const pods = pass.list('pods', namespace);
  const names = new Set(services.map((s) => s.metadata.name));
  for (const slice of [...pass.list(SLICES, namespace)]) {
    const service = slice.metadata.labels?.['kubernetes.io/service-name'];
    if (service !== undefined && !names.has(service)) pass.remove(SLICES, slice);
  }
  for (const endpoints of [...pass.list('endpoints', namespace)])
    if (!names.has(endpoints.metadata.name)) pass.remove('endpoints', endpoints);
  for (const service of services) {
    const selector = recordOf(valueAt(service, 'spec', 'selector'));
    if (Object.keys(selector).length === 0) continue;
    writeService(
      pass,
      service,
      pods.filter((p) => selects(selector, p.metadata.labels) && textOf(valueAt(p, 'status', 'podIP')) !== undefined),
    );
  }
}
