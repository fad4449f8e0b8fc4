// Calls that no client-side proxy touches (a caller without a sidecar) and calls over TCP. In: Planning, caller, call. Out: CallPlan.
import type { RouteDecision } from '../../model/routing';
import { evaluateRoute } from '../../server/istio/route';
import { endpointsBehind, type MeshService, servicesForHost } from '../../server/istio/services';
import type { CallSpec } from '../world/behaviour';
import type { Attempt } from './attempt';
import { attemptsAt, type Destination, type Request } from './destination';
import { constant } from './distribution';
import { UNKNOWN_IDENTITY } from './flow';
import { FlowWriter } from './flow-writer';
import type { Group } from './group';
import type { CallPlan, Headers, Planning } from './plan';

// DNS: the name as dialled, completed by the search path of a pod (its namespace, `svc.<domain>`).
function lookUp(planning: Planning, caller: Group, host: string): MeshService | null {
  const domain = planning.index.domain;
  for (const name of [host, `${host}.${caller.namespace}.svc.${domain}`, `${host}.svc.${domain}`, `${host}.${domain}`]) {
    const service = servicesForHost(planning.index, name)[0];
    if (service) return service;
  }
  return null;
}

/** A call of a caller without a proxy: kube-proxy spreads it over the ready pods, and only the server's proxy reports it. */
export function planPlainCall(planning: Planning, caller: Group, call: CallSpec, headers: Headers, key: string): CallPlan {
  const request: Request = { caller, call, headers, path: call.path };
  const writer = new FlowWriter(request, key, call.host);
  const service = lookUp(planning, caller, call.host);
  const pods = service ? endpointsBehind(planning.index, service, {}).pods : null;
  const destination: Destination = {
    host: service?.host ?? call.host,
    subset: null,
    port: call.port,
    clusterName: '-',
    endpoints: service?.source.kind === 'service' && pods !== null ? pods.map((p) => `${p.namespace}/${p.name}`) : null,
    state: pods?.length === 0 ? 'empty' : 'ok',
  };
  for (const attempt of attemptsAt(planning, request, destination)) writer.put(attempt, 'both');
  return writer.finish();
}

const closed = (name: string, host: string, cluster: string, flags: string): Attempt => ({
  share: 1,
  to: null,
  served: null,
  peer: UNKNOWN_IDENTITY,
  service: { host, name, namespace: 'unknown' },
  serverService: { host, name, namespace: 'unknown' },
  secured: false,
  ending: { code: '0', grpcStatus: null, flags },
  ok: false,
  upstream: false,
  conditions: [],
  latency: constant(0.3),
  timed: false,
  server: null,
  details: '-',
  cluster,
  port: 0,
  requestBytes: 0,
  responseBytes: 0,
});

function attemptsWithoutRoute(planning: Planning, call: CallSpec, decision: RouteDecision): readonly Attempt[] {
  switch (decision.outcome) {
    case 'passthrough': {
      const external = planning.externalOf(call.host);
      return [
        {
          ...closed('PassthroughCluster', 'unknown', 'PassthroughCluster', '-'),
          ok: true,
          latency: external.latency,
          requestBytes: external.requestBytes,
          responseBytes: external.responseBytes,
        },
      ];
    }
    case 'blackHole':
      return [closed('BlackHoleCluster', 'unknown', 'BlackHoleCluster', 'UH')];
    case 'route':
    case 'redirect':
    case 'directResponse':
    case 'noRoute':
      return [closed('unknown', 'unknown', '-', 'NR')];
  }
}

/** A TCP call of a meshed caller; a share of an attempt is a share of the commands. */
export function planTcpCall(planning: Planning, caller: Group, call: CallSpec, key: string): CallPlan {
  const decision = evaluateRoute(
    planning.index,
    {
      caller: caller.caller,
      host: call.host,
      port: call.port,
      protocol: 'tcp',
      scheme: 'http',
      method: '',
      path: '',
      headers: {},
      query: {},
    },
    { explain: false },
  );
  const request: Request = { caller, call, headers: {}, path: '' };
  const writer = new FlowWriter(request, key, call.host);
  if (decision.outcome === 'route')
    for (const destination of decision.destinations)
      for (const attempt of attemptsAt(planning, request, destination))
        writer.put({ ...attempt, share: attempt.share * destination.share, responseBytes: attempt.ok ? attempt.responseBytes : 0 }, 'both');
  else for (const attempt of attemptsWithoutRoute(planning, call, decision)) writer.put(attempt, 'both');
  return writer.finish();
}
