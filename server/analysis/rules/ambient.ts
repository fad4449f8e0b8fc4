// Objects that ask for a proxy which reads HTTP, where pods are in ambient mode and no waypoint stands before them.
// Only what surely has no effect is told: an object that also acts on sidecars or gateways is for those.

import type { PodInfo } from '../../../model/inventory';
import { isHttpOnly } from '../../istio/authorization-match';
import { isEmpty, type Labels, selects } from '../../istio/labels';
import { groupBy } from '../../istio/memo';
import { type MeshIndex, tableOf } from '../../istio/mesh-index';
import { isWildcardHost, resolveHost } from '../../istio/names';
import { proxyOf } from '../../istio/proxies';
import { readAuthorizationPolicy } from '../../istio/read/authorization-policy';
import { Fields } from '../../istio/read/fields';
import { readRequestAuthentication } from '../../istio/read/request-authentication';
import type { TargetRef } from '../../istio/read/target-refs';
import { readVirtualService } from '../../istio/read/virtual-service';
import { allServices, endpointsBehind, type MeshService, podsIn, podsSelected, visibleService } from '../../istio/services';
import { type WaypointRef, waypointAsked, waypointBefore, waypointGateway } from '../../istio/waypoints';
import type { Report, Rule, Subject } from '../rule';

export const ambient: Rule = {
  name: 'ambient',
  codes: ['KIA0109', 'KIA0110', 'KIA1110', 'KIA1115', 'KIA1113', 'KIA0211', 'IST0166', 'IST0167'],
  on: ['AuthorizationPolicy', 'RequestAuthentication', 'VirtualService', 'DestinationRule', 'Sidecar'],
  reads: ['Pod', 'Service', 'ServiceEntry', 'WorkloadEntry', 'Namespace', 'K8sGateway', 'GatewayClass'],
  *check(subject) {
    switch (subject.kind) {
      case 'AuthorizationPolicy':
      case 'RequestAuthentication':
        yield* checkPolicy(subject);
        return;
      case 'VirtualService':
        yield* checkVirtualService(subject);
        return;
      case 'DestinationRule':
        yield* checkDestinationRule(subject);
        return;
      default:
        yield* checkSidecar(subject);
    }
  },
};

/** What a proxy that reads HTTP would have to do for a policy; null where ztunnel enforces all of it. */
function asksForHttp({ kind, object }: Subject): string | null {
  if (kind === 'RequestAuthentication') return readRequestAuthentication(object).rules.length > 0 ? 'looks at tokens' : null;
  const { action, rules } = readAuthorizationPolicy(object);
  if (action === 'CUSTOM' || action === 'AUDIT') return `has the action ${action}`;
  const keys = rules.flatMap(({ from, to, when }) => [...from.flat(), ...to.flat(), ...when]).map(({ key }) => key);
  const [key] = keys.filter(isHttpOnly);
  return key === undefined ? null : `asks for ${key.replace(/^operation\./, '')}`;
}

function* checkPolicy(subject: Subject): Generator<Report> {
  const { index, kind, object } = subject;
  const why = asksForHttp(subject);
  const { selector, targetRefs } = kind === 'RequestAuthentication' ? readRequestAuthentication(object) : readAuthorizationPolicy(object);
  if (targetRefs.length > 0) {
    for (const [i, ref] of targetRefs.entries()) yield* checkTarget(subject, ref, i);
    return;
  }
  const pods = podsOf(index, object.namespace, selector);
  const waypoint = selector === null ? undefined : pods.find((pod) => proxyOf(pod) === 'waypoint');
  if (waypoint !== undefined)
    yield {
      code: 'IST0166',
      path: 'spec.selector',
      message: `pod ${waypoint.name} is of a waypoint, and waypoints take no policies by selector`,
      consequence: 'the policy does not act there; name the Gateway or the services in spec.targetRefs',
    };
  const bare = pods.filter((pod) => proxyOf(pod) === 'ztunnel');
  if (why === null || bare.length === 0 || pods.some((pod) => ['sidecar', 'gateway'].includes(proxyOf(pod)))) return;
  const behind = servicesBefore(index, bare).some((service) => waypointBefore(index, service) !== null);
  const code = kind === 'RequestAuthentication' ? (behind ? 'KIA1115' : 'KIA1110') : behind ? 'KIA0110' : 'KIA0109';
  yield {
    code,
    path: selector === null ? 'spec' : 'spec.selector',
    message: `the policy ${why}, and the pods for which it is are in ambient mode, where ztunnel reads bytes only`,
    consequence: `${lost(subject)}; ${behind ? 'name the services of the waypoint in spec.targetRefs' : 'give the service a waypoint (istio.io/use-waypoint) and name it in spec.targetRefs'}`,
  };
}

/** What ztunnel makes of a policy that it cannot enforce as written. */
function lost({ kind, object }: Subject): string {
  if (kind === 'RequestAuthentication') return 'no token is looked at';
  switch (readAuthorizationPolicy(object).action) {
    case 'ALLOW':
      return 'such rules allow nothing, and what no other rule allows is refused';
    case 'DENY':
      return 'such rules are enforced without what ztunnel cannot see, or not at all';
    default:
      return 'it is not enforced at all';
  }
}

