// What the Sidecar object of a client lets its proxy see. In: MeshIndex, a client's namespace and labels. Out: SidecarScope.
// Choice: a selector that matches (oldest), else the namespace's default, else the root namespace's default, else everything.
import type { ConfigPointer } from '../../model/routing';
import type { DestinationRef } from './http-rule';
import { type Labels, selects } from './labels';
import { groupBy, remember } from './memo';
import { type MeshIndex, tableOf } from './mesh-index';
import { hostsOverlap, isHostWithin, isWildcardHost } from './names';
import { pointerTo } from './read/fields';
import { readSidecar, type SidecarView } from './read/sidecar';

interface HostImport {
  readonly exact: ReadonlySet<string>;
  readonly all: readonly string[];
}

export interface EgressListener {
  /** Null = a catch-all for every port without a listener of its own. */
  readonly port: number | null;
  /** By namespace, `*` for all; null imports everything. */
  readonly imports: ReadonlyMap<string, HostImport> | null;
  readonly excludes: ReadonlyMap<string, HostImport>;
}

export interface SidecarScope {
  readonly namespace: string;
  /** The Sidecar object; null = none, everything that is exported to the namespace is seen. */
  readonly sidecar: ConfigPointer | null;
  readonly outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  /** Where ALLOW_ANY sends unknown hosts; null = to where they were going. */
  readonly egressProxy: DestinationRef | null;
  readonly listeners: readonly EgressListener[];
}

const NO_IMPORTS: ReadonlyMap<string, HostImport> = new Map();
const EVERYTHING: readonly EgressListener[] = [{ port: null, imports: null, excludes: NO_IMPORTS }];

const scopesOf = tableOf(() => new Map<string, SidecarScope>());

/** The scope of a sidecar. Gateways and waypoints ignore Sidecar objects: pass `isGateway`. */
export function sidecarScopeOf(index: MeshIndex, namespace: string, labels: Labels, isGateway: boolean): SidecarScope {
  const sidecar = isGateway ? null : sidecarOf(index, namespace, labels);
  const key = sidecar === null ? namespace : `${namespace}|${sidecar.object.namespace}/${sidecar.object.name}`;
  return remember(scopesOf(index), key, () => buildScope(index, namespace, sidecar));
}

/** The Sidecar object of a workload with a sidecar; null = none. */
export function sidecarOf(index: MeshIndex, namespace: string, labels: Labels): SidecarView | null {
  const own = index.objectsIn('Sidecar', namespace);
  let fallback: SidecarView | null = null;
  for (const object of own) {
    const view = readSidecar(object);
    if (view.workloadSelector === null) fallback ??= view;
    else if (selects(view.workloadSelector, labels)) return view;
  }
  if (fallback !== null) return fallback;
  for (const object of index.objectsIn('Sidecar', index.inventory.mesh.rootNamespace)) {
    const view = readSidecar(object);
    if (view.workloadSelector === null) return view;
  }
  return null;
}

function buildScope(index: MeshIndex, namespace: string, sidecar: SidecarView | null): SidecarScope {
  const mesh = index.inventory.mesh.outboundTrafficPolicy;
  return {
    namespace,
    sidecar: sidecar === null ? null : pointerTo(sidecar.object, 'spec'),
    outboundTrafficPolicy: sidecar?.outboundTrafficPolicy ?? mesh,
    egressProxy: sidecar?.egressProxy ?? null,
    listeners: !sidecar?.egress ? EVERYTHING : sidecar.egress.map(({ port, hosts }) => buildListener(port, hosts, namespace)),
  };
}

function buildListener(port: number | null, hosts: readonly string[], namespace: string): EgressListener {
  const entries = hosts.flatMap((entry) => {
    const slash = entry.indexOf('/');
    if (slash < 0) return [];
    const owner = entry.slice(0, slash);
    const host = entry.slice(slash + 1).toLowerCase();
    // `~/*` imports nothing; `~ns/host` and `~/host` take away what another entry imports.
    if (owner === '~') return host === '*' ? [] : [{ excluded: true, namespace: '*', host }];
    const excluded = owner.startsWith('~');
    const name = excluded ? owner.slice(1) : owner;
    return [{ excluded, namespace: name === '.' ? namespace : name, host }];
  });
  const collect = (excluded: boolean): ReadonlyMap<string, HostImport> => {
    const chosen = groupBy(
      entries.filter((entry) => entry.excluded === excluded),
      (entry) => entry.namespace,
    );
    return new Map(
      [...chosen].map(([owner, list]) => {
        const all = list.map((entry) => entry.host);
        return [owner, { exact: new Set(all.filter((host) => !isWildcardHost(host))), all }];
      }),
    );
  };
  return { port, imports: collect(false), excludes: collect(true) };
}

/** The listener that serves a port: its own, else the first catch-all; null = the port is not captured. */
export const listenerFor = (scope: SidecarScope, port: number): EgressListener | null =>
  scope.listeners.find((listener) => listener.port === port) ?? scope.listeners.find((listener) => listener.port === null) ?? null;

const means = (list: HostImport | undefined, host: string): boolean =>
  list !== undefined && (list.exact.has(host) || list.all.some((entry) => isWildcardHost(entry) && isHostWithin(host, entry)));

/** True when the listener imports a service of a namespace. */
export function importsService(listener: EgressListener, namespace: string, host: string): boolean {
  if (means(listener.excludes.get(namespace), host) || means(listener.excludes.get('*'), host)) return false;
  if (listener.imports === null) return true;
  return means(listener.imports.get(namespace), host) || means(listener.imports.get('*'), host);
}

/** True when the listener imports routes of a namespace for one of their hosts; VirtualServices match wildcards both ways. */
export function importsRoutes(
  listener: EgressListener,
  namespace: string,
  hosts: readonly string[],
  semantics: 'istio' | 'gatewayApi',
): boolean {
  if (listener.imports === null) return true;
  for (const list of [listener.imports.get(namespace), listener.imports.get('*')]) {
    if (list === undefined) continue;
    for (const host of hosts) {
      if (list.exact.has(host)) return true;
      for (const entry of list.all) {
        if (!isWildcardHost(host) && !isWildcardHost(entry)) continue;
        if (semantics === 'gatewayApi' ? isHostWithin(host, entry) : hostsOverlap(host, entry)) return true;
      }
    }
  }
  return false;
}
