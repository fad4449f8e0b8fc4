// Gateway API references: which listeners a route attaches to, and which backends it may use.
// In: MeshIndex, references. Out: listeners, backend hosts or the reason why not.
import type { ConfigObject } from '../../model/inventory';
import type { MeshIndex } from './mesh-index';
import { intersectHosts } from './names';
import type { ApiRouteView, BackendRef, ParentRef } from './read/api-route';
import { Fields } from './read/fields';
import {
  type K8sGatewayView,
  type ListenerView,
  readK8sGateway,
  readListenerSet,
  readReferenceGrant,
  selectorMatches,
} from './read/gateway-api';
import { portOf, visibleService } from './services';

const GATEWAY_GROUP = 'gateway.networking.k8s.io';
const ISTIO_GATEWAY_CONTROLLER = 'istio.io/gateway-controller';

/** True when istiod's gateway controller owns the class; without the GatewayClass object its default name decides. */
export function isIstioGateway(index: MeshIndex, gateway: K8sGatewayView): boolean {
  const found = index.objects('GatewayClass').find((object) => object.name === gateway.className);
  return found === undefined ? gateway.className === 'istio' : Fields.ofSpec(found).text('controllerName') === ISTIO_GATEWAY_CONTROLLER;
}

/** A listener with the object that has it: the Gateway, or a ListenerSet that attaches to it. */
export interface OwnedListener {
  readonly owner: ConfigObject;
  readonly listener: ListenerView;
  /** The name under which routes are filed for it. */
  readonly key: string;
}

const own = (owner: ConfigObject, listener: ListenerView): OwnedListener => {
  const set = owner.kind === 'ListenerSet' ? 'set/' : '';
  return { owner, listener, key: `${set}${owner.namespace}/${owner.name}#${listener.name}` };
};

/** Listeners of a Gateway, its own before those of ListenerSets that it allows, oldest first. */
export function listenersOf(index: MeshIndex, gateway: K8sGatewayView): readonly OwnedListener[] {
  const { object, allowedSets, listeners } = gateway;
  const sets = index
    .objects('ListenerSet')
    .map(readListenerSet)
    .filter((set) => set.gateway.namespace === object.namespace && set.gateway.name === object.name)
    .filter((set) => allowsNamespace(index, { allowed: allowedSets }, object.namespace, set.object.namespace));
  return [
    ...listeners.map((listener) => own(object, listener)),
    ...sets.flatMap((set) => set.listeners.map((listener) => own(set.object, listener))),
  ];
}

const NO_LISTENERS: readonly OwnedListener[] = [];

/** What a parentRef names: a Gateway, or the listeners of one ListenerSet. */
function parentListeners(
  index: MeshIndex,
  parent: ParentRef,
): { readonly all: readonly OwnedListener[]; readonly named: ConfigObject } | null {
  if (parent.group !== GATEWAY_GROUP || (parent.kind !== 'Gateway' && parent.kind !== 'ListenerSet')) return null;
  const named = index
    .objectsIn(parent.kind === 'Gateway' ? 'K8sGateway' : 'ListenerSet', parent.namespace)
    .find((object) => object.name === parent.name);
  if (named === undefined) return null;
  const at = parent.kind === 'Gateway' ? { namespace: named.namespace, name: named.name } : readListenerSet(named).gateway;
  const gateway = index.objectsIn('K8sGateway', at.namespace).find((object) => object.name === at.name);
  const view = gateway === undefined ? null : readK8sGateway(gateway);
  return { named, all: view === null || !isIstioGateway(index, view) ? NO_LISTENERS : listenersOf(index, view) };
}

const HTTP_ROUTES: readonly string[] = ['HTTPRoute', 'GRPCRoute'];

/** Kinds of routes that a listener's protocol takes; TLS that ends at the listener carries bytes, or is still told apart by server name. */
function kindsOf({ protocol, tls }: ListenerView): readonly string[] {
  if (protocol === 'HTTP' || protocol === 'HTTPS') return HTTP_ROUTES;
  if (protocol === 'TLS') return tls === 'Passthrough' ? ['TLSRoute'] : ['TCPRoute', 'TLSRoute'];
  return protocol === 'TCP' ? ['TCPRoute'] : [];
}

/** A listener that a route attaches to. */
export interface Attachment {
  readonly key: string;
  /** Host names of the route that hold here; those that are another listener's of the same port belong to that one alone. */
  readonly hosts: readonly string[];
}

