// Which proxy applies routing rules to what a caller sends to a host: its own sidecar, or the waypoint before the service.
// In: MeshIndex, Caller, host, port. Out: RoutingProxy. Gateways have their own way (gateway-route.ts).
import type { Caller } from '../../model/routing';
import type { Client } from './destinations';
import type { ProxyContext } from './http-match';
import type { MeshIndex } from './mesh-index';
import { type SidecarScope, sidecarScopeOf } from './sidecar-scope';
import { findVirtualHost } from './virtual-hosts';
import { type Waypoint, waypointBefore } from './waypoints';

export interface RoutingProxy {
  readonly scope: SidecarScope;
  /** For whom DestinationRules are looked up. */
  readonly client: Client;
  readonly context: ProxyContext;
  /** Null: the caller's own sidecar. */
  readonly waypoint: Waypoint | null;
}

/** Null: no rule acts on the request: kube-proxy or ztunnel take it to any pod of the service. */
export function routingProxyFor(index: MeshIndex, caller: Caller, host: string, port: number): RoutingProxy | null {
  const { namespace, podLabels: labels, mode } = caller;
  if (mode === 'sidecar')
    return {
      scope: sidecarScopeOf(index, namespace, labels, false),
      client: { namespace, labels },
      context: { namespace, labels, gateway: 'mesh', port },
      waypoint: null,
    };
  const waypoint = waypointOnTheWay(index, caller, host, port);
  return waypoint === null ? null : proxyOfWaypoint(index, waypoint, port);
}

/**
 * A waypoint takes the rules that its own namespace sees, and ignores who they are for by source (istio listener_waypoint.go: it asks
 * only for the port of a match).
 */
function proxyOfWaypoint(index: MeshIndex, waypoint: Waypoint, port: number): RoutingProxy {
  const { namespace, pod } = waypoint;
  const { labels } = pod;
  return {
    scope: sidecarScopeOf(index, namespace, labels, true),
    client: { namespace, labels },
    context: { namespace, labels, gateway: 'mesh', port, anySource: true },
    waypoint,
  };
}

/** The waypoint between a caller and the service that it addresses; only ztunnel sends there. */
export function waypointOnTheWay(index: MeshIndex, { mode, namespace, podLabels }: Caller, host: string, port: number): Waypoint | null {
  if (mode !== 'ambient') return null;
  const service = findVirtualHost(index, sidecarScopeOf(index, namespace, podLabels, true), host, port)?.service ?? null;
  return service === null ? null : waypointBefore(index, service);
}
