// Whose traffic a series counts: labels turned into an edge's identity, with the repairs and refusals that Kiali's users know.
// In: label values. Out: EdgeIdentity, or null for telemetry that cannot be right. A missing label is "".
import { type Protocol, type ServiceRef, UNKNOWN, type WorkloadRef } from '../../model/traffic';

export interface EdgeIdentity {
  readonly source: WorkloadRef;
  readonly destination: WorkloadRef;
  readonly service: ServiceRef;
  readonly protocol: Protocol;
}

/** Reads a label of the series at hand; "" if it is missing or was not asked for. */
export type ReadLabel = (name: string) => string;

const known = (text: string): boolean => text !== '' && text !== UNKNOWN;
const orUnknown = (text: string): string => (text === '' ? UNKNOWN : text);
const IP = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[?[0-9a-fA-F]*:[0-9a-fA-F:.]*\]?)$/;
// <service>.<namespace>.svc.<domain>
const FQDN = /^([^.]+)\.([^.]+)\.svc(?:\.|$)/;
const EGRESS = /^istio-egressgateway\.([^.]+)\.svc\./;

/** Everything except grpc is http: Istio's request_protocol has no third value for istio_requests_total. */
export const protocolOf = (requestProtocol: string, grpcStatus: string): Protocol =>
  requestProtocol === 'grpc' || (requestProtocol === '' && grpcStatus !== '') ? 'grpc' : 'http';

/**
 * The identity that labels tell. `homeCluster` names the cluster where the query did not ask for clusters.
 * Null, as in Kiali: a source with namespace but no workload; a callee that is a bare address (a pod that came or went: the name of the
 * service is the address itself); a namespace with a cluster that is said to be unknown.
 */
export function decodeEdgeIdentity(read: ReadLabel, protocol: Protocol, homeCluster: string | null): EdgeIdentity | null {
  const sourceNamespace = orUnknown(read('source_workload_namespace'));
  const sourceWorkload = orUnknown(read('source_workload'));
  if (known(sourceNamespace) && !known(sourceWorkload)) return null;

  const sourceCluster = homeCluster ?? orUnknown(read('source_cluster'));
  const statedCluster = homeCluster ?? read('destination_cluster');
  // istio/istio#29373: failed requests do not carry the cluster of their destination; it is the source's.
  const destinationCluster = known(statedCluster) ? statedCluster : sourceCluster;
  if (homeCluster === null && known(sourceNamespace) && read('source_cluster') === UNKNOWN) return null;

  const host = orUnknown(read('destination_service'));
  const statedName = read('destination_service_name');
  const name = known(statedName) ? statedName : (FQDN.exec(host)?.[1] ?? host);
  const statedNamespace = read('destination_service_namespace');
  const serviceNamespace = known(statedNamespace) ? statedNamespace : (FQDN.exec(host)?.[2] ?? UNKNOWN);
  let workload = orUnknown(read('destination_workload'));
  let namespace = orUnknown(read('destination_workload_namespace'));
  if (!known(workload) && name === host && IP.test(host)) return null;
  if (homeCluster === null && known(namespace) && !known(destinationCluster) && read('destination_cluster') === UNKNOWN) return null;
  const egress = known(workload) ? null : EGRESS.exec(host);
  if (egress?.[1] !== undefined) {
    workload = 'istio-egressgateway';
    namespace = egress[1];
  }
  return {
    source: { cluster: sourceCluster, namespace: sourceNamespace, workload: sourceWorkload },
    destination: { cluster: destinationCluster, namespace, workload },
    service: { cluster: destinationCluster, namespace: serviceNamespace, name, host },
    protocol,
  };
}
