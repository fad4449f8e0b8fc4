// One HTTP or gRPC call through the caller's proxy: route, faults, retries, timeouts, mirrors; then what each proxy reports.
// In: Planning, caller, call. Out: CallPlan. What the configuration means is server/istio's; this gives it durations and counts.
import type { FaultSpec, MirrorSpec, RouteDecision } from '../../model/routing';
import { evaluateAuthorization } from '../../server/istio/authorization';
import { evaluateRoute } from '../../server/istio/route';
import { servicesForHost } from '../../server/istio/services';
import type { CallSpec } from '../world/behaviour';
import { type Attempt, abandoned, applyRetries, applyTimeout, type ExtraTry } from './attempt';
import { attemptsAt, type Destination, type Request, serviceLabelsOf } from './destination';
import { constant, delay } from './distribution';
import { type Ending, joinFlags, type ServiceLabels, UNKNOWN_IDENTITY, UNKNOWN_SERVICE } from './flow';
import { FlowWriter } from './flow-writer';
import type { Group } from './group';
import { isGood, localReply } from './outcome';
import type { CallPlan, Headers, Planning } from './plan';

const LOCAL = constant(0.3);

type Routed = Extract<RouteDecision, { readonly outcome: 'route' }>;

const local = (service: ServiceLabels, ending: Ending, details: string, cluster = '-'): Attempt => ({
  share: 1,
  to: null,
  served: null,
  peer: UNKNOWN_IDENTITY,
  service,
  serverService: service,
  secured: false,
  ending,
  ok: isGood(ending),
  upstream: false,
  conditions: [],
  latency: LOCAL,
  timed: false,
  server: null,
  details,
  cluster,
  port: 0,
  requestBytes: 0,
  responseBytes: 120,
});

/** Service labels of a reply that no cluster stands behind: a sidecar falls back to the Host header, a gateway does not (istio.md 1.2). */
const hostOnly = (caller: Group, call: CallSpec): ServiceLabels =>
  caller.gateway ? UNKNOWN_SERVICE : { host: call.host, name: call.host, namespace: 'unknown' };

function serviceOf(planning: Planning, host: string): ServiceLabels {
  const service = servicesForHost(planning.index, host)[0];
  return service ? serviceLabelsOf(service) : { host, name: host, namespace: 'unknown' };
}

// Delay and abort are drawn independently, before routing (istio.md 3.4): neither the route's timeout nor its retries see them.
function applyFault(
  planning: Planning,
  call: CallSpec,
  destination: Destination,
  fault: FaultSpec,
  attempts: readonly Attempt[],
): readonly Attempt[] {
  const delayShare = Math.min(1, (fault.delay?.percent ?? 0) / 100);
  const abortShare = Math.min(1, (fault.abort?.percent ?? 0) / 100);
  const delayMs = fault.delay?.milliseconds ?? 0;
  const aborted = (): Attempt => {
    const status = fault.abort?.httpStatus;
    const ending: Ending =
      status === null || status === undefined
        ? { code: '200', grpcStatus: fault.abort?.grpcStatus ?? '2', flags: 'FI' }
        : localReply(call.protocol, String(status), 'FI');
    return local(serviceOf(planning, destination.host), ending, 'fault_filter_abort', destination.clusterName);
  };
  const slowed = (attempt: Attempt): Attempt => ({
    ...attempt,
    latency: delay(attempt.latency, delayMs),
    timed: true,
    ending: { ...attempt.ending, flags: joinFlags(attempt.ending.flags, 'DI') },
  });
  const parts: Attempt[] = [];
  const put = (share: number, list: readonly Attempt[]): void => {
    if (share > 1e-9) parts.push(...list.map((a) => ({ ...a, share: a.share * share })));
  };
  put((1 - delayShare) * (1 - abortShare), attempts);
  put(delayShare * (1 - abortShare), attempts.map(slowed));
  put((1 - delayShare) * abortShare, [aborted()]);
  put(delayShare * abortShare, [slowed(aborted())]);
  return parts;
}

interface Outcome {
  readonly finals: readonly Attempt[];
  readonly extra: readonly ExtraTry[];
}

function outcomeOf(planning: Planning, request: Request, decision: Routed, destination: Destination): Outcome {
  const { call } = request;
  const late = (): Ending => localReply(call.protocol, '504', 'UT');
  let attempts = attemptsAt(planning, request, destination);
  const perTry = decision.retries.perTryTimeoutMs;
  if (perTry !== null && (decision.timeoutMs === null || perTry < decision.timeoutMs))
    attempts = applyTimeout(attempts, perTry, late, 'upstream_per_try_timeout', ['5xx', 'gateway-error', 'deadline-exceeded']);
  const retried = applyRetries(attempts, decision.retries);
  let finals = retried.finals;
  if (decision.timeoutMs !== null) finals = applyTimeout(finals, decision.timeoutMs, late, 'response_timeout', []);
  if (decision.fault) finals = applyFault(planning, call, destination, decision.fault, finals);
  // Requests that a fault ends never leave the client.
  const through = decision.fault?.abort ? 1 - Math.min(1, decision.fault.abort.percent / 100) : 1;
  return { finals, extra: retried.extra.map((e) => ({ ...e, times: e.times * through })) };
}

