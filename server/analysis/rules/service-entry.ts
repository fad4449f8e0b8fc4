// ServiceEntries: several for one host and port, disagreeing protocols, TCP without addresses.

import { kindTable } from '../../istio/kind-table';
import { remember } from '../../istio/memo';
import { compareByAge } from '../../istio/order';
import { decodeProtocol } from '../../istio/port-protocol';
import { readServiceEntry, type ServiceEntryView } from '../../istio/read/service-entry';
import type { Rule } from '../rule';

export const serviceEntry: Rule = {
  name: 'service-entry',
  codes: ['KIA1211', 'IST0177', 'IST0134'],
  on: ['ServiceEntry'],
  reads: ['ServiceEntry'],
  *check({ index, object }) {
    const view = readServiceEntry(object);
    for (const [i, port] of view.ports.entries())
      for (const host of view.hosts) {
        const rivals = (byHostPort(index).get(`${host}:${port.number}`) ?? []).filter(
          (other) => other.view.object !== object && sharesNamespace(view, other.view) && compareByAge(other.view.object, object) < 0,
        );
        const [rival] = rivals;
        if (rival === undefined) continue;
        const name = `ServiceEntry ${rival.view.object.namespace}/${rival.view.object.name}`;
        const [mine, theirs] = [port.protocol || 'unset', rival.protocol || 'unset'];
        if (mine.toUpperCase() !== theirs.toUpperCase())
          yield {
            code: 'IST0177',
            path: `spec.ports[${i}].protocol`,
            message: `${host} port ${port.number} is ${mine} here and ${theirs} in ${name}`,
            consequence: `the older one counts: proxies take the port for ${theirs}`,
          };
        // Endpoints of several entries for machines of the mesh are put together; of hosts outside, one wins.
        else if (view.endpoints.length === 0 && view.workloadSelector === null)
          yield {
            code: 'KIA1211',
            path: `spec.ports[${i}]`,
            message: `${host} port ${port.number} is also that of ${name}`,
            consequence: 'the settings of the older one count',
          };
      }

    for (const [i, port] of view.ports.entries()) {
      const tcp = port.protocol === '' || ['tcp', 'auto'].includes(decodeProtocol(port.protocol));
      if (!tcp || view.addresses.length > 0) continue;
      yield {
        code: 'IST0134',
        path: `spec.ports[${i}]`,
        message: `port ${port.number} is ${port.protocol || 'of no protocol, so TCP,'} and the entry has no addresses`,
        consequence: `every TCP connection to port ${port.number} is taken for ${view.hosts[0] ?? 'it'}, unless addresses are allocated by istiod`,
      };
    }
  },
};

interface Entry {
  readonly view: ServiceEntryView;
  readonly protocol: string;
}

const byHostPort = kindTable('ServiceEntry', (index) => {
  const found = new Map<string, Entry[]>();
  for (const object of index.objects('ServiceEntry')) {
    const view = readServiceEntry(object);
    for (const { number, protocol } of view.ports)
      for (const host of view.hosts) remember(found, `${host}:${number}`, () => []).push({ view, protocol });
  }
  return found;
});

/** True when some namespace sees both. */
function sharesNamespace(a: ServiceEntryView, b: ServiceEntryView): boolean {
  const of = (view: ServiceEntryView): ReadonlySet<string> | null =>
    view.exportTo.length === 0 || view.exportTo.includes('*')
      ? null
      : new Set(view.exportTo.filter((entry) => entry !== '~').map((entry) => (entry === '.' ? view.object.namespace : entry)));
  const [mine, theirs] = [of(a), of(b)];
  if (mine === null) return theirs === null || theirs.size > 0;
  if (theirs === null) return mine.size > 0;
  return [...mine].some((namespace) => theirs.has(namespace));
}
