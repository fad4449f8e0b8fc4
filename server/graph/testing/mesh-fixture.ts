// Small meshes for tests: observations and inventories from short descriptions. In: names like `bookinfo/reviews-v1`. Out: model values.
import { serviceKey, workloadKey } from '../../../model/ids';
import {
  type ConfigKind,
  type ConfigObject,
  DEFAULT_MESH_SETTINGS,
  type Inventory,
  type JsonObject,
  type MeshMode,
  type NamespaceInfo,
  type ObjectMeta,
  type PodCounts,
  type PodInfo,
  type ServiceInfo,
  type WorkloadInfo,
} from '../../../model/inventory';
import {
  type Observation,
  type Protocol,
  type ResponseRate,
  type TrafficSnapshot,
  UNKNOWN,
  type WorkloadRef,
} from '../../../model/traffic';

export const CLUSTER = 'Kubernetes';

export interface ObservationSpec {
  /** `namespace/workload`; `unknown` = nobody knows. */
  readonly from: string;
  readonly to: string;
  /** `namespace/name`, `PassthroughCluster`, ...; absent = unknown. */
  readonly service?: string;
  readonly host?: string;
  readonly protocol?: Protocol;
  /** Requests per second by code; for gRPC by status. A code may carry flags: `503 UH`. */
  readonly codes?: Readonly<Record<string, number>>;
  readonly tcp?: readonly [sent: number, received: number];
  readonly mutual?: number;
  readonly plaintext?: number;
  readonly averageMs?: number;
  readonly buckets?: readonly number[];
  readonly cluster?: string;
  readonly reporter?: Observation['reporter'];
  readonly responseBytes?: number;
}

const split = (path: string): readonly [string, string] => {
  const [namespace = UNKNOWN, name = UNKNOWN] = path.split('/');
  return path.includes('/') ? [namespace, name] : [UNKNOWN, path];
};
const workloadRef = (path: string, cluster: string): WorkloadRef => {
  const [namespace, workload] = split(path);
  return { cluster, namespace, workload };
};

/** An observation; everything that is not said is healthy, encrypted HTTP. */
export function observation(key: number, spec: ObservationSpec): Observation {
  const protocol = spec.protocol ?? 'http';
  const cluster = spec.cluster ?? CLUSTER;
  const responses = Object.entries(spec.codes ?? (protocol === 'tcp' ? {} : { '200': 1 })).map(([text, rate]): ResponseRate => {
    const [code = '', flags = '-'] = text.split(' ');
    return protocol === 'grpc'
      ? { code: '200', grpcStatus: code, flags, requestsPerSecond: rate }
      : { code, grpcStatus: null, flags, requestsPerSecond: rate };
  });
  const requestsPerSecond = responses.reduce((sum, r) => sum + r.requestsPerSecond, 0);
  const [sent, received] = spec.tcp ?? [0, 0];
  const [namespace, name] = split(spec.service ?? UNKNOWN);
  const total = protocol === 'tcp' ? sent + received : requestsPerSecond;
  const plaintext = spec.plaintext ?? 0;
  return {
    key,
    source: workloadRef(spec.from, cluster),
    destination: workloadRef(spec.to, cluster),
    service: {
      cluster,
      namespace,
      name,
      host: spec.host ?? (namespace === UNKNOWN ? UNKNOWN : `${name}.${namespace}.svc.cluster.local`),
    },
    protocol,
    reporter: spec.reporter ?? 'destination',
    requestsPerSecond,
    responses,
    tcpSentBytesPerSecond: sent,
    tcpReceivedBytesPerSecond: received,
    mtls: { mutual: spec.mutual ?? total - plaintext, plaintext, unknown: 0 },
    durationMsPerSecond: spec.averageMs === undefined ? null : spec.averageMs * requestsPerSecond,
    durationBuckets: spec.buckets === undefined ? null : Float64Array.from(spec.buckets),
    requestBytesPerSecond: null,
    responseBytesPerSecond: spec.responseBytes ?? null,
  };
}

/** A snapshot of observations, keyed in order. */
export function snapshotOf(specs: readonly ObservationSpec[], more: Partial<TrafficSnapshot> = {}): TrafficSnapshot {
  return {
    atMs: 1_700_000_000_000,
    windowSeconds: 60,
    observations: specs.map((spec, key) => observation(key, spec)),
    bucketBoundsMs: [],
    identities: new Map(),
    quantilesAtMs: null,
    warnings: [],
    cost: { queries: 2, wallMs: 1, bytes: 1 },
    ...more,
  };
}

