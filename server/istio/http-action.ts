// What a rule that won does with the request: destinations, redirect, direct answer, rewrite, timeout, retries, fault, mirrors.
// In: HttpRule, its match, RouteRequest. Out: the outcome half of a RouteDecision. Source: istio pilot route.go, route/retry/retry.go.
import { RE2JS } from 're2js';
import type { ConfigPointer, RetrySpec, RouteDecision, RouteRequest, TriedRule } from '../../model/routing';
import { evaluateCors } from './cors';
import { type DestinationContext, reachMirrors, shareDestinations } from './destinations';
import type { HttpMatch, HttpRule, MirrorRef, PathRewrite, RedirectRef, RetryRef } from './http-rule';
import { memoByObject } from './memo';
import type { MeshIndex } from './mesh-index';
import type { PathMatch } from './text-match';

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** A decision without its history. */
export type Outcome = DistributiveOmit<RouteDecision, 'tried' | 'rule' | 'virtualHost'>;

/** An outcome with its history. Written out: spreading objects of several shapes costs more than all the rest of a decision. */
export function decisionOf(
  outcome: Outcome,
  tried: readonly TriedRule[],
  rule: ConfigPointer | null,
  virtualHost: string | null,
): RouteDecision {
  switch (outcome.outcome) {
    case 'route': {
      const { destinations, timeoutMs, retries, fault, mirrors, rewrite, headers, cors } = outcome;
      const plain = { tried, rule, virtualHost, outcome: 'route', destinations, timeoutMs, retries, fault, mirrors, rewrite } as const;
      if (headers === undefined && cors === undefined) return plain;
      return { ...plain, ...(headers === undefined ? {} : { headers }), ...(cors === undefined ? {} : { cors }) };
    }
    case 'redirect':
      return { tried, rule, virtualHost, outcome: 'redirect', status: outcome.status, location: outcome.location };
    case 'directResponse':
      return { tried, rule, virtualHost, ...outcome };
    case 'passthrough':
      return { tried, rule, virtualHost, outcome: 'passthrough' };
    case 'blackHole':
      return { tried, rule, virtualHost, outcome: 'blackHole' };
    case 'noRoute':
      return { tried, rule, virtualHost, outcome: 'noRoute', status: outcome.status };
  }
}

const DEFAULT_RETRY_ON = ['connect-failure', 'refused-stream', 'unavailable', 'cancelled', 'retriable-status-codes'];
const DEFAULT_RETRIES: RetrySpec = { attempts: 2, perTryTimeoutMs: null, retryOn: DEFAULT_RETRY_ON };
export const NO_RETRIES: RetrySpec = { attempts: 0, perTryTimeoutMs: null, retryOn: [] };

/** Envoy's reading of an HTTPRetry; attempts 0 disables. */
export const retrySpecOf = memoByObject((retries: RetryRef): RetrySpec => {
  if (retries.attempts <= 0) return NO_RETRIES;
  return { attempts: retries.attempts, perTryTimeoutMs: retries.perTryTimeoutMs, retryOn: decodeRetryOn(retries.retryOn) };
});

/** For requests of which no rule says anything else. */
export const defaultRetriesOf = ({ inventory: { mesh } }: MeshIndex): RetrySpec =>
  mesh.defaultRetries === null ? DEFAULT_RETRIES : retrySpecOf(mesh.defaultRetries);

/** Conditions first, then numeric codes; codes imply `retriable-status-codes`. */
function decodeRetryOn(retryOn: string | null): readonly string[] {
  if (retryOn === null) return DEFAULT_RETRY_ON;
  const parts = retryOn.split(',').map((part) => part.trim());
  const codes = parts.filter((part) => /^[1-5]\d\d$/.test(part));
  const conditions = parts.filter((part) => part !== '' && !codes.includes(part));
  if (codes.length > 0 && !conditions.includes('retriable-status-codes')) conditions.push('retriable-status-codes');
  return [...conditions, ...codes];
}

/** Applies the winning rule. `match` is the block that took the request, null for a rule without any. */
export function applyRule(
  index: MeshIndex,
  rule: HttpRule,
  match: HttpMatch | null,
  request: RouteRequest,
  context: DestinationContext,
): Outcome {
  const { action } = rule;
  switch (action.kind) {
    case 'redirect':
      return {
        outcome: 'redirect',
        status: action.redirect.status,
        location: buildLocation(action.redirect, match, request, context.listenerPort),
      };
    case 'directResponse':
      return action.body === null
        ? { outcome: 'directResponse', status: action.status }
        : { outcome: 'directResponse', status: action.status, body: action.body };
    case 'none':
      return { outcome: 'noRoute', status: 404 };
    case 'route': {
      const shared = rule.semantics === 'gatewayApi' ? ({ ...context, missingStatus: 500 } as const) : context;
      const destinations = shareDestinations(index, shared, action.destinations);
      // Istio's validation refuses several destinations without any weight; Envoy has nothing to choose from.
      if (destinations.length === 0) return { outcome: 'noRoute', status: 503 };
      const mirrors = mirrorsOf(rule);
      const cors = rule.cors === null ? null : evaluateCors(rule.cors, request);
      // Preflights that the policy decides are answered by the proxy itself, with 200 and no word of the destination.
      if (cors?.result === 'answered' || cors?.result === 'ignored') return { outcome: 'directResponse', status: 200, cors };
      return {
        ...(rule.headers === null ? {} : { headers: rule.headers }),
        ...(cors === null ? {} : { cors }),
        outcome: 'route',
        destinations,
        timeoutMs: rule.timeoutMs === 0 ? null : rule.timeoutMs,
        retries: rule.retries === null ? defaultRetriesOf(index) : retrySpecOf(rule.retries),
        fault: rule.fault,
        mirrors: mirrors.length === 0 ? NO_MIRRORS : reachMirrors(index, context, mirrors),
        rewrite: buildRewrite(rule, match, request.path),
      };
    }
  }
}

