// Gateway API routes in the form of route sets. In: MeshIndex. Out: RouteSets of HTTPRoutes and GRPCRoutes, by listener and by service.
// Source: istio pilot/pkg/config/kube/gateway conversion: one virtual service per gateway and host, rules sorted by precedence.
import type { ConfigObject } from '../../model/inventory';
import type { HttpMatch, HttpRule, WeightedDestination } from './http-rule';
import { remember } from './memo';
import type { MeshIndex } from './mesh-index';
import { compareRoutesByAge } from './order';
import { type ApiRouteView, type ApiRule, type ParentRef, readApiRoute } from './read/api-route';
import { pointerTo } from './read/fields';
import { readServiceEntry } from './read/service-entry';
import { attachedListeners, resolveBackend } from './reference-grants';
import type { RouteSet } from './route-set';

interface Group {
  readonly first: ConfigObject;
  readonly host: string;
  readonly gateway: string;
  readonly rules: HttpRule[];
}

/** Route sets of every HTTPRoute and GRPCRoute, for listeners (keys of listenerKey) and for services (`mesh`). */
export function buildApiRouteSets(index: MeshIndex): readonly RouteSet[] {
  const routes = [...index.objects('HTTPRoute'), ...index.objects('GRPCRoute')].sort(compareRoutesByAge).map(readApiRoute);
  const groups = new Map<string, Group>();
  for (const route of routes) {
    const rulesFor = (enforceGrants: boolean, port: number | null): readonly HttpRule[] =>
      route.rules.flatMap((rule) => toHttpRules(index, route, rule, enforceGrants, port));
    const add = (gateway: string, scope: string, host: string, rules: readonly HttpRule[]): void => {
      const group = remember(groups, `${scope}|${host}`, () => ({ first: route.object, host, gateway, rules: [] }));
      group.rules.push(...rules);
    };
    const listeners = new Set<string>();
    for (const parent of route.parents) {
      if (parent.group === 'gateway.networking.k8s.io' && parent.kind === 'Gateway')
        for (const key of attachedListeners(index, route, parent)) listeners.add(key);
      // Routes of services are filed by their own namespace: those of the service's namespace are for every client, others for their own.
      for (const host of serviceHosts(index, parent)) add('mesh', `mesh/${route.object.namespace}`, host, rulesFor(false, parent.port));
    }
    for (const key of listeners)
      for (const host of route.hostnames.length === 0 ? ['*'] : route.hostnames) add(key, key, host, rulesFor(true, null));
  }
  return [...groups.values()].map(toRouteSet);
}

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

/** One rule per match, so that each can be put in its place. */
function toHttpRules(
  index: MeshIndex,
  route: ApiRouteView,
  rule: ApiRule,
  enforceGrants: boolean,
  port: number | null,
): readonly HttpRule[] {
  if (rule.unsupported !== null) return [];
  const { object } = route;
  const destinations = rule.backends.map((backend): WeightedDestination => {
    const { host, port: backendPort, invalid } = resolveBackend(index, object, backend, enforceGrants);
    return { destination: { host, subset: null, port: backendPort }, weight: backend.weight, authority: backend.authority, invalid };
  });
  const total = destinations.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
  return rule.matches.map(
    (match): HttpRule => ({
      pointer: pointerTo(object, rule.path),
      name: rule.name,
      semantics: 'gatewayApi',
      matches: [port === null ? match : { ...match, port }],
      // "If all backends have weight 0, or there are none, 500 must be answered" (HTTPRouteRule.backendRefs).
      action:
        rule.redirect !== null
          ? { kind: 'redirect', redirect: rule.redirect }
          : total === 0
            ? { kind: 'directResponse', status: 500 }
            : { kind: 'route', destinations },
      rewrite: rule.rewrite,
      authority: rule.authority,
      timeoutMs: rule.timeoutMs,
      retries: rule.retries,
      fault: null,
      mirror: null,
      mirrorPercent: null,
      mirrors: rule.mirrors.map(({ backend, percent }) => {
        const { host, port: mirrorPort, invalid } = resolveBackend(index, object, backend, enforceGrants);
        return { destination: { host, subset: null, port: mirrorPort }, percent, invalid };
      }),
      delegate: null,
    }),
  );
}

const URI_RANK = { exact: 3, prefix: 2, segments: 2, regex: 1, present: 0 } as const;
const uriRank = (match: HttpMatch): number => (match.uri === null ? -1 : URI_RANK[match.uri.kind]);
const uriLength = (match: HttpMatch): number => match.uri?.value.length ?? 0;

/** Precedence of the Gateway API: exact path, prefix, regex; longer; with method; more headers; more query parameters; then as written. */
function compareRules(a: HttpRule, b: HttpRule): number {
  const [x] = a.matches;
  const [y] = b.matches;
  if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
  return (
    uriRank(y) - uriRank(x) ||
    uriLength(y) - uriLength(x) ||
    Number(y.method !== null) - Number(x.method !== null) ||
    y.headers.length - x.headers.length ||
    y.queryParams.length - x.queryParams.length
  );
}
