// Where one request goes by its caller's configuration: the one entry to routing. In: MeshIndex, RouteRequest. Out: RouteDecision.
// Sidecars take the virtual host of the service or VirtualService, waypoints that of the service that they stand before; gateways the
// servers of their port; others route nothing.
import type { ConfigPointer, RouteDecision, RouteRequest, TriedRule } from '../../model/routing';
import { isAddress } from './addresses';
import { type Client, type DestinationContext, wholeDestination } from './destinations';
import { routeAtGateway } from './gateway-route';
import { applyRule, decisionOf, defaultRetriesOf, type Outcome } from './http-action';
import type { ProxyContext } from './http-match';
import { memoByObject } from './memo';
import { type MeshIndex, tableOf } from './mesh-index';
import { isHostWithin, resolveHost, stripPort } from './names';
import { normalPath } from './normal-path';
import type { RouteSet } from './route-set';
import { type RoutingProxy, routingProxyFor } from './routing-proxy';
import { entriesFor, explainLeftOut, findEntry } from './rule-entries';
import { type SidecarScope, sidecarScopeOf } from './sidecar-scope';
import { routeTcp, routeTls, streamOutcome } from './stream-route';
import { findCatcher, findVirtualHost, type VirtualHost } from './virtual-hosts';

export interface RouteOptions {
  /** False leaves `tried` empty (faster). */
  readonly explain?: boolean;
}

const NOTHING_TRIED: readonly TriedRule[] = [];

/** What the caller's proxy does with a request (or connection); status 0 of `noRoute` = the connection is closed. */
export function evaluateRoute(index: MeshIndex, asked: RouteRequest, options: RouteOptions = {}): RouteDecision {
  const tried = options.explain === false ? null : [];
  const path = normalPath(asked.path, index.inventory.mesh.pathNormalization);
  const request = path === asked.path ? asked : { ...asked, path };
  switch (request.caller.mode) {
    case 'gateway':
      return routeAtGateway(index, request, tried);
    case 'sidecar':
    case 'ambient':
    case 'none': {
      const proxy = routingProxyFor(index, request.caller, request.host, request.port);
      return proxy === null ? routeWithoutProxy(index, request) : routeAtProxy(index, request, proxy, tried);
    }
  }
}

const decide = (outcome: Outcome, rule: ConfigPointer | null, host: string | null, tried: readonly TriedRule[] | null): RouteDecision =>
  decisionOf(outcome, tried ?? NOTHING_TRIED, rule, host);

/** kube-proxy or ztunnel: any ready pod of the service, nothing else of the configuration acts on the client's side. */
function routeWithoutProxy(index: MeshIndex, request: RouteRequest): RouteDecision {
  const { namespace, podLabels } = request.caller;
  // The rules of Sidecar objects are not for callers without one: gateways ignore them too.
  const scope = sidecarScopeOf(index, namespace, podLabels, true);
  const found = findVirtualHost(index, scope, request.host, request.port);
  if (!found?.service) return decide({ outcome: 'passthrough' }, null, null, null);
  return decide(serviceOutcome(index, found, 'stream'), null, found.domain, null);
}

/** What the service itself answers with where no rule acts; the same for every client of the scope that the virtual host is of. */
const serviceOutcomes = tableOf((index) =>
  memoByObject((host: VirtualHost): { readonly http: Outcome; readonly stream: Outcome } | null => {
    if (host.service === null || host.port === null) return null;
    const client = { namespace: host.clientNamespace, labels: {} };
    const stream = streamOutcome([wholeDestination(index, client, host.service.host, null, host.port.port)]);
    return { stream, http: stream.outcome === 'route' ? { ...stream, retries: defaultRetriesOf(index) } : stream };
  }),
);

const serviceOutcome = (index: MeshIndex, host: VirtualHost, kind: 'http' | 'stream'): Outcome =>
  serviceOutcomes(index)(host)?.[kind] ?? { outcome: 'noRoute', status: kind === 'http' ? 404 : 0 };

/** What becomes of a host that nobody knows. */
function unknownHost(index: MeshIndex, scope: SidecarScope, client: Client): Outcome {
  if (scope.outboundTrafficPolicy === 'REGISTRY_ONLY') return { outcome: 'blackHole' };
  const { egressProxy } = scope;
  if (egressProxy === null) return { outcome: 'passthrough' };
  const host = resolveHost(egressProxy.host, scope.sidecar?.namespace ?? scope.namespace, index.domain);
  return streamOutcome([wholeDestination(index, client, host, egressProxy.subset, egressProxy.port ?? 0)]);
}

/** The proxy's own ports, which would loop. */
const OWN_PORTS: readonly number[] = [15001, 15006];

interface Hop {
  readonly index: MeshIndex;
  readonly request: RouteRequest;
  readonly scope: SidecarScope;
  readonly client: Client;
  readonly proxy: ProxyContext;
  readonly tried: TriedRule[] | null;
}

