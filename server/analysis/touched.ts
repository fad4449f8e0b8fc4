// Which objects a change can bring findings to: those that are touched and those that share a host or a reference with them.
// In: MeshIndex, names of touched things. Out: the objects to check. Keys are refTexts, hosts, and a few words of our own
// ("mtls/bookinfo" = whoever depends on the mutual TLS of a namespace).
import { type ConfigRef, refText } from '../../model/edit';
import { CONFIG_KINDS, type ConfigKind, type ConfigObject } from '../../model/inventory';
import { memoByObject, remember } from '../istio/memo';
import { type MeshIndex, tableOf } from '../istio/mesh-index';
import { resolveHost } from '../istio/names';
import { readApiRoute } from '../istio/read/api-route';
import { readDestinationRule } from '../istio/read/destination-rule';
import { readGateway } from '../istio/read/gateway';
import { readK8sGateway, readReferenceGrant } from '../istio/read/gateway-api';
import { readServiceEntry } from '../istio/read/service-entry';
import { readVirtualService } from '../istio/read/virtual-service';
import { placesOf } from './places';

export interface Listed {
  readonly kind: ConfigKind;
  readonly object: ConfigObject;
}

interface Mentions {
  /** What the object is about: touching it touches these. */
  readonly spread: readonly string[];
  /** What it leans on: it is touched with these, but does not touch them. */
  readonly leans: readonly string[];
}

const NONE: readonly string[] = [];
const MESH_MTLS = 'mtls/*';
const namespaceOfHost = (host: string): string => host.split('.')[1] ?? '';

function readMentions({ kind, object }: Listed, domain: string): Mentions {
  const { namespace } = object;
  const resolve = (host: string): string => resolveHost(host, namespace, domain).toLowerCase();
  switch (kind) {
    case 'VirtualService': {
      const view = readVirtualService(object);
      const claims = view.http.some((rule) => rule.matches.some((match) => match.headers.some(([name]) => name.startsWith('@'))));
      const delegates = view.http.flatMap(({ delegate }) =>
        delegate === null ? [] : [`VirtualService/${delegate.namespace ?? namespace}/${delegate.name}`],
      );
      return {
        spread: [...view.hosts.map(resolve), ...placesOf(object, domain).map((place) => place.host)],
        leans: [...view.gateways.map((name) => `Gateway/${name}`), ...delegates, ...(claims ? ['claims'] : [])],
      };
    }
    case 'DestinationRule': {
      const host = resolve(readDestinationRule(object).host);
      return { spread: [host], leans: [`mtls/${namespaceOfHost(host)}`, MESH_MTLS] };
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
    case 'K8sGateway':
      return { spread: NONE, leans: [`GatewayClass//${readK8sGateway(object).className}`] };
    case 'HTTPRoute':
    case 'GRPCRoute':
    case 'TCPRoute':
    case 'TLSRoute': {
      const view = readApiRoute(object);
      const backends = view.rules.flatMap((rule) => rule.backends);
      return {
        spread: backends.map((backend) => `${backend.name}.${backend.namespace}.svc.${domain}`),
        leans: [
          ...view.parents.map((parent) => `K8sGateway/${parent.namespace}/${parent.name}`),
          ...backends.filter((backend) => backend.namespace !== namespace).map((backend) => `grants/${backend.namespace}`),
        ],
      };
    }
    case 'ReferenceGrant':
      return { spread: [`grants/${namespace}`], leans: readReferenceGrant(object).from.map((from) => `namespace/${from.namespace}`) };
    case 'PeerAuthentication':
      return { spread: [`mtls/${namespace}`], leans: NONE };
    case 'AuthorizationPolicy':
      return { spread: NONE, leans: [`mtls/${namespace}`, MESH_MTLS] };
    case 'RequestAuthentication':
      return { spread: ['claims'], leans: NONE };
    case 'Sidecar':
      return { spread: [`sidecars/${namespace}`], leans: NONE };
    case 'WorkloadEntry':
    case 'WorkloadGroup':
    case 'Telemetry':
    case 'GatewayClass':
      return { spread: NONE, leans: NONE };
  }
}

const mentionsByDomain = memoByObject((_: ConfigObject) => new Map<string, Mentions>());

/** Mentions of an object, read once per object and domain. */
const mentions = (index: MeshIndex, listed: Listed): Mentions =>
  remember(mentionsByDomain(listed.object), index.domain, () => readMentions(listed, index.domain));

const keyOf = ({ kind, object }: Listed): string => refText({ kind, namespace: object.namespace, name: object.name });

const listsOf = tableOf((index) => {
  const byKey = new Map<string, Listed>();
  const byMention = new Map<string, Listed[]>();
  for (const kind of CONFIG_KINDS)
    for (const object of index.inventory.config.get(kind) ?? []) {
      const listed: Listed = { kind, object };
      byKey.set(keyOf(listed), listed);
      const { spread, leans } = mentions(index, listed);
      for (const key of spread) remember(byMention, key, () => []).push(listed);
      for (const key of leans) remember(byMention, key, () => []).push(listed);
    }
  return { byKey, byMention };
});

/** Every object of the mesh. */
export const everyObject = (index: MeshIndex): readonly Listed[] =>
  CONFIG_KINDS.flatMap((kind) => (index.inventory.config.get(kind) ?? []).map((object): Listed => ({ kind, object })));

/** Objects that are named by `only` (refTexts, hosts), and those whose findings may change with them. */
export function touchedObjects(index: MeshIndex, only: ReadonlySet<string>): readonly Listed[] {
  const { byKey, byMention } = listsOf(index);
  const found = new Map<ConfigObject, Listed>();
  for (const key of spreadKeys(index, only)) {
    const named = byKey.get(key);
    if (named !== undefined) found.set(named.object, named);
    for (const listed of byMention.get(key) ?? []) found.set(listed.object, listed);
  }
  return [...found.values()];
}

function spreadKeys(index: MeshIndex, only: ReadonlySet<string>): ReadonlySet<string> {
  const { byKey } = listsOf(index);
  const keys = new Set(only);
  for (const key of only) {
    const named = byKey.get(key);
    if (named === undefined) continue;
    for (const spread of mentions(index, named).spread) keys.add(spread);
    // A policy of the root namespace is everybody's.
    if (named.kind === 'PeerAuthentication' && named.object.namespace === index.inventory.mesh.rootNamespace) keys.add(MESH_MTLS);
  }
  return keys;
}

/** What `only` must hold for a change of some objects: they and what they are about, as they were and as they will be. */
export function touchedBy(refs: Iterable<ConfigRef>, indexes: readonly MeshIndex[]): ReadonlySet<string> {
  const own = new Set([...refs].map(refText));
  return new Set(indexes.flatMap((index) => [...spreadKeys(index, own)]));
}
