// One destination of a route: which groups stand behind it, whether the connection comes about, whether the server lets the request in,
// and what the application answers. In: Planning, caller, request, RouteDestination. Out: Attempts whose shares sum to 1.
import type { RouteDestination } from '../../model/routing';
import { evaluateAuthorization } from '../../server/istio/authorization';
import { evaluateMtls } from '../../server/istio/mtls';
import { type MeshService, servicesForHost } from '../../server/istio/services';
import type { CallSpec } from '../world/behaviour';
import type { WorldPod } from '../world/inventory';
import type { Attempt } from './attempt';
import { constant, type Distribution } from './distribution';
import { type Ending, type ServiceLabels, UNKNOWN_IDENTITY } from './flow';
import type { Group, Identity } from './group';
import { isGood, localReply, retryConditions } from './outcome';
import type { Headers, Planning } from './plan';

const REFUSED = constant(0.4);

export interface Request {
  readonly caller: Group;
  readonly call: CallSpec;
  readonly headers: Headers;
  /** Path after rewrites. */
  readonly path: string;
}

/** A destination without its share. */
export type Destination = Omit<RouteDestination, 'share'>;

/** The service that a host is, as telemetry names it. */
export function serviceLabelsOf(service: MeshService): ServiceLabels {
  return { host: service.host, name: service.source.kind === 'service' ? service.name : service.host, namespace: service.namespace };
}

// An endpoint without a proxy: its name comes with the endpoint, its labels do not (istio.md 1.2).
const unmeshedPeer = (group: Group): Identity => ({ ...group.identity, app: 'unknown', version: 'unknown', principal: 'unknown' });

function containerPort(service: MeshService | null, port: number, pod: WorldPod): number {
  const target = service?.ports.find((p) => p.port === port)?.targetPort ?? port;
  return typeof target === 'number' ? target : (pod.ports.find((p) => p.name === target)?.port ?? port);
}

interface Common {
  readonly to: Group | null;
  readonly peer: Identity;
  readonly service: ServiceLabels;
  readonly cluster: string;
  readonly port: number;
}

function refusal(common: Common, share: number, ending: Ending, details: string, conditions: readonly string[]): Attempt {
  return {
    ...common,
    share,
    served: null,
    serverService: common.service,
    secured: false,
    ending,
    ok: false,
    upstream: false,
    conditions,
    latency: REFUSED,
    timed: false,
    server: null,
    details,
    requestBytes: 0,
    responseBytes: 150,
  };
}

interface Answered {
  readonly secured: boolean;
  readonly serverService: ServiceLabels;
  readonly ending: Ending;
  /** As the server's proxy measures it, and as the client's does. */
  readonly latency: Distribution;
  readonly atClient: Distribution;
  readonly sizes: readonly [number, number];
  readonly details: string;
}

function answered(common: Common, share: number, meshed: boolean, answer: Answered): Attempt {
  return {
    ...common,
    share,
    served: null,
    serverService: answer.serverService,
    secured: answer.secured,
    ending: answer.ending,
    ok: isGood(answer.ending),
    upstream: true,
    conditions: retryConditions(answer.ending),
    latency: answer.atClient,
    timed: false,
    server: meshed ? { ending: answer.ending, latency: answer.latency, timed: false } : null,
    details: answer.details,
    requestBytes: answer.sizes[0],
    responseBytes: answer.sizes[1],
  };
}