export interface WorkloadSpec {
  readonly app?: string;
  readonly version?: string;
  readonly mode?: MeshMode;
  readonly pods?: Partial<PodCounts>;
  readonly meshedPods?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly kind?: string;
}

export interface InventorySpec {
  /** By `namespace/name`. Without app and version: `reviews-v1` is app reviews, version v1. */
  readonly workloads?: Readonly<Record<string, WorkloadSpec>>;
  /** By `namespace/name`; the selector is `app: <name>` unless given. */
  readonly services?: Readonly<Record<string, Partial<ServiceInfo>>>;
  readonly namespaces?: Readonly<Record<string, Partial<NamespaceInfo>>>;
  readonly config?: readonly { readonly kind: ConfigKind; readonly name: string; readonly spec: JsonObject }[];
  readonly pods?: readonly { readonly name: string; readonly ip: string }[];
}

const meta = (path: string, more: Partial<ObjectMeta> = {}): ObjectMeta => {
  const [namespace, name] = split(path);
  const none = { labels: {}, annotations: {} };
  return { cluster: CLUSTER, namespace, name, uid: path, resourceVersion: '1', createdAtMs: 0, ...none, ...more };
};

function workloadInfo(path: string, spec: WorkloadSpec): WorkloadInfo {
  const own = meta(path, spec.annotations === undefined ? {} : { annotations: spec.annotations });
  const named = /^(.*?)(?:-(v\d+))?$/.exec(own.name);
  const app = spec.app ?? named?.[1] ?? own.name;
  const version = spec.version ?? named?.[2] ?? 'latest';
  const ready = spec.pods?.ready ?? spec.pods?.available ?? 1;
  const pods: PodCounts = { desired: 1, current: ready, available: ready, ready, ...spec.pods };
  const mode = spec.mode ?? 'sidecar';
  return {
    ...own,
    key: workloadKey(CLUSTER, own.namespace, own.name),
    kind: spec.kind ?? 'Deployment',
    podLabels: spec.podLabels ?? { app, version },
    serviceAccount: app,
    app,
    version,
    mode,
    pods,
    meshedPods: spec.meshedPods ?? (mode === 'sidecar' ? pods.ready : 0),
  };
}

function serviceInfo(path: string, spec: Partial<ServiceInfo>): ServiceInfo {
  const own = meta(path);
  return {
    ...own,
    key: serviceKey(CLUSTER, own.namespace, own.name),
    type: 'ClusterIP',
    host: `${own.name}.${own.namespace}.svc.cluster.local`,
    headless: false,
    externalName: null,
    clusterIps: [],
    ports: [],
    selector: { app: own.name },
    ...spec,
  };
}

function podInfo({ name, ip }: { readonly name: string; readonly ip: string }): PodInfo {
  return {
    ...meta(name),
    workload: null,
    ip,
    ready: true,
    phase: 'Running',
    serviceAccount: 'default',
    containers: ['app'],
    injected: true,
    ambient: false,
    restarts: 0,
    proxyVersion: null,
  };
}

/** An inventory; namespaces of workloads and services exist by themselves, injected. */
export function inventoryOf(spec: InventorySpec): Inventory {
  const workloads = Object.entries(spec.workloads ?? {}).map(([path, own]) => workloadInfo(path, own));
  const services = Object.entries(spec.services ?? {}).map(([path, own]) => serviceInfo(path, own));
  const names = new Set([...workloads, ...services].map((o) => o.namespace).concat(Object.keys(spec.namespaces ?? {})));
  const config = new Map<ConfigKind, ConfigObject[]>();
  for (const { kind, name, spec: body } of spec.config ?? []) {
    const object: ConfigObject = { ...meta(name), apiVersion: 'v1', kind, generation: 1, spec: body, status: null };
    config.set(kind, [...(config.get(kind) ?? []), object]);
  }
  return {
    cluster: CLUSTER,
    revision: 1,
    mesh: DEFAULT_MESH_SETTINGS,
    namespaces: new Map(
      [...names].map((name): [string, NamespaceInfo] => [
        name,
        { ...meta(name), name, namespace: '', injection: { mode: 'enabled', revision: null }, ambient: false, ...spec.namespaces?.[name] },
      ]),
    ),
    services: new Map(services.map((s) => [s.key, s])),
    workloads: new Map(workloads.map((w) => [w.key, w])),
    pods: new Map((spec.pods ?? []).map((p) => [p.name, podInfo(p)])),
    config,
  };
}
