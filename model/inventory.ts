// What the Kubernetes API says of the mesh, reduced to the fields that Heddle reads. Immutable; a new Inventory shares unchanged parts
// with the last one. In: nothing. Out: Inventory and its parts.
import type { ServiceKey, WorkloadKey } from './ids';

/** JSON as it came; Istio and Gateway API specs are kept whole so that no field is lost. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** How a workload takes part in the mesh. */
export type MeshMode = 'sidecar' | 'ambient' | 'gateway' | 'waypoint' | 'ztunnel' | 'controlPlane' | 'none';

export interface ObjectMeta {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface NamespaceInfo extends ObjectMeta {
  /** Injection by namespace label: enabled, a revision or tag, disabled, or null where no label decides. */
  readonly injection: { readonly mode: 'enabled' | 'disabled' | 'revision'; readonly revision: string | null } | null;
  readonly ambient: boolean;
}

export interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly targetPort: number | string;
  /** TCP, UDP, SCTP. */
  readonly transport: string;
  readonly appProtocol: string | null;
}

export interface ServiceInfo extends ObjectMeta {
  readonly key: ServiceKey;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  /** `name.namespace.svc.<domain>` */
  readonly host: string;
  readonly headless: boolean;
  readonly externalName: string | null;
  readonly clusterIps: readonly string[];
  readonly ports: readonly ServicePort[];
  readonly selector: Readonly<Record<string, string>>;
}

export interface PodCounts {
  readonly desired: number;
  readonly current: number;
  readonly available: number;
  readonly ready: number;
}

export interface WorkloadInfo extends ObjectMeta {
  readonly key: WorkloadKey;
  /** Deployment, StatefulSet, DaemonSet, Job, CronJob, ReplicaSet, Pod, ... */
  readonly kind: string;
  /** Labels of its pods (template), on which services, policies and subsets select. */
  readonly podLabels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly app: string;
  readonly version: string;
  readonly mode: MeshMode;
  readonly pods: PodCounts;
  /** Ready pods that carry a proxy; equals pods.ready in a healthy sidecar workload. */
  readonly meshedPods: number;
}

/** A pod, reduced: enough for subsets, endpoints, effective policies and logs. */
export interface PodInfo extends ObjectMeta {
  readonly workload: WorkloadKey | null;
  readonly ip: string;
  readonly ready: boolean;
  readonly phase: string;
  readonly serviceAccount: string;
  readonly containers: readonly string[];
  /** Init containers that run as long as the pod (native sidecars); absent = none. */
  readonly sidecars?: readonly string[];
  /** The other init containers, which end before the pod begins; absent = none. */
  readonly initContainers?: readonly string[];
  /** Container ports that have a name, which services may target by it; absent = none. */
  readonly namedPorts?: Readonly<Record<string, number>>;
  readonly injected: boolean;
  /** Captured by ztunnel. */
  readonly ambient: boolean;
  readonly restarts: number;
  /** Containers that were restarted, of which there may be a log from before; absent = none. */
  readonly restarted?: readonly string[];
  readonly proxyVersion: string | null;
  /** Node that it runs on; absent where it was not scheduled yet. */
  readonly node?: string;
}

/** A pod that has run to its end (Succeeded, Failed): it takes no traffic, but its logs are there as long as it is. Nothing else of it is kept. */
export interface FinishedPod
  extends Pick<
    PodInfo,
    'namespace' | 'name' | 'labels' | 'workload' | 'phase' | 'restarts' | 'restarted' | 'containers' | 'sidecars' | 'initContainers'
  > {
  /** Name of its workload. */
  readonly ownerName: string;
  readonly finished: true;
}

/** An Istio or Gateway API object: identity decoded, spec and status whole. */
export interface ConfigObject extends ObjectMeta {
  readonly apiVersion: string;
  readonly kind: string;
  readonly generation: number;
  readonly spec: JsonObject;
  readonly status: JsonObject | null;
}

/** Kinds of ConfigObject that the inventory watches, where the cluster serves them. */
export const CONFIG_KINDS = [
  'VirtualService',
  'DestinationRule',
  'Gateway',
  'ServiceEntry',
  'Sidecar',
  'WorkloadEntry',
  'WorkloadGroup',
  'PeerAuthentication',
  'AuthorizationPolicy',
  'RequestAuthentication',
  'Telemetry',
  'EnvoyFilter',
  'ProxyConfig',
  'WasmPlugin',
  'TrafficExtension',
  'GatewayClass',
  'K8sGateway',
  'HTTPRoute',
  'GRPCRoute',
  'TCPRoute',
  'TLSRoute',
  'ReferenceGrant',
  'ListenerSet',
  'BackendTLSPolicy',
] as const;
/** `K8sGateway` is gateway.networking.k8s.io Gateway; `Gateway` is networking.istio.io Gateway. */
export type ConfigKind = (typeof CONFIG_KINDS)[number];

/** Facts of MeshConfig that change what configuration means. Defaults are Istio's. */
export interface MeshSettings {
  readonly rootNamespace: string;
  readonly trustDomain: string;
  readonly domain: string;
  readonly autoMtls: boolean;
  readonly outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  /** How proxies read the path of a request before routes and policies look at it. */
  readonly pathNormalization: 'NONE' | 'BASE' | 'MERGE_SLASHES' | 'DECODE_AND_MERGE_SLASHES';
  /** Trust domains that policies take for the mesh's own. */
  readonly trustDomainAliases: readonly string[];
  /** Objects without exportTo are for their own namespace only (default*ExportTo `.`). */
  readonly privateByDefault: { readonly services: boolean; readonly virtualServices: boolean; readonly destinationRules: boolean };
  /** For rules that say nothing of retries (defaultHttpRetryPolicy); null = Istio's own. */
  readonly defaultRetries: { readonly attempts: number; readonly perTryTimeoutMs: number | null; readonly retryOn: string | null } | null;
}

export const DEFAULT_MESH_SETTINGS: MeshSettings = {
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  domain: 'cluster.local',
  autoMtls: true,
  outboundTrafficPolicy: 'ALLOW_ANY',
  pathNormalization: 'BASE',
  trustDomainAliases: [],
  privateByDefault: { services: false, virtualServices: false, destinationRules: false },
  defaultRetries: null,
};

/** State of one watched resource. */
export interface WatchState {
  /** e.g. `services`, `virtualservices.networking.istio.io`. */
  readonly resource: string;
  /** `absent`: the cluster does not serve it; `forbidden`: it does, but not to us. */
  readonly state: 'listing' | 'live' | 'retrying' | 'forbidden' | 'absent';
  readonly objects: number;
  /** Instant at which the cached objects were last known to be current. */
  readonly currentAtMs: number | null;
  /** Cause in words while `retrying` or `forbidden`, else null. */
  readonly cause: string | null;
}

/** The mesh as the Kubernetes API knows it at one instant. */
export interface Inventory {
  readonly cluster: string;
  readonly revision: number;
  readonly mesh: MeshSettings;
  readonly namespaces: ReadonlyMap<string, NamespaceInfo>;
  readonly services: ReadonlyMap<ServiceKey, ServiceInfo>;
  readonly workloads: ReadonlyMap<WorkloadKey, WorkloadInfo>;
  readonly pods: ReadonlyMap<string, PodInfo>;
  /** Absent = none. */
  readonly finishedPods?: readonly FinishedPod[];
  readonly config: ReadonlyMap<ConfigKind, readonly ConfigObject[]>;
  /** `namespace/name` of every Secret; nothing else of them is read. Absent: not known, the console is not to look or may not. */
  readonly secretNames?: ReadonlySet<string>;
}
