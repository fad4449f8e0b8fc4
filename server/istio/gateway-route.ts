// Routing at a gateway: server of the port, virtual host, rules of every VirtualService and route bound to it.
// In: MeshIndex, RouteRequest of a gateway caller. Out: RouteDecision. Source: istio pilot core/gateway.go.
import type { ConfigPointer, RouteDecision, RouteRequest, TriedRule } from '../../model/routing';
import { type DestinationContext, wholeDestination } from './destinations';
import { boundSets, type GatewayServer, gatewayHostsOf, gatewayPortAt, serverNames } from './gateways';
import { applyRule, buildLocation, decisionOf, type Outcome } from './http-action';
import type { MeshIndex } from './mesh-index';
import { compareSpecificity, pickDomain, stripPort } from './names';
import type { RouteSet } from './route-set';
import { explainLeftOut, findEntry } from './rule-entries';
import { visibleService } from './services';
import { routeTcp, routeTls, streamOutcome } from './stream-route';

interface Visit {
  readonly index: MeshIndex;
  readonly request: RouteRequest;
  readonly tried: TriedRule[] | null;
}

/** What a gateway proxy does with a request on its port. */
export function routeAtGateway(index: MeshIndex, request: RouteRequest, tried: TriedRule[] | null): RouteDecision {
  const visit: Visit = { index, request, tried };
  const { namespace, podLabels } = request.caller;
  const servers = gatewayPortAt(index, namespace, podLabels, request.port)?.servers ?? [];
  const plain = servers.filter((server) => server.kind === 'http');
  const tls = request.scheme === 'https' || request.protocol === 'tls';
  // Without a server, nothing listens on the port.
  if (servers.length === 0) return decide(visit, closed(), null, null);
  if (request.protocol === 'tcp' && !tls) return plain.length > 0 ? decide(visit, noRoute(400), null, null) : routeBytes(visit, servers);
  if (plain.length > 0) return tls ? decide(visit, noRoute(400), null, null) : routeRequest(visit, plain);
  if (!tls) return routeBytes(visit, servers);
  const server = serverForName(servers, hostOf(request));
  if (server === null) return decide(visit, closed(), null, null);
  if (server.kind === 'passthrough') return routeOpaque(visit, servers);
  return server.kind === 'https' && request.protocol !== 'tls' ? routeRequest(visit, [server]) : routeBytes(visit, [server]);
}

const hostOf = (request: RouteRequest): string => stripPort(request.host.toLowerCase());

const noRoute = (status: number): Outcome => ({ outcome: 'noRoute', status });
const closed = (): Outcome => noRoute(0);

const decide = (visit: Visit, outcome: Outcome, rule: ConfigPointer | null, virtualHost: string | null): RouteDecision =>
  decisionOf(outcome, visit.tried ?? [], rule, virtualHost);

/** The server whose host is the most specific for a server name. */
function serverForName(servers: readonly GatewayServer[], name: string): GatewayServer | null {
  let best: { readonly server: GatewayServer; readonly host: string } | null = null;
  for (const server of servers) {
    if (server.tlsMode === null) continue;
    const host = pickDomain(name, serverNames(server));
    if (host !== null && (best === null || compareSpecificity(host, best.host) < 0)) best = { server, host };
  }
  return best?.server ?? null;
}

function routeRequest(visit: Visit, servers: readonly GatewayServer[]): RouteDecision {
  const { index, request, tried } = visit;
  const { namespace, podLabels: labels } = request.caller;
  const proxy = { namespace, labels };
  const hosts = gatewayHostsOf(index, servers, proxy);
  const domain = pickDomain(hostOf(request), hosts.keys());
  const host = domain === null ? undefined : hosts.get(domain);
  if (host === undefined) return decide(visit, noRoute(404), null, null);
  if (host.requireTls && request.scheme === 'http') {
    const [redirecting] = servers.filter((server) => server.httpsRedirect);
    const rule = redirecting === undefined ? null : { ...redirecting.pointer, path: `${redirecting.pointer.path}.tls.httpsRedirect` };
    const location = buildLocation(
      { path: null, authority: request.host, scheme: 'https', port: 'default', status: 301 },
      null,
      request,
      request.port,
    );
    return decide(visit, { outcome: 'redirect', status: 301, location }, rule, host.domain);
  }
  if (tried !== null)
    for (const server of servers)
      for (const set of new Set(host.sets))
        if (set.gateways.has(server.gateway)) explainLeftOut(set, { ...proxy, gateway: server.gateway, port: server.port }, tried);
  const entry = findEntry(host.entries, request, tried);
  if (entry === null) return decide(visit, noRoute(404), null, host.domain);
  const context = contextOf(visit, entry.rule.pointer.namespace, entry.port);
  return decide(visit, applyRule(index, entry.rule, entry.match, request, context), entry.rule.pointer, host.domain);
}

function contextOf({ request: { caller } }: Visit, configNamespace: string, listenerPort: number): DestinationContext {
  return { client: { namespace: caller.namespace, labels: caller.podLabels }, configNamespace, listenerPort, onlyPortCounts: true };
}

/** TCP servers, and TLS that is ended here: the tcp rules bound to them. */
function routeBytes(visit: Visit, servers: readonly GatewayServer[]): RouteDecision {
  const { index, request, tried } = visit;
  const { namespace, podLabels: labels } = request.caller;
  for (const server of servers) {
    if (server.kind !== 'tcp') continue;
    const sets = boundSets(index, server, namespace).map((bound) => bound.set);
    const proxy = { namespace, labels, gateway: server.gateway, port: server.port };
    const hit = routeTcp(index, sets, proxy, [], (set: RouteSet) => contextOf(visit, set.namespace, server.port), tried);
    if (hit !== null) return decide(visit, hit.outcome, hit.rule, null);
  }
  return decide(visit, closed(), null, null);
}

/** TLS passed through: the tls rules bound to the servers of the port, by server name. */
function routeOpaque(visit: Visit, servers: readonly GatewayServer[]): RouteDecision {
  const { index, request, tried } = visit;
  const { namespace, podLabels: labels } = request.caller;
  for (const server of servers) {
    if (server.kind !== 'passthrough' || pickDomain(hostOf(request), serverNames(server)) === null) continue;
    if (server.tlsMode === 'AUTO_PASSTHROUGH') {
      const through = routeAutomatically(visit, server);
      if (through !== null) return decide(visit, through, null, request.host);
      continue;
    }
    const sets = boundSets(index, server, namespace).map((bound) => bound.set);
    const proxy = { namespace, labels, gateway: server.gateway, port: server.port };
    const { hit } = routeTls(index, sets, proxy, request, [], (set: RouteSet) => contextOf(visit, set.namespace, server.port), tried);
    if (hit !== null) return decide(visit, hit.outcome, hit.rule, request.host);
  }
  return decide(visit, closed(), null, null);
}

/** AUTO_PASSTHROUGH: the server name of the mesh's own mutual TLS names the cluster, `outbound_.80_.v1_.reviews.shop.svc.cluster.local`. */
function routeAutomatically({ index, request }: Visit, server: GatewayServer): Outcome | null {
  const [, port, subset, host] = /^outbound_\.(\d+)_\.([^_]*)_\.(.+)$/.exec(hostOf(request)) ?? [];
  if (port === undefined || host === undefined || pickDomain(host, serverNames(server)) === null) return null;
  const client = { namespace: request.caller.namespace, labels: request.caller.podLabels };
  const service = visibleService(index, host, client.namespace);
  if (service === null || service.external) return null;
  return streamOutcome([wholeDestination(index, client, host, subset || null, Number(port))]);
}
