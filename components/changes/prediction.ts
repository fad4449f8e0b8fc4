// Requests per second of each version by the shares of the rules, at once and without the server. In: the document, the draft's rules. Out: rates. Pure.
import type { VersionForecast } from '../../model/change';
import type { RuleList } from '../../model/edit';
import type { ServiceRoutingDocument } from '../../model/steering';
import type { Protocol } from '../../model/traffic';
import type { DraftRule } from './draft-rules';

/** A destination that can be chosen. */
export interface Target {
  readonly host: string;
  readonly subset: string | null;
  readonly label: string;
}

/** Key of a destination: one host's subset, or the whole host. */
export const targetKey = (host: string, subset: string | null): string => `${host} ${subset ?? ''}`;

/** Requests per second that a rule takes; null where the metrics cannot tell. */
export function rateOf({ rule, was }: DraftRule, document: ServiceRoutingDocument, rules: readonly DraftRule[]): number | null {
  if (document.requestsPerSecond === null) return null;
  if (was?.liveShare !== null && was?.liveShare !== undefined) return document.requestsPerSecond * was.liveShare;
  // The only rule, without a condition, takes all.
  const all = rules.length === 1 && (rule.matches ?? [{}]).length === 0;
  return all ? document.requestsPerSecond : null;
}

/**
 * Predicted rate of every destination that a rule has; null where some rule's part is not known. Places of rules count as they are:
 * which requests a moved or new condition takes is not in the metrics.
 */
export function predictRates(document: ServiceRoutingDocument, rules: readonly DraftRule[]): ReadonlyMap<string, number | null> {
  const rates = new Map<string, number | null>();
  for (const one of rules) {
    const uncertain = one.changed.has('match') || one.changed.has('place');
    const rate = uncertain && rules.length > 1 ? null : rateOf(one, document, rules);
    for (const { host, subset, share } of one.rule.destinations) {
      const key = targetKey(host, subset);
      const before = rates.has(key) ? (rates.get(key) ?? null) : 0;
      // A share of nothing is nothing, however much that is.
      const part = share === 0 ? 0 : rate === null ? null : rate * share;
      rates.set(key, before === null || part === null ? null : before + part);
    }
  }
  return rates;
}

/** The server's forecast under the same keys. */
export const indexForecast = (forecast: readonly VersionForecast[]): ReadonlyMap<string, VersionForecast> =>
  new Map(forecast.map((one) => [targetKey(one.host, one.subset), one]));

/** Which list a first rule of the service belongs into, by the protocol of its first port. */
export function listFor({ ports }: Pick<ServiceRoutingDocument, 'ports'>): RuleList {
  const protocol = ports[0]?.protocol.toUpperCase() ?? 'HTTP';
  if (protocol.startsWith('HTTP') && protocol !== 'HTTPS') return 'http';
  if (protocol.startsWith('GRPC')) return 'http';
  return protocol === 'TLS' || protocol === 'HTTPS' ? 'tls' : 'tcp';
}

/** In what its traffic is counted: requests, or bytes of connections. */
export const protocolOf = (document: Pick<ServiceRoutingDocument, 'ports'>): Protocol => (listFor(document) === 'http' ? 'http' : 'tcp');
