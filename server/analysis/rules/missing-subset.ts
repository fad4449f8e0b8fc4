// Subsets that a VirtualService names and no DestinationRule in force defines.

import type { FindingFix } from '../../../model/finding';
import { readVirtualService } from '../../istio/read/virtual-service';
import { podsSelected, servicesForHost } from '../../istio/services';
import { audienceOf, isSubsetDefined, rulesMeaning } from '../audience';
import { fix } from '../fixes';
import { type DestinationPlace, placesOf } from '../places';
import type { Rule, Subject } from '../rule';

export const missingSubset: Rule = {
  name: 'missing-subset',
  codes: ['IST0101'],
  on: ['VirtualService'],
  reads: ['DestinationRule', 'BackendTLSPolicy', 'Service', 'ServiceEntry', 'Gateway', 'Pod'],
  *check(subject) {
    const { index, object } = subject;
    for (const place of placesOf(object, index)) {
      if (place.subset === null || servicesForHost(index, place.host).length === 0) continue;
      if (isSubsetDefined(index, place.host, place.subset, audienceOf(index, readVirtualService(object)))) continue;
      yield {
        code: 'IST0101',
        alias: 'KIA1107',
        path: `${place.path}.subset`,
        message: `subset ${place.subset} of ${place.host} is defined by no DestinationRule in force${hidden(subject, place, place.subset)}`,
        consequence:
          place.role === 'mirror'
            ? 'nothing is mirrored'
            : place.list === 'http'
              ? 'requests that are sent there are answered 503 (NC, no such cluster)'
              : 'connections that are sent there are closed (NC, no such cluster)',
        fix: addSubset(subject, place.host, place.subset),
      };
    }
  },
};

/** Words for a rule that defines the subset where these proxies do not see it. */
function hidden({ index }: Subject, place: DestinationPlace, subset: string): string {
  const elsewhere = rulesMeaning(index, place.host).filter((view) => view.subsets.some(({ name }) => name === subset));
  if (elsewhere.length === 0) return '';
  return ` (that of ${elsewhere.map(({ object }) => `${object.namespace}/${object.name}`).join(', ')} is not in force for this rule's proxies)`;
}

/** Where pods of the service carry a version of the subset's name, the subset can be made. */
function addSubset({ index }: Subject, host: string, subset: string): FindingFix | null {
  const [service] = servicesForHost(index, host);
  if (service?.source.kind !== 'service') return null;
  const { selector } = service.source.service;
  if (Object.keys(selector).length === 0) return null;
  const pods = podsSelected(index, service.namespace, selector);
  const label = ['version', 'app.kubernetes.io/version'].find((name) => pods.some((pod) => pod.labels[name] === subset));
  if (label === undefined) return null;
  return fix(`Add subset ${subset} with ${label}: ${subset}`, {
    type: 'subsets',
    host,
    namespace: service.namespace,
    subsets: [{ name: subset, labels: { [label]: subset } }],
  });
}
