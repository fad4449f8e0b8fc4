// Rules of HTTPRoutes and GRPCRoutes in the form in which rules are evaluated, and their order of precedence.
// In: MeshIndex, ApiRouteView. Out: HttpRules. Source: istio pilot/pkg/config/kube/gateway conversion.go.
import type { HttpMatch, HttpRule, WeightedDestination } from './http-rule';
import type { MeshIndex } from './mesh-index';
import type { ApiRouteView, ApiRule, BackendRef } from './read/api-route';
import { pointerTo } from './read/fields';
import { resolveBackend } from './reference-grants';

/** A backend as a destination; one that may not be used says why and keeps its share. */
export function toDestination(index: MeshIndex, route: ApiRouteView, backend: BackendRef, enforceGrants: boolean): WeightedDestination {
  const { host, port, invalid } = resolveBackend(index, route.object, backend, enforceGrants);
  return {
    destination: { host, subset: null, port },
    weight: backend.weight,
    headers: backend.headers,
    authority: backend.authority,
    invalid,
  };
}

/** One rule per match, so that each can be put in its place. */
export function toHttpRules(
  index: MeshIndex,
  route: ApiRouteView,
  rule: ApiRule,
  enforceGrants: boolean,
  port: number | null,
): readonly HttpRule[] {
  if (rule.unsupported !== null) return [];
  const { object } = route;
  const destinations = rule.backends.map((backend) => toDestination(index, route, backend, enforceGrants));
  const total = destinations.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
  return rule.matches.map(
    (match): HttpRule => ({
      pointer: pointerTo(object, rule.path),
      name: rule.name,
      semantics: 'gatewayApi',
      matches: [port === null ? match : { ...match, port }],
      // "If all backends have weight 0, or there are none, 500 must be answered" (HTTPRouteRule.backendRefs).
      action:
        rule.redirect !== null
          ? { kind: 'redirect', redirect: rule.redirect }
          : total === 0
            ? { kind: 'directResponse', status: 500, body: null }
            : { kind: 'route', destinations },
      rewrite: rule.rewrite,
      headers: rule.headers,
      cors: rule.cors,
      authority: rule.authority,
      timeoutMs: rule.timeoutMs,
      retries: rule.retries,
      fault: null,
      mirror: null,
      mirrorPercent: null,
      mirrors: rule.mirrors.map(({ backend, percent }) => {
        const { host, port: mirrorPort, invalid } = resolveBackend(index, object, backend, enforceGrants);
        return { destination: { host, subset: null, port: mirrorPort }, percent, invalid };
      }),
      delegate: null,
    }),
  );
}

const URI_RANK = { exact: 3, prefix: 2, segments: 2, regex: 1, present: 0 } as const;
const uriRank = (match: HttpMatch): number => (match.uri === null ? -1 : URI_RANK[match.uri.kind]);
const uriLength = (match: HttpMatch): number => match.uri?.value.length ?? 0;

/** Precedence of the Gateway API: exact path, prefix, regex; longer; with method; more headers; more query parameters; then as written. */
export function compareRules(a: HttpRule, b: HttpRule): number {
  const [x] = a.matches;
  const [y] = b.matches;
  if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
  return (
    uriRank(y) - uriRank(x) ||
    uriLength(y) - uriLength(x) ||
    Number(y.method !== null) - Number(x.method !== null) ||
    y.headers.length - x.headers.length ||
    y.queryParams.length - x.queryParams.length
  );
}
