// The unit of traffic: everything of one kind between two groups of pods, with what each proxy reports of it. Types and label sets.
// In: identities, outcome. Out: Flow, labels as Istio's `istio_stats` filter writes them (istio.md 1.1, 1.2).
import type { Protocol } from '../../model/traffic';
import type { Distribution } from './distribution';
import type { Group, Identity } from './group';

export type LabelSet = Readonly<Record<string, string>>;

export interface ServiceLabels {
  /** destination_service: FQDN, Host header or `unknown`. */
  readonly host: string;
  readonly name: string;
  readonly namespace: string;
}

export const UNKNOWN_SERVICE: ServiceLabels = { host: 'unknown', name: 'unknown', namespace: 'unknown' };

/** A peer of which nothing is known; its revision is `latest` all the same (Istio's default). */
export const UNKNOWN_IDENTITY: Identity = {
  workload: 'unknown',
  namespace: 'unknown',
  app: 'unknown',
  version: 'unknown',
  canonicalService: 'unknown',
  canonicalRevision: 'latest',
  cluster: 'unknown',
  principal: 'unknown',
};

/** How a request ended. `code` "0" = no response. */
export interface Ending {
  readonly code: string;
  readonly grpcStatus: string | null;
  /** Envoy response flags, `-` for none. */
  readonly flags: string;
}

/** What one proxy reports of a flow. */
export interface Report {
  readonly labels: LabelSet;
  /** Labels of the gRPC message counters, null where the flow is not gRPC. */
  readonly messageLabels: LabelSet | null;
  readonly ending: Ending;
  readonly latency: Distribution;
  /** Durations that a timer made (timeouts, injected delays) do not breathe with the workload. */
  readonly timed: boolean;
}

/** What the access log tells beyond the report. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly originalPath: string;
  readonly authority: string;
  readonly userAgent: string;
  /** Envoy's response code details. */
  readonly details: string;
  readonly upstreamCluster: string;
  readonly upstreamPort: number;
  readonly routeName: string;
}

export interface Flow {
  /** Stable over plans, so that fractions of requests are carried over. */
  readonly key: string;
  readonly protocol: Protocol;
  readonly from: Group;
  /** Group that the bytes reached; null for external hosts and local replies. */
  readonly to: Group | null;
  readonly source: Report | null;
  readonly destination: Report | null;
  readonly request: RequestLine;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** TCP: commands that one connection carries; 1 where every attempt is a connection of its own. */
  readonly commandsPerConnection: number;
  /** Key of the noise on requests into the service. */
  readonly noiseKey: number;
}

const FLAG_ORDER = ['LH', 'UH', 'UT', 'LR', 'UR', 'UF', 'UC', 'UO', 'NR', 'DI', 'FI', 'RL', 'UAEX', 'RLSE', 'DC', 'URX', 'SI', 'NC'];

/** Joins Envoy response flags in Envoy's own order. */
export function joinFlags(...parts: readonly string[]): string {
  const flags = new Set(parts.flatMap((p) => p.split(',')).filter((p) => p !== '' && p !== '-'));
  return flags.size === 0 ? '-' : [...flags].sort((a, b) => FLAG_ORDER.indexOf(a) - FLAG_ORDER.indexOf(b)).join(',');
}

const peers = (source: Identity, destination: Identity, service: ServiceLabels, secured: boolean): LabelSet => ({
  source_workload: source.workload,
  source_canonical_service: source.canonicalService,
  source_canonical_revision: source.canonicalRevision,
  source_workload_namespace: source.namespace,
  source_principal: secured ? source.principal : 'unknown',
  source_app: source.app,
  source_version: source.version,
  source_cluster: source.cluster,
  destination_workload: destination.workload,
  destination_workload_namespace: destination.namespace,
  destination_principal: secured ? destination.principal : 'unknown',
  destination_app: destination.app,
  destination_version: destination.version,
  destination_service: service.host,
  destination_canonical_service: destination.canonicalService,
  destination_canonical_revision: destination.canonicalRevision,
  destination_service_name: service.name,
  destination_service_namespace: service.namespace,
  destination_cluster: destination.cluster,
});

export interface ReportLabels {
  readonly labels: LabelSet;
  readonly messageLabels: LabelSet | null;
}

/** Labels of a report. `secured`: the connection is mutual TLS; the source's proxy never says so in its policy label. */
export function buildLabels(
  reporter: 'source' | 'destination',
  source: Identity,
  destination: Identity,
  service: ServiceLabels,
  protocol: Protocol,
  ending: Ending,
  secured: boolean,
): ReportLabels {
  const who = { reporter, ...peers(source, destination, service, secured) };
  return {
    labels: {
      ...who,
      request_protocol: protocol,
      ...(protocol === 'tcp' ? {} : { response_code: ending.code }),
      ...(protocol === 'grpc' ? { grpc_response_status: ending.grpcStatus ?? '' } : {}),
      response_flags: ending.flags,
      connection_security_policy: reporter === 'source' ? 'unknown' : secured ? 'mutual_tls' : 'none',
    },
    messageLabels: protocol === 'grpc' ? who : null,
  };
}
