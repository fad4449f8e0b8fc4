// What the control plane itself says of an object: conditions that are False.
import { Fields } from '../../istio/read/fields';
import type { Report, Rule, Subject } from '../rule';

/** Conditions that are well when they are True; of others (Conflicted, ...) False is well. */
const POSITIVE = new Set([
  'Accepted',
  'Programmed',
  'ResolvedRefs',
  'Ready',
  'Attached',
  'WaypointAccepted',
  'ZtunnelAccepted',
  'Reconciled',
]);

export const status: Rule = {
  name: 'status',
  codes: ['IST0171'],
  on: [
    'VirtualService',
    'DestinationRule',
    'Gateway',
    'ServiceEntry',
    'Sidecar',
    'PeerAuthentication',
    'AuthorizationPolicy',
    'RequestAuthentication',
    'K8sGateway',
    'GatewayClass',
    'HTTPRoute',
    'GRPCRoute',
    'TCPRoute',
    'TLSRoute',
    'ListenerSet',
  ],
  reads: [],
  *check(subject) {
    if (subject.object.status === null) return;
    const fields = new Fields(subject.object.status, 'status', []);
    yield* checkConditions(subject, fields, '');
    for (const parent of fields.objects('parents'))
      yield* checkConditions(subject, parent, ` for parent ${parent.object('parentRef')?.text('name') ?? ''}`);
    for (const listener of fields.objects('listeners'))
      yield* checkConditions(subject, listener, ` of listener ${listener.text('name') ?? ''}`);
  },
};

function* checkConditions({ object }: Subject, fields: Fields, of: string): Generator<Report> {
  for (const condition of fields.objects('conditions')) {
    const type = condition.text('type') ?? '';
    const generation = condition.number('observedGeneration');
    // One that speaks of an older state of the object says nothing of this one.
    if (condition.text('status') !== 'False' || !POSITIVE.has(type) || (generation !== null && generation < object.generation)) continue;
    const words = [condition.text('reason'), condition.text('message')].filter((text) => text).join(': ');
    yield {
      code: 'IST0171',
      path: condition.path,
      message: `${type} is False${of}${words === '' ? '' : ` (${words})`}`,
      consequence: 'the control plane does not use the object, or only in part',
    };
  }
}