// The application hangs up: what a fault delays beyond that never leaves the client at all.
function hangUp(call: CallSpec, decision: RouteDecision, attempts: readonly Attempt[]): readonly Attempt[] {
  if (call.timeoutMs === undefined) return attempts;
  const limit = call.timeoutMs;
  const delayMs = decision.outcome === 'route' ? (decision.fault?.delay?.milliseconds ?? 0) : 0;
  return applyTimeout(
    attempts,
    limit,
    (attempt) => {
      const ending = abandoned(call.protocol === 'grpc');
      return attempt.ending.flags.includes('DI') ? { ...ending, flags: joinFlags(ending.flags, 'DI') } : ending;
    },
    'downstream_remote_disconnect',
    [],
  ).map((attempt) =>
    attempt.ending.flags.includes('DI') && attempt.ending.flags.includes('DC') && delayMs >= limit
      ? { ...attempt, to: null, served: null, peer: UNKNOWN_IDENTITY, server: null, secured: false }
      : attempt,
  );
}

function passthrough(planning: Planning, call: CallSpec): readonly Attempt[] {
  const external = planning.externalOf(call.host);
  const service: ServiceLabels = { host: call.host, name: 'PassthroughCluster', namespace: 'unknown' };
  const good = 1 - external.failures.reduce((sum, f) => sum + f.share, 0);
  const base = local(
    service,
    { code: '200', grpcStatus: call.protocol === 'grpc' ? '0' : null, flags: '-' },
    'via_upstream',
    'PassthroughCluster',
  );
  const part = (share: number, code: string): Attempt => {
    const ending: Ending = { ...base.ending, code };
    return {
      ...base,
      share,
      ending,
      ok: isGood(ending),
      latency: external.latency,
      requestBytes: external.requestBytes,
      responseBytes: external.responseBytes,
    };
  };
  return [part(good, '200'), ...external.failures.map((f) => part(f.share, String(f.httpStatus)))].filter((a) => a.share > 0);
}

function mirrorTo(planning: Planning, request: Request, mirror: MirrorSpec, writer: FlowWriter, routed: number): void {
  // Fire and forget: the client's proxy reports nothing of a shadow request.
  for (const attempt of attemptsAt(planning, request, mirror.destination))
    writer.put({ ...attempt, share: attempt.share * routed * Math.min(1, mirror.percent / 100) }, 'server', '-shadow');
}

// A policy on the gateway itself stands before its routes.
function refusedByGateway(planning: Planning, caller: Group, call: CallSpec, headers: Headers): boolean {
  if (!caller.gateway) return false;
  const decision = evaluateAuthorization(planning.index, {
    caller: { principal: null, namespace: null, serviceAccount: null, ip: '198.51.100.7' },
    server: caller.sample,
    port: call.port,
    protocol: call.protocol,
    host: call.host,
    method: call.method,
    path: call.path,
    headers,
  });
  return decision.outcome === 'denied';
}

/** Follows one HTTP or gRPC call of a meshed caller. */
export function planHttpCall(planning: Planning, caller: Group, call: CallSpec, headers: Headers, key: string): CallPlan {
  const decision = evaluateRoute(
    planning.index,
    {
      caller: caller.caller,
      host: call.host,
      port: call.port,
      protocol: call.protocol,
      scheme: 'http',
      method: call.method,
      path: call.path,
      headers,
      query: {},
    },
    { explain: false },
  );
  const rewrite = decision.outcome === 'route' ? decision.rewrite : null;
  const request: Request = { caller, call, headers, path: rewrite?.path ?? call.path };
  const writer = new FlowWriter(request, key, rewrite?.authority ?? call.host);
  if (decision.outcome === 'route') {
    const denied = refusedByGateway(planning, caller, call, headers);
    for (const destination of decision.destinations) {
      if (destination.share <= 0) continue;
      if (denied) {
        const ending = localReply(call.protocol, '403', '-');
        const refused = local(
          serviceOf(planning, destination.host),
          ending,
          'rbac_access_denied_matched_policy[none]',
          destination.clusterName,
        );
        writer.put({ ...refused, share: destination.share }, 'both');
        continue;
      }
      const { finals, extra } = outcomeOf(planning, request, decision, destination);
      for (const attempt of hangUp(call, decision, finals)) writer.put({ ...attempt, share: attempt.share * destination.share }, 'both');
      for (const { times, attempt } of extra) writer.put({ ...attempt, share: times * destination.share }, 'server');
    }
    const aborted = decision.fault?.abort ? Math.min(1, decision.fault.abort.percent / 100) : 0;
    if (!denied) for (const mirror of decision.mirrors) mirrorTo(planning, request, mirror, writer, 1 - aborted);
    return writer.finish();
  }
  for (const attempt of hangUp(call, decision, attemptsWithoutRoute(planning, caller, call, decision))) writer.put(attempt, 'both');
  return writer.finish();
}

function attemptsWithoutRoute(
  planning: Planning,
  caller: Group,
  call: CallSpec,
  decision: Exclude<RouteDecision, Routed>,
): readonly Attempt[] {
  switch (decision.outcome) {
    case 'passthrough':
      return passthrough(planning, call);
    case 'blackHole':
      return [
        local(
          { host: call.host, name: 'BlackHoleCluster', namespace: 'unknown' },
          localReply(call.protocol, '502', '-'),
          'direct_response',
          'BlackHoleCluster',
        ),
      ];
    case 'redirect':
    case 'directResponse':
      return [local(hostOnly(caller, call), localReply(call.protocol, String(decision.status), '-'), 'direct_response')];
    case 'noRoute':
      return [local(hostOnly(caller, call), localReply(call.protocol, String(decision.status), 'NR'), 'route_not_found')];
  }
}
