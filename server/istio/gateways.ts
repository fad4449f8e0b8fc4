// Which Gateways a gateway workload serves, its servers per port after merging, and the virtual hosts that its routes make.
// In: MeshIndex, a gateway pod's namespace and labels. Out: GatewayServers, GatewayHosts.
// Source: istio pilot/pkg/model/gateway.go MergeGateways, core/gateway.go buildGatewayHTTPRouteConfig.
import type { ConfigPointer } from '../../model/routing';
import type { ProxyContext } from './http-match';
import { type Labels, LabelTable, labelsKey, selects } from './labels';
import { remember } from './memo';
import { type MeshIndex, tableOf } from './mesh-index';
import { intersectHosts } from './names';
import { compareByAge } from './order';
import { decodeProtocol } from './port-protocol';
import { type GatewayServerView, type GatewayTlsMode, readGateway } from './read/gateway';
import { type K8sGatewayView, readK8sGateway } from './read/gateway-api';
import { isIstioGateway, listenersOf } from './reference-grants';
import type { RouteSet } from './route-set';
import { gatewaySets } from './route-sets';
import { catchAllsLast, entriesFor, type RuleEntry } from './rule-entries';
import { allServices, isBehind, type MeshService, podsIn, portOf, servicesForHost } from './services';

export interface GatewayServer {
  readonly pointer: ConfigPointer;
  /** Name under which routes bind: `ns/name`, or the key of an OwnedListener. */
  readonly gateway: string;
  /** As the Gateway writes it: by it rules match, and destinations without a port are called on it. */
  readonly port: number;
  /** Port that the pod opens: where a service of the pod has `port`, its target port. */
  readonly listenPort: number;
  /** `http`: plain HTTP; `https`: TLS ended here, then HTTP; `passthrough`: opaque TLS by server name; `tcp`: bytes, with or without TLS. */
  readonly kind: 'http' | 'https' | 'passthrough' | 'tcp';
  readonly tlsMode: GatewayTlsMode | null;
  /** `host` or `ns/host`. */
  readonly hosts: readonly string[];
  readonly httpsRedirect: boolean;
}

/** An entry with the server's port under which it came to the host. */
export interface GatewayEntry extends RuleEntry {
  readonly port: number;
}

export interface GatewayHost {
  readonly domain: string;
  /** Plain HTTP is answered with a redirect to https. */
  readonly requireTls: boolean;
  readonly entries: readonly GatewayEntry[];
  /** Sets whose rules these are, in order. */
  readonly sets: readonly RouteSet[];
}

export interface GatewayPort {
  /** Servers that are in force; of a kind that excludes others, the first wins. */
  readonly servers: readonly GatewayServer[];
  /** Servers that lost against an earlier one, with the reason. */
  readonly skipped: readonly { readonly server: GatewayServer; readonly why: string }[];
}

const portsOf = tableOf(() => new LabelTable<ReadonlyMap<number, GatewayPort>>());

/** Ports that a gateway workload opens, with their servers. */
export const gatewayPortsOf = (index: MeshIndex, namespace: string, labels: Labels): ReadonlyMap<number, GatewayPort> =>
  portsOf(index).remember(namespace, labels, () => mergeServers(serversOf(index, namespace, labels)));

/** The port that takes what is sent to a gateway: one that its pod opens, else one of a service before it; null if there is none. */
export function gatewayPortAt(index: MeshIndex, namespace: string, labels: Labels, port: number): GatewayPort | null {
  const ports = gatewayPortsOf(index, namespace, labels);
  const translated = (): GatewayPort | undefined =>
    [...ports.values()].find(({ servers }) => servers.some((server) => server.port === port));
  return ports.get(port) ?? translated() ?? null;
}

const DISABLE_TRANSLATION = 'experimental.istio.io/disable-gateway-port-translation';

/** Container port of the first service that selects the pod and has the port; the port itself where no service has it (istio resolvePorts). */
function listenPortOf(fronts: readonly MeshService[], port: number): number {
  for (const service of fronts) {
    const target = portOf(service, port)?.targetPort ?? null;
    if (typeof target === 'number' && target > 0) return target;
  }
  return port;
}

/** Services before a gateway's pods in their namespace, oldest first. */
function frontsOf(index: MeshIndex, namespace: string, labels: Labels): readonly MeshService[] {
  const ips = podsIn(index, namespace).flatMap((pod) => (labelsKey(pod.labels) === labelsKey(labels) && pod.ip !== '' ? [pod.ip] : []));
  return allServices(index)
    .filter((service) => service.namespace === namespace && service.aliasOf === null && !isTranslationOff(service))
    .filter((service) => isBehind(service, { labels, ips }))
    .sort((a, b) => a.createdAtMs - b.createdAtMs || (a.name < b.name ? -1 : 1));
}

