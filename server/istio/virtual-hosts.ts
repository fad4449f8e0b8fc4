// Which virtual host of a sidecar takes a host and port, and which sets of rules could own it.
// In: MeshIndex, SidecarScope, host, port. Out: VirtualHost, memoised. Source: istio pilot core/httproute.go
// BuildSidecarOutboundVirtualHosts, route/route.go separateVSHostsAndServices; Envoy's order of domains (exact, longest suffix, `*`).
import { memoByObject, remember } from './memo';
import { type MeshIndex, tableOf } from './mesh-index';
import { compareSpecificity, hostsOverlap, isHostWithin, isWildcardHost, stripPort } from './names';
import type { RouteSet } from './route-set';
import { meshSetsForHost, meshStreamSets, meshWildcardSets } from './route-sets';
import {
  allServices,
  type MeshPort,
  type MeshService,
  pickService,
  portOf,
  registryHosts,
  servicesForAddress,
  servicesForHost,
  wildcardServicesFor,
} from './services';
import { type EgressListener, importsRoutes, importsService, listenerFor, type SidecarScope } from './sidecar-scope';
import { isExportedTo } from './visibility';

export interface VirtualHost {
  /** Namespace of the clients for which it is. */
  readonly clientNamespace: string;
  /** Domain under which the request was filed. */
  readonly domain: string;
  /** Null for a host that only routes know. */
  readonly service: MeshService | null;
  readonly port: MeshPort | null;
  /** Sets that could own it for HTTP, the first with a rule for the proxy does. */
  readonly sets: readonly RouteSet[];
  /** Sets whose tcp and tls rules are tried for it, all of them in order (istio tls.go getConfigsForHost). */
  readonly streamSets: readonly RouteSet[];
}

type Lookup = VirtualHost | 'unknown';

/** By scope, then port, then host. */
const hostsOf = tableOf(() => memoByObject<SidecarScope, Map<number, Map<string, Lookup>>>(() => new Map()));

/** The virtual host for a host header (without port) on a port; null = nobody in the client's scope knows it. */
export function findVirtualHost(index: MeshIndex, scope: SidecarScope, host: string, port: number): VirtualHost | null {
  const byHost = remember(hostsOf(index)(scope), port, () => new Map<string, Lookup>());
  const found = remember(byHost, host, (): Lookup => {
    const listener = listenerFor(scope, port);
    return listener === null
      ? 'unknown'
      : (lookUp(new HostLookup(index, scope, listener, port), stripPort(host.toLowerCase())) ?? 'unknown');
  });
  return found === 'unknown' ? null : found;
}

const catchersOf = tableOf(() => memoByObject<SidecarScope, Map<number, Lookup>>(() => new Map()));

/**
 * The service that takes connections to addresses that nobody knows on a port: a ServiceEntry without addresses and a port that is not
 * told apart by names makes its clients listen on every address of the port. Null = none.
 */
export function findCatcher(index: MeshIndex, scope: SidecarScope, port: number): VirtualHost | null {
  const found = remember(catchersOf(index)(scope), port, (): Lookup => {
    const listener = listenerFor(scope, port);
    if (listener === null) return 'unknown';
    const at = new HostLookup(index, scope, listener, port);
    const open = allServices(index).filter((service) => {
      const protocol = portOf(service, port)?.protocol;
      return service.source.kind === 'entry' && service.addresses.length === 0 && (protocol === 'tcp' || protocol === 'auto');
    });
    const service = at.pick(open);
    return service === null ? 'unknown' : ofService(at, service, service.host);
  });
  return found === 'unknown' ? null : found;
}

/** The circumstances of one look-up. */
class HostLookup {
  readonly index: MeshIndex;
  readonly scope: SidecarScope;
  readonly listener: EgressListener;
  readonly port: number;

  constructor(index: MeshIndex, scope: SidecarScope, listener: EgressListener, port: number) {
    this.index = index;
    this.scope = scope;
    this.listener = listener;
    this.port = port;
  }

  /** The imported service among candidates that has the port; ExternalName services have no virtual host of their own. */
  pick(candidates: readonly MeshService[]): MeshService | null {
    return pickService(
      candidates,
      this.scope.namespace,
      (service) => service.aliasOf === null && portOf(service, this.port) !== null && this.imports(service),
    );
  }