const NO_MIRRORS: readonly never[] = [];

const mirrorsOf = memoByObject((rule: HttpRule): readonly MirrorRef[] =>
  rule.mirror === null ? rule.mirrors : [{ destination: rule.mirror, percent: rule.mirrorPercent, invalid: null }, ...rule.mirrors],
);

function buildRewrite(rule: HttpRule, match: HttpMatch | null, path: string): { path: string | null; authority: string | null } | null {
  const single = rule.action.kind === 'route' && rule.action.destinations.length === 1 ? rule.action.destinations[0] : undefined;
  const authority = rule.rewrite?.authority ?? rule.authority ?? single?.authority ?? null;
  const rewritten = rule.rewrite?.path ? rewritePath(rule.rewrite.path, match?.uri ?? null, match?.ignoreUriCase ?? false, path) : null;
  return authority === null && rewritten === null ? null : { path: rewritten, authority };
}

/** Path after a rewrite: what the rule's path matched is replaced (all of it for an exact path or a regex). */
export function rewritePath(rewrite: PathRewrite, uri: PathMatch | null, ignoreCase: boolean, path: string): string {
  switch (rewrite.kind) {
    case 'full':
      return rewrite.value;
    case 'regex':
      return substitute(rewrite.match, rewrite.replace, path);
    case 'prefix':
      return replacePrefix(uri, rewrite.value, ignoreCase, path);
  }
}

function replacePrefix(uri: PathMatch | null, value: string, ignoreCase: boolean, path: string): string {
  const kind = uri?.kind ?? 'prefix';
  switch (kind) {
    case 'exact':
    case 'regex':
      return value;
    case 'prefix':
    case 'present': {
      // A rule without a path is the prefix "/" to Envoy, of which the rewrite takes the place: /x becomes /bar + x.
      const prefix = uri?.kind === 'prefix' ? uri.value : '/';
      const starts = ignoreCase ? path.toLowerCase().startsWith(prefix.toLowerCase()) : path.startsWith(prefix);
      return starts ? value + path.slice(prefix.length) : path;
    }
    case 'segments': {
      const rest = path.slice(uri?.value.length ?? 0);
      if (value !== '/') return value + rest;
      return rest.startsWith('/') ? rest : `/${rest}`;
    }
  }
}

interface Substitution {
  readonly regex: RE2JS | null;
}
const regexOf = memoByObject((match: PathMatch): Substitution => {
  try {
    return { regex: RE2JS.compile(match.value) };
  } catch {
    // Envoy refuses the whole configuration; the path stays as it is.
    return { regex: null };
  }
});

/** RE2's GlobalReplace, whose `\1` is a group of the match. */
function substitute(match: PathMatch, replace: string, path: string): string {
  const { regex } = regexOf(match);
  if (regex === null) return path;
  const matcher = regex.matcher(path);
  const groups = regex.groupCount();
  let out = '';
  let end = 0;
  while (matcher.find()) {
    out += path.slice(end, matcher.start());
    out += replace.replace(/\\(\\|\d)/g, (_, reference: string) => {
      if (reference === '\\') return '\\';
      const group = Number(reference);
      return group <= groups ? (matcher.group(group) ?? '') : '';
    });
    end = matcher.end();
  }
  return out + path.slice(end);
}

const defaultPort = (scheme: string): number => (scheme === 'https' ? 443 : 80);

/** Location of a redirect, as Envoy writes it (conn_manager_utility newUri): the query is kept, default ports are not written. */
export function buildLocation(redirect: RedirectRef, match: HttpMatch | null, request: RouteRequest, listenerPort: number): string {
  const scheme = redirect.scheme ?? request.scheme;
  const { port: wanted } = redirect;
  let port: number | null;
  if (wanted === 'request') port = listenerPort;
  else if (wanted === 'default') port = null;
  else if (wanted !== null) port = wanted;
  // The Host header carries the port that was dialled unless it is the scheme's; a new authority replaces both.
  else port = redirect.authority === null && request.port !== defaultPort(request.scheme) ? request.port : null;
  const authority = `${redirect.authority ?? request.host}${port === null || port === defaultPort(scheme) ? '' : `:${port}`}`;
  const path =
    redirect.path === null ? request.path : rewritePath(redirect.path, match?.uri ?? null, match?.ignoreUriCase ?? false, request.path);
  const query = path.includes('?') ? '' : encodeQuery(request.query);
  return `${scheme}://${authority}${path}${query}`;
}

function encodeQuery(query: Readonly<Record<string, string>>): string {
  const parts = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
