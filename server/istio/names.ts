// Host names as Istio compares them: wildcards, subsets, intersections, short names.
// In: host names. Out: answers. Source: istio pkg/config/host (Name.Matches, Name.SubsetOf, Names.Intersection).

/** FQDN of a host as configuration writes it: a name without a dot belongs to the namespace of the object that holds it. */
export function resolveHost(shortOrFqdn: string, configNamespace: string, domain: string): string {
  // A name with a dot, a wildcard and an address stay as they are (`reviews.ns` is NOT expanded).
  if (shortOrFqdn === '' || shortOrFqdn.includes('.') || shortOrFqdn.includes(':') || shortOrFqdn.startsWith('*')) return shortOrFqdn;
  return `${shortOrFqdn}.${configNamespace}.svc.${domain}`;
}

export const isWildcardHost = (host: string): boolean => host.startsWith('*');

/** True when some name could be meant by both (wildcards on either side). */
export function hostsOverlap(a: string, b: string): boolean {
  if (isWildcardHost(a)) {
    if (isWildcardHost(b)) return a.length < b.length ? b.slice(1).endsWith(a.slice(1)) : a.slice(1).endsWith(b.slice(1));
    return b.endsWith(a.slice(1));
  }
  return isWildcardHost(b) ? a.endsWith(b.slice(1)) : a === b;
}

/** True when every name that `inner` means is meant by `outer`; `*.foo.com` does not mean `foo.com`. */
export function isHostWithin(inner: string, outer: string): boolean {
  if (!isWildcardHost(outer)) return inner === outer;
  if (isWildcardHost(inner)) return inner.length >= outer.length && inner.slice(1).endsWith(outer.slice(1));
  return inner.endsWith(outer.slice(1));
}

/** The narrower of each pair that overlaps, without duplicates, in the order of `servers`. */
export function intersectHosts(servers: readonly string[], routes: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const server of servers)
    for (const route of routes) {
      if (isHostWithin(server, route)) found.add(server);
      else if (isHostWithin(route, server)) found.add(route);
    }
  return [...found];
}

/** Orders hosts from the more to the less specific: exact before wildcard, longer first, then by name. */
export function compareSpecificity(a: string, b: string): number {
  const wild = Number(isWildcardHost(a)) - Number(isWildcardHost(b));
  if (wild !== 0) return wild;
  return b.length - a.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** The pattern of `patterns` under which Envoy files a host: exact, then the longest wildcard, then `*`; null if none fits. */
export function pickDomain(host: string, patterns: Iterable<string>): string | null {
  let best: string | null = null;
  for (const pattern of patterns) {
    if (!isHostWithin(host, pattern)) continue;
    if (best === null || compareSpecificity(pattern, best) < 0) best = pattern;
  }
  return best;
}

/** `ns/name` of a gateway that a VirtualService names: `name` (same namespace), `ns/name`, `./name` or the old `name.ns[.svc...]`; `mesh` stays. */
export function resolveGatewayName(name: string, configNamespace: string): string {
  if (name === 'mesh') return name;
  const slash = name.indexOf('/');
  if (slash >= 0) return name.slice(0, slash) === '.' ? `${configNamespace}/${name.slice(slash + 1)}` : name;
  const [short = '', namespace] = name.split('.');
  return `${namespace ?? configNamespace}/${short}`;
}

/** A host without the port that a Host header may carry; IPv6 addresses lose their brackets. */
export function stripPort(host: string): string {
  if (host.startsWith('[')) return host.slice(1, host.includes(']') ? host.indexOf(']') : undefined);
  const colon = host.indexOf(':');
  return colon < 0 || host.includes(':', colon + 1) ? host : host.slice(0, colon);
}
