// What the telemetry of one window says, after the reporters are reconciled: the only form in which traffic enters the graph.
// In: nothing. Out: Observation, TrafficSnapshot. Rates are per second over the window; absence is null, never zero.

/** Kind of traffic; HTTP/2 that is not gRPC is `http` (Istio's request_protocol). */
export type Protocol = 'http' | 'grpc' | 'tcp';

/** Whose report an observation comes from, after reconciliation. */
export type Reporter = 'destination' | 'source' | 'waypoint' | 'ztunnel';

/** The word Istio's metrics use for a peer or a host that the reporting proxy did not know. */
export const UNKNOWN = 'unknown';

/** A workload as telemetry names it; every part may be UNKNOWN. */
export interface WorkloadRef {
  readonly cluster: string;
  readonly namespace: string;
  readonly workload: string;
}

/** A destination service as telemetry names it: `host` is destination_service (FQDN, Host header or UNKNOWN), `name` its short name. */
export interface ServiceRef {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
}

/** One row of the code table: `code` is the HTTP status ("0" = no response); `grpcStatus` is null for plain HTTP. */
export interface ResponseRate {
  readonly code: string;
  readonly grpcStatus: string | null;
  /** Envoy response flags, "-" when none. */
  readonly flags: string;
  readonly requestsPerSecond: number;
}

/** Traffic by connection security policy, in requests per second (bytes per second for TCP), of the reporters that know it. */
export interface MtlsRates {
  readonly mutual: number;
  readonly plaintext: number;
  /** Traffic whose policy no reporter knows (source reports only). */
  readonly unknown: number;
}

/**
 * One logical edge of the window: a source workload calling a destination workload through a service with one protocol.
 * No two observations of a snapshot share source, destination, service host and protocol.
 */
export interface Observation {
  /** Stable while the process lives; equal for the same edge in every snapshot of the same backend. */
  readonly key: number;
  readonly source: WorkloadRef;
  readonly destination: WorkloadRef;
  readonly service: ServiceRef;
  readonly protocol: Protocol;
  readonly reporter: Reporter;
  /** HTTP and gRPC: rate of requests, the sum of `responses`. TCP: 0. */
  readonly requestsPerSecond: number;
  readonly responses: readonly ResponseRate[];
  /** TCP: client to server. Istio's istio_tcp_received_bytes_total. */
  readonly tcpSentBytesPerSecond: number;
  /** TCP: server to client. Istio's istio_tcp_sent_bytes_total. */
  readonly tcpReceivedBytesPerSecond: number;
  readonly mtls: MtlsRates;
  /** Milliseconds of request duration added per second (rate of _sum), null while latency is not collected; average = this / requestsPerSecond. */
  readonly durationMsPerSecond: number | null;
  /** Cumulative bucket rates aligned with TrafficSnapshot.bucketBoundsMs (NaN where the series has no such bound); null while not collected. */
  readonly durationBuckets: Float64Array | null;
  readonly requestBytesPerSecond: number | null;
  readonly responseBytesPerSecond: number | null;
}

/** Traffic beside the observations, asked for on demand. An edge is told as observations tell it. */
export interface ExtraTraffic {
  /** `idle`: a series exists; `messages`: gRPC messages; `operation`: requests of one operation. */
  readonly kind: 'idle' | 'messages' | 'operation';
  /** As Observation.key. */
  readonly key: number;
  readonly source: WorkloadRef;
  readonly destination: WorkloadRef;
  readonly service: ServiceRef;
  readonly protocol: Protocol;
  /** Istio's request_operation; "" for the other kinds. */
  readonly operation: string;
  /** Messages from client to server, or requests, per second. */
  readonly perSecond: number;
  /** Messages from server to client per second. */
  readonly backPerSecond: number;
}

/** App and version of a workload as the metrics label them (canonical service and revision). */
export interface WorkloadIdentity {
  readonly app: string;
  readonly version: string;
}

/** Recording rules that a snapshot was read from; null: computed from the metrics themselves. Instants of their evaluation, ms since the epoch. */
export interface RecordedParts {
  /** Rates, sums and bytes. */
  readonly edgesAtMs: number | null;
  /** Histograms. */
  readonly latencyAtMs: number | null;
}

/** What collecting a snapshot cost the backend. */
export interface CollectionCost {
  readonly queries: number;
  readonly wallMs: number;
  /** Bytes of JSON after decompression. */
  readonly bytes: number;
}

/** All traffic of one window. Immutable. */
export interface TrafficSnapshot {
  /** Instant at which the window ends, ms since the epoch; the `time` of every query of this snapshot. */
  readonly atMs: number;
  readonly windowSeconds: number;
  readonly observations: readonly Observation[];
  /** Upper bounds of the duration histogram in ms, ascending, last is Infinity; empty while quantiles are not collected. */
  readonly bucketBoundsMs: readonly number[];
  /** Identities by workloadKey; the inventory, where it knows the workload, wins. */
  readonly identities: ReadonlyMap<string, WorkloadIdentity>;
  /** Instant of the quantile buckets (they are collected less often), null if none. */
  readonly quantilesAtMs: number | null;
  /** Warnings of the backend (partial responses) in its own words; non-empty means: the graph may be incomplete. */
  readonly warnings: readonly string[];
  readonly cost: CollectionCost;
  /** Absent where nobody asked. */
  readonly extras?: readonly ExtraTraffic[];
  /** Absent: computed. */
  readonly recorded?: RecordedParts;
}
