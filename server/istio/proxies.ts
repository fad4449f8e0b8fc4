// What a pod's proxy is, by what is seen of the pod. In: PodInfo. Out: kind of proxy.
import type { PodInfo } from '../../model/inventory';
import type { Labels } from './labels';
import { memoByObject } from './memo';

export type ProxyKind = 'sidecar' | 'gateway' | 'waypoint' | 'ztunnel' | 'none';

export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';

/** True for the pods of a waypoint (labelled by the controller that makes them). */
export const isWaypoint = (labels: Labels): boolean => labels['gateway.istio.io/managed'] === 'istio.io-mesh-controller';

/** The proxy that stands before a pod's server: its own Envoy, or the node's ztunnel. */
export const proxyOf = memoByObject((pod: PodInfo): ProxyKind => {
  if (isWaypoint(pod.labels)) return 'waypoint';
  if (pod.labels[GATEWAY_NAME_LABEL] !== undefined) return 'gateway';
  // Gateway pods run the proxy as their only container, without having been injected beside an application.
  if (pod.injected || pod.containers.includes('istio-proxy')) return 'sidecar';
  return pod.ambient ? 'ztunnel' : 'none';
});
