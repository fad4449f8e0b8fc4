// Why a destination is unknown, PassthroughCluster or BlackHoleCluster. In: evidence, inventory. Out: Explanation.
// Source: Istio's outboundTrafficPolicy (ALLOW_ANY -> PassthroughCluster, REGISTRY_ONLY -> BlackHoleCluster), Envoy's response flag NR.
import type { Explanation } from '../../../model/graph';
import { DEFAULT_MESH_SETTINGS, type Inventory } from '../../../model/inventory';
import { isAddress } from '../addresses';
import type { Evidence } from './evidence';
import { isExternalName, isSafeName, listNames, listPeers, serviceEntryYaml } from './words';

const domainOf = (inventory: Inventory | null): string => inventory?.mesh.domain ?? DEFAULT_MESH_SETTINGS.domain;

/**
 * Namespace for a ServiceEntry: that of the callers if they share one, else the root namespace, from which all see it; that of the busiest
 * caller where the reader may not see the root namespace (its name is empty then).
 */
function entryNamespace(e: Evidence, inventory: Inventory | null): string {
  const namespaces = new Set(e.peers.map((p) => p.workload.namespace));
  const [busiest] = namespaces;
  const root = inventory?.mesh.rootNamespace ?? DEFAULT_MESH_SETTINGS.rootNamespace;
  return busiest !== undefined && isSafeName(busiest) && (namespaces.size === 1 || root === '') ? busiest : root;
}

export function explainUnknownDestination(e: Evidence): Explanation {
  const callers = listPeers(e.peers);
  const hosts = e.hosts.length > 0 ? ` for ${listNames(e.hosts)}` : '';
  if (e.noRoute || (e.peers.length > 0 && e.peers.every((p) => p.gateway) && e.errorsPerSecond > 0))
    return {
      code: 'noRoute',
      what: 'Requests that the proxy could send nowhere.',
      cause: `${callers} received requests${hosts} that no route matches, and answered them itself (404, flag NR).`,
      fix: 'If the host and path should exist, add them to the VirtualService or HTTPRoute of the gateway; otherwise it is noise from the internet (scanners). To see the routes that the gateway has:\nistioctl proxy-config routes deploy/<gateway> -n <namespace>',
    };
  return {
    code: 'unknownDestination',
    what: 'A destination of which the telemetry tells nothing.',
    cause: `${callers} ${e.peers.length === 1 ? 'calls' : 'call'} something${hosts} that answers without a name: ${e.protocols.has('tcp') ? 'TCP connections too short for the exchange of metadata, or ' : ''}a request that failed before a destination was chosen.`,
    fix: 'Open the edge and look at its response flags: they name the reason (UH no healthy endpoint, UF connection failed, NC no such cluster, NR no route).',
  };
}

export function explainPassthrough(e: Evidence, inventory: Inventory | null): Explanation {
  const callers = listPeers(e.peers);
  const calls = e.peers.length === 1 ? 'calls' : 'call';
  const domain = domainOf(inventory);
  const external = e.hosts.filter((h) => isExternalName(h, domain));
  const [host] = external;
  if (host !== undefined)
    return {
      code: 'hostWithoutServiceEntry',
      what: 'Hosts outside the mesh that no ServiceEntry declares.',
      cause: `${callers} ${calls} ${listNames(external)}. The mesh does not know ${external.length === 1 ? 'this host' : 'these hosts'} and lets the traffic pass (outboundTrafficPolicy ALLOW_ANY), without routing, retries, mutual TLS or metrics by host.`,
      fix: `Declare the host:\n${serviceEntryYaml(host, entryNamespace(e, inventory), e.protocols.has('tcp') && !e.protocols.has('http') ? 'tls' : 'http')}`,
    };
  const direct = e.hosts.filter((h) => isAddress(h));
  const pods = inventory === null ? [] : podsAt(direct, inventory);
  if (direct.length > 0)
    return {
      code: 'directPodCall',
      what: 'Calls to addresses instead of names.',
      cause: `${callers} ${calls} ${listNames(direct)}${pods.length > 0 ? `, which ${pods.length === 1 ? 'is the pod' : 'are the pods'} ${listNames(pods)}` : ''}. An address that belongs to no service the caller knows passes through unrouted.`,
      fix:
        pods.length > 0
          ? 'Call the service by its name. Clients that discover pods by themselves (Kafka, Cassandra, gRPC with its own balancing) need a headless service over these pods, so that the mesh knows their addresses.'
          : 'Call the host by its name and declare it with a ServiceEntry, or declare the addresses in a ServiceEntry with resolution STATIC.',
    };
  const internal = e.hosts.filter((h) => h.endsWith(`.svc.${domain}`) || h.endsWith('.svc'));
  if (internal.length > 0)
    return {
      code: 'passthrough',
      what: 'Calls to services of the cluster that the caller’s proxy does not know.',
      cause: `${callers} ${calls} ${listNames(internal)} on a port that the service does not declare, or a Sidecar object hides the service from the caller.`,
      fix: 'Add the port to the Service, or the host to the egress hosts of the Sidecar object that selects the caller. To see what the proxy knows:\nistioctl proxy-config clusters deploy/<caller> -n <namespace>',
    };
  return {
    code: 'passthrough',
    what: 'Traffic to addresses outside the service registry of the mesh.',
    cause: `${callers} ${calls} something that the mesh does not know${e.protocols.has('tcp') ? '; over TCP or TLS without a server name only an address is seen, and metrics do not carry it' : ''}. It passes unrouted (outboundTrafficPolicy ALLOW_ANY).`,
    fix: 'Find the addresses in the access log of the calling proxy (upstream host, cluster PassthroughCluster) and declare them with a ServiceEntry:\nkubectl logs -n <namespace> deploy/<caller> -c istio-proxy | grep PassthroughCluster',
  };
}

function podsAt(addresses: readonly string[], inventory: Inventory): readonly string[] {
  const wanted = new Set(addresses.map((a) => a.replace(/^(\d[\d.]*):\d+$/, '$1')));
  const found: string[] = [];
  for (const pod of inventory.pods.values()) if (wanted.has(pod.ip)) found.push(`${pod.name} (${pod.namespace})`);
  return found.sort();
}

export function explainBlackHole(e: Evidence, inventory: Inventory | null): Explanation {
  const [host] = e.hosts.filter((h) => isExternalName(h, domainOf(inventory)));
  const hosts = e.hosts.length > 0 ? listNames(e.hosts) : 'hosts that the metrics do not name';
  return {
    code: 'blackHole',
    what: 'Traffic that the mesh refuses because it does not know the host.',
    cause: `${listPeers(e.peers)} ${e.peers.length === 1 ? 'calls' : 'call'} ${hosts}. Only registered hosts may be called here (outboundTrafficPolicy REGISTRY_ONLY, of the mesh or of a Sidecar object): HTTP is answered 502, TCP is closed.`,
    fix:
      host !== undefined
        ? `If the call is wanted, declare the host:\n${serviceEntryYaml(host, entryNamespace(e, inventory), e.protocols.has('tcp') && !e.protocols.has('http') ? 'tls' : 'http')}`
        : 'If the call is wanted, declare its host or addresses with a ServiceEntry. The access log of the calling proxy names them:\nkubectl logs -n <namespace> deploy/<caller> -c istio-proxy | grep BlackHoleCluster',
  };
}
