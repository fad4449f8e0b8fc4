// Which resources the inventory watches and how to find them in a cluster: one row a kind. In: discovery documents. Out: paths.
import type { ConfigKind } from '../../model/inventory';

export interface ConfigResource {
  readonly kind: ConfigKind;
  readonly group: string;
  readonly plural: string;
}

const istio = (group: string, kind: ConfigKind, plural: string): ConfigResource => ({ kind, group: `${group}.istio.io`, plural });
const gateway = (kind: ConfigKind, plural: string): ConfigResource => ({ kind, group: 'gateway.networking.k8s.io', plural });

/** Istio's and the Gateway API's kinds. The chart's ClusterRole lists the same. */
export const CONFIG_RESOURCES: readonly ConfigResource[] = [
  istio('networking', 'VirtualService', 'virtualservices'),
  istio('networking', 'DestinationRule', 'destinationrules'),
  istio('networking', 'Gateway', 'gateways'),
  istio('networking', 'ServiceEntry', 'serviceentries'),
  istio('networking', 'Sidecar', 'sidecars'),
  istio('networking', 'WorkloadEntry', 'workloadentries'),
  istio('networking', 'WorkloadGroup', 'workloadgroups'),
  istio('security', 'PeerAuthentication', 'peerauthentications'),
  istio('security', 'AuthorizationPolicy', 'authorizationpolicies'),
  istio('security', 'RequestAuthentication', 'requestauthentications'),
  istio('telemetry', 'Telemetry', 'telemetries'),
  istio('networking', 'EnvoyFilter', 'envoyfilters'),
  istio('networking', 'ProxyConfig', 'proxyconfigs'),
  istio('extensions', 'WasmPlugin', 'wasmplugins'),
  istio('extensions', 'TrafficExtension', 'trafficextensions'),
  gateway('GatewayClass', 'gatewayclasses'),
  gateway('K8sGateway', 'gateways'),
  gateway('HTTPRoute', 'httproutes'),
  gateway('GRPCRoute', 'grpcroutes'),
  gateway('TCPRoute', 'tcproutes'),
  gateway('TLSRoute', 'tlsroutes'),
  gateway('ReferenceGrant', 'referencegrants'),
  gateway('ListenerSet', 'listenersets'),
  gateway('BackendTLSPolicy', 'backendtlspolicies'),
];

/** Groups of CONFIG_RESOURCES. */
export const CONFIG_GROUPS: readonly string[] = [...new Set(CONFIG_RESOURCES.map((r) => r.group))];

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);
const list = (x: unknown): readonly Readonly<Record<string, unknown>>[] => (Array.isArray(x) ? x.filter(isRecord) : []);

/** Versions of each wanted group that an APIGroupList names, in the server's order of preference. */
export function decodeGroupVersions(groupList: unknown): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const group of list(isRecord(groupList) ? groupList['groups'] : null)) {
    const name = group['name'];
    if (typeof name !== 'string' || !CONFIG_GROUPS.includes(name)) continue;
    found.set(
      name,
      list(group['versions'])
        .map((x) => x['version'])
        .filter((x): x is string => typeof x === 'string'),
    );
  }
  return found;
}

/** Plural names that an APIResourceList serves for watching. */
export function decodeServedPlurals(resourceList: unknown): ReadonlySet<string> {
  const served = new Set<string>();
  for (const resource of list(isRecord(resourceList) ? resourceList['resources'] : null)) {
    const name = resource['name'];
    const verbs = resource['verbs'];
    if (typeof name === 'string' && !name.includes('/') && Array.isArray(verbs) && verbs.includes('watch')) served.add(name);
  }
  return served;
}
