// Foreign Kubernetes JSON -> the model's own types; nothing of an object survives but what is named here. Decoders never throw:
// what is not what it should be is null and is left out. In: unknown JSON. Out: NamespaceInfo, ServiceInfo, PodInfo, controllers, ConfigObject.
import { serviceKey, type WorkloadKey, workloadKey } from '../../model/ids';
import type {
  ConfigObject,
  FinishedPod,
  JsonObject,
  NamespaceInfo,
  ObjectMeta,
  PodCounts,
  PodInfo,
  ServiceInfo,
  ServicePort,
} from '../../model/inventory';

type Raw = Readonly<Record<string, unknown>>;
const isRecord = (x: unknown): x is Raw => typeof x === 'object' && x !== null && !Array.isArray(x);
const record = (x: unknown): Raw => (isRecord(x) ? x : {});
const text = (x: unknown): string => (typeof x === 'string' ? x : '');
const count = (x: unknown, absent = 0): number => (typeof x === 'number' && Number.isFinite(x) && x >= 0 ? x : absent);
const array = (x: unknown): readonly unknown[] => (Array.isArray(x) ? x : []);
const isJsonObject = (x: unknown): x is JsonObject => isRecord(x);

/** Annotations that Heddle reads; the others (last-applied among them, up to 256 KiB) are not kept. */
const ANNOTATION = /^(?:[a-z0-9-]+\.)*(?:istio\.io|kiali\.io|argoproj\.io|fluxcd\.io|helm\.sh|heddle\.dev)\//;

function stringMap(x: unknown, keep: (key: string) => boolean = () => true): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [key, value] of Object.entries(record(x)))
    if (typeof value === 'string' && key !== '__proto__' && keep(key)) found[key] = value;
  return found;
}

function decodeMeta(object: Raw, cluster: string): ObjectMeta | null {
  const meta = record(object['metadata']);
  const name = text(meta['name']);
  if (name === '') return null;
  const created = Date.parse(text(meta['creationTimestamp']));
  return {
    cluster,
    namespace: text(meta['namespace']),
    name,
    uid: text(meta['uid']),
    resourceVersion: text(meta['resourceVersion']),
    createdAtMs: Number.isNaN(created) ? 0 : created,
    labels: stringMap(meta['labels']),
    annotations: stringMap(meta['annotations'], (key) => ANNOTATION.test(key)),
  };
}

/** A Namespace with its injection (istio.md: `istio-injection` wins over `istio.io/rev`). */
/** `namespace/name`, of whatever has them; nothing else is looked at. */
export function decodeName(object: unknown): string | null {
  const { namespace, name } = record(record(object)['metadata']);
  return typeof namespace === 'string' && typeof name === 'string' ? `${namespace}/${name}` : null;
}

export function decodeNamespace(object: unknown, cluster: string): NamespaceInfo | null {
  const meta = decodeMeta(record(object), cluster);
  if (!meta) return null;
  const label = meta.labels['istio-injection'];
  const revision = meta.labels['istio.io/rev'];
  return {
    ...meta,
    injection:
      label === 'enabled'
        ? { mode: 'enabled', revision: null }
        : label !== undefined
          ? { mode: 'disabled', revision: null }
          : revision !== undefined
            ? { mode: 'revision', revision }
            : null,
    ambient: meta.labels['istio.io/dataplane-mode'] === 'ambient',
  };
}

const SERVICE_TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const;

/** A Service; `domain` is the cluster's DNS domain. */
export function decodeService(object: unknown, cluster: string, domain: string): ServiceInfo | null {
  const meta = decodeMeta(record(object), cluster);
  if (!meta) return null;
  const spec = record(record(object)['spec']);
  const ports: ServicePort[] = [];
  for (const raw of array(spec['ports'])) {
    const port = record(raw);
    const target = port['targetPort'];
    const number = count(port['port']);
    ports.push({
      name: text(port['name']),
      port: number,
      targetPort: typeof target === 'number' || (typeof target === 'string' && target !== '') ? target : number,
      transport: text(port['protocol']) || 'TCP',
      appProtocol: text(port['appProtocol']) || null,
    });
  }
  const ips = array(spec['clusterIPs']).filter((x): x is string => typeof x === 'string');
  const single = text(spec['clusterIP']);
  return {
    ...meta,
    key: serviceKey(cluster, meta.namespace, meta.name),
    type: SERVICE_TYPES.find((t) => t === spec['type']) ?? 'ClusterIP',
    host: `${meta.name}.${meta.namespace}.svc.${domain}`,
    headless: single === 'None',
    externalName: text(spec['externalName']) || null,
    clusterIps: ips.length > 0 ? ips.filter((x) => x !== 'None') : single !== '' && single !== 'None' ? [single] : [],
    ports,
    selector: stringMap(spec['selector']),
  };
}