function routeAtProxy(
  index: MeshIndex,
  request: RouteRequest,
  { scope, client, context: proxy }: RoutingProxy,
  tried: TriedRule[] | null,
): RouteDecision {
  const hop: Hop = { index, request, scope, client, proxy, tried };
  if (OWN_PORTS.includes(request.port)) return decide({ outcome: 'blackHole' }, null, null, tried);
  // A client that speaks TLS by itself is opaque to its sidecar.
  const opaque = request.protocol === 'tls' || request.scheme === 'https';
  const stream = request.protocol === 'tcp' || opaque;
  const found = findHost(hop, stream);
  if (found === null) return decideUnknown(hop);
  const protocol = found.port?.protocol ?? 'http';
  switch (protocol) {
    case 'http':
      if (!stream) return routeHttp(hop, found);
      // The HTTP codec of a declared HTTP port refuses other bytes; a host that only routes know exists for HTTP alone.
      if (found.service === null) return decideUnknown(hop);
      return decide({ outcome: 'noRoute', status: 400 }, null, found.domain, tried);
    case 'auto':
      return stream ? routeTcpAtSidecar(hop, found) : routeHttp(hop, found);
    case 'tls':
      return routeTlsAtSidecar(hop, found);
    case 'tcp':
      return routeTcpAtSidecar(hop, found);
    case 'udp':
      // UDP is not captured by the proxy.
      return decide({ outcome: 'passthrough' }, null, null, tried);
  }
}

const decideUnknown = ({ index, scope, client, tried }: Hop): RouteDecision => decide(unknownHost(index, scope, client), null, null, tried);

/** The virtual host that takes a request: for bytes the address that was dialled counts, for HTTP the host, except where a port is sniffed. */
function findHost({ index, request, scope }: Hop, stream: boolean): VirtualHost | null {
  const { host, address, port } = request;
  const dialled = address === undefined ? null : findVirtualHost(index, scope, address, port);
  if (dialled !== null && (stream || (dialled.port?.protocol !== 'http' && !isBlock(dialled)))) return dialled;
  const named = findVirtualHost(index, scope, host, port);
  if (named !== null) return named;
  const catcher = findCatcher(index, scope, port);
  // HTTP to a port of unknown protocol is still told apart by its host.
  return catcher === null || (!stream && catcher.port?.protocol === 'auto') ? null : catcher;
}

/** A service known by a block of addresses shares its listener with others: HTTP is told apart by host there. */
const isBlock = ({ service }: VirtualHost): boolean => service?.addresses.some((address) => address.includes('/')) ?? false;

function contextOf(hop: Hop, configNamespace: string, onlyPortCounts: boolean): DestinationContext {
  return { client: hop.client, configNamespace, listenerPort: hop.request.port, onlyPortCounts };
}

function routeHttp(hop: Hop, found: VirtualHost): RouteDecision {
  const { index, request, proxy, tried } = hop;
  for (const set of found.sets) {
    const entries = entriesFor(set, proxy);
    if (tried !== null) explainLeftOut(set, proxy, tried);
    // A VirtualService without a rule for this proxy leaves the host to the next one, and in the end to the service itself.
    if (entries.length === 0) continue;
    const entry = findEntry(entries, request, tried);
    if (entry === null) return decide({ outcome: 'noRoute', status: 404 }, null, found.domain, tried);
    const context = contextOf(hop, entry.rule.pointer.namespace, false);
    return decide(applyRule(index, entry.rule, entry.match, request, context), entry.rule.pointer, found.domain, tried);
  }
  return decide(serviceOutcome(index, found, 'http'), null, found.domain, tried);
}

const streamContext =
  (hop: Hop) =>
  (set: RouteSet): DestinationContext =>
    contextOf(hop, set.namespace, true);

/** Addresses of the connection as far as they are known: the one dialled, else those of the service. */
const addressesOf = ({ request }: Hop, found: VirtualHost): readonly string[] => {
  if (request.address !== undefined) return [request.address];
  return isAddress(request.host) ? [request.host] : (found.service?.addresses ?? []);
};

function routeTcpAtSidecar(hop: Hop, found: VirtualHost): RouteDecision {
  const { index, proxy, tried } = hop;
  const hit = routeTcp(index, found.streamSets, proxy, addressesOf(hop, found), streamContext(hop), tried);
  if (hit !== null) return decide(hit.outcome, hit.rule, found.domain, tried);
  return decide(serviceOutcome(index, found, 'stream'), null, found.domain, tried);
}

function routeTlsAtSidecar(hop: Hop, found: VirtualHost): RouteDecision {
  const { index, request, proxy, tried } = hop;
  const { hit, owned } = routeTls(index, found.streamSets, proxy, request, addressesOf(hop, found), streamContext(hop), tried);
  if (hit !== null) return decide(hit.outcome, hit.rule, found.domain, tried);
  // With tls rules for the proxy, Istio makes no filter chain of the service itself: what no rule names is an unknown host.
  if (owned || found.service === null || !isNamed(hop, found)) return decideUnknown(hop);
  return decide(serviceOutcome(index, found, 'stream'), null, found.domain, tried);
}

/** A service that is known by a block of addresses is told from its neighbours by the server name too. */
const isNamed = ({ request }: Hop, found: VirtualHost): boolean =>
  request.address === undefined || !isBlock(found) || isHostWithin(stripPort(request.host.toLowerCase()), found.service?.host ?? '');
