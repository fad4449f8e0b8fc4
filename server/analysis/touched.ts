// Which objects a change can bring findings to: those that are touched and those that share a host or a reference with them.
// In: MeshIndex, names of touched things. Out: the objects to check. Keys are refTexts, hosts, and a few words of our own
// ("mtls/bookinfo" = whoever depends on the mutual TLS of a namespace).
import { type ConfigRef, refText } from '../../model/edit';
import { CONFIG_KINDS, type ConfigObject } from '../../model/inventory';
import { finish, inParts } from '../istio/memo';
import { type MeshIndex, tableOf } from '../istio/mesh-index';
import { hostsOverlap, isWildcardHost, resolveHost } from '../istio/names';
import { readApiRoute } from '../istio/read/api-route';
import { readAuthorizationPolicy } from '../istio/read/authorization-policy';
import { backendTlsOf } from '../istio/read/backend-tls';
import { readDestinationRule } from '../istio/read/destination-rule';
import { Fields } from '../istio/read/fields';
import { readGateway } from '../istio/read/gateway';
import { readK8sGateway, readListenerSet, readReferenceGrant } from '../istio/read/gateway-api';
import { readServiceEntry } from '../istio/read/service-entry';
import { readSidecar } from '../istio/read/sidecar';
import { readVirtualService } from '../istio/read/virtual-service';
import { type Listed, memoByListed } from './object-memo';
import { placesOf } from './places';

interface Mentions {
  /** refText of the object itself. */
  readonly key: string;
  /** What the object is about: touching it touches these. */
  readonly spread: readonly string[];
  /** What it leans on: it is touched with these, but does not touch them. */
  readonly leans: readonly string[];
}

const NONE: readonly string[] = [];
const MESH_MTLS = 'mtls/*';
const WAYPOINTS = 'waypoints/*';
const namespaceOfHost = (host: string): string => host.split('.')[1] ?? '';

function readMentions({ kind, object }: Listed, domain: string): Omit<Mentions, 'key'> {
  const { namespace } = object;
  const machines = `machines/${namespace}`;
  const resolve = (host: string): string => resolveHost(host, namespace, domain).toLowerCase();
  switch (kind) {
    case 'VirtualService': {
      const view = readVirtualService(object);
      const hosts = [...new Set(placesOf(object, { domain }).map((place) => place.host))];
      const claims = view.http.some((rule) => rule.matches.some((match) => match.headers.some(([name]) => name.startsWith('@'))));
      const delegates = view.http.flatMap(({ delegate }) =>
        delegate === null ? [] : [`VirtualService/${delegate.namespace ?? namespace}/${delegate.name}`],
      );
      return {
        // Whether somebody delegates to it is told on the delegate.
        spread: [...view.hosts.map(resolve), ...hosts, ...delegates],
        leans: [
          ...new Set(hosts.map((host) => `machines/${namespaceOfHost(host)}`)),
          ...view.gateways.map((name) => `Gateway/${name}`),
          'sidecars',
          WAYPOINTS,
          ...(claims ? ['claims'] : []),
        ],
      };
    }
    case 'DestinationRule': {
      const host = resolve(readDestinationRule(object).host);
      return { spread: [host], leans: [`mtls/${namespaceOfHost(host)}`, MESH_MTLS, `machines/${namespaceOfHost(host)}`, WAYPOINTS] };
    }
    case 'ServiceEntry':
      return { spread: readServiceEntry(object).hosts, leans: NONE };
    case 'Gateway': {
      const { servers } = readGateway(object);
      return {
        spread: servers.flatMap(({ port, tls }) => [`port/${port}`, ...(tls?.credentialName ? [`certificate/${tls.credentialName}`] : [])]),
        leans: NONE,
      };
    }
    case 'K8sGateway': {
      const { className, listeners } = readK8sGateway(object);
      const addresses = Fields.ofSpec(object)
        .objects('addresses')
        .map((address) => `address/${address.text('value') ?? ''}`);
      return {
        spread: [...(listeners.some(({ protocol }) => protocol === 'HBONE') ? [WAYPOINTS] : NONE), ...addresses],
        leans: [`GatewayClass//${className}`],
      };
    }
    case 'HTTPRoute':
    case 'GRPCRoute':
    case 'TCPRoute':
    case 'TLSRoute': {
      const view = readApiRoute(object);
      const backends = view.rules.flatMap((rule) => rule.backends);
      return {
        spread: [...backends, ...view.parents.filter((parent) => parent.kind === 'Service')].map(
          (each) => `${each.name}.${each.namespace}.svc.${domain}`,
        ),
        leans: [
          ...view.parents.map((parent) => `K8sGateway/${parent.namespace}/${parent.name}`),
          ...backends.filter((backend) => backend.namespace !== namespace).map((backend) => `grants/${backend.namespace}`),
        ],
      };
    }
    case 'ListenerSet': {
      const { gateway } = readListenerSet(object);
      // Routes at the Gateway, and the Gateway itself, share its ports.
      return { spread: [`K8sGateway/${gateway.namespace}/${gateway.name}`], leans: NONE };
    }
    case 'BackendTLSPolicy':
      return {
        spread: backendTlsOf(object).map(({ name }) => `${name}.${namespace}.svc.${domain}`),
        leans: [`mtls/${namespace}`, MESH_MTLS],
      };
    case 'ReferenceGrant':
      return { spread: [`grants/${namespace}`], leans: readReferenceGrant(object).from.map((from) => `namespace/${from.namespace}`) };
    case 'PeerAuthentication':
      return { spread: [`mtls/${namespace}`], leans: [machines] };
    case 'AuthorizationPolicy':
      return {
        spread: NONE,
        leans: [
          `mtls/${namespace}`,
          MESH_MTLS,
          machines,
          WAYPOINTS,
          ...targets(object),
          ...readAuthorizationPolicy(object).rules.flatMap((rule) =>
            rule.to.flat().flatMap(({ key, values }) => (key === 'operation.hosts' ? values.map((host) => host.replace(/:\d+$/, '')) : [])),
          ),
        ],
      };
    case 'RequestAuthentication':
      return { spread: ['claims'], leans: [machines, WAYPOINTS, ...targets(object)] };
    case 'Sidecar':
      return {
        spread: ['sidecars', `sidecars/${namespace}`],
        leans: [
          machines,
          `sidecars/${namespace}`,
          ...(readSidecar(object).egress ?? []).flatMap(({ hosts }) =>
            hosts.map((host) => host.slice(host.indexOf('/') + 1).toLowerCase()),
          ),
        ],
      };
    case 'WorkloadEntry':
    case 'WorkloadGroup':
      return { spread: [machines], leans: NONE };
    case 'EnvoyFilter':
    case 'ProxyConfig':
    case 'WasmPlugin':
    case 'TrafficExtension':
    case 'Telemetry':
    case 'GatewayClass':
      return { spread: NONE, leans: NONE };
  }
}