  /** The imported ExternalName service among candidates; its own ports mean nothing. */
  pickAlias(candidates: readonly MeshService[]): MeshService | null {
    return pickService(candidates, this.scope.namespace, (service) => service.aliasOf !== null && this.imports(service));
  }

  imports(service: MeshService): boolean {
    return importsService(this.listener, service.namespace, service.host);
  }

  imported(sets: readonly RouteSet[]): readonly RouteSet[] {
    return sets.length === 0 ? sets : sets.filter((set) => importsRoutes(this.listener, set.namespace, set.hosts, set.semantics));
  }
}

function lookUp(at: HostLookup, host: string): VirtualHost | null {
  return exactHost(at, host) ?? aliasHost(at, host) ?? wildcardHost(at, host);
}

function exactHost(at: HostLookup, host: string): VirtualHost | null {
  const plain = host.endsWith('.') ? host.slice(0, -1) : host;
  const candidates = servicesForHost(at.index, plain);
  const service = at.pick(candidates);
  if (service !== null) return ofService(at, service, plain);
  // The routes of an ExternalName service's host are those of a host that no service has: its short names do not mean them.
  return ofRoutes(at, plain, plain) ?? ofAlias(at, at.pickAlias(candidates), plain);
}

/** Short names and addresses that stand for the host of a service. */
function aliasHost(at: HostLookup, host: string): VirtualHost | null {
  const fqdn = expandHost(host, at.scope.namespace, at.index.domain);
  const candidates = fqdn === null ? [] : servicesForHost(at.index, fqdn);
  const service = at.pick(candidates) ?? at.pick(servicesForAddress(at.index, host));
  return service === null ? ofAlias(at, at.pickAlias(candidates), host) : ofService(at, service, host);
}

/** An ExternalName service is another name of its target's virtual host. */
function ofAlias(at: HostLookup, alias: MeshService | null, domain: string): VirtualHost | null {
  if (alias === null) return null;
  const target = at.pick(servicesForHost(at.index, (alias.aliasOf ?? '').toLowerCase()));
  return target === null ? null : ofService(at, target, domain);
}

/** `name` (own namespace), `name.ns`, `name.ns.svc` to the FQDN; null for other names. */
function expandHost(host: string, namespace: string, domain: string): string | null {
  const [name, owner, svc, ...rest] = host.split('.');
  if (name === undefined || name === '' || rest.length > 0) return null;
  if (owner === undefined) return `${name}.${namespace}.svc.${domain}`;
  return svc === undefined || svc === 'svc' ? `${name}.${owner}.svc.${domain}` : null;
}

function wildcardHost(at: HostLookup, host: string): VirtualHost | null {
  const service = mostSpecificWildcard(at, host);
  const headless = headlessParent(at, host);
  const sets = at.imported(meshWildcardSets(at.index, at.scope.namespace));
  const patterns = sets
    .flatMap((set) => set.hosts.filter((pattern) => isWildcardHost(pattern) && isHostWithin(host, pattern)))
    .sort(compareSpecificity);
  const candidates: VirtualHost[] = [];
  if (service !== null) candidates.push(ofService(at, service, service.host));
  if (headless !== null) candidates.push(ofService(at, headless.service, headless.domain));
  for (const pattern of patterns) {
    const own = ofRoutes(at, pattern, pattern);
    if (own !== null) {
      candidates.push(own);
      break;
    }
  }
  return candidates.sort((a, b) => compareSpecificity(a.domain, b.domain))[0] ?? null;
}

function mostSpecificWildcard(at: HostLookup, host: string): MeshService | null {
  for (const candidate of wildcardServicesFor(at.index, host)) {
    const service = at.pick([candidate]);
    if (service !== null) return service;
  }
  return null;
}

