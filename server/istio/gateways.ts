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
import { isIstioGateway, listenerKey } from './reference-grants';
import type { RouteSet } from './route-set';
import { gatewaySets } from './route-sets';
import { catchAllsLast, entriesFor, type RuleEntry } from './rule-entries';
import { servicesForHost } from './services';

export interface GatewayServer {
  readonly pointer: ConfigPointer;
  /** Name under which routes bind: `ns/name`, or listenerKey. */
  readonly gateway: string;
  readonly port: number;
  /** `http`: plain HTTP; `https`: TLS ended here, then HTTP; `passthrough`: opaque TLS by server name; `tcp`: bytes, with or without TLS. */
  readonly kind: 'http' | 'https' | 'passthrough' | 'tcp';
  readonly tlsMode: GatewayTlsMode | null;
  /** `host` or `ns/host`. */
  readonly hosts: readonly string[];
  readonly httpsRedirect: boolean;
}

export interface GatewayHost {
  readonly domain: string;
  /** Plain HTTP is answered with a redirect to https. */
  readonly requireTls: boolean;
  readonly entries: readonly RuleEntry[];
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

/** Every server of the Gateways that select a workload, oldest Gateway first, before merging. */
export function serversOf(index: MeshIndex, namespace: string, labels: Labels): readonly GatewayServer[] {
  const found = [...index.objects('Gateway'), ...index.objects('K8sGateway')].sort(compareByAge);
  const k8s = new Set(index.objects('K8sGateway'));
  return found.flatMap((object): readonly GatewayServer[] => {
    if (!k8s.has(object)) {
      const gateway = readGateway(object);
      if (!selects(gateway.selector, labels)) return [];
      return gateway.servers.map((server) => fromIstio(`${object.namespace}/${object.name}`, server));
    }
    const gateway = readK8sGateway(object);
    if (!isIstioGateway(index, gateway) || !isServedBy(index, gateway, namespace, labels)) return [];
    return gateway.listeners.map((listener) => ({
      pointer: listener.pointer,
      gateway: listenerKey(object, listener),
      port: listener.port,
      kind: listenerKind(listener.protocol, listener.tls),
      tlsMode: listener.tls === null ? null : listener.tls === 'Passthrough' ? 'PASSTHROUGH' : 'SIMPLE',
      hosts: [listener.hostname],
      httpsRedirect: false,
    }));
  });
}

function fromIstio(gateway: string, server: GatewayServerView): GatewayServer {
  const { pointer, port, hosts, tls } = server;
  const passthrough = tls?.mode === 'PASSTHROUGH' || tls?.mode === 'AUTO_PASSTHROUGH';
  let kind: GatewayServer['kind'];
  // HTTP servers may carry tls only for httpsRedirect; HTTPS ends TLS unless it passes it through (istio IsHTTPServer).
  if (decodeProtocol(server.protocol) === 'http') kind = 'http';
  else if (server.protocol === 'HTTPS' && tls !== null && !passthrough) kind = 'https';
  else kind = tls !== null && passthrough ? 'passthrough' : 'tcp';
  return { pointer, gateway, port, kind, tlsMode: tls?.mode ?? null, hosts, httpsRedirect: tls?.httpsRedirect ?? false };
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
    const port = remember(ports, server.port, () => ({ servers: [], skipped: [] }));
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
  if (isPlain(first) !== isPlain(server)) return `port ${server.port} is already ${isPlain(first) ? 'plain' : 'TLS'} by ${holder}`;
  if (isPlain(server)) return first.kind === 'http' && server.kind === 'http' ? null : `port ${server.port} is already taken by ${holder}`;
  const taken = server.hosts.find((host) => present.some((other) => other.hosts.includes(host)));
  return taken === undefined ? null : `host ${taken} is already served on port ${server.port}`;
}

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
  proxy: Omit<ProxyContext, 'gateway'>,
): ReadonlyMap<string, GatewayHost> {
  const names = servers.map((server) => `${server.pointer.kind}/${server.pointer.namespace}/${server.pointer.name}/${server.pointer.path}`);
  const key = `${proxy.namespace}|${labelsKey(proxy.labels)}|${proxy.port}|${names.join()}`;
  return remember(hostTables(index), key, () => buildHosts(index, servers, proxy));
}

function buildHosts(
  index: MeshIndex,
  servers: readonly GatewayServer[],
  proxy: Omit<ProxyContext, 'gateway'>,
): ReadonlyMap<string, GatewayHost> {
  const hosts = new Map<string, { requireTls: boolean; entries: RuleEntry[]; sets: RouteSet[] }>();
  const hostNamed = (name: string) => remember(hosts, name, () => ({ requireTls: false, entries: [], sets: [] }));
  for (const server of servers) {
    for (const { set, hosts: names } of boundSets(index, server, proxy.namespace)) {
      const entries = entriesFor(set, { ...proxy, gateway: server.gateway });
      if (entries.length === 0) continue;
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
