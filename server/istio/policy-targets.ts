// Which policies (AuthorizationPolicy, RequestAuthentication) are meant for a proxy: by selector, or by reference to its Gateway or to a
// service behind it. In: a pod, a policy's selector and references. Out: yes or no. Source: istio pilot/pkg/model/policyattachment.go.
import { type Labels, selects } from './labels';
import { GATEWAY_NAME_LABEL, isWaypoint } from './proxies';
import type { TargetRef } from './read/target-refs';

export interface PolicyTarget {
  readonly namespace: string;
  readonly labels: Labels;
}

/** The service that a request at a waypoint is for. */
export interface TargetService {
  readonly kind: 'Service' | 'ServiceEntry';
  readonly namespace: string;
  readonly name: string;
}

export interface Attachable {
  readonly object: { readonly namespace: string };
  readonly selector: Labels | null;
  readonly targetRefs: readonly TargetRef[];
}

const SERVICE_GROUPS = { Service: ['', 'core'], ServiceEntry: ['networking.istio.io'] } as const;

function meansService(ref: TargetRef, namespace: string, service: TargetService | undefined): boolean {
  if (service === undefined || ref.kind !== service.kind || ref.name !== service.name || namespace !== service.namespace) return false;
  const groups: readonly string[] = SERVICE_GROUPS[service.kind];
  return groups.includes(ref.group);
}

/** Policies of the pod's namespace, of the root namespace, and (at waypoints) of the service's namespace are candidates. */
export function isMeantFor(policy: Attachable, pod: PolicyTarget, service: TargetService | undefined, root: string): boolean {
  const { namespace } = policy.object;
  const gateway = pod.labels[GATEWAY_NAME_LABEL];
  const waypoint = isWaypoint(pod.labels);
  if (policy.targetRefs.length === 0) {
    if (waypoint || (namespace !== pod.namespace && namespace !== root)) return false;
    return policy.selector === null || selects(policy.selector, pod.labels);
  }
  if (gateway === undefined) return false;
  return policy.targetRefs.some((ref) => {
    if (ref.namespace !== null && ref.namespace !== namespace) return false;
    if (waypoint && ref.kind === 'GatewayClass' && ref.name === 'istio-waypoint') return namespace === root;
    if (waypoint && meansService(ref, namespace, service)) return true;
    return ref.kind === 'Gateway' && ref.group === 'gateway.networking.k8s.io' && ref.name === gateway && namespace === pod.namespace;
  });
}

/** Namespaces whose policies may be meant for a pod, its own first. */
export const policyNamespaces = (pod: PolicyTarget, service: TargetService | undefined, root: string): readonly string[] => [
  ...new Set([pod.namespace, ...(service === undefined ? [] : [service.namespace]), root]),
];
