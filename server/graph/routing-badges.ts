// What the routing configuration does to each host, as badges of the graph.
// In: VirtualServices, Gateway API routes, DestinationRules. Out: badges by fully qualified host; circuit breakers by host and subset.
// Source: the references of VirtualService, DestinationRule and HTTPRoute. A short name means the object's own namespace (Istio: a name
// without a dot), a name with a dot is taken as it is.
import type { Badge } from '../../model/graph';
import type { ConfigKind, ConfigObject, Json, JsonObject } from '../../model/inventory';
import { readNumber, readObject, readObjects, readText, readTexts } from './json';

export interface SubsetBreaker {
  readonly labels: Readonly<Record<string, string>>;
}

export interface HostRouting {
  /** In the order of the legend, without duplicates. */
  readonly badges: readonly Badge[];
  /** Subsets with a circuit breaker of their own. */
  readonly breakers: readonly SubsetBreaker[];
}

/** Badges of every host that some object routes to, by host. */
export function readRouting(config: ReadonlyMap<ConfigKind, readonly ConfigObject[]>, domain: string): ReadonlyMap<string, HostRouting> {
  const found = new Map<string, { badges: Set<Badge>; breakers: SubsetBreaker[] }>();
  const at = (host: string): { badges: Set<Badge>; breakers: SubsetBreaker[] } => {
    const known = found.get(host);
    if (known !== undefined) return known;
    const made = { badges: new Set<Badge>(), breakers: [] };
    found.set(host, made);
    return made;
  };
  for (const object of config.get('VirtualService') ?? []) readVirtualService(object, domain, (host, badge) => at(host).badges.add(badge));
  for (const kind of ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'] as const)
    for (const object of config.get(kind) ?? []) readGatewayRoute(object, kind, domain, (host, badge) => at(host).badges.add(badge));
  for (const object of config.get('DestinationRule') ?? []) {
    const host = qualifyHost(readText(object.spec['host']) ?? '', object.namespace, domain);
    if (host === '') continue;
    const subsets = readObjects(object.spec['subsets']).filter((s) => hasBreaker(readObject(s['trafficPolicy'])));
    if (hasBreaker(readObject(object.spec['trafficPolicy'])) || subsets.length > 0) at(host).badges.add('circuitBreaker');
    for (const subset of subsets) at(host).breakers.push({ labels: readLabels(subset['labels']) });
  }
  return new Map([...found].map(([host, { badges, breakers }]) => [host, { badges: sortBadges(badges), breakers }]));
}

/** `reviews` in namespace bookinfo -> `reviews.bookinfo.svc.cluster.local`; names with a dot stay. */
export const qualifyHost = (host: string, namespace: string, domain: string): string =>
  host === '' || host.includes('.') || host === '*' ? host : `${host}.${namespace}.svc.${domain}`;

const ORDER: readonly Badge[] = [
  'virtualService',
  'trafficShifting',
  'tcpTrafficShifting',
  'requestRouting',
  'requestTimeout',
  'faultInjection',
  'mirroring',
  'circuitBreaker',
];
const sortBadges = (badges: ReadonlySet<Badge>): readonly Badge[] => ORDER.filter((b) => badges.has(b));

type Note = (host: string, badge: Badge) => void;

function readVirtualService(object: ConfigObject, domain: string, note: Note): void {
  const qualify = (host: string): string => qualifyHost(host, object.namespace, domain);
  const own = readTexts(object.spec['hosts'])
    .map(qualify)
    .filter((h) => !h.includes('*'));
  for (const host of own) note(host, 'virtualService');
  for (const field of ['http', 'tcp', 'tls'] as const)
    for (const rule of readObjects(object.spec[field])) {
      const destinations = readObjects(rule['route']).map((r) => ({
        host: qualify(readText(readObject(r['destination'])?.['host']) ?? ''),
        weight: readNumber(r['weight']),
      }));
      const routed = destinations.map((d) => d.host).filter((h) => h !== '');
      const badges = field === 'http' ? httpBadges(rule) : [];
      // With one destination its weight does not matter; with several, Istio takes an absent weight as 0.
      if (destinations.filter((d) => (d.weight ?? 0) > 0).length > 1)
        badges.push(field === 'http' ? 'trafficShifting' : 'tcpTrafficShifting');
      for (const host of new Set([...own, ...routed])) {
        note(host, 'virtualService');
        for (const badge of badges) note(host, badge);
      }
    }
}

function httpBadges(rule: JsonObject): Badge[] {
  const badges: Badge[] = [];
  if (readObjects(rule['match']).length > 0) badges.push('requestRouting');
  const timeout = readText(rule['timeout']);
  if (timeout !== null && !/^0*(?:\.0*)?(?:s|ms)?$/.test(timeout)) badges.push('requestTimeout');
  if (readObject(rule['fault']) !== null) badges.push('faultInjection');
  if (readObject(rule['mirror']) !== null || readObjects(rule['mirrors']).length > 0) badges.push('mirroring');
  return badges;
}

function readGatewayRoute(object: ConfigObject, kind: ConfigKind, domain: string, note: Note): void {
  const http = kind === 'HTTPRoute' || kind === 'GRPCRoute';
  const serviceHost = (ref: JsonObject): string | null => {
    const refKind = readText(ref['kind']) ?? 'Service';
    const name = readText(ref['name']);
    return refKind === 'Service' && name !== null ? `${name}.${readText(ref['namespace']) ?? object.namespace}.svc.${domain}` : null;
  };
  // A route whose parent is a Service routes that service inside the mesh (GAMMA).
  const parents = readObjects(object.spec['parentRefs'])
    .filter((ref) => readText(ref['kind']) === 'Service')
    .map(serviceHost)
    .filter((h) => h !== null);
  for (const rule of readObjects(object.spec['rules'])) {
    const backends = readObjects(rule['backendRefs']);
    const hosts = new Set([...parents, ...backends.map(serviceHost).filter((h) => h !== null)]);
    const badges: Badge[] = [];
    if (backends.filter((b) => (readNumber(b['weight']) ?? 1) > 0).length > 1) badges.push(http ? 'trafficShifting' : 'tcpTrafficShifting');
    if (http && readObjects(rule['matches']).some(isNarrow)) badges.push('requestRouting');
    if (readObject(rule['timeouts']) !== null) badges.push('requestTimeout');
    if (readObjects(rule['filters']).some((f) => readText(f['type']) === 'RequestMirror')) badges.push('mirroring');
    for (const host of hosts) {
      note(host, 'virtualService');
      for (const badge of badges) note(host, badge);
    }
  }
}

/** A match other than "every path", which the API server fills in where none is given. */
const isNarrow = (match: JsonObject): boolean => {
  const path = readObject(match['path']);
  const everyPath =
    path === null || ((readText(path['type']) ?? 'PathPrefix') === 'PathPrefix' && (readText(path['value']) ?? '/') === '/');
  return !everyPath || Object.keys(match).some((field) => field !== 'path');
};

const hasBreaker = (policy: JsonObject | null): boolean =>
  policy !== null &&
  (readObject(policy['connectionPool']) !== null ||
    readObject(policy['outlierDetection']) !== null ||
    readObjects(policy['portLevelSettings']).some((p) => hasBreaker(p)));

const readLabels = (json: Json | undefined): Readonly<Record<string, string>> => {
  const labels: [string, string][] = [];
  for (const [key, value] of Object.entries(readObject(json) ?? {})) if (typeof value === 'string') labels.push([key, value]);
  return Object.fromEntries(labels);
};
