// Which hosts a plan can touch: those whose routes, policy or endpoints it changes, and those that are routed to them.
// In: the mesh before and after, a plan, traffic. Out: fully qualified hosts. Too many is safe (they are found kept), too few is not.
import type { Plan } from '../../model/change';
import type { ConfigKind, ConfigObject, JsonObject } from '../../model/inventory';
import type { TrafficSnapshot } from '../../model/traffic';
import { type Labels, selects } from '../istio/labels';
import { remember } from '../istio/memo';
import { type MeshIndex, tableOf } from '../istio/mesh-index';
import { isHostWithin, isWildcardHost, resolveHost } from '../istio/names';
import { backendTlsOf } from '../istio/read/backend-tls';
import { readListenerSet } from '../istio/read/gateway-api';
import { readServiceEntry } from '../istio/read/service-entry';
import { readVirtualService } from '../istio/read/virtual-service';
import { allServices, podsSelected, registryHosts } from '../istio/services';
import { waypointBefore } from '../istio/waypoints';
import { findObject, readMap, readObject, readObjects, readText } from './raw';
import { API_ROUTES, destinationHostsOf, parentsOf } from './route-objects';

/** Hosts of the registry that a name of a configuration means, and the name itself where it is no pattern. */
function expandHost(index: MeshIndex, host: string): readonly string[] {
  if (!isWildcardHost(host)) return [host];
  return [...registryHosts(index)].filter((known) => isHostWithin(known, host));
}

const resolved = (index: MeshIndex, object: ConfigObject, host: string): string =>
  resolveHost(host, object.namespace, index.domain).toLowerCase();

/** Hosts of a VirtualService; of one that others delegate to, theirs. */
function virtualServiceHosts(index: MeshIndex, object: ConfigObject): readonly string[] {
  const { hosts } = readVirtualService(object);
  if (hosts.length > 0) return hosts.map((host) => resolved(index, object, host));
  const roots = index
    .objects('VirtualService')
    .filter((root) =>
      readVirtualService(root).http.some(
        ({ delegate }) => delegate?.name === object.name && (delegate.namespace ?? root.namespace) === object.namespace,
      ),
    );
  return roots.flatMap((root) => readVirtualService(root).hosts.map((host) => resolved(index, root, host)));
}

/** Hosts of the services of a namespace ("" = all) behind which a pod carries the labels. */
function hostsOfPods(index: MeshIndex, namespace: string, labels: Labels): readonly string[] {
  const found: string[] = [];
  for (const service of index.inventory.services.values()) {
    if (namespace !== '' && service.namespace !== namespace) continue;
    const free = Object.keys(labels).length === 0 || Object.keys(service.selector).length === 0;
    if (free || podsSelected(index, service.namespace, service.selector).some((pod) => selects(labels, pod.labels)))
      found.push(service.host);
  }
  for (const entry of index.objects('ServiceEntry'))
    if (namespace === '' || entry.namespace === namespace) found.push(...readServiceEntry(entry).hosts);
  return found;
}

/** Hosts to which routes of a gateway lead. */
function hostsBehindGateway(index: MeshIndex, kind: 'Gateway' | 'K8sGateway', name: string): readonly string[] {
  if (kind === 'Gateway')
    return index
      .objects('VirtualService')
      .filter((object) => readVirtualService(object).gateways.includes(name))
      .flatMap((object) => [...destinationHostsOf(index, object)]);
  return API_ROUTES.flatMap((route) => index.objects(route))
    .filter((object) => parentsOf(index, object).gateways.includes(name))
    .flatMap((object) => [...destinationHostsOf(index, object)]);
}

function hostsOfPolicy(index: MeshIndex, { namespace, spec }: ConfigObject): readonly string[] {
  const root = namespace === index.inventory.mesh.rootNamespace;
  const references = readObjects(spec['targetRefs']).concat(readObject(spec['targetRef']) ?? []);
  const services = references.filter((ref) => readText(ref['kind']) === 'Service').map((ref) => readText(ref['name']) ?? '');
  if (services.length > 0) return services.map((name) => `${name}.${namespace}.svc.${index.domain}`);
  const waypoints = references.filter((ref) => ['Gateway', 'GatewayClass'].includes(readText(ref['kind']) ?? ''));
  if (waypoints.length > 0) return waypoints.flatMap((ref) => hostsOfGatewayRef(index, ref, namespace));
  return hostsOfPods(index, root ? '' : namespace, readMap(readObject(spec['selector'])?.['matchLabels']));
}

/** Hosts that a policy at a Gateway (or at every waypoint, by their class) stands before. */
function hostsOfGatewayRef(index: MeshIndex, ref: JsonObject, namespace: string): readonly string[] {
  const name = readText(ref['name']) ?? '';
  if (readText(ref['kind']) === 'GatewayClass') return hostsBehindWaypoint(index, () => true);
  const behind = hostsBehindWaypoint(index, (gateway) => gateway.namespace === namespace && gateway.name === name);
  return behind.length > 0 ? behind : hostsBehindGateway(index, 'K8sGateway', `${namespace}/${name}`);
}

