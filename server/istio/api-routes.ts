// Gateway API routes in the form of route sets, by listener and by service. In: MeshIndex. Out: RouteSets: HTTPRoutes and GRPCRoutes of
// one host and listener are one set; each TCPRoute and TLSRoute is its own.
// Source: istio pilot/pkg/config/kube/gateway conversion: one virtual service per gateway and host, rules sorted by precedence.
import type { ConfigObject } from '../../model/inventory';
import { compareRules, toDestination, toHttpRules } from './api-http-rules';
import type { HttpRule, StreamMatch, StreamRule } from './http-rule';
import { remember } from './memo';
import type { MeshIndex } from './mesh-index';
import { compareRoutesByAge } from './order';
import { type ApiRouteView, type ApiRule, type ParentRef, readApiRoute } from './read/api-route';
import { pointerTo } from './read/fields';
import { readServiceEntry } from './read/service-entry';
import { attachedListeners } from './reference-grants';
import type { RouteSet } from './route-set';

interface Group {
  readonly first: ConfigObject;
  readonly host: string;
  readonly gateway: string;
  readonly rules: HttpRule[];
}

/** Route sets of every Gateway API route, for listeners (by their keys) and for services (`mesh`). */
export function* buildApiRouteSets(index: MeshIndex): Generator<void, readonly RouteSet[]> {
  return [...(yield* buildHttpSets(index)), ...(yield* buildStreamSets(index))];
}

function* buildHttpSets(index: MeshIndex): Generator<void, readonly RouteSet[]> {
  const routes = [...index.objects('HTTPRoute'), ...index.objects('GRPCRoute')].sort(compareRoutesByAge).map(readApiRoute);
  const groups = new Map<string, Group>();
  for (const route of routes) {
    yield;
    const rulesFor = (enforceGrants: boolean, port: number | null): readonly HttpRule[] =>
      route.rules.flatMap((rule) => toHttpRules(index, route, rule, enforceGrants, port));
    const add = (gateway: string, scope: string, host: string, rules: readonly HttpRule[]): void => {
      const group = remember(groups, `${scope}|${host}`, () => ({ first: route.object, host, gateway, rules: [] }));
      group.rules.push(...rules);
    };
    // Routes of services are filed by their own namespace: those of the service's namespace are for every client, others for their own.
    for (const parent of route.parents)
      for (const host of serviceHosts(index, parent)) add('mesh', `mesh/${route.object.namespace}`, host, rulesFor(false, parent.port));
    for (const [key, hosts] of listenersOf(index, route)) for (const host of hosts) add(key, key, host, rulesFor(true, null));
  }
  const sets: RouteSet[] = [];
  for (const group of groups.values()) {
    sets.push(toRouteSet(group));
    yield;
  }
  return sets;
}

/** Host names of a route by the key of the listener. */
const listenersOf = (index: MeshIndex, route: ApiRouteView): ReadonlyMap<string, readonly string[]> =>
  new Map(route.parents.flatMap((parent) => attachedListeners(index, route, parent)).map(({ key, hosts }) => [key, hosts]));

function toRouteSet({ first, host, gateway, rules }: Group): RouteSet {
  return {
    kind: first.kind,
    namespace: first.namespace,
    name: first.name,
    createdAtMs: first.createdAtMs,
    hosts: [host],
    gateways: new Set([gateway]),
    exportTo: [],
    semantics: 'gatewayApi',
    http: [...rules].sort(compareRules),
    tls: [],
    tcp: [],
  };
}

/** Hosts that a parentRef of kind Service or ServiceEntry stands for. */
function serviceHosts(index: MeshIndex, parent: ParentRef): readonly string[] {
  if (parent.group === '' && parent.kind === 'Service') return [`${parent.name}.${parent.namespace}.svc.${index.domain}`];
  if (parent.group !== 'networking.istio.io' || parent.kind !== 'ServiceEntry') return [];
  const entry = index.objectsIn('ServiceEntry', parent.namespace).find((object) => object.name === parent.name);
  return entry === undefined ? [] : readServiceEntry(entry).hosts;
}

function* buildStreamSets(index: MeshIndex): Generator<void, readonly RouteSet[]> {
  const sets: RouteSet[] = [];
  for (const object of [...index.objects('TCPRoute'), ...index.objects('TLSRoute')]) {
    sets.push(...streamSetsOf(index, readApiRoute(object)));
    yield;
  }
  return sets;
}

function streamSetsOf(index: MeshIndex, route: ApiRouteView): readonly RouteSet[] {
  const tls = route.object.kind === 'TLSRoute';
  const names = route.hostnames.length === 0 ? ['*'] : route.hostnames;
  const setFor = (gateways: readonly string[], hosts: readonly string[], enforceGrants: boolean, port: number | null): RouteSet => {
    const rules = route.rules.map((rule) => toStreamRule(index, route, rule, tls ? names : [], enforceGrants, port));
    const { kind, namespace, name, createdAtMs } = route.object;
    return {
      kind,
      namespace,
      name,
      createdAtMs,
      hosts,
      gateways: new Set(gateways),
      exportTo: [],
      semantics: 'gatewayApi',
      http: [],
      tls: tls ? rules : [],
      tcp: tls ? [] : rules,
    };
  };
  const meshSets = route.parents.flatMap((parent) =>
    serviceHosts(index, parent).map((host) => setFor(['mesh'], [host], false, parent.port)),
  );
  const listeners = [...listenersOf(index, route).keys()];
  return listeners.length === 0 ? meshSets : [...meshSets, setFor(listeners, tls ? names : ['*'], true, null)];
}

function toStreamRule(
  index: MeshIndex,
  route: ApiRouteView,
  rule: ApiRule,
  sniHosts: readonly string[],
  enforceGrants: boolean,
  port: number | null,
): StreamRule {
  const match: StreamMatch = {
    path: rule.path,
    sniHosts,
    destinationSubnets: [],
    port,
    sourceLabels: {},
    sourceNamespace: null,
    gateways: [],
  };
  return {
    pointer: pointerTo(route.object, rule.path),
    matches: sniHosts.length > 0 || port !== null ? [match] : [],
    destinations: rule.backends.map((backend) => toDestination(index, route, backend, enforceGrants)),
  };
}
