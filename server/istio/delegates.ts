// Delegation: a root VirtualService's rules replaced by those of the VirtualServices that it delegates to.
// In: views. Out: merged HttpRules. Source: istio pilot/pkg/model/virtualservice.go mergeVirtualServicesIfNeeded.
import type { HttpMatch, HttpRule, NamedMatch } from './http-rule';
import type { MeshIndex } from './mesh-index';
import { readVirtualService, type VirtualServiceView } from './read/virtual-service';
import type { PathMatch } from './text-match';
import { exportToOf, isExportedTo } from './visibility';

/** The rules of a root with its delegates merged in; a rule whose delegate is missing or not exported is left out. */
export function mergeDelegates(index: MeshIndex, root: VirtualServiceView): readonly HttpRule[] {
  if (!root.http.some((rule) => rule.delegate !== null)) return root.http;
  return root.http.flatMap((rule) => {
    if (rule.delegate === null) return [rule];
    const { name } = rule.delegate;
    const object = index.objectsIn('VirtualService', rule.delegate.namespace ?? root.object.namespace).find((vs) => vs.name === name);
    const delegate = object === undefined ? null : readVirtualService(object);
    // Only a VirtualService without hosts can be delegated to, and only one level deep.
    if (delegate === null || delegate.hosts.length > 0) return [];
    if (!isExportedTo(exportToOf(index, 'virtualServices', delegate.exportTo), delegate.object.namespace, root.object.namespace)) return [];
    return delegate.http.flatMap((leaf) => mergeRule(rule, leaf) ?? []);
  });
}

const joinNames = (root: string | null, leaf: string | null): string | null =>
  leaf === null ? root : root === null ? leaf : `${root}-${leaf}`;

function mergeRule(root: HttpRule, leaf: HttpRule): HttpRule | null {
  const matches = mergeMatches(root.matches, leaf.matches);
  if (matches === null) return null;
  return {
    ...leaf,
    matches,
    name: joinNames(root.name, leaf.name),
    // A direct response is inherited, and answers before destinations; only a redirect of the leaf comes before it.
    action:
      root.action.kind === 'directResponse' && leaf.action.kind !== 'redirect' && leaf.action.kind !== 'directResponse'
        ? root.action
        : leaf.action,
    rewrite: leaf.rewrite ?? root.rewrite,
    headers: leaf.headers ?? root.headers,
    authority: leaf.headers === null ? root.authority : leaf.authority,
    cors: leaf.cors ?? root.cors,
    timeoutMs: leaf.timeoutMs ?? root.timeoutMs,
    retries: leaf.retries ?? root.retries,
    fault: leaf.fault ?? root.fault,
    mirror: leaf.mirror ?? root.mirror,
    mirrorPercent: leaf.mirrorPercent ?? root.mirrorPercent,
    mirrors: leaf.mirrors.length > 0 ? leaf.mirrors : root.mirrors,
    delegate: null,
  };
}

/** Each block of the leaf joined with every block of the root that it refines; null when one of them refines none. */
function mergeMatches(root: readonly HttpMatch[], leaf: readonly HttpMatch[]): readonly HttpMatch[] | null {
  if (root.length === 0) return leaf;
  if (leaf.length === 0) return root;
  const merged: HttpMatch[] = [];
  for (const inner of leaf) {
    const outers = root.filter((outer) => !conflicts(outer, inner));
    if (outers.length === 0) return null;
    merged.push(...outers.map((outer) => mergeMatch(outer, inner)));
  }
  return merged;
}

const mergeNamed = (root: readonly NamedMatch[], leaf: readonly NamedMatch[]): readonly NamedMatch[] => [...new Map([...root, ...leaf])];

const mergeMatch = (root: HttpMatch, leaf: HttpMatch): HttpMatch => ({
  path: leaf.path,
  name: joinNames(root.name, leaf.name),
  uri: leaf.uri ?? root.uri,
  ignoreUriCase: leaf.ignoreUriCase,
  scheme: leaf.scheme ?? root.scheme,
  method: leaf.method ?? root.method,
  authority: leaf.authority ?? root.authority,
  headers: mergeNamed(root.headers, leaf.headers),
  withoutHeaders: mergeNamed(root.withoutHeaders, leaf.withoutHeaders),
  queryParams: mergeNamed(root.queryParams, leaf.queryParams),
  port: leaf.port ?? root.port,
  sourceLabels: { ...root.sourceLabels, ...leaf.sourceLabels },
  sourceNamespace: leaf.sourceNamespace ?? root.sourceNamespace,
  gateways: leaf.gateways.length > 0 ? leaf.gateways : root.gateways,
});

function conflicts(root: HttpMatch, leaf: HttpMatch): boolean {
  const pairs: readonly (readonly [PathMatch | null, PathMatch | null])[] = [
    [root.uri, leaf.uri],
    [root.scheme, leaf.scheme],
    [root.method, leaf.method],
    [root.authority, leaf.authority],
  ];
  if (pairs.some(([outer, inner]) => textConflicts(outer, inner))) return true;
  if (namedConflict(root.headers, leaf.headers) || namedConflict(root.withoutHeaders, leaf.withoutHeaders)) return true;
  if (namedConflict(root.queryParams, leaf.queryParams)) return true;
  if (root.ignoreUriCase !== leaf.ignoreUriCase) return true;
  if (root.port !== null && leaf.port !== null && root.port !== leaf.port) return true;
  if (root.sourceNamespace !== null && leaf.sourceNamespace !== root.sourceNamespace) return true;
  if (Object.entries(leaf.sourceLabels).some(([name, value]) => (root.sourceLabels[name] ?? value) !== value)) return true;
  return root.gateways.length > 0 && leaf.gateways.some((gateway) => !root.gateways.includes(gateway));
}

function namedConflict(root: readonly NamedMatch[], leaf: readonly NamedMatch[]): boolean {
  const outer = new Map(root);
  return leaf.some(([name, match]) => textConflicts(outer.get(name) ?? null, match));
}

/** True unless everything that the leaf matches is surely matched by the root; regexes are never compared. */
function textConflicts(root: PathMatch | null, leaf: PathMatch | null): boolean {
  if (root === null || leaf === null) return false;
  if (root.kind === 'exact') return leaf.kind !== 'exact' || leaf.value !== root.value;
  if (root.kind === 'prefix') return (leaf.kind !== 'prefix' && leaf.kind !== 'exact') || !leaf.value.startsWith(root.value);
  return true;
}
