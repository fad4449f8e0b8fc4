// One request explained: rules tried, destinations, the DestinationRule of each, mutual TLS and authorization of each workload, a sentence.
// In: MeshIndex, ExplainQuestion. Out: Explanation. What the caller's workload is comes from the inventory.
import type { JsonObject, PodInfo } from '../../model/inventory';
import type { AuthorizationOutcome, Caller, ConfigPointer, RouteDecision, RouteDestination, RouteRequest } from '../../model/routing';
import type { ExplainQuestion, Explanation } from '../../model/steering';
import type { Protocol } from '../../model/traffic';
import { evaluateAuthorization } from '../istio/authorization';
import type { AuthorizationRequest } from '../istio/authorization-match';
import { effectiveDestinationRule } from '../istio/destination-rule';
import { inboundAt } from '../istio/inbound';
import type { MeshIndex } from '../istio/mesh-index';
import { evaluateMtls } from '../istio/mtls';
import { evaluateRoute } from '../istio/route';
import { waypointOnTheWay } from '../istio/routing-proxy';
import { sidecarScopeOf } from '../istio/sidecar-scope';
import { findVirtualHost } from '../istio/virtual-hosts';
import { callerOfWaypoint, targetOf, type Waypoint } from '../istio/waypoints';
import { callerOfWorkload, podNamed, serviceOfHost, workloadNamed, workloadNameOf } from './backing';
import { summarize } from './explain-summary';
import { containerPortOf, principalOf } from './peers';
import { findObject, readObject, readObjects, readText } from './raw';

/** The caller of a question; a workload that nobody knows has no proxy. */
function callerOfQuestion(index: MeshIndex, { source }: ExplainQuestion): Caller {
  const workload = workloadNamed(index, index.inventory.cluster, source.namespace, source.workload);
  if (workload !== null) return callerOfWorkload(workload);
  return { cluster: index.inventory.cluster, ...source, podLabels: {}, serviceAccount: 'default', mode: 'none' };
}

/** Namespace of the service that the caller means by the host of a question (a short name, an address); null where it means none. */
export function namespaceAsked(index: MeshIndex, question: ExplainQuestion): string | null {
  const { host, caller, port } = requestOf(callerOfQuestion(index, question), question);
  const scope = sidecarScopeOf(index, caller.namespace, caller.podLabels, caller.mode !== 'sidecar');
  return findVirtualHost(index, scope, host, port)?.service?.namespace ?? null;
}

function requestOf(caller: Caller, question: ExplainQuestion): RouteRequest {
  const at = question.path.indexOf('?');
  const path = at < 0 ? question.path : question.path.slice(0, at);
  const headers = Object.fromEntries(Object.entries(question.headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    caller,
    host: question.host.replace(/:\d+$/, ''),
    port: question.port,
    protocol: question.protocol,
    scheme: question.protocol === 'tls' || headers['x-forwarded-proto'] === 'https' ? 'https' : 'http',
    method: question.method,
    path,
    headers,
    query: at < 0 ? {} : queryOf(question.path.slice(at + 1)),
  };
}

/** As proxies read it: the first of a name counts, and nothing is decoded (Envoy QueryParamsMulti). */
function queryOf(text: string): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const part of text.split('&')) {
    const equals = part.indexOf('=');
    const name = equals < 0 ? part : part.slice(0, equals);
    if (name !== '' && !found.has(name)) found.set(name, equals < 0 ? '' : part.slice(equals + 1));
  }
  return Object.fromEntries(found);
}

/** What happens to the request by the configuration of an index. */
export function explainRequest(index: MeshIndex, question: ExplainQuestion): Explanation {
  const request = requestOf(callerOfQuestion(index, question), question);
  const decision = evaluateRoute(index, request);
  const destinations = decision.outcome === 'route' ? decision.destinations : [];
  const servers = destinations.flatMap((destination) => serversOf(index, destination));
  const waypoint = waypointOnTheWay(index, request.caller, request.host, request.port);
  // Whoever the pod's proxy sees as its caller.
  const peer = waypoint === null ? request.caller : callerOfWaypoint(waypoint);
  const mtls = servers.map(({ workload, destination, pod }) => ({
    workload,
    outcome: evaluateMtls(index, peer, destination, pod),
  }));
  const asked = { protocol: protocolOf(question.protocol), method: request.method, headers: request.headers };
  const atPods = servers.map(({ workload, destination, pod }, i) => ({
    workload,
    outcome: evaluateAuthorization(index, {
      ...asked,
      caller: { ...identityOf(index, peer, mtls[i]?.outcome.result === 'mutualTls'), ip: null },
      server: pod,
      port: containerPortOf(index, destination),
      host: authorityOf(decision, request.host),
      path: pathOf(decision, request.path),
    }),
  }));
  // A waypoint judges the request as it comes, before it routes.
  const atWaypoint = waypoint === null ? [] : [{ workload: waypoint.name, outcome: judgeAtWaypoint(index, request, waypoint, asked) }];
  const authorization = [...atWaypoint, ...atPods];
  const policies = destinations.map((destination) =>
    policyOf(index, waypoint === null ? request.caller : { ...peer, mode: 'sidecar' }, destination),
  );
  const body = { decision, policies, mtls, authorization, inbound: inboundOf(index, servers) };
  return { ...body, summary: summarize(body) };
}

