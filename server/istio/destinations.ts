// From a destination as configuration writes it to what the client's proxy reaches: cluster, subset, endpoints.
// In: MeshIndex, a client, DestinationRefs with weights. Out: RouteDestinations whose shares sum to 1.
import type { PodInfo } from '../../model/inventory';
import type { MirrorSpec, RouteDestination } from '../../model/routing';
import { effectiveDestinationRule } from './destination-rule';
import type { DestinationRef, MirrorRef, WeightedDestination } from './http-rule';
import { type Labels, labelsKey } from './labels';
import { memoByObject, remember } from './memo';
import { type MeshIndex, tableOf } from './mesh-index';
import { resolveHost } from './names';
import { type Endpoints, endpointsBehind, type MeshService, pickService, portOf, servicesForHost } from './services';

/** The proxy that routes: its namespace and labels decide which services and DestinationRules it sees. */
export interface Client {
  readonly namespace: string;
  readonly labels: Labels;
}

type Reached = Omit<RouteDestination, 'share'>;

/** Envoy's name of a cluster. */
export const clusterNameOf = (host: string, subset: string | null, port: number): string => `outbound|${port}|${subset ?? ''}|${host}`;

/** What stands behind a service is the same for every client that sees it: by service, then subset with its labels and port. */
const reachedOf = tableOf(() => memoByObject<MeshService, Map<number | string, Reached>>(() => new Map()));

/** What stands behind a resolved host, subset and service port for a client. */
export function reachDestination(index: MeshIndex, client: Client, host: string, subset: string | null, port: number): Reached {
  const service = pickService(servicesForHost(index, host), client.namespace);
  if (service === null || service.aliasOf !== null || portOf(service, port) === null) return buildReached(host, subset, port, null);
  const known = reachedOf(index)(service);
  if (subset === null) return remember(known, port, () => buildReached(host, null, port, endpointsBehind(index, service, {})));
  const chosen = effectiveDestinationRule(index, client.namespace, client.labels, host)?.subsets.get(subset);
  if (chosen === undefined) return buildReached(host, subset, port, null);
  return remember(known, `${subset}|${port}|${labelsKey(chosen.labels)}`, () =>
    buildReached(host, subset, port, endpointsBehind(index, service, chosen.labels)),
  );
}

/** Client labels matter only where some DestinationRule selects workloads. */
const selectorTable = tableOf((index) => ({
  any: index.objects('DestinationRule').some((object) => object.spec['workloadSelector'] !== undefined),
}));
const hasSelectors = (index: MeshIndex): boolean => selectorTable(index).any;

/** `endpoints` null: no such host, port or subset. */
function buildReached(host: string, subset: string | null, port: number, endpoints: Endpoints | null): Reached {
  const state = endpoints === null ? 'missing' : endpoints.empty ? 'empty' : 'ok';
  return {
    host,
    subset,
    port,
    clusterName: clusterNameOf(host, subset, port),
    endpoints: endpoints === null || endpoints.pods === null ? null : podKeys(endpoints.pods),
    state,
    ...(state === 'ok' ? {} : { status: 503 }),
  };
}

const podKeys = memoByObject((pods: readonly PodInfo[]): readonly string[] => pods.map((pod) => `${pod.namespace}/${pod.name}`));

/** All requests to one destination. */
export const wholeDestination = (index: MeshIndex, client: Client, host: string, subset: string | null, port: number): RouteDestination =>
  withShareOfAll(reachDestination(index, client, host, subset, port));

const withShareOfAll = memoByObject((reached: Reached): RouteDestination => ({ ...reached, share: 1 }));

/** How a destination without a port gets one, and in whose namespace its short name lives. */
export interface DestinationContext {
  readonly client: Client;
  readonly configNamespace: string;
  readonly listenerPort: number;
  /**
   * Sidecars look a destination up among the services of the listener's port, so that its only port can be no other;
   * gateways and TCP rules know all its ports (istio pilot route.go GetDestinationCluster and its callers).
   */
  readonly onlyPortCounts: boolean;
  /** What stands in for a destination that is missing: 503, and 500 by the rules of the Gateway API. */
  readonly missingStatus?: 500;
}

function reachRef(index: MeshIndex, context: DestinationContext, ref: DestinationRef): Reached {
  const { client } = context;
  const written = resolveHost(ref.host, context.configNamespace, index.domain).toLowerCase();
  const service: MeshService | null = pickService(servicesForHost(index, written), client.namespace);
  const only = context.onlyPortCounts && service?.ports.length === 1 ? service.ports[0]?.port : undefined;
  return reachDestination(index, client, service?.aliasOf ?? written, ref.subset, ref.port ?? only ?? context.listenerPort);
}

/**
 * The destinations of a rule with their shares. One destination gets everything whatever its weight; of several, those with
 * weight 0 (or none written) are dropped. Empty when all weights are 0.
 */
export function shareDestinations(
  index: MeshIndex,
  context: DestinationContext,
  written: readonly WeightedDestination[],
): readonly RouteDestination[] {
  const { client, listenerPort, onlyPortCounts } = context;
  // Rules of one list live in one namespace: the client, its port and its kind are all that differs between calls.
  const labels = hasSelectors(index) ? labelsKey(client.labels) : '';
  const known = sharesOf(index)(written);
  return remember(known, `${client.namespace}|${listenerPort}|${onlyPortCounts}|${labels}`, () => computeShares(index, context, written));
}

type Shares = Map<string, readonly RouteDestination[]>;
const sharesOf = tableOf(() => memoByObject<readonly WeightedDestination[], Shares>(() => new Map()));

function computeShares(
  index: MeshIndex,
  context: DestinationContext,
  written: readonly WeightedDestination[],
): readonly RouteDestination[] {
  const kept = written.length === 1 ? written : written.filter(({ weight }) => weight !== null && weight > 0);
  const total = kept.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
  return kept.map((entry) => {
    const share = kept.length === 1 ? 1 : (entry.weight ?? 0) / total;
    const found = reachRef(index, context, entry.destination);
    const reached: Reached = entry.invalid === null ? found : { ...found, endpoints: null, state: 'missing' };
    const status = reached.state === 'missing' ? (context.missingStatus ?? 503) : reached.status;
    const own = ownParts(entry, written.length);
    if (share === 1 && own === null && status === found.status) return withShareOfAll(found);
    return { ...reached, share, ...(status === undefined ? {} : { status }), ...own };
  });
}

/** What a destination does to its requests by itself; the authority of the only destination is the rule's. */
function ownParts(entry: WeightedDestination, destinations: number): Pick<RouteDestination, 'headers' | 'authority'> | null {
  const authority = destinations > 1 ? entry.authority : null;
  if (entry.headers === null && authority === null) return null;
  return { ...(entry.headers === null ? {} : { headers: entry.headers }), ...(authority === null ? {} : { authority }) };
}

/** Mirrors of a rule; those of 0 % are left out. */
export function reachMirrors(index: MeshIndex, context: DestinationContext, mirrors: readonly MirrorRef[]): readonly MirrorSpec[] {
  return mirrors.flatMap((mirror) => {
    const percent = mirror.percent ?? 100;
    if (percent <= 0) return [];
    const reached = reachRef(index, context, mirror.destination);
    const destination: Reached = mirror.invalid === null ? reached : { ...reached, endpoints: null, state: 'missing', status: 503 };
    return [{ destination, percent }];
  });
}
