// Several VirtualServices of the mesh for one host: the first owns it, the others are dropped whole for it, never merged.

import { kindTableInSteps } from '../../istio/kind-table';
import { inParts, remember } from '../../istio/memo';
import { type MeshIndex, tableOf } from '../../istio/mesh-index';
import { resolveHost } from '../../istio/names';
import { compareByAge } from '../../istio/order';
import { readVirtualService, type VirtualServiceView } from '../../istio/read/virtual-service';
import type { RouteSet } from '../../istio/route-set';
import { meshSetsForHost } from '../../istio/route-sets';
import { importsRoutes, sidecarScopeOf } from '../../istio/sidecar-scope';
import type { Rule } from '../rule';

const byHost = kindTableInSteps('VirtualService', function* (index) {
  const found = new Map<string, VirtualServiceView[]>();
  for (const part of inParts(index.objects('VirtualService'))) {
    yield;
    for (const object of part) {
      const view = readVirtualService(object);
      if (!view.gateways.includes('mesh')) continue;
      for (const host of new Set(view.hosts.map((each) => resolveHost(each, object.namespace, index.domain).toLowerCase())))
        remember(found, host, () => []).push(view);
    }
  }
  return found;
});

export const virtualServiceConflict: Rule = {
  name: 'virtual-service-conflict',
  codes: ['IST0109'],
  on: ['VirtualService'],
  reads: [
    'VirtualService',
    'HTTPRoute',
    'GRPCRoute',
    'TCPRoute',
    'TLSRoute',
    'K8sGateway',
    'GatewayClass',
    'ReferenceGrant',
    'ListenerSet',
    'Service',
    'ServiceEntry',
    'Namespace',
    'Sidecar',
  ],
  tables: [byHost],
  *check({ index, object }) {
    const view = readVirtualService(object);
    if (!view.gateways.includes('mesh')) return;
    for (const [i, written] of view.hosts.entries()) {
      const host = resolveHost(written, object.namespace, index.domain).toLowerCase();
      const rivals = rivalsOf(index, host);
      if (rivals.length < 2) continue;
      const others = rivals.filter((rival) => rival.object !== object);
      const { winners, lostEverywhere } = contest(index, view, host);
      if (lostEverywhere) {
        const [winner] = winners;
        if (winner === undefined) continue;
        yield {
          code: 'IST0109',
          path: `spec.hosts[${i}]`,
          message: `host ${host} is owned by ${nameOf(winner)} in every namespace; the rules of this VirtualService are not used for it in the mesh`,
          consequence: `sidecars route ${host} by ${nameOf(winner)} alone (oldest first, nothing is merged); what these rules say has no effect`,
        };
      } else if (winners.length === 0 && others.some((rival) => compareByAge(object, rival.object) < 0)) {
        yield {
          code: 'IST0109',
          severity: 'info',
          path: `spec.hosts[${i}]`,
          message: `host ${host} is also named by ${others.map((rival) => `VirtualService ${rival.object.namespace}/${rival.object.name}`).join(', ')}; this one wins`,
          consequence: 'sidecars route by this VirtualService alone; nothing is merged',
        };
      }
    }
  },
};

const nameOf = (set: RouteSet): string => `${set.kind} ${set.namespace}/${set.name}`;

const rivalsOf = (index: MeshIndex, host: string): readonly VirtualServiceView[] => byHost(index).get(host) ?? [];

/** Who owns the host instead, by namespace of the clients; `lostEverywhere`: no client that sees the object uses it. */
function contest(
  index: MeshIndex,
  view: VirtualServiceView,
  host: string,
): { readonly winners: readonly RouteSet[]; readonly lostEverywhere: boolean } {
  const winners: RouteSet[] = [];
  let lost = true;
  for (const namespace of namespacesOf(index, view)) {
    const sets = imported(index, namespace, host);
    const position = sets.findIndex(
      (set) => set.kind === 'VirtualService' && set.namespace === view.object.namespace && set.name === view.object.name,
    );
    if (position < 0) continue;
    const [winner] = sets;
    if (position === 0 || winner === undefined) lost = false;
    else winners.push(winner);
  }
  return { winners, lostEverywhere: lost && winners.length > 0 };
}

/** By host, then namespace: rivals ask the same. */
const importedTable = tableOf(() => new Map<string, Map<string, readonly RouteSet[]>>());

/** Sets for a host that sidecars of a namespace import, the owner first. */
function imported(index: MeshIndex, namespace: string, host: string): readonly RouteSet[] {
  const byNamespace = remember(importedTable(index), host, () => new Map<string, readonly RouteSet[]>());
  return remember(byNamespace, namespace, () => {
    const scope = sidecarScopeOf(index, namespace, {}, false);
    return meshSetsForHost(index, host, namespace).filter((set) =>
      scope.listeners.some((listener) => importsRoutes(listener, set.namespace, set.hosts, set.semantics)),
    );
  });
}

/** Namespaces that exist, and those of VirtualServices. */
const knownNamespaces = tableOf((index) => {
  const known = new Set(index.inventory.namespaces.keys());
  for (const { namespace } of index.objects('VirtualService')) known.add(namespace);
  return known;
});

function namespacesOf(index: MeshIndex, view: VirtualServiceView): Iterable<string> {
  const { exportTo, object } = view;
  if (exportTo.length === 0 || exportTo.includes('*')) return knownNamespaces(index);
  return new Set(exportTo.flatMap((entry) => (entry === '~' ? [] : [entry === '.' ? object.namespace : entry])));
}