/** Listeners to which a route attaches through one parentRef; a Gateway stands for its own listeners, not for those of its sets. */
export function attachedListeners(index: MeshIndex, route: ApiRouteView, parent: ParentRef): readonly Attachment[] {
  const found = parentListeners(index, parent);
  if (found === null) return [];
  const { all, named } = found;
  return all
    .filter(({ owner }) => owner === named)
    .filter(({ listener }) => (parent.sectionName ?? listener.name) === listener.name && (parent.port ?? listener.port) === listener.port)
    .filter(({ listener }) => kindsOf(listener).includes(route.object.kind))
    .filter(({ listener }) => listener.kinds.length === 0 || listener.kinds.includes(route.object.kind))
    .filter(({ listener, owner }) => allowsNamespace(index, listener, owner.namespace, route.object.namespace))
    .filter(({ listener }) => route.hostnames.length === 0 || intersectHosts([listener.hostname], route.hostnames).length > 0)
    .map(({ listener, key }) => ({ key, hosts: hostsAt(route, listener, all) }));
}

/** Isolation of listeners: `*.a.com` of a route is not for the listener `*` where another listener of the port is `*.a.com` itself. */
function hostsAt(route: ApiRouteView, own: ListenerView, all: readonly OwnedListener[]): readonly string[] {
  const beside = all.filter(({ listener }) => listener.port === own.port && listener.protocol === own.protocol);
  const taken = new Set(beside.map(({ listener }) => listener.hostname));
  taken.delete(own.hostname);
  const names = route.hostnames.length === 0 ? ['*'] : route.hostnames;
  // A route without names takes those of the listener, `*` included.
  return names.filter((host) => host === '*' || !taken.has(host));
}

/** Whether what is in a namespace may use a listener. */
export function allowsNamespace(
  index: MeshIndex,
  listener: Pick<ListenerView, 'allowed'>,
  gatewayNamespace: string,
  routeNamespace: string,
): boolean {
  const { allowed } = listener;
  switch (allowed.from) {
    case 'All':
      return true;
    case 'None':
      return false;
    case 'Same':
      return gatewayNamespace === routeNamespace;
    case 'Selector': {
      const namespace = index.inventory.namespaces.get(routeNamespace);
      return namespace !== undefined && selectorMatches(allowed.selector, namespace.labels);
    }
  }
}

/** Host of a backend, with the reason why it may not be used (`invalid`), which Istio answers with 500. */
export function resolveBackend(
  index: MeshIndex,
  route: ConfigObject,
  backend: BackendRef,
  enforceGrants: boolean,
): { readonly host: string; readonly port: number | null; readonly invalid: string | null } {
  const name = `${backend.kind} ${backend.namespace}/${backend.name}`;
  if (backend.group === 'networking.istio.io' && backend.kind === 'Hostname') {
    const invalid = backend.port === null ? `${name} needs a port` : null;
    return { host: backend.name, port: backend.port, invalid };
  }
  const host = `${backend.name}.${backend.namespace}.svc.${index.domain}`;
  const refuse = (invalid: string) => ({ host, port: backend.port, invalid });
  if (backend.group !== '' || backend.kind !== 'Service') return refuse(`backends of kind ${backend.kind} are not supported`);
  if (backend.port === null) return refuse(`${name} needs a port`);
  if (enforceGrants && backend.namespace !== route.namespace && !isGranted(index, route, backend))
    return refuse(`no ReferenceGrant in ${backend.namespace} lets ${route.kind} ${route.namespace}/${route.name} use ${name}`);
  const service = visibleService(index, host, route.namespace);
  if (service === null) return refuse(`${name} does not exist`);
  if (portOf(service, backend.port) === null) return refuse(`${name} has no port ${backend.port}`);
  return { host, port: backend.port, invalid: null };
}

function isGranted(index: MeshIndex, route: ConfigObject, backend: BackendRef): boolean {
  return index.objectsIn('ReferenceGrant', backend.namespace).some((object) => {
    const grant = readReferenceGrant(object);
    return (
      grant.from.some((from) => from.group === GATEWAY_GROUP && from.kind === route.kind && from.namespace === route.namespace) &&
      grant.to.some((to) => to.group === '' && to.kind === 'Service' && (to.name ?? backend.name) === backend.name)
    );
  });
}
