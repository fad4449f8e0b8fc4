// Subsets of a DestinationRule whose labels no pod of the host carries, and subsets without labels.

import { kindTable, kindTableInSteps } from '../../istio/kind-table';
import { isEmpty, type Labels, selects } from '../../istio/labels';
import { groupBy, inParts, remember } from '../../istio/memo';
import { type MeshIndex, tableOf } from '../../istio/mesh-index';
import { isWildcardHost } from '../../istio/names';
import { readDestinationRule } from '../../istio/read/destination-rule';
import { readWorkloadEntry } from '../../istio/read/service-entry';
import { type MeshService, podsSelected, servicesForHost } from '../../istio/services';
import { hostOfRule } from '../audience';
import { placesOf } from '../places';
import type { Rule } from '../rule';

const users = kindTableInSteps('VirtualService', function* (index) {
  const found = new Map<string, Set<string>>();
  for (const part of inParts(index.objects('VirtualService'))) {
    yield;
    for (const object of part) {
      for (const place of placesOf(object, index))
        if (place.subset !== null && place.taken)
          remember(found, `${place.host}|${place.subset}`, () => new Set<string>()).add(
            `VirtualService ${object.namespace}/${object.name}`,
          );
    }
  }
  return found;
});

export const emptySubset: Rule = {
  name: 'empty-subset',
  codes: ['IST0173', 'KIA0209'],
  on: ['DestinationRule'],
  reads: ['Service', 'ServiceEntry', 'WorkloadEntry', 'WorkloadGroup', 'Pod', 'Workload', 'VirtualService'],
  tables: [users],
  *check({ index, object }) {
    const view = readDestinationRule(object);
    const host = hostOfRule(index, view);
    if (isWildcardHost(host)) return;
    const services = servicesForHost(index, host);
    for (const subset of view.subsets) {
      const { pointer, name, labels } = subset;
      if (isEmpty(labels)) {
        yield {
          code: 'KIA0209',
          // A subset may exist for its policy alone.
          ...(subset.policy === null ? {} : { severity: 'info' }),
          path: pointer.path,
          message: `subset ${name} of ${host} has no labels`,
          consequence: 'it holds all endpoints of the host: it tells no version apart',
        };
        continue;
      }
      // Labels of places are Istio's own, made of nodes.
      if (services.length === 0 || Object.keys(labels).some(isTopology)) continue;
      if (services.some((service) => mayHold(index, service, labels))) continue;
      const users = usersOf(index, host, name);
      const wanted = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
      yield {
        code: 'IST0173',
        ...(users.length === 0 ? { severity: 'warning' } : {}),
        path: `${pointer.path}.labels`,
        message: `subset ${name} of ${host} selects no pods: none of the service has ${wanted.join(', ')}`,
        consequence:
          users.length === 0
            ? 'nothing is sent there now; a route to it would answer 503 (UH, no healthy upstream)'
            : `requests that ${users.join(', ')} sends there are answered 503 (UH, no healthy upstream)`,
      };
    }
  },
};

const isTopology = (label: string): boolean => label.startsWith('topology.') || label.startsWith('failure-domain.');

const workloadsByNamespace = tableOf((index) => groupBy(index.inventory.workloads.values(), (workload) => workload.namespace));
const groupsByNamespace = kindTable('WorkloadGroup', (index) => groupBy(index.objects('WorkloadGroup'), (group) => group.namespace));

/** True when a pod, a workload that is scaled down, or a machine of the service carries the labels, or when that cannot be known. */
function mayHold(index: MeshIndex, service: MeshService, labels: Labels): boolean {
  if (service.source.kind === 'entry' && service.source.entry.workloadSelector === null) {
    const { endpoints } = service.source.entry;
    return endpoints.length === 0 || endpoints.some((endpoint) => selects(labels, endpoint.labels));
  }
  const selector = service.source.kind === 'service' ? service.source.service.selector : (service.source.entry.workloadSelector ?? {});
  // Endpoints made by hand, an ExternalName, machines that register themselves: nothing is known of their labels.
  if (isEmpty(selector) || service.aliasOf !== null || groupsByNamespace(index).has(service.namespace)) return true;
  const wanted = { ...selector, ...labels };
  if (Object.entries(labels).some(([name, value]) => (selector[name] ?? value) !== value)) return false;
  return (
    podsSelected(index, service.namespace, wanted).length > 0 ||
    (workloadsByNamespace(index).get(service.namespace) ?? []).some((workload) => selects(wanted, workload.podLabels)) ||
    index.objectsIn('WorkloadEntry', service.namespace).some((entry) => selects(wanted, readWorkloadEntry(entry).labels))
  );
}

/** VirtualServices that send requests to a subset. */
const usersOf = (index: MeshIndex, host: string, subset: string): readonly string[] => [...(users(index).get(`${host}|${subset}`) ?? [])];
