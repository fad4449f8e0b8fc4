// Parts of a rule in words: conditions, split, fault, timeout, retries, mirror, rewrite, headers, CORS. In: parts of edits. Out: short texts. Pure.
import type { CorsEdit, DestinationEdit, FaultEdit, HeaderOperations, MatchEdit, RetriesEdit, TextCondition } from '../../model/edit';
import type { RoutingRule } from '../../model/steering';
import { plural } from '../ui/format';

/** "2 s", "500 ms", "1.5 s", "2 min". */
export function wordDuration(milliseconds: number): string {
  if (milliseconds % 60_000 === 0 && milliseconds > 0) return `${milliseconds / 60_000} min`;
  return milliseconds >= 1000 ? `${Number((milliseconds / 1000).toFixed(3))} s` : `${milliseconds} ms`;
}

/** `reviews` of `reviews.bookinfo.svc.cluster.local`; a host that is no service of the cluster stays whole. */
export const shortHost = (host: string): string => /^([^.]+)\.[^.]+\.svc(?:\.|$)/.exec(host)?.[1] ?? host;

/** "v1", "reviews v1" where the host is not that of the page, "reviews:9080" with a port. */
export function wordDestination(
  { host, subset, port }: Pick<DestinationEdit, 'host' | 'subset'> & { readonly port?: number | null },
  home: string | null = null,
): string {
  const at = port === null || port === undefined ? '' : `:${port}`;
  if (subset === null) return host === home ? `all of ${shortHost(host)}` : `${shortHost(host)}${at}`;
  return host === home ? subset : `${shortHost(host)} ${subset}`;
}

function wordCondition(condition: TextCondition): string {
  switch (condition.type) {
    case 'exact':
      return `is ${condition.value === '' ? 'empty' : condition.value}`;
    case 'prefix':
      return `starts with ${condition.value}`;
    case 'regex':
      return `matches ${condition.value}`;
    case 'present':
      return 'is present';
  }
}

/** "path starts with /reviews and header end-user is jason"; null without a condition. */
export function wordMatch(match: MatchEdit): string | null {
  const words = [
    ...(match.path === undefined ? [] : [`path ${wordCondition(match.path)}`]),
    ...(match.method === undefined ? [] : [`method is ${match.method}`]),
    ...(match.headers ?? []).map(({ name, condition }) => `header ${name} ${wordCondition(condition)}`),
    ...(match.queryParams ?? []).map(({ name, condition }) => `parameter ${name} ${wordCondition(condition)}`),
    ...Object.entries(match.sourceLabels ?? {}).map(([name, value]) => `caller has ${name}=${value}`),
    ...(match.sourceNamespace === undefined ? [] : [`caller is in ${match.sourceNamespace}`]),
    ...(match.port === undefined ? [] : [`port is ${match.port}`]),
    ...((match.gateways ?? []).length === 0 ? [] : [`it comes through ${(match.gateways ?? []).join(' or ')}`]),
  ];
  return words.length === 0 ? null : words.join(' and ');
}

/** "every request", or the blocks, one of which must hold. */
export function wordWhen(matches: readonly MatchEdit[], tcp = false): string {
  const blocks = matches.map(wordMatch);
  if (blocks.length === 0 || blocks.includes(null)) return tcp ? 'every connection' : 'every request';
  return blocks.join(', or ');
}

export function wordFault({ delay, abort }: FaultEdit): string {
  const words = [
    ...(delay === null ? [] : [`${wordDuration(delay.milliseconds)} delay for ${delay.percent} %`]),
    ...(abort === null ? [] : [`${abort.httpStatus ?? abort.grpcStatus ?? 'abort'} for ${abort.percent} %`]),
  ];
  return words.length === 0 ? 'none' : words.join(', ');
}

export const wordRetries = ({ attempts, perTryTimeoutMs }: RetriesEdit): string =>
  attempts === 0 ? 'off' : `up to ${attempts}${perTryTimeoutMs === null ? '' : `, ${wordDuration(perTryTimeoutMs)} each`}`;

export const wordMirror = (mirror: NonNullable<RoutingRule['mirror']>, home: string | null = null): string =>
  `${mirror.percent} % to ${wordDestination(mirror, home)}`;

export const wordRewrite = ({ path, authority }: NonNullable<RoutingRule['rewrite']>): string =>
  [...(path === null ? [] : [`path to ${path}`]), ...(authority === null ? [] : [`host to ${authority}`])].join(', ');

const countHeaders = ({ set, add, remove }: HeaderOperations): number =>
  Object.keys(set ?? {}).length + Object.keys(add ?? {}).length + (remove ?? []).length;

export function wordHeaders({ request, response }: NonNullable<RoutingRule['headers']>): string {
  const parts = [
    ...(countHeaders(request) === 0 ? [] : [`${countHeaders(request)} on requests`]),
    ...(countHeaders(response) === 0 ? [] : [`${countHeaders(response)} on responses`]),
  ];
  return parts.length === 0 ? 'none' : parts.join(', ');
}

export const wordCors = ({ allowOrigins }: CorsEdit): string =>
  allowOrigins.length === 0 ? 'no origin' : plural(allowOrigins.length, 'origin');

/** "80 % to v1, 20 % to v2" of shares; "all to v1" of one. The server says it alike of rules that are not edited. */
export function wordSplit(
  destinations: readonly (Pick<DestinationEdit, 'host' | 'subset'> & { readonly share: number })[],
  home: string,
): string {
  const [only, ...more] = destinations;
  if (only === undefined) return 'nowhere';
  if (more.length === 0) return `all to ${wordDestination(only, home)}`;
  return destinations.map((one) => `${Math.round(one.share * 1000) / 10} % to ${wordDestination(one, home)}`).join(', ');
}

/** What the rule does, anew for a rule whose parts were edited. */
export function wordWhat(rule: Pick<RoutingRule, 'action' | 'destinations' | 'words'>, home: string): string {
  return rule.action === 'route' ? wordSplit(rule.destinations, home) : rule.words.what;
}