function attemptsAtGroup(
  planning: Planning,
  request: Request,
  destination: Destination,
  service: MeshService | null,
  labels: ServiceLabels,
  group: Group,
  share: number,
): readonly Attempt[] {
  const { caller, call, headers, path } = request;
  const port = containerPort(service, destination.port, group.sample);
  const common: Common = {
    to: group,
    peer: group.meshed ? group.identity : unmeshedPeer(group),
    service: labels,
    cluster: destination.clusterName,
    port,
  };
  const mtls = evaluateMtls(planning.index, caller.caller, destination, group.sample);
  if (mtls.result === 'fails' || mtls.result === 'tls') {
    // A TLS client at a plaintext port fails its handshake (UF); a plaintext client at a TLS port is cut off (UC).
    const reset = mtls.clientMode === 'plaintext';
    return [
      refusal(
        common,
        share,
        localReply(call.protocol, '503', reset ? 'UC' : 'UF'),
        reset
          ? 'upstream_reset_before_response_started{connection_termination}'
          : 'upstream_reset_before_response_started{connection_failure,TLS_error}',
        ['5xx', 'gateway-error', reset ? 'reset' : 'connect-failure'],
      ),
    ];
  }
  const secured = mtls.result === 'mutualTls';
  const serverService = group.meshed ? planning.inboundServiceOf(group, port) : labels;
  if (group.meshed) {
    const outcome = evaluateAuthorization(planning.index, {
      caller: {
        principal: secured ? caller.identity.principal : null,
        namespace: secured ? caller.namespace : null,
        serviceAccount: secured ? caller.caller.serviceAccount : null,
        ip: caller.sample.ip,
      },
      server: group.sample,
      port,
      protocol: call.protocol,
      ...(call.protocol === 'tcp' ? {} : { host: call.host, method: call.method, path, headers }),
    });
    if (outcome.outcome === 'denied')
      return [
        answered(common, share, true, {
          secured,
          serverService,
          ending: localReply(call.protocol, '403', '-'),
          latency: REFUSED,
          atClient: planning.overNetwork(REFUSED),
          sizes: [500, 19],
          details: `rbac_access_denied_matched_policy[${outcome.decidedBy ? `ns[${outcome.decidedBy.namespace}]-policy[${outcome.decidedBy.name}]` : 'none'}]`,
        }),
      ];
  }
  const served = planning.serve(group, port, call, path, headers);
  return served.answers.map((answer) => ({
    ...answered(common, share * answer.share, group.meshed, {
      secured,
      serverService,
      ending: { code: answer.code, grpcStatus: answer.grpcStatus, flags: '-' },
      latency: answer.latency,
      atClient: planning.overNetwork(answer.latency),
      sizes: [served.operation.requestBytes, answer.ok ? served.operation.responseBytes : 220],
      details: 'via_upstream',
    }),
    served,
    ok: answer.ok,
  }));
}

/** What happens to requests that a proxy sends to a destination. */
export function attemptsAt(planning: Planning, request: Request, destination: Destination): readonly Attempt[] {
  const { call } = request;
  const service = servicesForHost(planning.index, destination.host)[0] ?? null;
  const labels: ServiceLabels = service
    ? serviceLabelsOf(service)
    : { host: destination.host, name: destination.host.split('.')[0] ?? destination.host, namespace: 'unknown' };
  const nobody: Common = { to: null, peer: UNKNOWN_IDENTITY, service: labels, cluster: destination.clusterName, port: destination.port };
  if (destination.state === 'missing') {
    // Without its cluster the proxy does not know the service: the Host header stands in, a gateway says nothing at all.
    const host = request.caller.gateway ? 'unknown' : request.call.host;
    return [
      refusal(
        { ...nobody, service: { host, name: host, namespace: 'unknown' }, cluster: '-' },
        1,
        localReply(call.protocol, String(destination.status ?? 503), 'NC'),
        'cluster_not_found',
        [],
      ),
    ];
  }
  if (destination.state === 'empty') return [refusal(nobody, 1, localReply(call.protocol, '503', 'UH'), 'no_healthy_upstream', [])];
  if (destination.endpoints === null) {
    const external = planning.externalOf(destination.host);
    const good = 1 - external.failures.reduce((sum, f) => sum + f.share, 0);
    const ends: readonly (readonly [number, string])[] = [
      [good, '200'],
      ...external.failures.map((f) => [f.share, String(f.httpStatus)] as const),
    ];
    return ends
      .filter(([share]) => share > 0)
      .map(([share, code]) =>
        answered(nobody, share, false, {
          secured: false,
          serverService: labels,
          ending:
            call.protocol === 'grpc'
              ? { code: '200', grpcStatus: code === '200' ? '0' : '14', flags: '-' }
              : { code, grpcStatus: null, flags: '-' },
          latency: external.latency,
          atClient: planning.overNetwork(external.latency),
          sizes: [external.requestBytes, external.responseBytes],
          details: 'via_upstream',
        }),
      );
  }
  const counts = new Map<Group, number>();
  for (const key of destination.endpoints) {
    const group = planning.groupOf(key);
    if (group) counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  if (total === 0) return [refusal(nobody, 1, localReply(call.protocol, '503', 'UH'), 'no_healthy_upstream', [])];
  return [...counts].flatMap(([group, n]) => attemptsAtGroup(planning, request, destination, service, labels, group, n / total));
}
