// The rules of a set as one proxy gets them: one entry per match block, those for other proxies left out, cut after a catch-all.
// In: RouteSet, ProxyContext. Out: RuleEntries, and the entry that takes a request.
// Source: istio pilot route.go BuildHTTPRoutesForVirtualService.
import type { RouteRequest, TriedRule } from '../../model/routing';
import { describeHit, isCatchAll, isUnconditional, type ProxyContext, requestMismatch, sourceMismatch } from './http-match';
import type { HttpMatch, HttpRule } from './http-rule';
import { memoByObject } from './memo';
import type { RouteSet } from './route-set';

export interface RuleEntry {
  readonly rule: HttpRule;
  /** Null = the rule has no match: every request. */
  readonly match: HttpMatch | null;
}

const isForEveryProxy = memoByObject((set: RouteSet): boolean => set.http.every((rule) => rule.matches.every(isUnconditional)));
const entriesForEveryProxy = memoByObject((set: RouteSet): readonly RuleEntry[] => listEntries(set, () => true));

/** The entries that a proxy gets, in order. */
export const entriesFor = (set: RouteSet, proxy: ProxyContext): readonly RuleEntry[] =>
  isForEveryProxy(set) ? entriesForEveryProxy(set) : listEntries(set, (match) => sourceMismatch(match, proxy, 'http') === null);

function listEntries(set: RouteSet, isFor: (match: HttpMatch) => boolean): readonly RuleEntry[] {
  const entries: RuleEntry[] = [];
  for (const rule of set.http) {
    if (rule.matches.length === 0) {
      entries.push({ rule, match: null });
      return entries;
    }
    for (const match of rule.matches) {
      if (!isFor(match)) continue;
      entries.push({ rule, match });
      // Rules after the first catch-all are never sent to the proxy.
      if (isCatchAll(match)) return entries;
    }
  }
  return entries;
}

const isCatchAllEntry = (entry: RuleEntry): boolean => isCatchAll(entry.match);

/** Catch-alls moved to the end, the rest in order: how a gateway arranges a host with several owners (istio SortVHostRoutes). */
export const catchAllsLast = <E extends RuleEntry>(entries: readonly E[]): readonly E[] => [
  ...entries.filter((entry) => !isCatchAllEntry(entry)),
  ...entries.filter(isCatchAllEntry),
];

/** Notes of why blocks were not given to the proxy, for the explanation. */
export function explainLeftOut(set: RouteSet, proxy: ProxyContext, tried: TriedRule[]): void {
  const entries = entriesFor(set, proxy);
  const kept = new Set(entries.map((entry) => entry.match));
  const last = entries.at(-1);
  for (const rule of set.http)
    for (const match of rule.matches) {
      if (kept.has(match)) continue;
      const why =
        sourceMismatch(match, proxy, 'http') ?? `never reached: ${last?.rule.pointer.path ?? 'an earlier rule'} takes every request`;
      tried.push({ rule: { ...rule.pointer, path: match.path }, name: rule.name, matched: false, why });
    }
}

/** The first entry that takes the request; with `tried`, each one looked at is written down. */
export function findEntry<E extends RuleEntry>(entries: readonly E[], request: RouteRequest, tried: TriedRule[] | null): E | null {
  for (const entry of entries) {
    const { rule, match } = entry;
    const why = match === null ? null : requestMismatch(match, request);
    if (tried !== null)
      tried.push({
        rule: match === null ? rule.pointer : { ...rule.pointer, path: match.path },
        name: rule.name,
        matched: why === null,
        why: why ?? describeHit(match),
      });
    if (why === null) return entry;
  }
  return null;
}