/** A Gateway is entered from outside, or stands before services. */
const hostsOfK8sGateway = (index: MeshIndex, { namespace, name }: ConfigObject): readonly string[] => [
  ...hostsBehindGateway(index, 'K8sGateway', `${namespace}/${name}`),
  ...hostsBehindWaypoint(index, (gateway) => gateway.namespace === namespace && gateway.name === name),
];

const hostsBehindWaypoint = (index: MeshIndex, means: (gateway: ConfigObject) => boolean): readonly string[] =>
  allServices(index).flatMap((service) => {
    const waypoint = waypointBefore(index, service);
    return waypoint !== null && means(waypoint.gateway) ? [service.host] : [];
  });

/** Hosts that the callers of a namespace are seen to call. */
function hostsCalledFrom(index: MeshIndex, namespace: string, snapshot: TrafficSnapshot | null): readonly string[] {
  const everywhere = namespace === index.inventory.mesh.rootNamespace;
  const hosts = new Set<string>();
  for (const { source, service } of snapshot?.observations ?? []) if (everywhere || source.namespace === namespace) hosts.add(service.host);
  return [...hosts];
}

function hostsOfObject(index: MeshIndex, kind: ConfigKind, object: ConfigObject, snapshot: TrafficSnapshot | null): readonly string[] {
  switch (kind) {
    case 'VirtualService': {
      const mesh = virtualServiceHosts(index, object).flatMap((host) => expandHost(index, host));
      return [...mesh, ...destinationHostsOf(index, object)];
    }
    case 'DestinationRule':
      return expandHost(index, resolved(index, object, readText(object.spec['host']) ?? ''));
    case 'HTTPRoute':
    case 'GRPCRoute':
    case 'TCPRoute':
    case 'TLSRoute':
      return [...parentsOf(index, object).hosts, ...destinationHostsOf(index, object)];
    case 'Gateway':
      return hostsBehindGateway(index, kind, `${object.namespace}/${object.name}`);
    case 'K8sGateway':
      return hostsOfK8sGateway(index, object);
    case 'ListenerSet': {
      const { namespace, name } = readListenerSet(object).gateway;
      const gateway = index.objectsIn('K8sGateway', namespace).find((each) => each.name === name);
      return gateway === undefined ? [] : hostsOfK8sGateway(index, gateway);
    }
    case 'BackendTLSPolicy':
      return backendTlsOf(object).map(({ name }) => `${name}.${object.namespace}.svc.${index.domain}`);
    case 'GatewayClass':
      return index
        .objects('K8sGateway')
        .filter((gateway) => gateway.spec['gatewayClassName'] === object.name)
        .flatMap((gateway) => hostsOfK8sGateway(index, gateway));
    case 'ServiceEntry':
      return readServiceEntry(object).hosts.flatMap((host) => expandHost(index, host));
    case 'WorkloadEntry':
    case 'WorkloadGroup':
    case 'ReferenceGrant':
      return hostsOfPods(index, object.namespace, {});
    case 'PeerAuthentication':
    case 'AuthorizationPolicy':
    case 'RequestAuthentication':
      return hostsOfPolicy(index, object);
    case 'Sidecar':
      return hostsCalledFrom(index, object.namespace, snapshot);
    case 'EnvoyFilter':
    case 'ProxyConfig':
    case 'WasmPlugin':
    case 'TrafficExtension':
    case 'Telemetry':
      return [];
  }
}

/** By destination: the other hosts of the mesh whose routes lead there. */
export const hostsRoutedTo = tableOf((index): ReadonlyMap<string, ReadonlySet<string>> => {
  const table = new Map<string, Set<string>>();
  const add = (destination: string, hosts: readonly string[]): void => {
    for (const host of hosts) if (host !== destination) remember(table, destination, () => new Set<string>()).add(host);
  };
  for (const object of index.objects('VirtualService')) {
    if (!readVirtualService(object).gateways.includes('mesh')) continue;
    const hosts = virtualServiceHosts(index, object).filter((host) => !isWildcardHost(host));
    for (const destination of destinationHostsOf(index, object)) add(destination, hosts);
  }
  for (const kind of API_ROUTES)
    for (const object of index.objects(kind)) {
      const { hosts } = parentsOf(index, object);
      if (hosts.length > 0) for (const destination of destinationHostsOf(index, object)) add(destination, hosts);
    }
  return table;
});

/** Every host that the plan can touch; `snapshot` tells whom the callers of a Sidecar object call. */
export function touchedHosts(
  before: MeshIndex,
  after: MeshIndex,
  plan: Pick<Plan, 'steps'>,
  snapshot: TrafficSnapshot | null = null,
): ReadonlySet<string> {
  const touched = new Set<string>();
  for (const { ref } of plan.steps)
    for (const index of [before, after]) {
      const object = findObject(index.inventory, ref);
      if (object !== null)
        for (const host of hostsOfObject(index, ref.kind, object, snapshot)) if (!isWildcardHost(host)) touched.add(host);
    }
  if (touched.size > 0)
    for (const index of [before, after]) {
      const routed = hostsRoutedTo(index);
      for (const host of [...touched]) for (const caller of routed.get(host) ?? []) touched.add(caller);
    }
  return touched;
}
