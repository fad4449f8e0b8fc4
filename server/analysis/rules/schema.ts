// The form of every object: types, enums, required fields, slips of the hand in names of fields.
import type { ConfigKind } from '../../../model/inventory';
import type { Rule } from '../rule';
import { destinationRuleShape } from '../schema/destination-rule';
import {
  backendTlsPolicyShape,
  grpcRouteShape,
  httpRouteShape,
  k8sGatewayShape,
  listenerSetShape,
  referenceGrantShape,
  tcpRouteShape,
  tlsRouteShape,
} from '../schema/gateway-api';
import { gatewayShape, serviceEntryShape, sidecarShape } from '../schema/networking';
import { authorizationPolicyShape, peerAuthenticationShape, requestAuthenticationShape } from '../schema/security';
import { faultsOf, type ObjectShape } from '../schema/shape';
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
  ['ListenerSet', listenerSetShape],
  ['BackendTLSPolicy', backendTlsPolicyShape],
]);

export const schema: Rule = {
  name: 'schema',
  codes: ['IST0106', 'IST0133'],
  on: [...SHAPES.keys()],
  reads: [],
  *check({ kind, object }) {
    const shape = SHAPES.get(kind);
    if (shape === undefined) return;
    for (const fault of faultsOf(shape, object.spec, 'spec'))
      yield fault.kind === 'wrong'
        ? { code: 'IST0106', path: fault.path, message: fault.message, consequence: 'the API server refuses the object' }
        : { code: 'IST0133', path: fault.path, message: fault.message, consequence: 'the API server drops the field: it has no effect' };
  },
};
