// A pod of a Deployment from its birth to readiness, as the kubelet and the webhook would write it. Pure.
// In: owner, template, injection, clock. Out: Pod objects.
import { isRecord, listOf, recordOf, textOf } from '../kubernetes/json';
import type { KubeObject, OwnerReference } from '../kubernetes/object';
import { buildContainers } from './container-status';
import { decideInjection, injectProxy } from './injection';
import { timeText } from './objects';
import { NODES } from './platform';
import { hashText, nameSuffix, unitHash, uuidOf } from './random';

type Labels = Readonly<Record<string, string>>;

const textMap = (value: unknown): Labels =>
  Object.fromEntries(Object.entries(recordOf(value)).filter((e): e is [string, string] => typeof e[1] === 'string'));

export interface PodBirth {
  readonly seed: number;
  readonly namespace: string;
  readonly name: string;
  readonly generateName: string;
  readonly workload: string;
  /** `spec.template` of the owner, or the pod itself when it has none. */
  readonly template: unknown;
  readonly extraLabels: Labels;
  readonly owner: OwnerReference | null;
  readonly namespaceLabels: Labels;
  readonly ip: string;
  readonly bornAtMs: number;
}

const condition = (type: string, isTrue: boolean, atMs: number): Readonly<Record<string, unknown>> => ({
  type,
  status: isTrue ? 'True' : 'False',
  lastProbeTime: null,
  lastTransitionTime: timeText(atMs),
  ...(isTrue ? {} : { reason: 'ContainersNotReady', message: 'containers are not ready' }),
});

/** Time that a pod needs from creation to readiness, ms: image there, proxy started, first probe passed. */
export const startupMs = (podName: string): number => 2500 + Math.floor(unitHash(podName, 7) * 3000);

/** The pod as it is right after scheduling: its containers are being created. */
export function buildPod(birth: PodBirth): KubeObject {
  const template = recordOf(birth.template);
  const metadata = recordOf(template['metadata']);
  const spec = recordOf(template['spec']);
  const labels = { ...textMap(metadata['labels']), ...birth.extraLabels };
  const annotations = textMap(metadata['annotations']);
  const injected = injectProxy(decideInjection(birth.namespaceLabels, labels, annotations), birth.workload, {
    labels,
    annotations,
    containers: listOf(spec['containers']).filter(isRecord),
    initContainers: listOf(spec['initContainers']).filter(isRecord),
  });
  const node = NODES[hashText(birth.name, birth.seed) % NODES.length] ?? '';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: birth.name,
      namespace: birth.namespace,
      ...(birth.generateName === '' ? {} : { generateName: birth.generateName }),
      uid: uuidOf(`${birth.seed}/Pod/${birth.namespace}/${birth.name}`),
      creationTimestamp: timeText(birth.bornAtMs),
      labels: injected.labels,
      ...(Object.keys(injected.annotations).length > 0 ? { annotations: injected.annotations } : {}),
      ...(birth.owner ? { ownerReferences: [birth.owner] } : {}),
    },
    spec: {
      ...spec,
      serviceAccountName: textOf(spec['serviceAccountName']) ?? 'default',
      serviceAccount: textOf(spec['serviceAccountName']) ?? 'default',
      nodeName: node,
      containers: injected.containers,
      ...(injected.initContainers.length > 0 ? { initContainers: injected.initContainers } : {}),
    },
    status: buildStatus(birth.ip, node, injected.containers, birth.bornAtMs, null, 0, textOf(spec['restartPolicy']) ?? 'Always'),
  };
}

function buildStatus(
  ip: string,
  node: string,
  containers: readonly Readonly<Record<string, unknown>>[],
  startedAtMs: number,
  readyAtMs: number | null,
  restarts: number,
  restartPolicy: string,
): Readonly<Record<string, unknown>> {
  const { phase, ready, statuses } = buildContainers(containers, { startedAtMs, readyAtMs, restarts, restartPolicy });
  const hostIp = `192.168.10.${11 + Math.max(0, NODES.indexOf(node))}`;
  return {
    phase,
    qosClass: 'Burstable',
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    podIP: ip,
    podIPs: [{ ip }],
    startTime: timeText(startedAtMs),
    conditions: [
      condition('PodScheduled', true, startedAtMs),
      condition('Initialized', true, startedAtMs),
      condition('ContainersReady', ready, readyAtMs ?? startedAtMs),
      condition('Ready', ready, readyAtMs ?? startedAtMs),
    ],
    containerStatuses: statuses,
  };
}

/** The same pod once its containers run and its probes pass. */
export function readyPod(pod: KubeObject, readyAtMs: number, restarts: number): KubeObject {
  const spec = recordOf(pod['spec']);
  const status = recordOf(pod['status']);
  return {
    ...pod,
    status: buildStatus(
      textOf(status['podIP']) ?? '',
      textOf(spec['nodeName']) ?? '',
      listOf(spec['containers']).filter(isRecord),
      Date.parse(textOf(status['startTime']) ?? '') || readyAtMs,
      readyAtMs,
      restarts,
      textOf(spec['restartPolicy']) ?? 'Always',
    ),
  };
}

export const isReady = (pod: KubeObject): boolean =>
  listOf(recordOf(pod['status'])['conditions'])
    .map(recordOf)
    .some((c) => c['type'] === 'Ready' && c['status'] === 'True');

/** Hash that names the ReplicaSet of a template, in the letters that Kubernetes uses. */
export const templateHash = (template: unknown): string => nameSuffix(canonicalText(template), 10);

// JSON with sorted keys: an apply that only reorders fields is no new template.
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isRecord(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}