/** Name and kind of the workload behind a pod's owner, by Istio's own rule (a ReplicaSet's name less its hash is the Deployment). */
function ownerOf(meta: Raw, labels: Readonly<Record<string, string>>): { kind: string; name: string } | null {
  const owner = array(meta['ownerReferences'])
    .map(record)
    .find((o) => o['controller'] === true);
  if (!owner) return null;
  const kind = text(owner['kind']);
  const name = text(owner['name']);
  const hash = labels['pod-template-hash'] ?? labels['rollouts-pod-template-hash'];
  if (kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`))
    return { kind: labels['rollouts-pod-template-hash'] === undefined ? 'Deployment' : 'Rollout', name: name.slice(0, -hash.length - 1) };
  if (kind === 'Job') {
    const scheduled = /^(.+)-\d{8,}$/.exec(name)?.[1];
    if (scheduled !== undefined) return { kind: 'CronJob', name: scheduled };
  }
  return name === '' ? null : { kind, name };
}

/** A pod with what its workload is made of; `ownerKind` and `ownerName` name the workload (a bare pod is its own). */
export interface DecodedPod extends PodInfo {
  readonly ownerKind: string;
  readonly ownerName: string;
}

const isFinished = (phase: string): boolean => phase === 'Succeeded' || phase === 'Failed';

/** What is kept of containers for those who read their logs. */
function containersOf(pod: Raw): Pick<PodInfo, 'containers' | 'sidecars' | 'initContainers' | 'restarts' | 'restarted'> {
  const spec = record(pod['spec']);
  const status = record(pod['status']);
  const states = [...array(status['containerStatuses']), ...array(status['initContainerStatuses'])].map(record);
  const restarted = states.filter((one) => count(one['restartCount']) > 0 && text(one['name']) !== '').map((one) => text(one['name']));
  return {
    containers: array(spec['containers'])
      .map((one) => text(record(one)['name']))
      .filter((name) => name !== ''),
    ...initContainersOf(array(spec['initContainers']).map(record)),
    restarts: states.reduce((sum, one) => sum + count(one['restartCount']), 0),
    ...(restarted.length === 0 ? {} : { restarted }),
  };
}

/** A pod that has run to its end; null for the others. */
export function decodeFinishedPod(object: unknown, cluster: string): FinishedPod | null {
  const raw = record(object);
  const meta = decodeMeta(raw, cluster);
  const phase = text(record(raw['status'])['phase']);
  if (!meta || !isFinished(phase)) return null;
  const { namespace, name, labels } = meta;
  const owner = ownerOf(record(raw['metadata']), labels) ?? { kind: 'Pod', name };
  const workload = workloadKey(cluster, namespace, owner.name);
  return { namespace, name, labels, phase, workload, ownerName: owner.name, finished: true, ...containersOf(raw) };
}

/** A Pod. Finished pods (Succeeded, Failed) are left out: they take no traffic. */
export function decodePod(object: unknown, cluster: string): DecodedPod | null {
  const raw = record(object);
  const meta = decodeMeta(raw, cluster);
  if (!meta) return null;
  const spec = record(raw['spec']);
  const status = record(raw['status']);
  const phase = text(status['phase']);
  if (isFinished(phase)) return null;
  const regular = array(spec['containers']).map(record);
  const containers = [...regular, ...array(spec['initContainers']).map(record)];
  // Native sidecars are init containers that restart always.
  const proxy = containers.find((c) => c['name'] === 'istio-proxy');
  const ready = array(status['conditions'])
    .map(record)
    .some((c) => c['type'] === 'Ready' && c['status'] === 'True');
  const rawMeta = record(raw['metadata']);
  const owner = ownerOf(rawMeta, meta.labels) ?? { kind: 'Pod', name: meta.name };
  const image = proxy ? text(proxy['image']) : '';
  const annotations = record(rawMeta['annotations']);
  return {
    ...meta,
    workload: workloadKey(cluster, meta.namespace, owner.name),
    ownerKind: owner.kind,
    ownerName: owner.name,
    ip: text(status['podIP']),
    ready: ready && rawMeta['deletionTimestamp'] === undefined,
    phase,
    serviceAccount: text(spec['serviceAccountName']) || 'default',
    ...containersOf(raw),
    ...namedPortsOf(containers),
    injected: proxy !== undefined,
    ambient: annotations['ambient.istio.io/redirection'] === 'enabled',
    ...(text(spec['nodeName']) === '' ? {} : { node: text(spec['nodeName']) }),
    proxyVersion: image === '' ? null : (image.split('@')[0] ?? image).split(':').pop() || null,
  };
}

/** Native sidecars restart always (Kubernetes 1.28, KEP-753); the others run once. */
function initContainersOf(all: readonly Raw[]): Pick<PodInfo, 'sidecars' | 'initContainers'> {
  const named = (kept: readonly Raw[]): readonly string[] => kept.map((c) => text(c['name'])).filter((n) => n !== '');
  const sidecars = named(all.filter((c) => c['restartPolicy'] === 'Always'));
  const initContainers = named(all.filter((c) => c['restartPolicy'] !== 'Always'));
  return { ...(sidecars.length === 0 ? {} : { sidecars }), ...(initContainers.length === 0 ? {} : { initContainers }) };
}

/** Only ports with a name are kept: services target the others by number. */
function namedPortsOf(containers: readonly Raw[]): Pick<PodInfo, 'namedPorts'> {
  const ports = containers.flatMap((c) => array(c['ports']).map(record)).filter((port) => text(port['name']) !== '');
  return ports.length === 0
    ? {}
    : { namedPorts: Object.fromEntries(ports.map((port) => [text(port['name']), count(port['containerPort'])])) };
}

/** A Deployment, StatefulSet, DaemonSet or ReplicaSet. */
export interface Controller extends ObjectMeta {
  readonly key: WorkloadKey;
  readonly kind: string;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly pods: PodCounts;
}

/** A controller of the given kind with its pod counts. */
export function decodeController(object: unknown, cluster: string, kind: 'Deployment' | 'StatefulSet' | 'DaemonSet'): Controller | null {
  const raw = record(object);
  const meta = decodeMeta(raw, cluster);
  if (!meta) return null;
  const spec = record(raw['spec']);
  const status = record(raw['status']);
  const template = record(spec['template']);
  const pods: PodCounts =
    kind === 'DaemonSet'
      ? {
          desired: count(status['desiredNumberScheduled']),
          current: count(status['currentNumberScheduled']),
          available: count(status['numberAvailable']),
          ready: count(status['numberReady']),
        }
      : {
          desired: count(spec['replicas'], 1),
          current: count(status['replicas']),
          // Old StatefulSets have no availableReplicas.
          available: count(status['availableReplicas'], kind === 'StatefulSet' ? count(status['readyReplicas']) : 0),
          ready: count(status['readyReplicas']),
        };
  return {
    ...meta,
    key: workloadKey(cluster, meta.namespace, meta.name),
    kind,
    podLabels: stringMap(record(template['metadata'])['labels']),
    serviceAccount: text(record(template['spec'])['serviceAccountName']) || 'default',
    pods,
  };
}

/** An Istio or Gateway API object with spec and status whole; kinds without a spec (ReferenceGrant has one) get {}. */
export function decodeConfig(object: unknown, cluster: string, kind: string, apiVersion: string): ConfigObject | null {
  const raw = record(object);
  const meta = decodeMeta(raw, cluster);
  if (!meta) return null;
  const spec = raw['spec'];
  const status = raw['status'];
  return {
    ...meta,
    apiVersion: text(raw['apiVersion']) || apiVersion,
    kind,
    generation: count(record(raw['metadata'])['generation']),
    spec: isJsonObject(spec) ? spec : {},
    status: isJsonObject(status) ? status : null,
  };
}

/** Data of a ConfigMap. */
export interface ConfigMapData {
  readonly namespace: string;
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
}

/** A ConfigMap. */
export function decodeConfigMap(object: unknown): ConfigMapData | null {
  const raw = record(object);
  const meta = record(raw['metadata']);
  const name = text(meta['name']);
  return name === '' ? null : { namespace: text(meta['namespace']), name, data: stringMap(raw['data']) };
}
