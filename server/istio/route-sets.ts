// Every set of rules that could own a virtual host: VirtualServices (delegates merged) and Gateway API routes, by host and gateway.
// In: MeshIndex. Out: RouteSets in the order of precedence of a proxy's namespace.
// Source: istio pilot/pkg/model/virtualservice.go SelectVirtualServices, push_context.go VirtualServicesForGateway.
import { buildApiRouteSets } from './api-routes';
import { mergeDelegates } from './delegates';
import { inParts, remember, type Stepwise } from './memo';
import { type MeshIndex, tableInSteps, tableOf } from './mesh-index';
import { isWildcardHost, resolveHost } from './names';
import { compareByAge } from './order';
import { readVirtualService } from './read/virtual-service';
import type { RouteSet } from './route-set';
import { exportTier, exportToOf } from './visibility';

interface RouteTables {
  readonly meshByHost: ReadonlyMap<string, readonly RouteSet[]>;
  /** Sets of the mesh with a wildcard among their hosts. */
  readonly meshWildcards: readonly RouteSet[];
  /** Sets of the mesh with tcp or tls rules. */
  readonly meshStreams: readonly RouteSet[];
  readonly byGateway: ReadonlyMap<string, readonly RouteSet[]>;
}

const tablesOf = tableInSteps(function* (index): Generator<void, RouteTables> {
  const own: RouteSet[] = [];
  for (const part of inParts(index.objects('VirtualService'))) {
    yield;
    for (const object of part) {
      const view = readVirtualService(object);
      if (view.hosts.length === 0) continue;
      own.push({
        kind: object.kind,
        namespace: object.namespace,
        name: object.name,
        createdAtMs: object.createdAtMs,
        hosts: view.hosts.map((host) => resolveHost(host, object.namespace, index.domain).toLowerCase()),
        gateways: new Set(view.gateways),
        exportTo: exportToOf(index, 'virtualServices', view.exportTo),
        semantics: 'istio',
        http: mergeDelegates(index, view),
        tls: view.tls,
        tcp: view.tcp,
      });
    }
  }
  const all = [...own, ...(yield* buildApiRouteSets(index))].sort(compareByAge);
  yield;
  const mesh = all.filter((set) => set.gateways.has('mesh'));
  const byGateway = new Map<string, RouteSet[]>();
  for (const part of inParts(all)) {
    for (const set of part) for (const gateway of set.gateways) remember(byGateway, gateway, () => []).push(set);
    yield;
  }
  const meshByHost = new Map<string, RouteSet[]>();
  for (const part of inParts(mesh)) {
    for (const set of part) for (const host of new Set(set.hosts)) remember(meshByHost, host, () => []).push(set);
    yield;
  }
  return {
    meshByHost,
    meshWildcards: mesh.filter((set) => set.hosts.some(isWildcardHost)),
    meshStreams: mesh.filter((set) => set.tcp.length + set.tls.length > 0),
    byGateway,
  };
});

/** All sets of rules of the mesh, for whoever prepares them. */
export const routeTable: Stepwise<MeshIndex> = tablesOf;

const NONE: readonly RouteSet[] = [];

/** Visible sets: private to the namespace, exported to it by name, public; in each, Gateway API routes of the namespace itself first; then by age. */
export function orderForNamespace(sets: readonly RouteSet[], namespace: string): readonly RouteSet[] {
  if (sets.length === 0) return NONE;
  // The same for every namespace, as they stand.
  if (sets.every(({ exportTo, semantics }) => exportTo.length === 0 && semantics === 'istio')) return sets;
  const ranked = sets.flatMap((set) => {
    const tier = exportTier(set.exportTo, set.namespace, namespace);
    if (tier === null) return [];
    return [{ set, rank: tier * 2 + (set.semantics === 'gatewayApi' && set.namespace === namespace ? 0 : 1) }];
  });
  return ranked.sort((a, b) => a.rank - b.rank).map((entry) => entry.set);
}

/** By namespace of the client. */
const orderedOf = tableOf(() => ({ wildcards: new Map<string, readonly RouteSet[]>(), streams: new Map<string, readonly RouteSet[]>() }));

/** Sets bound to `mesh` that name exactly this host, in order of precedence for a namespace. */
export const meshSetsForHost = (index: MeshIndex, host: string, namespace: string): readonly RouteSet[] =>
  orderForNamespace(tablesOf(index).meshByHost.get(host) ?? NONE, namespace);

/** Sets bound to `mesh` that name some wildcard host, in order of precedence for a namespace. */
export const meshWildcardSets = (index: MeshIndex, namespace: string): readonly RouteSet[] =>
  remember(orderedOf(index).wildcards, namespace, () => orderForNamespace(tablesOf(index).meshWildcards, namespace));

/** Sets bound to `mesh` with tcp or tls rules, in order of precedence for a namespace. */
export const meshStreamSets = (index: MeshIndex, namespace: string): readonly RouteSet[] =>
  remember(orderedOf(index).streams, namespace, () => orderForNamespace(tablesOf(index).meshStreams, namespace));

/** Sets bound to a gateway, in order of precedence for the namespace of its pods (private, exported, public; each by age). */
export function gatewaySets(index: MeshIndex, gateway: string, namespace: string): readonly RouteSet[] {
  const ranked = (tablesOf(index).byGateway.get(gateway) ?? NONE).flatMap((set) => {
    const tier = exportTier(set.exportTo, set.namespace, namespace);
    return tier === null ? [] : [{ set, tier }];
  });
  return ranked.sort((a, b) => a.tier - b.tier).map((entry) => entry.set);
}
