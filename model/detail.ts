// One namespace, app, workload or service with everything that is known of it: the answers under /api/details.
// In: nothing of ours but names, health and traffic. Out: DetailDocument and its parts, EventsDocument.
import type { ConfigRef } from './edit';
import type { EntityRef } from './entity';
import type { EntityFinding, Finding } from './finding';
import type { EdgeLatency, NodeKind } from './graph';
import type { Health, HealthStatus } from './health';
import type { EdgeId, NodeId } from './ids';
import type { MeshMode } from './inventory';
import type { MtlsMode } from './routing';
import type { Protocol } from './traffic';
import type { Freshness, Overlay } from './wire';

/** Longest lists of an answer; `…More` says how many are left out. */
export const MAX_DETAIL_PODS = 200;
export const MAX_DETAIL_MEMBERS = 200;
export const MAX_DETAIL_OBJECTS = 200;

/** What is asked of a page. */
export interface DetailQuery {
  readonly windowSeconds: number;
  /** What is wanted of the traffic beyond rates. */
  readonly overlays: readonly Overlay[];
}

/** What it is, as the Kubernetes API tells. */
export interface DetailFacts {
  /** Deployment, StatefulSet, ... of a workload; ClusterIP, ... of a service; else null. */
  readonly kind: string | null;
  readonly createdAtMs: number | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Only those that Istio, Kubernetes or the console give a meaning to. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly app: string | null;
  readonly versions: readonly string[];
  readonly serviceAccounts: readonly string[];
  /** Services: names and addresses by which they are called. */
  readonly host: string | null;
  readonly addresses: readonly string[];
  readonly selector: Readonly<Record<string, string>>;
}

/** How it takes part in the mesh, and what decided that. */
export interface DetailMesh {
  /** The mode of all of its workloads; null where they differ or are not known. */
  readonly mode: MeshMode | null;
  readonly revision: string | null;
  /** Sentences, the deciding one first. */
  readonly reasons: readonly string[];
}

export interface DetailPod {
  readonly name: string;
  readonly workload: string | null;
  readonly ready: boolean;
  readonly phase: string;
  readonly restarts: number;
  readonly createdAtMs: number;
  readonly ip: string;
  /** Null where it was not scheduled yet, or the console does not know. */
  readonly node: string | null;
  readonly containers: readonly string[];
  readonly proxy: 'sidecar' | 'ztunnel' | 'none';
  readonly proxyVersion: string | null;
}

/** Apps, workloads and services that belong to it or that it belongs to. */
export interface DetailMember {
  readonly entity: EntityRef;
  /** `selects`: the service sends to its pods; `part`: the app or namespace is made of it; `of`: it is part of that. */
  readonly how: 'selects' | 'part' | 'of';
  /** Null where its traffic is not known. */
  readonly health: HealthStatus | null;
  readonly pods: { readonly ready: number; readonly desired: number } | null;
}

/** How a configuration object has to do with it. */
export const OBJECT_RELATIONS = [
  'routes',
  'exposes',
  'delegate',
  'traffic',
  'selects',
  'namespace',
  'mesh',
  'target',
  'waypoint',
  'in',
] as const;
export type ObjectRelation = (typeof OBJECT_RELATIONS)[number];

export interface DetailObject {
  readonly ref: ConfigRef;
  readonly how: ObjectRelation;
  /** One sentence: what it does here. */
  readonly text: string;
  /** False: it names this, but something else wins over it. */
  readonly effective: boolean;
  readonly createdAtMs: number;
  readonly findings: { readonly error: number; readonly warning: number; readonly info: number };
}

export interface DetailMtls {
  /** What the proxy demands; null where no pod is known to ask. */
  readonly demands: MtlsMode | null;
  readonly demandedBy: ConfigRef | null;
  /** What clients in the mesh send where no DestinationRule says otherwise, or that one. */
  readonly clients: 'istioMutual' | 'plaintext' | 'tls' | null;
  readonly clientsBy: ConfigRef | null;
  /** One sentence with both and what comes of it. */
  readonly why: string;
}

export interface DetailPort {
  /** Of the service; of a workload the container's port. */
  readonly port: number;
  readonly name: string;
  readonly targetPort: string;
  readonly transport: string;
  readonly appProtocol: string | null;
  /** What proxies speak on it. */
  readonly protocol: 'http' | 'tls' | 'tcp' | 'udp' | 'auto';
  /** One sentence: what the protocol was read from. */
  readonly decidedBy: string;
  readonly mtls: DetailMtls;
}

/** The other end of traffic. */
export interface DetailPeer {
  readonly node: NodeId;
  readonly edge: EdgeId;
  readonly label: string;
  readonly kind: NodeKind;
  readonly cluster: string;
  readonly namespace: string;
  /** Its page; null where it has none. */
  readonly entity: EntityRef | null;
  /** How many it stands for. */
  readonly members: number;
  readonly protocol: Protocol;
  /** HTTP and gRPC. */
  readonly requestsPerSecond: number;
  readonly errorsPerSecond: number;
  /** TCP, both directions of the connection. */
  readonly bytesPerSecond: number;
  readonly latency: EdgeLatency | null;
  readonly mtlsShare: number | null;
  readonly health: HealthStatus;
}

export interface DetailTraffic {
  readonly inbound: readonly DetailPeer[];
  readonly outbound: readonly DetailPeer[];
}

/** Answer of GET /api/details/{namespaces|applications|workloads|services}/…; cut to what its reader may see. */
export interface DetailDocument {
  readonly entity: EntityRef;
  readonly cluster: string;
  /** Id of its node in graphs; null for namespaces. */
  readonly node: NodeId | null;
  /** False: only the metrics know it. */
  readonly inCluster: boolean;
  readonly windowSeconds: number;
  /** Instant at which the window of the traffic ends; null while no traffic is known. */
  readonly atMs: number | null;
  readonly freshness: Freshness;
  readonly facts: DetailFacts;
  readonly health: Health;
  readonly mesh: DetailMesh;
  readonly members: readonly DetailMember[];
  readonly membersMore: number;
  readonly pods: readonly DetailPod[];
  readonly podsMore: number;
  readonly ports: readonly DetailPort[];
  /** Mutual TLS of whatever port; null for services, whose ports say it. */
  readonly mtls: DetailMtls | null;
  readonly objects: readonly DetailObject[];
  readonly objectsMore: number;
  /** Of those objects. */
  readonly findings: readonly Finding[];
  /** What is wrong with itself. */
  readonly remarks: readonly EntityFinding[];
  /** Null while no traffic is known. */
  readonly traffic: DetailTraffic | null;
}

/** A Kubernetes event about it or one of its pods. */
export interface DetailEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  /** `Pod reviews-v1-x`. */
  readonly about: string;
  readonly count: number;
  readonly lastAtMs: number;
}

/** Answer of GET /api/details/…/events: read from the API server in the name of the user, newest first. */
export interface EventsDocument {
  readonly events: readonly DetailEvent[];
  /** How many older ones are left out. */
  readonly more: number;
}