/** Headless services also answer to the names of their pods: `*.name.ns...`. */
function headlessParent(at: HostLookup, host: string): { service: MeshService; domain: string } | null {
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
    const parent = host.slice(dot + 1);
    const fqdn = expandHost(parent, at.scope.namespace, at.index.domain);
    const service = at.pick([...servicesForHost(at.index, parent), ...(fqdn === null ? [] : servicesForHost(at.index, fqdn))]);
    if (service?.source.kind === 'service' && service.headless) return { service, domain: `*.${parent}` };
  }
  return null;
}

const ofService = (at: HostLookup, service: MeshService, domain: string): VirtualHost => ({
  clientNamespace: at.scope.namespace,
  domain,
  service,
  port: portOf(service, at.port),
  sets: owningSets(at, service),
  streamSets: at
    .imported(meshStreamSets(at.index, at.scope.namespace))
    .filter((set) => isForClient(at, service, set) && set.hosts.some((host) => hostsOverlap(host, service.host))),
});

/** A Gateway API route of another namespace than the service's is for clients of its own namespace only. */
const isForClient = (at: HostLookup, service: MeshService, set: RouteSet): boolean =>
  set.semantics === 'istio' || set.namespace === service.namespace || set.namespace === at.scope.namespace;

/** Sets with exactly the service's host; without any, the first of those with the most specific wildcard that means it. */
function owningSets(at: HostLookup, service: MeshService): readonly RouteSet[] {
  const { namespace } = at.scope;
  const exact = at.imported(meshSetsForHost(at.index, service.host, namespace));
  if (exact.length > 0) return exact.filter((set) => isForClient(at, service, set));
  let best: { readonly host: string; readonly set: RouteSet } | null = null;
  for (const set of at.imported(meshWildcardSets(at.index, namespace)))
    for (const host of set.hosts) {
      if (set.semantics === 'gatewayApi' || !isWildcardHost(host) || !isHostWithin(service.host, host)) continue;
      if (best === null || compareSpecificity(host, best.host) < 0) best = { host, set };
    }
  return best === null ? [] : [best.set];
}

/**
 * A virtual host of a VirtualService host that is no service of this port. Istio makes them on port 80, and on a port where another
 * host of the same VirtualService is an HTTP service; a wildcard that means some service makes none of its own.
 */
function ofRoutes(at: HostLookup, pattern: string, domain: string): VirtualHost | null {
  const { index, scope, port } = at;
  const wildcard = isWildcardHost(pattern);
  const named = wildcard
    ? meshWildcardSets(index, scope.namespace).filter((set) => set.hosts.includes(pattern))
    : meshSetsForHost(index, pattern, scope.namespace);
  const listens = (set: RouteSet): boolean => (port === 80 ? hasHttpListener(at) : hasServiceOnPort(at, set));
  const sets = at.imported(named).filter((set) => set.semantics === 'istio' && listens(set));
  if (sets.length === 0 || (wildcard && meansService(at, pattern))) return null;
  return { clientNamespace: scope.namespace, domain, service: null, port: null, sets, streamSets: [] };
}

const isHttp = (service: MeshService | null, port: number): boolean => {
  const protocol = service === null ? null : portOf(service, port)?.protocol;
  return protocol === 'http' || protocol === 'auto';
};

/** Ports on which a client's proxy listens for HTTP. */
const httpListeners = tableOf(() => memoByObject<SidecarScope, Map<number, boolean>>(() => new Map()));

/** True when some imported service is HTTP on the port, without which the proxy has no listener that could read a host. */
const hasHttpListener = (at: HostLookup): boolean =>
  remember(httpListeners(at.index)(at.scope), at.port, () =>
    allServices(at.index).some(
      (service) =>
        service.aliasOf === null &&
        isHttp(service, at.port) &&
        isExportedTo(service.exportTo, service.namespace, at.scope.namespace) &&
        at.imports(service),
    ),
  );

const hasServiceOnPort = (at: HostLookup, set: RouteSet): boolean =>
  set.hosts.some((host) => {
    return !isWildcardHost(host) && isHttp(at.pick(servicesForHost(at.index, host)), at.port);
  });

function meansService(at: HostLookup, pattern: string): boolean {
  for (const host of registryHosts(at.index))
    if (hostsOverlap(host, pattern) && at.pick(servicesForHost(at.index, host)) !== null) return true;
  return false;
}
