// What series are told apart by: groupings as labels of Istio's metrics, and their values in words. In: grouping, direction. Out: labels, a name.
// Pure. A label that is a name of something comes with the label of its namespace, so that who may see it can be decided.
import type { Grouping, MetricDirection } from '../../model/entity-metrics';

const sides = (direction: MetricDirection): { readonly own: string; readonly peer: string } =>
  direction === 'inbound' ? { own: 'destination', peer: 'source' } : { own: 'source', peer: 'destination' };

export function labelsOf(grouping: Grouping, direction: MetricDirection): readonly string[] {
  const { own, peer } = sides(direction);
  switch (grouping) {
    case 'version':
      return [`${own}_canonical_revision`];
    case 'workload':
      return [`${own}_workload`, `${own}_workload_namespace`];
    case 'service':
      return ['destination_service_name', 'destination_service_namespace'];
    case 'peerNamespace':
      return [`${peer}_workload_namespace`];
    case 'peerApp':
      return [`${peer}_canonical_service`, `${peer}_workload_namespace`];
    case 'peerWorkload':
      return [`${peer}_workload`, `${peer}_workload_namespace`];
    case 'peerVersion':
      return [`${peer}_canonical_revision`, `${peer}_workload_namespace`];
    case 'peerCluster':
      return [`${peer}_cluster`];
    case 'protocol':
      return ['request_protocol'];
    case 'code':
      return ['response_code'];
    case 'grpc':
      return ['grpc_response_status'];
    case 'flags':
      return ['response_flags'];
    case 'mtls':
      return ['connection_security_policy'];
    default:
      return grouping satisfies never;
  }
}

/** All labels of some groupings, each once. */
export const groupLabels = (by: readonly Grouping[], direction: MetricDirection): readonly string[] => [
  ...new Set(by.flatMap((grouping) => labelsOf(grouping, direction))),
];

const SECURITY: Readonly<Record<string, string>> = { mutual_tls: 'mTLS', none: 'plaintext' };

function wordGroup(grouping: Grouping, labels: readonly string[], read: (label: string) => string): string {
  const [name = '', namespace] = labels.map(read);
  const known = name === '' ? 'unknown' : name;
  switch (grouping) {
    case 'workload':
    case 'service':
    case 'peerApp':
    case 'peerWorkload':
      return namespace === undefined || namespace === '' || namespace === 'unknown' ? known : `${namespace}/${known}`;
    case 'code':
      return name === '' ? 'no code' : name === '0' ? 'no response' : name;
    case 'grpc':
      return name === '' ? 'not gRPC' : `gRPC ${name}`;
    case 'flags':
      return name === '' || name === '-' ? 'no flag' : name;
    case 'mtls':
      return SECURITY[name] ?? 'security unknown';
    case 'version':
    case 'peerNamespace':
    case 'peerVersion':
    case 'peerCluster':
    case 'protocol':
      return known;
    default:
      return grouping satisfies never;
  }
}

/** "bookinfo/productpage-v1 · 200"; "" without groupings. */
export const nameGroup = (by: readonly Grouping[], direction: MetricDirection, labels: Readonly<Record<string, string>>): string =>
  by.map((grouping) => wordGroup(grouping, labelsOf(grouping, direction), (label) => labels[label] ?? '')).join(' · ');