function* checkTarget({ index, kind, object }: Subject, ref: TargetRef, i: number): Generator<Report> {
  if (ref.kind !== 'Service' && ref.kind !== 'ServiceEntry') return;
  const service = (servicesByNamespace(index).get(object.namespace) ?? []).find(
    ({ name, source }) => name === ref.name && source.kind === (ref.kind === 'Service' ? 'service' : 'entry'),
  );
  if (service === undefined || waypointBefore(index, service) !== null) return;
  yield {
    code: kind === 'RequestAuthentication' ? 'KIA1110' : 'KIA0109',
    path: `spec.targetRefs[${i}]`,
    message: `${ref.kind} ${object.namespace}/${ref.name} has no waypoint${missingWords(index, service)}, and only waypoints enforce what is attached to a service`,
    consequence: 'the policy protects nothing through this reference',
  };
}

function missingWords(index: MeshIndex, service: MeshService): string {
  const asked = waypointAsked(index, service);
  return asked === null ? '' : ` (${waypointWords(index, asked)})`;
}

const waypointWords = (index: MeshIndex, ref: WaypointRef): string =>
  waypointGateway(index, ref) === null
    ? `it asks for ${ref.namespace}/${ref.name}, which is no waypoint that exists`
    : `${ref.namespace}/${ref.name} is not for services, or not for those of its namespace`;

const servicesByNamespace = tableOf((index) => groupBy(allServices(index), ({ namespace }) => namespace));

function podsOf(index: MeshIndex, namespace: string, selector: Labels | null): readonly PodInfo[] {
  const root = index.inventory.mesh.rootNamespace;
  // What is for the whole mesh is also for sidecars and gateways to come.
  if (namespace === root) return [];
  return selector === null ? podsIn(index, namespace) : podsSelected(index, namespace, selector);
}

const servicesBefore = (index: MeshIndex, pods: readonly PodInfo[]): readonly MeshService[] =>
  [...new Set(pods.map(({ namespace }) => namespace))]
    .flatMap((namespace) => servicesByNamespace(index).get(namespace) ?? [])
    .filter(({ source }) => {
      const selector = source.kind === 'service' ? source.service.selector : source.entry.workloadSelector;
      return selector !== null && !isEmpty(selector) && pods.some((pod) => selects(selector, pod.labels));
    });

/** Whether some proxy of the mesh routes for itself: sidecars and gateways do what VirtualServices and DestinationRules say. */
const hasOwnRouters = tableOf((index): { readonly any: boolean } => ({
  any: [...index.inventory.pods.values()].some((pod) => proxyOf(pod) === 'sidecar' || proxyOf(pod) === 'gateway'),
}));

/** A service of which all pods are in ambient mode, without a waypoint; null for any other. */
function unguided(index: MeshIndex, host: string, namespace: string): MeshService | null {
  const service = visibleService(index, host, namespace);
  if (service === null) return null;
  const { pods } = endpointsBehind(index, service, {});
  if (pods === null || pods.length === 0 || !pods.every((pod) => proxyOf(pod) === 'ztunnel')) return null;
  return waypointBefore(index, service) === null ? service : null;
}

const notActing = (index: MeshIndex): Pick<Report, 'severity' | 'consequence'> =>
  hasOwnRouters(index).any
    ? { severity: 'info', consequence: 'callers in ambient mode are not routed by it; those with a sidecar, and gateways, are' }
    : { severity: 'warning', consequence: 'no caller is routed by it: give the service a waypoint (istio.io/use-waypoint)' };

function* checkVirtualService({ index, object }: Subject): Generator<Report> {
  const view = readVirtualService(object);
  if (!view.gateways.includes('mesh')) return;
  for (const [i, host] of view.hosts.entries()) {
    const resolved = resolveHost(host, object.namespace, index.domain).toLowerCase();
    const service = isWildcardHost(resolved) ? null : unguided(index, resolved, object.namespace);
    if (service === null) continue;
    yield {
      code: 'KIA1113',
      path: `spec.hosts[${i}]`,
      message: `the pods of ${host} are in ambient mode and no waypoint stands before it${missingWords(index, service)}`,
      ...notActing(index),
    };
  }
}

function* checkDestinationRule({ index, object }: Subject): Generator<Report> {
  const spec = Fields.ofSpec(object);
  const host = resolveHost(spec.text('host') ?? '', object.namespace, index.domain).toLowerCase();
  const service = isWildcardHost(host) ? null : unguided(index, host, object.namespace);
  // Subsets alone do nothing; they are told of by what routes to them.
  if (service === null || !spec.has('trafficPolicy')) return;
  yield {
    code: 'KIA0211',
    path: 'spec.trafficPolicy',
    message: `the pods of ${spec.text('host') ?? ''} are in ambient mode and no waypoint stands before it${missingWords(index, service)}`,
    ...notActing(index),
  };
}

function* checkSidecar({ index, object }: Subject): Generator<Report> {
  const selector = Fields.ofSpec(object).object('workloadSelector')?.labels('labels') ?? null;
  const pods = podsOf(index, object.namespace, selector !== null && isEmpty(selector) ? null : selector);
  if (pods.length === 0 || !pods.every((pod) => proxyOf(pod) === 'ztunnel' || proxyOf(pod) === 'waypoint')) return;
  yield {
    code: 'IST0167',
    path: selector === null ? 'spec' : 'spec.workloadSelector',
    message: 'all pods for which it is are in ambient mode',
    consequence: 'it has no effect: neither ztunnel nor waypoints read Sidecar objects',
  };
}