const isTranslationOff = ({ source }: MeshService): boolean =>
  (source.kind === 'service' ? source.service : source.entry.object).labels[DISABLE_TRANSLATION] !== undefined;

/** Every server of the Gateways that select a workload, oldest Gateway first, before merging. */
export function serversOf(index: MeshIndex, namespace: string, labels: Labels): readonly GatewayServer[] {
  const found = [...index.objects('Gateway'), ...index.objects('K8sGateway')].sort(compareByAge);
  const k8s = new Set(index.objects('K8sGateway'));
  const fronts = frontsOf(index, namespace, labels);
  return found.flatMap((object): readonly GatewayServer[] => {
    if (!k8s.has(object)) {
      const gateway = readGateway(object);
      if (!selects(gateway.selector, labels)) return [];
      return gateway.servers.map((server) => fromIstio(`${object.namespace}/${object.name}`, server, listenPortOf(fronts, server.port)));
    }
    const gateway = readK8sGateway(object);
    if (!isIstioGateway(index, gateway) || !isServedBy(index, gateway, namespace, labels)) return [];
    return listenersOf(index, gateway).map(({ listener, key }) => ({
      pointer: listener.pointer,
      gateway: key,
      port: listener.port,
      listenPort: listenPortOf(fronts, listener.port),
      kind: listenerKind(listener.protocol, listener.tls),
      tlsMode: listener.tls === null ? null : listener.tls === 'Passthrough' ? 'PASSTHROUGH' : 'SIMPLE',
      hosts: [listener.hostname],
      httpsRedirect: false,
    }));
  });
}

function fromIstio(gateway: string, server: GatewayServerView, listenPort: number): GatewayServer {
  const { pointer, port, hosts, tls } = server;
  const passthrough = tls?.mode === 'PASSTHROUGH' || tls?.mode === 'AUTO_PASSTHROUGH';
  let kind: GatewayServer['kind'];
  // HTTP servers may carry tls only for httpsRedirect; HTTPS ends TLS unless it passes it through (istio IsHTTPServer).
  if (decodeProtocol(server.protocol) === 'http') kind = 'http';
  else if (server.protocol === 'HTTPS' && tls !== null && !passthrough) kind = 'https';
  else kind = tls !== null && passthrough ? 'passthrough' : 'tcp';
  return { pointer, gateway, port, listenPort, kind, tlsMode: tls?.mode ?? null, hosts, httpsRedirect: tls?.httpsRedirect ?? false };
}

function listenerKind(protocol: string, tls: 'Terminate' | 'Passthrough' | null): GatewayServer['kind'] {
  if (protocol === 'HTTP') return 'http';
  if (tls === 'Passthrough') return 'passthrough';
  return protocol === 'HTTPS' ? 'https' : 'tcp';
}

/** Pods that istiod made for a Gateway carry its name; a Gateway with addresses is served by the pods behind those services. */
function isServedBy(index: MeshIndex, gateway: K8sGatewayView, namespace: string, labels: Labels): boolean {
  const { object } = gateway;
  if (gateway.addressHosts.length === 0)
    return object.namespace === namespace && labels['gateway.networking.k8s.io/gateway-name'] === object.name;
  return gateway.addressHosts.some((host) => {
    const fqdn = host.includes('.') ? host : `${host}.${object.namespace}.svc.${index.domain}`;
    return servicesForHost(index, fqdn).some(
      ({ source, namespace: owner }) => source.kind === 'service' && owner === namespace && selects(source.service.selector, labels),
    );
  });
}

const isPlain = (server: GatewayServer): boolean => server.kind === 'http' || (server.kind === 'tcp' && server.tlsMode === null);

function mergeServers(servers: readonly GatewayServer[]): ReadonlyMap<number, GatewayPort> {
  const ports = new Map<number, { servers: GatewayServer[]; skipped: { server: GatewayServer; why: string }[] }>();
  for (const server of servers) {
    const port = remember(ports, server.listenPort, () => ({ servers: [], skipped: [] }));
    const why = conflict(port.servers, server);
    if (why === null) port.servers.push(server);
    else port.skipped.push({ server, why });
  }
  return ports;
}

