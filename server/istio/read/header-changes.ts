// Reads header operations: `headers` of a VirtualService, header modifier filters of Gateway API routes.
// In: Fields. Out: HeaderChanges and the authority that they set. Source: istio pilot route.go TranslateHeadersOperations.
import type { HeaderOperations } from '../../../model/edit';
import type { HeaderChanges } from '../../../model/routing';
import type { Fields } from './fields';

/** Envoy changes no pseudo header, and the host by rewriting the authority alone. */
const isInternal = (name: string): boolean => name.startsWith(':') || name.toLowerCase() === 'host';
const isAuthority = (name: string): boolean => /^(?::authority|host)$/i.test(name);

type Pairs = readonly (readonly [name: string, value: string])[];

/** Names in lower case, as the wire has them; internal ones left out. */
function buildOperations(set: Pairs, add: Pairs, remove: readonly string[]): HeaderOperations {
  const kept = (pairs: Pairs): Record<string, string> =>
    Object.fromEntries(pairs.flatMap(([name, value]) => (isInternal(name) ? [] : [[name.toLowerCase(), value]])));
  const removed = remove.filter((name) => !isInternal(name)).map((name) => name.toLowerCase());
  const [sets, adds] = [kept(set), kept(add)];
  return {
    ...(Object.keys(sets).length > 0 ? { set: sets } : {}),
    ...(Object.keys(adds).length > 0 ? { add: adds } : {}),
    ...(removed.length > 0 ? { remove: removed } : {}),
  };
}

/** Authority among operations on a request: `set` wins over `add`. */
const authorityIn = (set: Pairs, add: Pairs): string | null =>
  [...set, ...add].find(([name, value]) => isAuthority(name) && value !== '')?.[1] ?? null;

export interface ReadHeaders {
  /** Null where nothing is written. */
  readonly headers: HeaderChanges | null;
  readonly authority: string | null;
}

/** `headers: {request: {set, add, remove}, response: ...}` of a VirtualService. */
export function readHeaders(headers: Fields | null): ReadHeaders {
  if (headers === null) return { headers: null, authority: null };
  const pairs = (side: Fields | null, operation: string): Pairs => Object.entries(side?.labels(operation) ?? {});
  const side = (name: string): HeaderOperations => {
    const fields = headers.object(name);
    return buildOperations(pairs(fields, 'set'), pairs(fields, 'add'), fields?.texts('remove') ?? []);
  };
  const request = headers.object('request');
  return {
    headers: { request: side('request'), response: side('response') },
    authority: authorityIn(pairs(request, 'set'), pairs(request, 'add')),
  };
}

/** RequestHeaderModifier and ResponseHeaderModifier filters of a Gateway API rule or backend. */
export function readHeaderFilters(filters: readonly Fields[]): ReadHeaders {
  const modifiers = (type: string, field: string): readonly Fields[] =>
    filters.flatMap((filter) => (filter.text('type') === type ? (filter.object(field) ?? []) : []));
  const requests = modifiers('RequestHeaderModifier', 'requestHeaderModifier');
  const responses = modifiers('ResponseHeaderModifier', 'responseHeaderModifier');
  if (requests.length + responses.length === 0) return { headers: null, authority: null };
  const pairs = (list: readonly Fields[], operation: string): Pairs =>
    list.flatMap((modifier) =>
      modifier.objects(operation).map((header) => [header.text('name') ?? '', header.text('value') ?? ''] as const),
    );
  const side = (list: readonly Fields[]): HeaderOperations =>
    buildOperations(
      pairs(list, 'set'),
      pairs(list, 'add'),
      list.flatMap((modifier) => modifier.texts('remove')),
    );
  return {
    headers: { request: side(requests), response: side(responses) },
    authority: authorityIn(pairs(requests, 'set'), pairs(requests, 'add')),
  };
}
