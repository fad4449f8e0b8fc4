// The form of every object: types, enums, required fields, slips of the hand in names of fields.
import type { ConfigKind, ConfigObject } from '../../../model/inventory';
import { memoByObject } from '../../istio/memo';
import type { Rule } from '../rule';
import { destinationRuleShape } from '../schema/destination-rule';
import { grpcRouteShape, httpRouteShape, k8sGatewayShape, referenceGrantShape, tcpRouteShape, tlsRouteShape } from '../schema/gateway-api';
import { gatewayShape, serviceEntryShape, sidecarShape } from '../schema/networking';
import { authorizationPolicyShape, peerAuthenticationShape, requestAuthenticationShape } from '../schema/security';
import { type Fault, faultsOf, type ObjectShape } from '../schema/shape';
import { virtualServiceShape } from '../schema/virtual-service';

const SHAPES: ReadonlyMap<ConfigKind, ObjectShape> = new Map<ConfigKind, ObjectShape>([
  ['VirtualService', virtualServiceShape],
  ['DestinationRule', destinationRuleShape],
  ['Gateway', gatewayShape],
  ['ServiceEntry', serviceEntryShape],
  ['Sidecar', sidecarShape],
  ['PeerAuthentication', peerAuthenticationShape],
  ['AuthorizationPolicy', authorizationPolicyShape],
  ['RequestAuthentication', requestAuthenticationShape],
  ['K8sGateway', k8sGatewayShape],
  ['HTTPRoute', httpRouteShape],
  ['GRPCRoute', grpcRouteShape],
  ['TCPRoute', tcpRouteShape],
  ['TLSRoute', tlsRouteShape],
  ['ReferenceGrant', referenceGrantShape],
]);

const NONE: readonly Fault[] = [];
const faultsByKind = memoByObject((_: ConfigObject) => new Map<ConfigKind, readonly Fault[]>());

/** Faults of an object, found once: they depend on nothing else. */
function faultsFor(kind: ConfigKind, object: ConfigObject): readonly Fault[] {
  const table = faultsByKind(object);
  let faults = table.get(kind);
  if (faults === undefined) {
    const shape = SHAPES.get(kind);
    faults = shape === undefined ? NONE : faultsOf(shape, object.spec, 'spec');
    table.set(kind, faults);
  }
  return faults;
}

export const schema: Rule = {
  name: 'schema',
  codes: ['IST0106', 'IST0133'],
  on: [...SHAPES.keys()],
  reads: [],
  *check({ kind, object }) {
    for (const fault of faultsFor(kind, object))
      yield fault.kind === 'wrong'
        ? { code: 'IST0106', path: fault.path, message: fault.message, consequence: 'the API server refuses the object' }
        : { code: 'IST0133', path: fault.path, message: fault.message, consequence: 'the API server drops the field: it has no effect' };
  },
};
