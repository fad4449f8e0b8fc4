// Protocols of the ports that routes are for: rules for HTTP where none is spoken, names of ports that say no protocol.
import { isWildcardHost, resolveHost } from '../../istio/names';
import { readVirtualService } from '../../istio/read/virtual-service';
import { servicesForHost } from '../../istio/services';
import { placesOf } from '../places';
import type { Rule } from '../rule';

export const portProtocol: Rule = {
  name: 'port-protocol',
  codes: ['HED0007', 'IST0118'],
  on: ['VirtualService'],
  reads: ['Service', 'ServiceEntry'],
  *check({ index, object }) {
    const view = readVirtualService(object);
    if (view.http.length > 0 && view.gateways.includes('mesh'))
      for (const [i, written] of view.hosts.entries()) {
        const host = resolveHost(written, object.namespace, index.domain).toLowerCase();
        const services = isWildcardHost(host) ? [] : servicesForHost(index, host);
        const ports = services.flatMap((service) => service.ports);
        if (ports.length === 0 || services.some((service) => service.aliasOf !== null)) continue;
        if (ports.some(({ protocol }) => protocol === 'http' || protocol === 'auto')) continue;
        yield {
          code: 'HED0007',
          path: `spec.hosts[${i}]`,
          message: `${host} speaks no HTTP: ${ports.map(({ port, name, protocol }) => `port ${port} (${name || 'no name'}) is ${protocol}`).join(', ')}`,
          consequence: 'its http rules are used for no connection in the mesh',
        };
      }
    const told = new Set<string>();
    for (const place of placesOf(object, index)) {
      const [service] = servicesForHost(index, place.host);
      if (service?.source.kind !== 'service' || service.aliasOf !== null || told.has(place.host)) continue;
      const unclear = service.ports.filter(({ port, protocol }) => protocol === 'auto' && (place.port === null || place.port === port));
      if (unclear.length === 0) continue;
      told.add(place.host);
      yield {
        code: 'IST0118',
        path: place.path,
        message: `port ${unclear.map(({ port, name }) => (name === '' ? String(port) : `${port} (${name})`)).join(', ')} of Service ${service.namespace}/${service.name} does not say its protocol`,
        consequence: 'the protocol is guessed from the first bytes; a name such as http-web or appProtocol makes it certain',
      };
    }
  },
};
