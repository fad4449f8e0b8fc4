// Whether one match block takes a request, and if not, why. In: HttpMatch, RouteRequest. Out: null (it matches) or the reason.
// Split in two as istiod and Envoy do it: what is known of the proxy (static), and what only the request tells.
import type { RouteRequest } from '../../model/routing';
import type { HttpMatch, NamedMatch } from './http-rule';
import { isEmpty, type Labels, selects } from './labels';
import { describeMatch, matchesPath, matchesText, type TextMatch } from './text-match';

/** The proxy for which rules are chosen. */
export interface ProxyContext {
  readonly namespace: string;
  readonly labels: Labels;
  /** `mesh`, or the gateway through which the rule is bound. */
  readonly gateway: string;
  readonly port: number;
  /** True for waypoints: conditions on who sends, and through which gateway, are not looked at. */
  readonly anySource?: boolean;
}

interface SourceMatch {
  readonly port: number | null;
  readonly sourceLabels: Labels;
  readonly sourceNamespace: string | null;
  readonly gateways: readonly string[];
}

/** Why a match block is not given to this proxy, null if it is. With `gateways`, HTTP rules ignore the source (istio sourceMatchHTTP). */
export function sourceMismatch(match: SourceMatch, proxy: ProxyContext, protocol: 'http' | 'stream'): string | null {
  if (match.port !== null && match.port !== 0 && match.port !== proxy.port) return `port is ${proxy.port}, the rule wants ${match.port}`;
  if (proxy.anySource === true) return null;
  if (match.gateways.length > 0) {
    if (!match.gateways.includes(proxy.gateway)) return `the rule is for ${match.gateways.join(', ')}, not for ${proxy.gateway}`;
    if (protocol === 'http') return null;
  }
  if (!selects(match.sourceLabels, proxy.labels)) return `the caller lacks the labels ${describeLabels(match.sourceLabels)}`;
  if (match.sourceNamespace !== null && match.sourceNamespace !== proxy.namespace)
    return `the caller is in ${proxy.namespace}, the rule wants ${match.sourceNamespace}`;
  return null;
}

/** True when a block asks nothing of the proxy, so that every proxy gets it. */
export const isUnconditional = (match: SourceMatch): boolean =>
  match.port === null && match.gateways.length === 0 && match.sourceNamespace === null && isEmpty(match.sourceLabels);

const describeLabels = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

/** True when a block takes every request: no header and no parameter is asked and the path is `/` or `.*` (istio IsCatchAllRoute). */
export function isCatchAll(match: HttpMatch | null): boolean {
  if (match === null) return true;
  if (match.headers.length + match.withoutHeaders.length + match.queryParams.length > 0) return false;
  if (match.method !== null || match.authority !== null || match.scheme !== null) return false;
  const { uri } = match;
  if (uri === null || uri.kind === 'present') return true;
  return (uri.kind === 'prefix' && uri.value === '/') || (uri.kind === 'regex' && uri.value === '.*');
}

/** Why a request is not matched, null if it is; the static parts are not looked at. */
export function requestMismatch(match: HttpMatch, request: RouteRequest): string | null {
  if (match.uri !== null && !matchesPath(match.uri, request.path, match.ignoreUriCase))
    return `path "${request.path}" is not ${describeMatch(match.uri)}`;
  return (
    textMismatch('method', match.method, request.method) ??
    textMismatch('authority', match.authority, authorityOf(request)) ??
    textMismatch('scheme', match.scheme, request.scheme) ??
    headersMismatch(match.headers, request) ??
    withoutMismatch(match.withoutHeaders, request) ??
    queryMismatch(match.queryParams, request)
  );
}

const textMismatch = (name: string, match: TextMatch | null, value: string): string | null =>
  match === null || matchesText(match, value) ? null : `${name} is "${value}", the rule wants ${describeMatch(match)}`;

/** The Host header as it was sent, where the headers hold it; it may carry a port. */
const authorityOf = ({ headers, host }: RouteRequest): string => headers[':authority'] ?? headers['host'] ?? host;

/** Value of a header or pseudo header; undefined = absent. */
function headerValue(name: string, request: RouteRequest): string | undefined {
  switch (name) {
    case ':authority':
    case 'host':
      return authorityOf(request);
    case ':method':
      return request.method;
    case ':path':
      return request.path;
    case ':scheme':
      return request.scheme;
    default:
      return request.headers[name];
  }
}