function inboundOf(index: MeshIndex, servers: readonly Server[]): Explanation['inbound'] {
  return servers.flatMap(({ workload, destination, pod }) => {
    const inbound = inboundAt(index, pod, containerPortOf(index, destination));
    if (inbound?.kind !== 'ingress' || inbound.decidedBy === null) return [];
    return [{ workload, endpoint: inbound.endpoint, decidedBy: inbound.decidedBy }];
  });
}

function judgeAtWaypoint(
  index: MeshIndex,
  { caller, host, path, port }: RouteRequest,
  { pod }: Waypoint,
  asked: Pick<AuthorizationRequest, 'protocol' | 'method' | 'headers'>,
): AuthorizationOutcome {
  const service = serviceOfHost(
    index,
    findVirtualHost(index, sidecarScopeOf(index, caller.namespace, {}, true), host, port)?.service?.host ?? host,
  );
  const target = service === null ? null : targetOf(service);
  const identity = { ...identityOf(index, caller, true), ip: null };
  return evaluateAuthorization(index, {
    ...asked,
    caller: identity,
    server: pod,
    port,
    host,
    path,
    ...(target === null ? {} : { service: target }),
  });
}

const protocolOf = (protocol: ExplainQuestion['protocol']): Protocol => (protocol === 'tls' ? 'tcp' : protocol);
const authorityOf = (decision: RouteDecision, host: string): string =>
  (decision.outcome === 'route' ? decision.rewrite?.authority : null) ?? host;
const pathOf = (decision: RouteDecision, path: string): string => (decision.outcome === 'route' ? decision.rewrite?.path : null) ?? path;

/** What the server learns of the caller: nothing over plaintext. */
function identityOf(index: MeshIndex, caller: Caller, mutual: boolean) {
  if (!mutual) return { principal: null, namespace: null, serviceAccount: null };
  return { principal: principalOf(index, caller), namespace: caller.namespace, serviceAccount: caller.serviceAccount };
}

interface Server {
  readonly workload: string;
  readonly destination: RouteDestination;
  readonly pod: PodInfo;
}

/** One pod of every workload behind a destination: pods of a workload are alike. */
function serversOf(index: MeshIndex, destination: RouteDestination): readonly Server[] {
  const found = new Map<string, Server>();
  for (const name of destination.endpoints ?? []) {
    const pod = podNamed(index, name);
    if (pod === null) continue;
    const workload = workloadNameOf(pod);
    if (!found.has(workload)) found.set(workload, { workload, destination, pod });
  }
  return [...found.values()];
}

/** The DestinationRule in force for a destination, with its trafficPolicy as written (the subset's over the host's). */
function policyOf(index: MeshIndex, caller: Caller, { host, subset }: RouteDestination): Explanation['policies'][number] {
  const rule = caller.mode === 'none' ? null : effectiveDestinationRule(index, caller.namespace, caller.podLabels, host);
  if (rule === null || serviceOfHost(index, host) === null) return { host, subset, decidedBy: null, policy: null };
  const specOf = (pointer: ConfigPointer): JsonObject | null =>
    findObject(index.inventory, { kind: 'DestinationRule', namespace: pointer.namespace, name: pointer.name })?.spec ?? null;
  const writer = rule.sources.find((source) => readObject(specOf(source)?.['trafficPolicy']) !== null) ?? null;
  const whole = writer === null ? null : readObject(specOf(writer)?.['trafficPolicy']);
  const chosen = subset === null ? undefined : rule.subsets.get(subset);
  const subsets = chosen === undefined ? [] : readObjects(specOf(chosen.pointer)?.['subsets']);
  const own = readObject(subsets.find((entry) => readText(entry['name']) === subset)?.['trafficPolicy']);
  return {
    host,
    subset,
    decidedBy: own === null ? (writer ?? rule.sources[0] ?? null) : (chosen?.pointer ?? null),
    policy: whole === null && own === null ? null : { ...whole, ...own },
  };
}
