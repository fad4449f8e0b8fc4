// VirtualServices of gateways that name a host as a whole while another one, for the mesh only, chooses among its subsets.
import { kindTableInSteps } from '../../istio/kind-table';
import { inParts, remember } from '../../istio/memo';
import { isWildcardHost, resolveHost } from '../../istio/names';
import { readVirtualService, type VirtualServiceView } from '../../istio/read/virtual-service';
import { exportTier } from '../../istio/visibility';
import { placesOf } from '../places';
import type { Rule } from '../rule';

/** VirtualServices for the mesh alone that send a host of theirs to subsets of it, by that host. */
const choosers = kindTableInSteps('VirtualService', function* (index) {
  const found = new Map<string, VirtualServiceView[]>();
  for (const part of inParts(index.objects('VirtualService'))) {
    yield;
    for (const object of part) {
      const view = readVirtualService(object);
      if (view.gateways.some((gateway) => gateway !== 'mesh')) continue;
      const split = new Set(
        placesOf(object, index).flatMap(({ role, subset, host }) => (role === 'route' && subset !== null ? [host] : [])),
      );
      for (const written of view.hosts) {
        const host = resolveHost(written, object.namespace, index.domain).toLowerCase();
        if (split.has(host)) remember(found, host, () => []).push(view);
      }
    }
  }
  return found;
});

export const ingressSubsets: Rule = {
  name: 'ingress-subsets',
  codes: ['IST0140'],
  on: ['VirtualService'],
  reads: ['VirtualService'],
  tables: [choosers],
  *check({ index, object }) {
    const { gateways } = readVirtualService(object);
    const bound = gateways.filter((gateway) => gateway !== 'mesh');
    if (bound.length === 0) return;
    for (const place of placesOf(object, index)) {
      if (place.role !== 'route' || !place.taken || place.subset !== null || isWildcardHost(place.host)) continue;
      const hit = (choosers(index).get(place.host) ?? []).find(
        (view) => exportTier(view.exportTo, view.object.namespace, object.namespace) !== null,
      );
      if (hit === undefined) continue;
      const { namespace, name } = hit.object;
      yield {
        code: 'IST0140',
        path: place.path,
        message: `VirtualService ${namespace}/${name} chooses among subsets of ${place.written}, for callers in the mesh only`,
        consequence: `what comes by ${bound.join(', ')} goes to all versions of ${place.written} alike; name subsets here, or bind ${namespace}/${name} to the gateway`,
      };
    }
  },
};
