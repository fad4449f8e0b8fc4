// What istiod refuses of ServiceEntries and PeerAuthentications beyond the types of their fields.
import { Fields } from '../../istio/read/fields';
import type { Report, Rule } from '../rule';

export const serviceEntryForm: Rule = {
  name: 'service-entry-form',
  codes: ['IST0106'],
  on: ['ServiceEntry', 'PeerAuthentication'],
  reads: [],
  *check({ kind, object }) {
    const spec = Fields.ofSpec(object);
    if (kind === 'PeerAuthentication') {
      const selects = Object.keys(spec.object('selector')?.labels('matchLabels') ?? {}).length > 0;
      if (!selects && spec.entries('portLevelMtls').length > 0) yield wrong('spec.portLevelMtls', 'portLevelMtls needs a selector');
      return;
    }
    const resolution = spec.text('resolution') ?? 'NONE';
    const endpoints = spec.objects('endpoints');
    if (spec.texts('hosts').includes('*')) yield wrong('spec.hosts', 'the host * cannot be an entry');
    if (resolution === 'NONE' && endpoints.length > 0) yield wrong('spec.endpoints', 'resolution NONE can have no endpoints');
    if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1)
      yield wrong('spec.endpoints', 'resolution DNS_ROUND_ROBIN can have one endpoint only');
    if (resolution.startsWith('DNS') && spec.texts('addresses').some((address) => address.includes('/')))
      yield wrong('spec.addresses', `resolution ${resolution} can have no CIDR blocks as addresses`);
    const numbers = spec.objects('ports').map((port) => port.number('number'));
    for (const [i, number] of numbers.entries())
      if (number !== null && numbers.indexOf(number) < i) yield wrong(`spec.ports[${i}].number`, `port ${number} stands twice`);
  },
};

const wrong = (path: string, message: string): Report => ({ code: 'IST0106', path, message, consequence: 'istiod refuses the object' });
