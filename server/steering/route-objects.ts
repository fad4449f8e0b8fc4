// The objects that route a service's host, the first wins: VirtualServices and Gateway API routes of the mesh, the VirtualServices they
// delegate to, and those that bring traffic of a gateway. In: MeshIndex, service. Out: RouteObjects in order, with why each acts or not.
import type { ConfigKind, ConfigObject, ServiceInfo } from '../../model/inventory';
import { memoByObject, remember } from '../istio/memo';
import type { MeshIndex } from '../istio/mesh-index';
import { isHostWithin, resolveHost } from '../istio/names';
import { compareByAge } from '../istio/order';
import { readVirtualService } from '../istio/read/virtual-service';
import type { RouteSet } from '../istio/route-set';
import { sidecarScopeOf } from '../istio/sidecar-scope';
import { findVirtualHost } from '../istio/virtual-hosts';
import { readApiRuleForm } from './api-rule-form';
import { readObjects, readText } from './raw';

export interface RouteObject {
  readonly object: ConfigObject;
  readonly effective: boolean;
  readonly why: string;
  /** Names under which it is bound: `mesh`, `namespace/name` of gateways. */
  readonly gateways: readonly string[];
  /** `host`: it owns the host's routes in the mesh; `exposure`: it brings requests of a gateway to the host; `delegate`: its rules are another's. */
  readonly role: 'host' | 'exposure' | 'delegate';
}

export const API_ROUTES: readonly ConfigKind[] = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'];

/** Gateways of a Gateway API route, and the hosts of its parent services. */
export function parentsOf(
  index: MeshIndex,
  object: ConfigObject,
): { readonly gateways: readonly string[]; readonly hosts: readonly string[] } {
  const gateways: string[] = [];
  const hosts: string[] = [];
  for (const parent of readObjects(object.spec['parentRefs'])) {
    const name = readText(parent['name']) ?? '';
    const namespace = readText(parent['namespace']) ?? object.namespace;
    const kind = readText(parent['kind']) ?? 'Gateway';
    if (kind === 'Gateway') gateways.push(`${namespace}/${name}`);
    else if (kind === 'Service') hosts.push(`${name}.${namespace}.svc.${index.domain}`);
  }
  return { gateways, hosts };
}

const destinationTables = memoByObject<ConfigObject, Map<string, ReadonlySet<string>>>(() => new Map());

/** Hosts that some rule of a route object sends requests to, resolved, in lower case. */
export const destinationHostsOf = ({ domain }: Pick<MeshIndex, 'domain'>, object: ConfigObject): ReadonlySet<string> =>
  remember(destinationTables(object), domain, () => readDestinationHosts(domain, object));

function readDestinationHosts(domain: string, object: ConfigObject): ReadonlySet<string> {
  const hosts = new Set<string>();
  if (object.kind === 'VirtualService') {
    const { http, tls, tcp } = readVirtualService(object);
    const add = (host: string): void => {
      hosts.add(resolveHost(host, object.namespace, domain).toLowerCase());
    };
    for (const rule of http)
      if (rule.action.kind === 'route') for (const { destination } of rule.action.destinations) add(destination.host);
    for (const rule of [...tls, ...tcp]) for (const { destination } of rule.destinations) add(destination.host);
    return hosts;
  }
  for (const rule of readObjects(object.spec['rules']))
    for (const { host } of readApiRuleForm(rule, object.namespace, domain).destinations) hosts.add(host.toLowerCase());
  return hosts;
}

const meshHostsOf = (index: MeshIndex, object: ConfigObject): readonly string[] =>
  readVirtualService(object).hosts.map((host) => resolveHost(host, object.namespace, index.domain).toLowerCase());

/** The set of rules that a client in the service's namespace is given for the host. */
function owningSet(index: MeshIndex, { host, namespace, ports }: ServiceInfo): RouteSet | null {
  const scope = sidecarScopeOf(index, namespace, {}, true);
  for (const { port } of ports) {
    const found = findVirtualHost(index, scope, host, port);
    const set = found?.sets.find(({ http }) => http.length > 0) ?? found?.streamSets[0];
    if (set !== undefined) return set;
  }
  return null;
}

/** Every route object that concerns a service, in the order in which they count. */
export function listRouteObjects(index: MeshIndex, service: ServiceInfo): readonly RouteObject[] {
  const host = service.host.toLowerCase();
  const owner = owningSet(index, service);
  const own: RouteObject[] = [];
  const exposing: RouteObject[] = [];
  for (const object of index.objects('VirtualService')) {
    const { gateways } = readVirtualService(object);
    const named = meshHostsOf(index, object).some((name) => isHostWithin(host, name));
    if (named && gateways.includes('mesh')) {
      const wins = owner?.kind === 'VirtualService' && owner.namespace === object.namespace && owner.name === object.name;
      const streams = owner !== null && owner.http.length === 0 && object.spec['http'] === undefined;
      own.push({ object, gateways, role: 'host', effective: wins || streams, why: whyOwner(object, wins || streams, owner) });
    } else if (gateways.some((name) => name !== 'mesh') && destinationHostsOf(index, object).has(host))
      exposing.push(exposure(object, gateways));
  }
  for (const kind of API_ROUTES)
    for (const object of index.objects(kind)) {
      const { gateways, hosts } = parentsOf(index, object);
      if (hosts.includes(host)) {
        const wins = owner === null || owner.semantics === 'gatewayApi';
        own.push({ object, gateways: ['mesh', ...gateways], role: 'host', effective: wins, why: whyOwner(object, wins, owner) });
      } else if (gateways.length > 0 && destinationHostsOf(index, object).has(host)) exposing.push(exposure(object, gateways));
    }
  const ordered = [...own].sort((a, b) => Number(b.effective) - Number(a.effective) || compareByAge(a.object, b.object));
  return [
    ...ordered.flatMap((entry) => [entry, ...delegatesOf(index, entry)]),
    ...exposing.flatMap((entry) => [entry, ...delegatesOf(index, entry)]),
  ];
}

const exposure = (object: ConfigObject, gateways: readonly string[]): RouteObject => ({
  object,
  gateways: gateways.filter((name) => name !== 'mesh'),
  role: 'exposure',
  effective: true,
  why: `it brings requests of ${gateways.filter((name) => name !== 'mesh').join(', ')} to the service`,
});

function whyOwner(object: ConfigObject, wins: boolean, owner: RouteSet | null): string {
  if (wins) return 'it owns the host: sidecars route by it';
  if (owner === null) return 'no sidecar is given its rules: its host, exportTo or port does not fit';
  const same = owner.namespace === object.namespace && owner.name === object.name;
  return same
    ? 'its rules are of another kind than those that act'
    : `${owner.kind} ${owner.namespace}/${owner.name} is older and owns the host; this one is not used`;
}

/** VirtualServices to which rules of one are delegated. */
function delegatesOf(index: MeshIndex, { object, effective, gateways }: RouteObject): readonly RouteObject[] {
  if (object.kind !== 'VirtualService') return [];
  return readVirtualService(object).http.flatMap(({ delegate }): readonly RouteObject[] => {
    if (delegate === null) return [];
    const found = index.objectsIn('VirtualService', delegate.namespace ?? object.namespace).find(({ name }) => name === delegate.name);
    if (found === undefined) return [];
    return [
      {
        object: found,
        gateways,
        role: 'delegate',
        effective,
        why: `VirtualService ${object.namespace}/${object.name} delegates rules to it`,
      },
    ];
  });
}
