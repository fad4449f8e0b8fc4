// Reads gateway.networking.k8s.io HTTPRoute, GRPCRoute, TCPRoute and TLSRoute. In: ConfigObject. Out: ApiRouteView; never throws.
// Backends stay references (which of them may be used depends on other objects); matches come in the form of HttpMatch. Rules of
// TCPRoutes and TLSRoutes have backends only.
import type { ConfigObject } from '../../../model/inventory';
import type { CorsSpec } from '../../../model/routing';
import { anyMatch, type HttpMatch, type NamedMatch, type PathRewrite, type RedirectRef, type RetryRef } from '../http-rule';
import { memoByObject } from '../memo';
import type { PathMatch, TextMatch } from '../text-match';
import { readCorsFilter } from './cors';
import { Fields } from './fields';
import { type ReadHeaders, readHeaderFilters } from './header-changes';

export interface ParentRef {
  readonly path: string;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly sectionName: string | null;
  readonly port: number | null;
}

export interface BackendRef extends ReadHeaders {
  readonly path: string;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly port: number | null;
  readonly weight: number;
}

export interface ApiRule extends ReadHeaders {
  readonly path: string;
  readonly name: string | null;
  readonly matches: readonly HttpMatch[];
  readonly backends: readonly BackendRef[];
  readonly redirect: RedirectRef | null;
  readonly rewrite: { readonly path: PathRewrite | null; readonly authority: string | null } | null;
  readonly cors: CorsSpec | null;
  readonly mirrors: readonly { readonly backend: BackendRef; readonly percent: number }[];
  readonly timeoutMs: number | null;
  readonly retries: RetryRef | null;
  /** A filter that Istio does not know makes the rule unusable. */
  readonly unsupported: string | null;
}

export interface ApiRouteView {
  readonly object: ConfigObject;
  readonly hostnames: readonly string[];
  readonly parents: readonly ParentRef[];
  readonly rules: readonly ApiRule[];
  readonly notes: readonly string[];
}

const GATEWAY_GROUP = 'gateway.networking.k8s.io';

export const readApiRoute: (object: ConfigObject) => ApiRouteView = memoByObject((object) => {
  const spec = Fields.ofSpec(object);
  return {
    object,
    hostnames: spec.texts('hostnames').map((host) => host.toLowerCase()),
    parents: spec.objects('parentRefs').map((parent) => ({
      path: parent.path,
      group: parent.text('group') ?? GATEWAY_GROUP,
      kind: parent.text('kind') ?? 'Gateway',
      namespace: parent.text('namespace') || object.namespace,
      name: parent.text('name') ?? '',
      sectionName: parent.text('sectionName') || null,
      port: parent.number('port'),
    })),
    rules: spec.objects('rules').map((rule) => readRule(object, rule)),
    notes: spec.notes,
  };
});

function readRule(object: ConfigObject, rule: Fields): ApiRule {
  const read = object.kind === 'GRPCRoute' ? readGrpcMatch : readHttpMatch;
  const matches = rule.objects('matches').map(read);
  const filters = rule.objects('filters');
  const filter = (type: string, field: string): Fields | null =>
    filters.find((candidate) => candidate.text('type') === type)?.object(field) ?? null;
  const rewrite = filter('URLRewrite', 'urlRewrite');
  const redirect = filter('RequestRedirect', 'requestRedirect');
  const timeouts = rule.object('timeouts');
  const backendTimeoutMs = timeouts?.durationMs('backendRequest') || null;
  const retries = readRetry(rule.object('retry'), backendTimeoutMs);
  const known = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'RequestMirror', 'URLRewrite', 'CORS'];
  return {
    path: rule.path,
    name: rule.text('name') || null,
    matches: matches.length === 0 ? [anyMatch(rule.path)] : matches,
    backends: rule.objects('backendRefs').map((backend) => readBackend(object, backend)),
    redirect: redirect === null ? null : readRedirect(redirect),
    rewrite: rewrite === null ? null : { path: readPathModifier(rewrite), authority: rewrite.text('hostname') || null },
    ...readHeaderFilters(filters),
    cors: readCorsFilter(filter('CORS', 'cors')),
    mirrors: filters.flatMap((candidate) => readMirror(object, candidate)),
    // Without `retry`, Istio uses the backend timeout as the timeout of the whole request (pilot gateway conversion).
    timeoutMs: (retries === null ? backendTimeoutMs : null) ?? (timeouts?.durationMs('request') || null),
    retries,
    unsupported: filters.map((candidate) => candidate.text('type') ?? 'without type').find((type) => !known.includes(type)) ?? null,
  };
}