/** Why a server cannot stand beside those already on its port, null if it can. */
function conflict(present: readonly GatewayServer[], server: GatewayServer): string | null {
  const [first] = present;
  if (first === undefined) return null;
  const holder = `${first.pointer.namespace}/${first.pointer.name} ${first.pointer.path}`;
  // Hosts of servers with tls settings must differ, redirecting HTTP servers among them (istio CheckDuplicates).
  const taken = server.tlsMode === null ? undefined : server.hosts.find((host) => present.some((other) => isTlsTwin(other, host)));
  if (taken !== undefined) return `host ${taken} is already served on port ${server.port}`;
  if (isPlain(first) !== isPlain(server)) return `port ${server.port} is already ${isPlain(first) ? 'plain' : 'TLS'} by ${holder}`;
  if (!isPlain(server)) return null;
  return first.kind === 'http' && server.kind === 'http' ? null : `port ${server.port} is already taken by ${holder}`;
}

const isTlsTwin = (other: GatewayServer, host: string): boolean => other.tlsMode !== null && other.hosts.includes(host);

/** Hosts of a server that are open to routes of a namespace. */
export const hostsForNamespace = (server: GatewayServer, namespace: string): readonly string[] =>
  server.hosts.flatMap((entry) => {
    const slash = entry.indexOf('/');
    if (slash < 0) return [entry];
    return entry.slice(0, slash) === namespace ? [entry.slice(slash + 1)] : [];
  });

/** Hosts of a server without the namespaces to which they are open. */
export const serverNames = (server: GatewayServer): readonly string[] => server.hosts.map((entry) => entry.slice(entry.indexOf('/') + 1));

/** Sets bound to a server for some host that both name, with those hosts. */
export const boundSets = (
  index: MeshIndex,
  server: GatewayServer,
  namespace: string,
): readonly { readonly set: RouteSet; readonly hosts: readonly string[] }[] =>
  gatewaySets(index, server.gateway, namespace).flatMap((set) => {
    const hosts = intersectHosts(hostsForNamespace(server, set.namespace), set.hosts);
    return hosts.length === 0 ? [] : [{ set, hosts }];
  });

const hostTables = tableOf(() => new Map<string, ReadonlyMap<string, GatewayHost>>());

/** Virtual hosts of servers that share a route configuration: all plain HTTP servers of a port, or one HTTPS server. */
export function gatewayHostsOf(
  index: MeshIndex,
  servers: readonly GatewayServer[],
  proxy: Omit<ProxyContext, 'gateway' | 'port'>,
): ReadonlyMap<string, GatewayHost> {
  const names = servers.map((server) => `${server.pointer.kind}/${server.pointer.namespace}/${server.pointer.name}/${server.pointer.path}`);
  const key = `${proxy.namespace}|${labelsKey(proxy.labels)}|${names.join()}`;
  return remember(hostTables(index), key, () => buildHosts(index, servers, proxy));
}

function buildHosts(
  index: MeshIndex,
  servers: readonly GatewayServer[],
  proxy: Omit<ProxyContext, 'gateway' | 'port'>,
): ReadonlyMap<string, GatewayHost> {
  const hosts = new Map<string, { requireTls: boolean; entries: GatewayEntry[]; sets: RouteSet[] }>();
  const hostNamed = (name: string) => remember(hosts, name, () => ({ requireTls: false, entries: [], sets: [] }));
  for (const server of servers) {
    for (const { set, hosts: names } of boundSets(index, server, proxy.namespace)) {
      const own = entriesFor(set, { ...proxy, gateway: server.gateway, port: server.port });
      if (own.length === 0) continue;
      const entries = own.map((entry): GatewayEntry => ({ ...entry, port: server.port }));
      for (const name of names) {
        const host = hostNamed(name);
        host.entries.push(...entries);
        host.sets.push(set);
        if (server.httpsRedirect) host.requireTls = true;
      }
    }
    if (server.httpsRedirect) for (const name of serverNames(server)) hostNamed(name).requireTls = true;
  }
  return new Map([...hosts].map(([domain, host]) => [domain, { ...host, domain, entries: catchAllsLast(host.entries) }]));
}

/** Gateways that a workload serves, oldest first. */
export function gatewaysOf(index: MeshIndex, namespace: string, labels: Labels): readonly ConfigPointer[] {
  const seen = new Map<string, ConfigPointer>();
  for (const { pointer } of serversOf(index, namespace, labels))
    seen.set(`${pointer.kind}/${pointer.namespace}/${pointer.name}`, { ...pointer, path: 'spec' });
  return [...seen.values()];
}