const CLAIMS = '@request.auth.claims';

/** Claims that a name of a header match stands for: `@request.auth.claims.a.b` or `@request.auth.claims[a][b]`; null for a header. */
function claimPath(name: string): readonly string[] | null {
  if (!name.startsWith('@') || !name.toLowerCase().startsWith(CLAIMS)) return null;
  const rest = name.slice(CLAIMS.length);
  if (rest.startsWith('.')) return rest.slice(1).split('.');
  return rest.startsWith('[') && rest.endsWith(']') ? rest.slice(1, -1).split('][') : null;
}

/** Texts that a claim holds; none where it is absent. Only gateways read tokens before they route. */
function claimValues(path: readonly string[], request: RouteRequest): readonly string[] {
  let claim: unknown = request.caller.mode === 'gateway' ? request.claims : undefined;
  for (const name of path)
    claim = typeof claim === 'object' && claim !== null && !Array.isArray(claim) ? Reflect.get(claim, name) : undefined;
  const values: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return values.filter((value) => typeof value === 'string');
}

function claimMismatch(path: readonly string[], match: TextMatch, request: RouteRequest): string | null {
  const values = claimValues(path, request);
  if (values.some((value) => matchesText(match, value))) return null;
  const found = values.length === 0 ? 'is absent' : `is "${values.join('", "')}"`;
  return `claim ${path.join('.')} of the token ${found}, the rule wants ${describeMatch(match)}`;
}

function headersMismatch(headers: readonly NamedMatch[], request: RouteRequest): string | null {
  for (const [name, match] of headers) {
    const claim = claimPath(name);
    if (claim !== null) {
      const why = claimMismatch(claim, match, request);
      if (why !== null) return why;
      continue;
    }
    const value = headerValue(name, request);
    if (value === undefined) return `header ${name} is absent, the rule wants ${describeMatch(match)}`;
    if (!matchesText(match, value)) return `header ${name} is "${value}", the rule wants ${describeMatch(match)}`;
  }
  return null;
}

/** A missing header counts as empty, except where its mere presence is forbidden. */
function withoutMismatch(headers: readonly NamedMatch[], request: RouteRequest): string | null {
  for (const [name, match] of headers) {
    const claim = claimPath(name);
    if (claim !== null) {
      if (claimMismatch(claim, match, request) === null)
        return `claim ${claim.join('.')} of the token is there, the rule excludes ${describeMatch(match)}`;
      continue;
    }
    const value = headerValue(name, request);
    if (match.kind === 'present' ? value !== undefined : matchesText(match, value ?? ''))
      return `header ${name} is "${value ?? ''}", the rule excludes ${describeMatch(match)}`;
  }
  return null;
}

function queryMismatch(parameters: readonly NamedMatch[], request: RouteRequest): string | null {
  for (const [name, match] of parameters) {
    const value = request.query[name];
    if (value === undefined) return `query parameter ${name} is absent, the rule wants ${describeMatch(match)}`;
    if (!matchesText(match, value)) return `query parameter ${name} is "${value}", the rule wants ${describeMatch(match)}`;
  }
  return null;
}

/** What made a block match, in words. */
export function describeHit(match: HttpMatch | null): string {
  if (match === null) return 'the rule takes every request';
  const parts = [
    ...(match.uri === null ? [] : [`path is ${describeMatch(match.uri)}`]),
    ...(match.method === null ? [] : [`method is ${describeMatch(match.method)}`]),
    ...(match.authority === null ? [] : [`authority is ${describeMatch(match.authority)}`]),
    ...(match.scheme === null ? [] : [`scheme is ${describeMatch(match.scheme)}`]),
    ...match.headers.map(([name, wanted]) => `header ${name} is ${describeMatch(wanted)}`),
    ...match.withoutHeaders.map(([name, excluded]) => `header ${name} is not ${describeMatch(excluded)}`),
    ...match.queryParams.map(([name, wanted]) => `query parameter ${name} is ${describeMatch(wanted)}`),
  ];
  return parts.length === 0 ? 'the rule takes every request' : parts.join(', ');
}
