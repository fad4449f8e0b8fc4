// The service graph as everybody sees it: nodes, boxes, edges of one view at one instant. Immutable.
// In: ids, traffic, health. Out: Graph. Built by server/graph, drawn by components/graph, returned by /api/graph.
import type { Health, HealthStatus } from './health';
import type { EdgeId, NodeId } from './ids';
import type { MeshMode } from './inventory';
import type { Protocol, Reporter } from './traffic';

/** Kiali's four graph types, under the names its users know. */
export const GRAPH_TYPES = ['versionedApp', 'app', 'service', 'workload'] as const;
export type GraphType = (typeof GRAPH_TYPES)[number];

/**
 * `app` carries a version in the versioned app graph; `serviceEntry` is a host outside the mesh that a ServiceEntry declares;
 * `passthrough` and `blackhole` are Istio's PassthroughCluster and BlackHoleCluster; `namespace` stands for a folded namespace;
 * an app with more than one member too may be folded into one node of kind `app` (its `members` say so); `operation` is a kind of request
 * (Istio's request_operation) before the service or workload that serves it;
 * `hidden` for everything that its reader may not see and that calls (`hidden/callers`) or is called (`hidden/callees`) by what he sees.
 */
export type NodeKind =
  | 'workload'
  | 'app'
  | 'service'
  | 'serviceEntry'
  | 'passthrough'
  | 'blackhole'
  | 'unknown'
  | 'namespace'
  | 'hidden'
  | 'operation';

/** Marks drawn on a node; each has an icon and a word in the legend. */
export type Badge =
  | 'gateway'
  | 'virtualService'
  | 'trafficShifting'
  | 'tcpTrafficShifting'
  | 'requestRouting'
  | 'requestTimeout'
  | 'faultInjection'
  | 'mirroring'
  | 'circuitBreaker'
  | 'noSidecar'
  | 'ambient'
  | 'waypoint'
  | 'workloadEntry'
  | 'trafficSource'
  | 'dead'
  | 'idle'
  | 'external';

/** Traffic in one direction. Rates per second; `…Errors` are part of the rate before them. */
export interface DirectionTraffic {
  readonly http: number;
  readonly httpErrors: number;
  readonly grpc: number;
  readonly grpcErrors: number;
  /** Bytes per second, both directions of the connection. */
  readonly tcpBytes: number;
}

export const NO_TRAFFIC: DirectionTraffic = { http: 0, httpErrors: 0, grpc: 0, grpcErrors: 0, tcpBytes: 0 };

/** Why a node is not a known workload or service, and what to do about it. Codes are fixed; texts live with the codes. */
export interface Explanation {
  readonly code:
    | 'outOfMeshCaller'
    | 'noSidecar'
    | 'unknownSource'
    | 'unknownDestination'
    | 'passthrough'
    | 'blackHole'
    | 'noRoute'
    | 'directPodCall'
    | 'hostWithoutServiceEntry'
    | 'metricsScrape';
  /** One sentence: what it is. */
  readonly what: string;
  /** Its likely cause here, naming namespaces, hosts, callers. */
  readonly cause: string;
  /** What to do; may hold commands or YAML on lines of their own. */
  readonly fix: string;
}

export interface GraphNode {
  readonly id: NodeId;
  /** Enclosing box, null at top level. */
  readonly parent: NodeId | null;
  readonly kind: NodeKind;
  /** Short text for the canvas. */
  readonly label: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly workload: string | null;
  readonly app: string | null;
  readonly version: string | null;
  readonly service: string | null;
  /** Kubernetes kind of the workload (Deployment, ...), null where unknown. */
  readonly workloadKind: string | null;
  readonly mode: MeshMode | null;
  readonly inbound: DirectionTraffic;
  readonly outbound: DirectionTraffic;
  readonly health: Health;
  readonly badges: readonly Badge[];
  /** Outside the selected namespaces: drawn, but dimmed. */
  readonly outside: boolean;
  /** A source nobody calls. */
  readonly root: boolean;
  readonly pods: { readonly ready: number; readonly desired: number } | null;
  /** Hosts by which it is called (services, service entries, passthrough), at most 20. */
  readonly hosts: readonly string[];
  readonly explanation: Explanation | null;
  /** Folded namespaces and apps: how many nodes it stands for; hidden nodes: how many workloads; else 1. */
  readonly members: number;
  /** 1 (most edges) to 100; present only where the view ranks. */
  readonly rank?: number;
  /** Operations: its name. */
  readonly operation?: string;
  /** Folded hubs: its edges that are told on its peers. */
  readonly hub?: HubTraffic;
  /** Edges from and to folded hubs. */
  readonly hubPeers?: readonly HubPeer[];
}

