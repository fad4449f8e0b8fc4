// Whether one match takes everything that another matches. In: matches of one list. Out: yes only where that is certain.

import { isInBlock } from '../istio/addresses';
import type { HttpMatch, NamedMatch, StreamMatch } from '../istio/http-rule';
import { isHostWithin } from '../istio/names';
import { matchesPath, type PathMatch, regexFault } from '../istio/text-match';

/** Characters that mean themselves in RE2, with escapes of the others. */
const LITERAL = /^(?:[^\\.+*?()[\]{}|^$]|\\[^a-zA-Z0-9])*/;
const unescaped = (regex: string): string => regex.replace(/\\(.)/g, '$1');

/** The text with which all matches of a regex begin, and what follows it. */
function literalHead(regex: string): { readonly head: string; readonly rest: string } {
  const source = regex.startsWith('^') ? regex.slice(1) : regex;
  if (source.includes('|') || source.startsWith('(?')) return { head: '', rest: source };
  let literal = LITERAL.exec(source)?.[0] ?? '';
  // A quantifier takes the last character back.
  if (/^[*?+{]/.test(source.slice(literal.length))) literal = literal.replace(/(?:\\.|[^\\])$/, '');
  return { head: unescaped(literal), rest: source.slice(literal.length) };
}

/** The prefix that a regex such as `/api/.*` means, null for others. */
function prefixOf(regex: string): string | null {
  const { head, rest } = literalHead(regex);
  return rest === '.*' || rest === '.*$' ? head : null;
}

const matchesAll = (match: PathMatch): boolean =>
  match.kind === 'present' || (match.kind === 'prefix' && match.value === '') || (match.kind === 'regex' && prefixOf(match.value) === '');

/** True when every text that `inner` matches is matched by `outer`. */
export function coversText(outer: PathMatch, inner: PathMatch): boolean {
  // What RE2 refuses matches nothing, and says so elsewhere.
  if (regexFault(outer) !== null || regexFault(inner) !== null) return false;
  if (matchesAll(outer)) return true;
  if (outer.kind === inner.kind && outer.value === inner.value) return true;
  if (inner.kind === 'exact') return matchesPath(outer, inner.value, false);
  const outerPrefix = outer.kind === 'prefix' ? outer.value : outer.kind === 'regex' ? prefixOf(outer.value) : null;
  if (outerPrefix !== null) {
    if (inner.kind === 'prefix' || inner.kind === 'segments') return inner.value.startsWith(outerPrefix);
    if (inner.kind === 'regex') return literalHead(inner.value).head.startsWith(outerPrefix);
  }
  if (outer.kind === 'segments' && inner.kind === 'segments') return inner.value.startsWith(`${outer.value}/`);
  return false;
}

const coversOptional = (outer: PathMatch | null, inner: PathMatch | null): boolean =>
  outer === null || (inner !== null && coversText(outer, inner));

function coversPath(outer: HttpMatch, inner: HttpMatch): boolean {
  const { uri } = outer;
  // Every path begins with a slash.
  if (uri === null || (uri.kind === 'prefix' && uri.value === '/')) return true;
  if (inner.uri === null) return matchesAll(uri);
  if (uri.kind === 'regex' && uri.value === '/.*') return true;
  if (inner.ignoreUriCase && !outer.ignoreUriCase && inner.uri.kind !== 'regex') return false;
  if (!outer.ignoreUriCase || uri.kind === 'regex') return coversText(uri, inner.uri);
  if (inner.uri.kind === 'regex') return coversText(uri, inner.uri);
  const lower = (match: PathMatch): PathMatch => ({ ...match, value: match.value.toLowerCase() });
  return coversText(lower(uri), lower(inner.uri));
}

/** Each condition of `outer` is asked by `inner`, too. */
const coversNamed = (outer: readonly NamedMatch[], inner: readonly NamedMatch[]): boolean =>
  outer.every(([name, match]) => inner.some(([other, asked]) => other === name && coversText(match, asked)));

/** What `outer` excludes, `inner` excludes as well. */
const coversExclusions = (outer: readonly NamedMatch[], inner: readonly NamedMatch[]): boolean =>
  outer.every(([name, match]) =>
    inner.some(([other, excluded]) => other === name && excluded.kind === match.kind && excluded.value === match.value),
  );

interface Source {
  readonly port: number | null;
  readonly sourceLabels: Readonly<Record<string, string>>;
  readonly sourceNamespace: string | null;
  readonly gateways: readonly string[];
}

const NOBODY: Readonly<Record<string, string>> = {};

function coversSource(outer: Source, inner: Source, bound: readonly string[], gatewaysHideSource: boolean): boolean {
  if (outer.port !== null && outer.port !== inner.port) return false;
  const of = (source: Source) => (source.gateways.length === 0 ? bound : source.gateways);
  if (!of(inner).every((gateway) => of(outer).includes(gateway))) return false;
  // HTTP matches with gateways ignore labels and namespace of the source.
  const hides = (source: Source): boolean => gatewaysHideSource && source.gateways.length > 0;
  if (hides(outer)) return true;
  const innerLabels = hides(inner) ? NOBODY : inner.sourceLabels;
  const innerNamespace = hides(inner) ? null : inner.sourceNamespace;
  if (outer.sourceNamespace !== null && outer.sourceNamespace !== innerNamespace) return false;
  return Object.entries(outer.sourceLabels).every(([name, value]) => innerLabels[name] === value);
}

/** True when every request that `inner` matches is matched by `outer`; `bound`: the gateways of the object. */
export const coversMatch = (outer: HttpMatch, inner: HttpMatch, bound: readonly string[]): boolean =>
  coversPath(outer, inner) &&
  coversOptional(outer.method, inner.method) &&
  coversOptional(outer.authority, inner.authority) &&
  coversOptional(outer.scheme, inner.scheme) &&
  coversNamed(outer.headers, inner.headers) &&
  coversExclusions(outer.withoutHeaders, inner.withoutHeaders) &&
  coversNamed(outer.queryParams, inner.queryParams) &&
  coversSource(outer, inner, bound, true);

/** The same for blocks of tcp and tls rules. */
export const coversStream = (outer: StreamMatch, inner: StreamMatch, bound: readonly string[]): boolean =>
  coversSource(outer, inner, bound, false) &&
  (outer.sniHosts.length === 0 ||
    (inner.sniHosts.length > 0 && inner.sniHosts.every((host) => outer.sniHosts.some((wide) => isHostWithin(host, wide))))) &&
  (outer.destinationSubnets.length === 0 ||
    (inner.destinationSubnets.length > 0 &&
      inner.destinationSubnets.every((block) => outer.destinationSubnets.some((wide) => wide === block || coversBlock(wide, block)))));

function coversBlock(outer: string, inner: string): boolean {
  const [address = '', length] = inner.split('/');
  const [, outerLength] = outer.split('/');
  if (length === undefined) return isInBlock(address, outer);
  return outerLength !== undefined && Number(outerLength) <= Number(length) && isInBlock(address, outer);
}
