// Ports of a VirtualService's destinations: one that the service does not have, and none where it has several.

import type { MeshIndex } from '../../istio/mesh-index';
import { isWildcardHost, resolveHost } from '../../istio/names';
import { readVirtualService, type VirtualServiceView } from '../../istio/read/virtual-service';
import { type MeshService, servicesForHost } from '../../istio/services';
import { writeAt } from '../fixes';
import { type DestinationPlace, placesOf } from '../places';
import type { Rule } from '../rule';

export const destinationPort: Rule = {
  name: 'destination-port',
  codes: ['IST0112', 'HED0002'],
  on: ['VirtualService'],
  reads: ['Service', 'ServiceEntry'],
  *check(subject) {
    const { index, object } = subject;
    const view = readVirtualService(object);
    for (const place of placesOf(object, index)) {
      const services = servicesForHost(index, place.host).filter((service) => service.aliasOf === null);
      const [service] = services;
      if (service === undefined || services.some((other) => other.ports.length === 0)) continue;
      const ports = [...new Set(services.flatMap((other) => other.ports.map(({ port }) => port)))];
      if (place.port !== null) {
        if (ports.includes(place.port)) continue;
        const [only] = ports;
        yield {
          code: 'HED0002',
          path: `${place.path}.port.number`,
          message: `${place.host} has no port ${place.port}, only ${ports.join(', ')}`,
          consequence:
            place.list === 'http'
              ? 'requests that are sent there are answered 503 (NC, no such cluster)'
              : 'connections that are sent there are closed (NC, no such cluster)',
          fix:
            ports.length === 1 && only !== undefined
              ? writeAt(subject, `Send it to port ${only}`, `${place.path}.port.number`, only)
              : null,
        };
        continue;
      }
      if (ports.length < 2) continue;
      const follows = followsCaller(index, view, place, service);
      const likely = likelyPort(service, place);
      yield {
        code: 'IST0112',
        ...(follows ? { severity: 'info' } : {}),
        path: place.path,
        message: `${place.host} has ports ${ports.join(', ')} and the destination names none`,
        consequence: follows
          ? 'the port that the caller dialled is taken'
          : 'the port of the listener is taken, which the service need not have: 503 (NC, no such cluster)',
        fix: likely === null ? null : writeAt(subject, `Send it to port ${likely}`, `${place.path}.port`, { number: likely }),
      };
    }
  },
};

/** True when every port on which the rule is asked is one of the destination: rules of the mesh for hosts with no other ports. */
function followsCaller(index: MeshIndex, view: VirtualServiceView, place: DestinationPlace, service: MeshService): boolean {
  if (view.gateways.some((gateway) => gateway !== 'mesh')) return false;
  const own = new Set(service.ports.map(({ port }) => port));
  return view.hosts.every((written) => {
    const host = resolveHost(written, view.object.namespace, index.domain).toLowerCase();
    if (host === place.host) return true;
    const asked = isWildcardHost(host) ? [] : servicesForHost(index, host);
    return asked.length > 0 && asked.every(({ ports }) => ports.every(({ port }) => own.has(port)));
  });
}

/** The one port that speaks what the rule is for, if it is one. */
function likelyPort(service: MeshService, place: DestinationPlace): number | null {
  const wanted = place.list === 'http' ? 'http' : place.list === 'tls' ? 'tls' : 'tcp';
  const [first, ...others] = service.ports.filter(({ protocol }) => protocol === wanted);
  return first === undefined || others.length > 0 ? null : first.port;
}