function readRetry(retry: Fields | null, perTryTimeoutMs: number | null): RetryRef | null {
  if (retry === null) return null;
  const codes = retry.value['codes'];
  const statuses = Array.isArray(codes) ? codes.filter((code) => typeof code === 'number') : [];
  const retryOn = ['connect-failure', 'refused-stream', 'unavailable', 'cancelled', ...statuses].join(',');
  return { attempts: retry.number('attempts') ?? 2, perTryTimeoutMs, retryOn };
}

function readBackend(object: ConfigObject, backend: Fields): BackendRef {
  return {
    path: backend.path,
    group: backend.text('group') ?? '',
    kind: backend.text('kind') ?? 'Service',
    namespace: backend.text('namespace') || object.namespace,
    name: backend.text('name') ?? '',
    port: backend.number('port'),
    weight: backend.number('weight') ?? 1,
    ...readHeaderFilters(backend.objects('filters')),
  };
}

function readMirror(object: ConfigObject, filter: Fields): { backend: BackendRef; percent: number }[] {
  const mirror = filter.text('type') === 'RequestMirror' ? filter.object('requestMirror') : null;
  const backend = mirror?.object('backendRef');
  if (!mirror || !backend) return [];
  const fraction = mirror.object('fraction');
  const percent =
    fraction === null
      ? (mirror.number('percent') ?? 100)
      : ((fraction.number('numerator') ?? 0) * 100) / (fraction.number('denominator') ?? 100);
  return [{ backend: readBackend(object, backend), percent }];
}

function readRedirect(redirect: Fields): RedirectRef {
  const path = readPathModifier(redirect);
  const scheme = redirect.text('scheme') || null;
  return {
    path: path === null || path.kind === 'regex' ? null : path,
    authority: redirect.text('hostname') || null,
    scheme,
    // "If no port is specified: the well-known port of the scheme, else the listener's port" (HTTPRequestRedirectFilter).
    port: redirect.number('port') ?? (scheme === null ? 'request' : 'default'),
    status: redirect.number('statusCode') ?? 302,
  };
}

function readPathModifier(filter: Fields): PathRewrite | null {
  const path = filter.object('path');
  if (path === null) return null;
  if (path.text('type') === 'ReplaceFullPath') return { kind: 'full', value: path.text('replaceFullPath') || '/' };
  if (path.text('type') === 'ReplacePrefixMatch')
    return { kind: 'prefix', value: (path.text('replacePrefixMatch') ?? '').replace(/\/$/, '') || '/' };
  return null;
}

const valueMatch = (fields: Fields): TextMatch => ({
  kind: fields.text('type') === 'RegularExpression' ? 'regex' : 'exact',
  value: fields.text('value') ?? '',
});

/** The first entry of a name counts (HTTPRouteMatch: "subsequent entries with an equivalent name must be ignored"). */
function readNamed(match: Fields, list: string, lowerCase: boolean): readonly NamedMatch[] {
  const named = new Map<string, TextMatch>();
  for (const entry of match.objects(list)) {
    const name = entry.text('name') ?? '';
    const key = lowerCase ? name.toLowerCase() : name;
    if (!named.has(key)) named.set(key, valueMatch(entry));
  }
  return [...named];
}

function readHttpMatch(match: Fields): HttpMatch {
  const method = match.text('method');
  return {
    ...anyMatch(match.path),
    uri: readHttpPath(match.object('path')),
    method: method === null ? null : { kind: 'exact', value: method },
    headers: readNamed(match, 'headers', true),
    queryParams: readNamed(match, 'queryParams', false),
  };
}

function readHttpPath(path: Fields | null): PathMatch {
  const value = path?.text('value') || '/';
  const type = path?.text('type') ?? 'PathPrefix';
  if (type === 'Exact') return { kind: 'exact', value };
  if (type === 'RegularExpression') return { kind: 'regex', value };
  // "A trailing slash is ignored"; the prefix / is everything.
  return value === '/' ? { kind: 'prefix', value } : { kind: 'segments', value: value.replace(/\/$/, '') };
}

/** gRPC methods are paths `/package.Service/Method` (pilot gateway conversion createGRPCURIMatch). */
function readGrpcMatch(match: Fields): HttpMatch {
  const method = match.object('method');
  const service = method?.text('service') ?? '';
  const name = method?.text('method') ?? '';
  const regex = method?.text('type') === 'RegularExpression';
  const part = (text: string): string => (text === '' ? '[^/]+' : regex ? text : text.replace(/[.\\+*?()|[\]{}^$]/g, '\\$&'));
  let uri: PathMatch = { kind: 'prefix', value: '/' };
  if (service !== '' && name !== '' && !regex) uri = { kind: 'exact', value: `/${service}/${name}` };
  else if (service !== '' && !regex) uri = { kind: 'segments', value: `/${service}` };
  else if (service !== '' || name !== '') uri = { kind: 'regex', value: `/${part(service)}/${part(name)}` };
  return { ...anyMatch(match.path), uri, headers: readNamed(match, 'headers', true) };
}
