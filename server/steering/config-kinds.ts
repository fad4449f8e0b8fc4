// The kinds that the console steers: under which resource the cluster serves them, and in which version objects are written where none is
// there to look at. In: kinds. Out: one row each.
import type { ConfigKind } from '../../model/inventory';

export interface SteeredKind {
  readonly kind: ConfigKind;
  /** As watches name it, `virtualservices.networking.istio.io`. */
  readonly resource: string;
  /** Storage version of current releases. */
  readonly apiVersion: string;
}

const row = (kind: ConfigKind, plural: string, group: string, version = 'v1'): SteeredKind => ({
  kind,
  resource: `${plural}.${group}`,
  apiVersion: `${group}/${version}`,
});
const NETWORKING = 'networking.istio.io';
const EXTENSIONS = 'extensions.istio.io';
const SECURITY = 'security.istio.io';
const GATEWAY = 'gateway.networking.k8s.io';

export const STEERED_KINDS: readonly SteeredKind[] = [
  row('VirtualService', 'virtualservices', NETWORKING),
  row('DestinationRule', 'destinationrules', NETWORKING),
  row('Gateway', 'gateways', NETWORKING),
  row('ServiceEntry', 'serviceentries', NETWORKING),
  row('Sidecar', 'sidecars', NETWORKING),
  row('WorkloadEntry', 'workloadentries', NETWORKING),
  row('WorkloadGroup', 'workloadgroups', NETWORKING),
  row('PeerAuthentication', 'peerauthentications', SECURITY),
  row('AuthorizationPolicy', 'authorizationpolicies', SECURITY),
  row('RequestAuthentication', 'requestauthentications', SECURITY),
  row('Telemetry', 'telemetries', 'telemetry.istio.io'),
  row('EnvoyFilter', 'envoyfilters', NETWORKING, 'v1alpha3'),
  row('ProxyConfig', 'proxyconfigs', NETWORKING, 'v1beta1'),
  row('WasmPlugin', 'wasmplugins', EXTENSIONS, 'v1alpha1'),
  row('TrafficExtension', 'trafficextensions', EXTENSIONS, 'v1alpha1'),
  row('GatewayClass', 'gatewayclasses', GATEWAY),
  row('K8sGateway', 'gateways', GATEWAY),
  row('HTTPRoute', 'httproutes', GATEWAY),
  row('GRPCRoute', 'grpcroutes', GATEWAY),
  row('TCPRoute', 'tcproutes', GATEWAY),
  row('TLSRoute', 'tlsroutes', GATEWAY),
  row('ReferenceGrant', 'referencegrants', GATEWAY, 'v1beta1'),
  row('ListenerSet', 'listenersets', GATEWAY),
  row('BackendTLSPolicy', 'backendtlspolicies', GATEWAY),
];
