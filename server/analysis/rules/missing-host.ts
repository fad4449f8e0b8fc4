// Destinations of a VirtualService that no registry knows, or that the proxies which get the rule do not see.
import { resolveHost } from '../../istio/names';
import { readVirtualService } from '../../istio/read/virtual-service';
import { servicesForHost } from '../../istio/services';
import { audienceOf, isKnownHost, isSeenBy } from '../audience';
import { writeAt } from '../fixes';
import { type DestinationPlace, placesOf } from '../places';
import type { Report, Rule, Subject } from '../rule';

export const missingHost: Rule = {
  name: 'missing-host',
  codes: ['IST0101'],
  on: ['VirtualService'],
  reads: ['Service', 'ServiceEntry', 'Gateway', 'Pod'],
  *check(subject) {
    const { index, object } = subject;
    const view = readVirtualService(object);
    for (const place of placesOf(object, index)) {
      // Services of other clusters are seen through names that this cluster's registry need not have.
      if (place.host.endsWith('.clusterset.local')) continue;
      if (!isKnownHost(index, place.host)) {
        yield unknown(subject, place);
        continue;
      }
      const services = servicesForHost(index, place.host);
      const audience = audienceOf(index, view);
      if (services.length === 0 || services.some((service) => isSeenBy(service, audience))) continue;
      const owners = services.map(
        (service) => `${service.source.kind === 'service' ? 'Service' : 'ServiceEntry'} ${service.namespace}/${service.name}`,
      );
      yield {
        code: 'IST0101',
        alias: 'KIA1101',
        path: `${place.path}.host`,
        message: `${place.host} is not exported to the proxies of this rule (${owners.join(', ')}, exportTo ${services.flatMap((service) => service.exportTo).join(', ')})`,
        consequence: failing(place),
      };
    }
  },
};

const failing = (place: DestinationPlace): string =>
  place.role === 'mirror'
    ? 'nothing is mirrored'
    : place.list === 'http'
      ? 'requests that are sent there are answered 503 (NC, no such cluster)'
      : 'connections that are sent there are closed (NC, no such cluster)';

function unknown(subject: Subject, place: DestinationPlace): Report {
  const { index } = subject;
  const outside = !place.host.endsWith(`.svc.${index.domain}`);
  const near = nearestHost(subject, place);
  const note = near === null && place.written.includes('.') && outside ? ' (names with a dot are not expanded)' : '';
  return {
    code: 'IST0101',
    alias: 'KIA1101',
    // What is outside of the cluster may be reached without being known, though not by name of a route.
    ...(outside && index.inventory.mesh.outboundTrafficPolicy === 'ALLOW_ANY' ? { severity: 'warning' } : {}),
    path: `${place.path}.host`,
    message: `host ${place.host} is no Service and no ServiceEntry${note}`,
    consequence: failing(place),
    fix: near === null ? null : writeAt(subject, `Send it to ${near}`, `${place.path}.host`, near),
  };
}

/** A host that was probably meant: the name completed, or in the namespace of the hosts that the object routes. */
function nearestHost({ index, object }: Subject, place: DestinationPlace): string | null {
  const completed = [`${place.written}.${index.domain}`, `${place.written}.svc.${index.domain}`];
  const [short = ''] = place.written.split('.');
  const siblings = readVirtualService(object).hosts.flatMap((host) => {
    const [, namespace, svc] = resolveHost(host, object.namespace, index.domain).split('.');
    return svc === 'svc' && namespace !== undefined ? [`${short}.${namespace}.svc.${index.domain}`] : [];
  });
  return [...completed, ...siblings].find((host) => servicesForHost(index, host.toLowerCase()).length > 0) ?? null;
}
