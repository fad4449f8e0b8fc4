// The rules that one caller's proxy is given for a host and port, each with what it does: the ground on which two states are compared.
// In: MeshIndex, Caller, host, port, protocol. Out: Lanes of SeenRules, the last of which takes everything. What only a request tells stays open.
import type { Caller, ConfigPointer, RouteRequest } from '../../model/routing';
import type { Protocol } from '../../model/traffic';
import type { Client, DestinationContext } from '../istio/destinations';
import { type GatewayServer, gatewayHostsOf, gatewayPortsOf, serverNames } from '../istio/gateways';
import { applyRule, type Outcome } from '../istio/http-action';
import { isCatchAll } from '../istio/http-match';
import type { HttpMatch } from '../istio/http-rule';
import type { MeshIndex } from '../istio/mesh-index';
import { isWildcardHost } from '../istio/names';
import { evaluateRoute } from '../istio/route';
import { routingProxyFor } from '../istio/routing-proxy';
import { entriesFor, type RuleEntry } from '../istio/rule-entries';
import { sidecarScopeOf } from '../istio/sidecar-scope';
import { findVirtualHost } from '../istio/virtual-hosts';

export interface SeenRule {
  /** Null: it takes every request that comes to it. */
  readonly match: HttpMatch | null;
  /** Null: no object decides (the service itself, nothing at all). */
  readonly pointer: ConfigPointer | null;
  readonly outcome: Outcome;
}

/** What requests to one host on one port meet at a caller's proxy, in the order in which it is tried. */
export interface Lane {
  /** Equal for the same host and port before and after. */
  readonly key: string;
  /** Host as it is called; at a gateway the domain. */
  readonly host: string;
  readonly port: number;
  readonly rules: readonly SeenRule[];
}

/** A request of which nothing is known but who sends it where. Only conditions that do not hang on the rest may be asked with it. */
const blindRequest = (
  caller: Caller,
  host: string,
  port: number,
  protocol: RouteRequest['protocol'],
  scheme: 'http' | 'https',
): RouteRequest => ({
  caller,
  host,
  port,
  protocol,
  scheme,
  method: 'GET',
  path: '/',
  headers: {},
  query: {},
});

const NOTHING_MATCHES: SeenRule = { match: null, pointer: null, outcome: { outcome: 'noRoute', status: 404 } };

function rulesOfEntries(
  index: MeshIndex,
  entries: readonly RuleEntry[],
  request: RouteRequest,
  client: Client,
  onlyPortCounts: boolean,
): readonly SeenRule[] {
  const { port } = request;
  const rules = entries.map(({ rule, match }): SeenRule => {
    const context: DestinationContext = {
      client,
      configNamespace: rule.pointer.namespace,
      listenerPort: port,
      onlyPortCounts,
    };
    return { match, pointer: rule.pointer, outcome: applyRule(index, rule, match, request, context) };
  });
  const last = rules.at(-1);
  return last !== undefined && isCatchAll(last.match) ? rules : [...rules, NOTHING_MATCHES];
}

/** What the evaluator decides where nothing hangs on the request. */
function decidedRule(index: MeshIndex, request: RouteRequest): SeenRule {
  const decision = evaluateRoute(index, request, { explain: false });
  return { match: null, pointer: decision.rule, outcome: decision };
}

/** Rules of a caller that is no gateway. */
export function laneAtWorkload(index: MeshIndex, caller: Caller, host: string, port: number, protocol: Protocol): Lane {
  const request = blindRequest(caller, host, port, protocol, 'http');
  const lane = (rules: readonly SeenRule[]): Lane => ({ key: `${port}|${host}`, host, port, rules });
  const proxy = protocol === 'tcp' ? null : routingProxyFor(index, caller, host, port);
  if (proxy === null) return lane([decidedRule(index, streamOf(index, request))]);
  const found = findVirtualHost(index, proxy.scope, host, port);
  const kind = found?.port?.protocol ?? 'http';
  if (found !== null && (kind === 'http' || kind === 'auto'))
    for (const set of found.sets) {
      const entries = entriesFor(set, proxy.context);
      if (entries.length > 0) return lane(rulesOfEntries(index, entries, request, proxy.client, false));
    }
  return lane([decidedRule(index, request)]);
}

/** A connection of which telemetry says TCP: opaque TLS where the port is declared so. */
function streamOf(index: MeshIndex, request: RouteRequest): RouteRequest {
  const { caller, host, port } = request;
  if (request.protocol !== 'tcp') return request;
  const found = findVirtualHost(index, sidecarScopeOf(index, caller.namespace, caller.podLabels, caller.mode !== 'sidecar'), host, port);
  return found?.port?.protocol === 'tls' ? { ...request, protocol: 'tls', scheme: 'https' } : request;
}

/** Rules of a gateway, for every port and domain that it serves. */
export function lanesAtGateway(index: MeshIndex, caller: Caller): ReadonlyMap<string, Lane> {
  const { namespace, podLabels: labels } = caller;
  const lanes = new Map<string, Lane>();
  const addHosts = (port: number, kind: 'http' | 'https', servers: readonly GatewayServer[]): void => {
    for (const { domain, entries, requireTls } of gatewayHostsOf(index, servers, { namespace, labels }).values()) {
      const key = `${port}|${kind}|${domain}`;
      if (lanes.has(key)) continue;
      const request = blindRequest(caller, domain, port, 'http', kind);
      const rules =
        requireTls && kind === 'http'
          ? [decidedRule(index, request)]
          : rulesOfEntries(index, entries, request, { namespace, labels }, true);
      lanes.set(key, { key, host: domain, port, rules });
    }
  };
  for (const [port, { servers }] of gatewayPortsOf(index, namespace, labels)) {
    const plain = servers.filter(({ kind }) => kind === 'http');
    if (plain.length > 0) addHosts(port, 'http', plain);
    for (const server of servers) {
      if (server.kind === 'https') addHosts(port, 'https', [server]);
      if (server.kind !== 'passthrough' && server.kind !== 'tcp') continue;
      const tls = server.tlsMode !== null;
      for (const name of serverNames(server)) {
        const key = `${port}|bytes|${name}`;
        const request = blindRequest(
          caller,
          isWildcardHost(name) ? `any${name.slice(1)}` : name,
          port,
          tls ? 'tls' : 'tcp',
          tls ? 'https' : 'http',
        );
        if (!lanes.has(key)) lanes.set(key, { key, host: name, port, rules: [decidedRule(index, request)] });
      }
    }
  }
  return lanes;
}
