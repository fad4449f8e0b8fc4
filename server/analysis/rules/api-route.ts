// HTTPRoute, GRPCRoute, TCPRoute, TLSRoute: parents to which they cannot attach, backends that they cannot use.

import type { MeshIndex } from '../../istio/mesh-index';
import { type ApiRouteView, type ParentRef, readApiRoute } from '../../istio/read/api-route';
import { readK8sGateway } from '../../istio/read/gateway-api';
import { attachedListeners, isIstioGateway, resolveBackend } from '../../istio/reference-grants';
import { visibleService } from '../../istio/services';
import type { Report, Rule, Subject } from '../rule';

const GATEWAY_GROUP = 'gateway.networking.k8s.io';

export const apiRoute: Rule = {
  name: 'api-route',
  codes: ['KIA1401', 'KIA1402', 'HED0009'],
  on: ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'],
  reads: ['K8sGateway', 'ListenerSet', 'GatewayClass', 'ReferenceGrant', 'Service', 'ServiceEntry', 'Namespace'],
  *check(subject) {
    yield* checkParents(subject);
    yield* checkBackends(subject);
  },
};

function* checkParents({ kind, index, object }: Subject): Generator<Report> {
  const route = readApiRoute(object);
  for (const parent of route.parents) {
    const why =
      parent.group === GATEWAY_GROUP && parent.kind === 'Gateway'
        ? gatewayFault(index, kind, route, parent)
        : serviceFault(index, object.namespace, parent);
    if (why === null) continue;
    yield {
      code: 'KIA1401',
      path: parent.path,
      message: why,
      consequence:
        parent.kind === 'Gateway'
          ? 'the route takes no requests of this gateway: they are answered 404 (NR, no route)'
          : 'the route takes no requests of this service',
    };
  }
}

function serviceFault(index: MeshIndex, namespace: string, parent: ParentRef): string | null {
  if (parent.group !== '' || parent.kind !== 'Service') return null;
  const host = `${parent.name}.${parent.namespace}.svc.${index.domain}`;
  return visibleService(index, host, namespace) === null ? `Service ${parent.namespace}/${parent.name} does not exist` : null;
}

/** Why a route does not attach to a Gateway; null where it does, or where the Gateway is another controller's. */
function gatewayFault(index: MeshIndex, kind: string, route: ApiRouteView, parent: ParentRef): string | null {
  const name = `Gateway ${parent.namespace}/${parent.name}`;
  const object = index.objectsIn('K8sGateway', parent.namespace).find((gateway) => gateway.name === parent.name);
  if (object === undefined) return `${name} does not exist`;
  const gateway = readK8sGateway(object);
  if (!isIstioGateway(index, gateway)) return null;
  const { listeners } = gateway;
  if (parent.sectionName !== null && !listeners.some((listener) => listener.name === parent.sectionName))
    return `${name} has no listener ${parent.sectionName}, only ${listeners.map((listener) => listener.name).join(', ')}`;
  if (parent.port !== null && !listeners.some((listener) => listener.port === parent.port))
    return `${name} has no listener on port ${parent.port}`;
  // Routes of bytes attach to listeners that only say so by their protocol.
  if (kind !== 'HTTPRoute' && kind !== 'GRPCRoute') return null;
  if (attachedListeners(index, route, parent).length > 0) return null;
  if (attachedListeners(index, { ...route, hostnames: [] }, parent).length > 0)
    return `no listener of ${name} serves ${route.hostnames.join(', ')}, only ${[...new Set(listeners.map((listener) => listener.hostname))].join(', ')}`;
  const kinds = listeners.filter((listener) => listener.kinds.length === 0 || listener.kinds.includes(kind));
  if (kinds.length === 0) return `no listener of ${name} takes routes of kind ${kind}`;
  return `${name} takes no ${kind} of namespace ${route.object.namespace} on this listener (allowedRoutes)`;
}

function* checkBackends({ kind, index, object }: Subject): Generator<Report> {
  const route = readApiRoute(object);
  // References across namespaces are checked where the route is bound to a gateway; in the mesh, Istio does not ask for grants.
  const grants = route.parents.some((parent) => parent.kind === 'Gateway');
  const http = kind === 'HTTPRoute' || kind === 'GRPCRoute';
  for (const rule of route.rules) {
    for (const { backend, mirrored } of [
      ...rule.backends.map((each) => ({ backend: each, mirrored: false })),
      ...rule.mirrors.map((each) => ({ backend: each.backend, mirrored: true })),
    ]) {
      const known = backend.group === '' && backend.kind === 'Service';
      if (!known || backend.name === '') continue;
      const { invalid } = resolveBackend(index, object, backend, grants);
      if (invalid === null) continue;
      yield {
        code: 'KIA1402',
        path: backend.path,
        message: invalid,
        consequence: mirrored
          ? 'nothing is mirrored'
          : http
            ? 'requests that are sent there are answered 500'
            : 'connections that are sent there are closed',
      };
    }
    if (http && rule.redirect === null && rule.backends.length > 1 && rule.backends.every(({ weight }) => weight === 0))
      yield {
        code: 'HED0009',
        path: `${rule.path}.backendRefs`,
        message: 'all backends of the rule have weight 0',
        consequence: 'its requests are answered 500',
      };
  }
}