/** Edges of a hub that are not drawn, together. */
export interface HubTraffic {
  readonly edges: number;
  readonly requestsPerSecond: number;
  readonly errorsPerSecond: number;
  readonly tcpBytesPerSecond: number;
}

/** What a node has to do with a folded hub; `direction` as the node sees it. */
export interface HubPeer extends HubTraffic {
  readonly id: NodeId;
  readonly label: string;
  readonly direction: 'inbound' | 'outbound';
  readonly health: HealthStatus;
}

export interface GraphBox {
  readonly id: NodeId;
  readonly parent: NodeId | null;
  readonly kind: 'cluster' | 'namespace' | 'app';
  readonly label: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly app: string | null;
  readonly health: HealthStatus;
}

/** A row of an edge's code table. */
export interface EdgeResponse {
  /** HTTP status or, for gRPC, its status number; "-" = no response. */
  readonly code: string;
  readonly flags: string;
  readonly host: string;
  readonly requestsPerSecond: number;
}

export interface EdgeLatency {
  readonly averageMs: number | null;
  /** Quantiles; Infinity never appears: a quantile in the last bucket is that bucket's lower bound, and means "at least". */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

export interface GraphEdge {
  readonly id: EdgeId;
  readonly source: NodeId;
  readonly target: NodeId;
  readonly protocol: Protocol;
  /** HTTP, gRPC: requests per second; TCP: 0. */
  readonly requestsPerSecond: number;
  /** HTTP 4xx + 5xx + no response; gRPC status other than 0 or HTTP error. */
  readonly errorsPerSecond: number;
  /** TCP: bytes per second from client to server and back. */
  readonly sentBytesPerSecond: number;
  readonly receivedBytesPerSecond: number;
  readonly latency: EdgeLatency | null;
  /** HTTP and gRPC payload; null while not collected. */
  readonly requestBytesPerSecond: number | null;
  readonly responseBytesPerSecond: number | null;
  /** Share of the traffic over mutual TLS, 0..1, of the traffic whose policy is known; null if none is. */
  readonly mtlsShare: number | null;
  readonly health: HealthStatus;
  readonly reporters: readonly Reporter[];
  /** Envoy marks seen here that explain errors: UO or UH at a circuit breaker, DI or FI at a fault. */
  readonly marks: readonly ('circuitBreaker' | 'fault')[];
  /** Codes, flags and hosts; empty for TCP. Null in graphs, whose size they would double: /api/graph/element has them for one element. */
  readonly responses: readonly EdgeResponse[] | null;
  /** gRPC messages per second from client to server and back; present only where the view counts messages. */
  readonly requestMessagesPerSecond?: number;
  readonly responseMessagesPerSecond?: number;
  /** Present where proxies still report the edge but counted nothing within the window. */
  readonly idle?: true;
}

/** The whole answer for one view. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly boxes: readonly GraphBox[];
  readonly edges: readonly GraphEdge[];
}

/** Sums over the visible graph, for the masthead, the panel of the whole graph and screen readers. */
export interface GraphTotals {
  readonly services: number;
  readonly workloads: number;
  readonly apps: number;
  readonly edges: number;
  readonly requestsPerSecond: number;
  readonly errorsPerSecond: number;
  readonly tcpBytesPerSecond: number;
  readonly mtlsShare: number | null;
  readonly health: Readonly<Record<HealthStatus, number>>;
  /** How much of it is drawn; the server always says so. */
  readonly shown?: ShownPart;
}

/** Where traffic of a view is: on edges that are drawn, inside folded nodes, told on the peers of hubs, left out for its small share or hidden. */
export interface TrafficPlaces {
  readonly drawn: number;
  readonly folded: number;
  readonly hubs: number;
  readonly leftOut: number;
  readonly hidden: number;
}

/** "Showing N of M nodes and edges, K % of the requests", as numbers. The places of each kind of traffic add up to its total. */
export interface ShownPart {
  readonly nodes: number;
  readonly ofNodes: number;
  readonly edges: number;
  readonly ofEdges: number;
  readonly requestsPerSecond: TrafficPlaces;
  readonly tcpBytesPerSecond: TrafficPlaces;
}
