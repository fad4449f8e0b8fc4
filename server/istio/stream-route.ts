// TCP and opaque TLS: which tcp or tls rule takes a connection, for sidecars and gateways.
// In: MeshIndex, sets of rules, a connection. Out: the outcome half of a RouteDecision. Source: istio pilot core/tls.go;
// Envoy matches server names by specificity, not by order.
import type { ConfigPointer, RouteDestination, RouteRequest, TriedRule } from '../../model/routing';
import { isInBlock } from './addresses';
import { type DestinationContext, shareDestinations } from './destinations';
import { NO_RETRIES, type Outcome } from './http-action';
import { type ProxyContext, sourceMismatch } from './http-match';
import type { StreamMatch, StreamRule } from './http-rule';
import type { MeshIndex } from './mesh-index';
import { compareSpecificity, isHostWithin } from './names';
import type { RouteSet } from './route-set';

/** What a rule for connections did. */
export interface StreamHit {
  readonly rule: ConfigPointer;
  readonly outcome: Outcome;
}

/** A connection carried to destinations: no timeout, retries, faults or mirrors exist at this level. */
export const streamOutcome = (destinations: readonly RouteDestination[]): Outcome => ({
  outcome: 'route',
  destinations,
  timeoutMs: null,
  retries: NO_RETRIES,
  fault: null,
  mirrors: [],
  rewrite: null,
});

type ContextFor = (set: RouteSet) => DestinationContext;

function apply(index: MeshIndex, rule: StreamRule, context: DestinationContext): StreamHit {
  const destinations = shareDestinations(index, context, rule.destinations);
  return { rule: rule.pointer, outcome: destinations.length === 0 ? { outcome: 'noRoute', status: 0 } : streamOutcome(destinations) };
}

const note = (tried: TriedRule[] | null, rule: StreamRule, match: StreamMatch | null, why: string | null, hit: string): void => {
  tried?.push({
    rule: match === null ? rule.pointer : { ...rule.pointer, path: match.path },
    name: null,
    matched: why === null,
    why: why ?? hit,
  });
};

/** Why a block for connections does not take one to these addresses, null if it does. */
function subnetMismatch(match: StreamMatch, addresses: readonly string[]): string | null {
  if (match.destinationSubnets.length === 0) return null;
  const wanted = match.destinationSubnets.join(', ');
  if (addresses.length === 0) return `the destination address is not known, the rule wants ${wanted}`;
  const hit = addresses.some((address) => match.destinationSubnets.some((block) => isInBlock(address, block)));
  return hit ? null : `destination ${addresses.join(', ')} is outside ${wanted}`;
}

/** The first tcp rule, over all sets in order, that takes a connection to one of the addresses; null if none does. */
export function routeTcp(
  index: MeshIndex,
  sets: readonly RouteSet[],
  proxy: ProxyContext,
  addresses: readonly string[],
  contextFor: ContextFor,
  tried: TriedRule[] | null,
): StreamHit | null {
  for (const set of sets)
    for (const rule of set.tcp) {
      if (rule.matches.length === 0) {
        note(tried, rule, null, null, 'the rule takes every connection');
        return apply(index, rule, contextFor(set));
      }
      for (const match of rule.matches) {
        const why = sourceMismatch(match, proxy, 'stream') ?? subnetMismatch(match, addresses);
        note(tried, rule, match, why, 'port, gateway and source agree');
        if (why === null) return apply(index, rule, contextFor(set));
      }
    }
  return null;
}

export interface TlsRouting {
  readonly hit: StreamHit | null;
  /** Some tls rule is for this proxy and port, so that nothing else takes the connection. */
  readonly owned: boolean;
}

/** The tls rule whose server name is the most specific for the connection's (Envoy's filter chains); of equals the first. */
export function routeTls(
  index: MeshIndex,
  sets: readonly RouteSet[],
  proxy: ProxyContext,
  request: RouteRequest,
  addresses: readonly string[],
  contextFor: ContextFor,
  tried: TriedRule[] | null,
): TlsRouting {
  const sni = request.host.toLowerCase();
  let best: { readonly name: string; readonly set: RouteSet; readonly rule: StreamRule } | null = null;
  let owned = false;
  for (const set of sets)
    for (const rule of set.tls)
      for (const match of rule.matches) {
        const why = sourceMismatch(match, proxy, 'stream');
        if (why !== null) {
          note(tried, rule, match, why, '');
          continue;
        }
        owned = true;
        const [name] = match.sniHosts.filter((host) => isHostWithin(sni, host)).sort(compareSpecificity);
        const miss =
          name === undefined ? `server name "${sni}" is not among ${match.sniHosts.join(', ')}` : subnetMismatch(match, addresses);
        note(tried, rule, match, miss, `server name "${sni}" is meant by ${name ?? ''}`);
        if (name === undefined || miss !== null) continue;
        if (best === null || compareSpecificity(name, best.name) < 0) best = { name, set, rule };
      }
  return { hit: best === null ? null : apply(index, best.rule, contextFor(best.set)), owned };
}
