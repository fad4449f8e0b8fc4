// How the conditions of two HTTP rules relate: whether one surely takes all that the other takes, and what a request must show for either.
// In: match blocks (null = every request). Out: yes, or not surely; names of conditions. What the proxy knows by itself (port, source,
// gateway) is only compared on demand: rules that one proxy was given have it behind them.
import { isCatchAll } from '../istio/http-match';
import type { HttpMatch, NamedMatch } from '../istio/http-rule';
import { isEmpty, labelsKey } from '../istio/labels';
import type { PathMatch } from '../istio/text-match';

/** Everything that `inner` means is meant by `outer`. Regexes cover only themselves and presence covers all. */
function textCovers(outer: PathMatch | null, inner: PathMatch | null): boolean {
  if (outer === null) return true;
  if (inner === null) return false;
  if (outer.kind === inner.kind && outer.value === inner.value) return true;
  if (outer.kind === 'present' || (outer.kind === 'regex' && outer.value === '.*')) return true;
  if (outer.kind === 'prefix') return inner.kind !== 'regex' && inner.kind !== 'present' && inner.value.startsWith(outer.value);
  if (outer.kind === 'segments') {
    if (inner.kind !== 'exact' && inner.kind !== 'segments') return false;
    const base = outer.value.endsWith('/') ? outer.value : `${outer.value}/`;
    return inner.value === outer.value || inner.value.startsWith(base);
  }
  return false;
}

const namedCover = (outer: readonly NamedMatch[], inner: readonly NamedMatch[]): boolean =>
  outer.every(([name, wanted]) => inner.some(([other, match]) => other === name && textCovers(wanted, match)));

const sameNamed = (a: readonly NamedMatch[], b: readonly NamedMatch[]): boolean =>
  a.length === b.length &&
  a.every(([name, match]) => b.some(([other, own]) => other === name && own.kind === match.kind && own.value === match.value));

/** True when every request that `inner` takes is surely taken by `outer`, for a proxy that was given both. */
export function covers(outer: HttpMatch | null, inner: HttpMatch | null): boolean {
  if (outer === null || isCatchAll(outer)) return true;
  if (inner === null) return false;
  // Excluded headers narrow: they must be excluded alike.
  if (outer.withoutHeaders.length > 0 && !sameNamed(outer.withoutHeaders, inner.withoutHeaders)) return false;
  if (outer.uri !== null && outer.ignoreUriCase !== inner.ignoreUriCase) return false;
  return (
    textCovers(outer.uri, inner.uri) &&
    textCovers(outer.method, inner.method) &&
    textCovers(outer.scheme, inner.scheme) &&
    textCovers(outer.authority, inner.authority) &&
    namedCover(outer.headers, inner.headers) &&
    namedCover(outer.queryParams, inner.queryParams)
  );
}

/** True when every proxy that is given `inner` is given `outer` too. */
export function sourceCovers(outer: HttpMatch, inner: HttpMatch): boolean {
  if (outer.port !== null && outer.port !== inner.port) return false;
  if (outer.gateways.length > 0 && !(inner.gateways.length > 0 && inner.gateways.every((name) => outer.gateways.includes(name))))
    return false;
  if (!isEmpty(outer.sourceLabels) && labelsKey(outer.sourceLabels) !== labelsKey(inner.sourceLabels)) return false;
  return outer.sourceNamespace === null || outer.sourceNamespace === inner.sourceNamespace;
}

const exactly = (match: PathMatch | null): string | null => (match?.kind === 'exact' ? match.value : null);

function textsExclude(a: PathMatch | null, b: PathMatch | null): boolean {
  if (a === null || b === null) return false;
  const [x, y] = [exactly(a), exactly(b)];
  if (x !== null && y !== null) return x !== y;
  if (a.kind === 'prefix' && b.kind === 'prefix') return !a.value.startsWith(b.value) && !b.value.startsWith(a.value);
  if (x !== null && b.kind === 'prefix') return !x.startsWith(b.value);
  if (y !== null && a.kind === 'prefix') return !y.startsWith(a.value);
  return false;
}

/** True when surely no request is taken by both. */
export function excludes(a: HttpMatch | null, b: HttpMatch | null): boolean {
  if (a === null || b === null || a.ignoreUriCase || b.ignoreUriCase) return false;
  if (textsExclude(a.uri, b.uri) || textsExclude(a.method, b.method) || textsExclude(a.scheme, b.scheme)) return true;
  return a.headers.some(([name, match]) => b.headers.some(([other, own]) => name === other && textsExclude(match, own)));
}

/** What a request must show for the conditions, in words: `the path`, `the header end-user`. */
export function conditionNames(match: HttpMatch | null): readonly string[] {
  if (match === null) return [];
  return [
    ...(match.uri === null || isCatchAll({ ...match, headers: [], withoutHeaders: [], queryParams: [] }) ? [] : ['the path']),
    ...(match.method === null ? [] : ['the method']),
    ...(match.scheme === null ? [] : ['the scheme']),
    ...(match.authority === null ? [] : ['the host header']),
    ...[...match.headers, ...match.withoutHeaders].map(([name]) =>
      name.startsWith('@request.auth.claims') ? 'a claim of the token' : `the header ${name}`,
    ),
    ...match.queryParams.map(([name]) => `the query parameter ${name}`),
  ];
}