/** Gateways that a policy names. */
const targets = (object: ConfigObject): readonly string[] =>
  readAuthorizationPolicy(object).targetRefs.map((ref) => `K8sGateway/${object.namespace}/${ref.name}`);

/** Mentions of an object. */
const mentionsOf = memoByListed(
  (listed, mesh: { readonly domain: string }): Mentions => ({
    key: refText({ kind: listed.kind, namespace: listed.object.namespace, name: listed.object.name }),
    ...readMentions(listed, mesh.domain),
  }),
);

/** Every object of the mesh. */
export const everyObject = tableOf((index): readonly Listed[] =>
  CONFIG_KINDS.flatMap((kind) => (index.inventory.config.get(kind) ?? []).map((object): Listed => ({ kind, object }))),
);

/** So many objects are looked at between two steps: a look is short. */
const LOOKS = 256;

/** Objects that are named by `only` (refTexts, hosts), and those whose findings may change with them; in steps. */
export function* touchedObjects(index: MeshIndex, only: ReadonlySet<string>): Generator<void, readonly Listed[]> {
  const keys = yield* spreadKeys(index, only);
  // A wildcard and a host that it means touch each other; `*` alone means everything and so tells nothing.
  const hosts = [...keys].filter((key) => key !== '*' && !key.includes('/'));
  const wildcards = hosts.filter(isWildcardHost);
  const has = (key: string): boolean => {
    if (keys.has(key)) return true;
    if (key.includes('/') || key === '*') return false;
    return (isWildcardHost(key) ? hosts : wildcards).some((host) => hostsOverlap(host, key));
  };
  const isTouched = (listed: Listed): boolean => {
    const { key, spread, leans } = mentionsOf(listed, index);
    return keys.has(key) || spread.some(has) || leans.some(has);
  };
  const touched: Listed[] = [];
  // One look at each object's few words is cheaper than a table of them, which would serve once.
  for (const part of inParts(everyObject(index), LOOKS)) {
    yield;
    touched.push(...part.filter(isTouched));
  }
  return touched;
}

function* spreadKeys(index: MeshIndex, only: ReadonlySet<string>): Generator<void, ReadonlySet<string>> {
  const keys = new Set(only);
  for (const text of only) {
    // Only refTexts have two slashes: hosts have none, our own words one.
    const [word, namespace, name] = text.split('/');
    const kind = CONFIG_KINDS.find((one) => one === word);
    if (kind === undefined || name === undefined) continue;
    yield;
    for (const object of index.inventory.config.get(kind) ?? []) {
      if (object.name !== name || object.namespace !== namespace) continue;
      for (const each of mentionsOf({ kind, object }, index).spread) keys.add(each);
      // A policy of the root namespace is everybody's.
      if (kind === 'PeerAuthentication' && namespace === index.inventory.mesh.rootNamespace) keys.add(MESH_MTLS);
    }
  }
  return keys;
}

/** What `only` must hold for a change of some objects: they and what they are about, as they were and as they will be. */
export const touchedBy = (refs: Iterable<ConfigRef>, indexes: readonly MeshIndex[]): ReadonlySet<string> =>
  finish(touchedInSteps(refs, indexes));

export function* touchedInSteps(refs: Iterable<ConfigRef>, indexes: readonly MeshIndex[]): Generator<void, ReadonlySet<string>> {
  const own = new Set([...refs].map(refText));
  const touched = new Set<string>();
  for (const index of indexes) for (const key of yield* spreadKeys(index, own)) touched.add(key);
  return touched;
}
