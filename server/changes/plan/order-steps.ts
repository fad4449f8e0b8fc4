// The order in which the writes of a change are safe: what routes need is made before they move, what they leave is removed after.
// In: touched objects. Out: steps, with waits for the pods of new subsets. A DestinationRule that gains and loses subsets is written twice.
import type { Manifest, PlanStep, StepWait } from '../../../model/change';
import type { ConfigKind, JsonObject } from '../../../model/inventory';
import { resolveHost } from '../../istio/names';
import { buildStep } from './changed-step';
import type { Touched } from './draft';
import { isObject, listAt, textAt, withField } from './json-edit';
import { manifestOf, withSpec } from './manifest-of';
import { type RouteUse, usesOf } from './route-uses';
import { subsetNames } from './subsets';

/** Rank of a write: lower goes first. */
const RANKS: Readonly<Record<ConfigKind, number>> = {
  GatewayClass: 0,
  WorkloadEntry: 0,
  WorkloadGroup: 0,
  ServiceEntry: 0,
  K8sGateway: 1,
  Gateway: 1,
  ReferenceGrant: 1,
  ListenerSet: 2,
  DestinationRule: 2,
  BackendTLSPolicy: 2,
  PeerAuthentication: 3,
  RequestAuthentication: 3,
  AuthorizationPolicy: 3,
  Telemetry: 3,
  EnvoyFilter: 3,
  ProxyConfig: 3,
  WasmPlugin: 3,
  TrafficExtension: 3,
  Sidecar: 3,
  VirtualService: 4,
  HTTPRoute: 4,
  GRPCRoute: 4,
  TCPRoute: 4,
  TLSRoute: 4,
};
const ROUTE_RANK = 4;
/** Removals of what routes use mirror the order in which it was made. */
const removalRank = (kind: ConfigKind): number => 2 * ROUTE_RANK + 1 - RANKS[kind];
const isRoute = (kind: ConfigKind): boolean => RANKS[kind] === ROUTE_RANK;

interface Ranked {
  readonly rank: number;
  readonly step: PlanStep;
}

/** Steps of what was touched, in the order in which they are taken. */
export function orderSteps(touched: readonly Touched[], domain: string): readonly PlanStep[] {
  const before = touched.flatMap(({ ref, object }) =>
    object !== null && isRoute(ref.kind) ? usesOf(manifestOf(object), ref, domain) : [],
  );
  const ranked = touched.flatMap((entry) => rankWrites(entry, before, domain));
  return addWaits(
    ranked.sort((a, b) => a.rank - b.rank).map(({ step }) => step),
    domain,
  );
}

function rankWrites({ ref, object, now }: Touched, routesBefore: readonly RouteUse[], domain: string): readonly Ranked[] {
  const old = object === null ? null : manifestOf(object);
  const version = object?.resourceVersion ?? null;
  const rank = isRoute(ref.kind) ? ROUTE_RANK + (old === null ? 0 : now === null ? 0.8 : 0.4) : RANKS[ref.kind];
  const one = (at: number, from: Manifest | null, to: Manifest | null, guard: string | null): Ranked[] => {
    const step = buildStep(ref, from, to, guard, domain);
    return step === null ? [] : [{ rank: at, step }];
  };
  if (isRoute(ref.kind)) return one(rank, old, now, version);
  if (now === null) return one(removalRank(ref.kind), old, now, version);
  if (ref.kind !== 'DestinationRule' || old === null) return one(rank, old, now, version);
  const between = withUsedSubsets(old, now, routesBefore, domain);
  // Only the removal remains where the first of the two writes would change nothing.
  const first = one(rank, old, between, version);
  return [...first, ...one(removalRank(ref.kind), between, now, first.length === 0 ? version : null)];
}

/** The rule as it shall be, still with those of its old subsets that routes of this change use until they move. */
function withUsedSubsets(old: Manifest, now: Manifest, routesBefore: readonly RouteUse[], domain: string): Manifest {
  const host = hostOf(old, domain);
  const kept = subsetNames(now.spec);
  const lost = listAt(old.spec, 'subsets').filter((subset): subset is JsonObject => {
    const name = isObject(subset) ? textAt(subset, 'name') : null;
    return name !== null && !kept.includes(name) && routesBefore.some((use) => use.host === host && use.subset === name);
  });
  if (lost.length === 0) return now;
  const names = subsetNames(old.spec);
  // Each lost subset stands where it stood, as far as the new list has such a place.
  const subsets = [...listAt(now.spec, 'subsets')];
  for (const subset of lost) subsets.splice(names.indexOf(textAt(subset, 'name') ?? ''), 0, subset);
  return withSpec(now, withField(now.spec, 'subsets', subsets));
}

const hostOf = ({ spec, metadata }: Manifest, domain: string): string =>
  resolveHost(textAt(spec, 'host') ?? '', metadata.namespace, domain).toLowerCase();

/** Lets a step that brings subsets wait for ready pods of those that a later route sends to. */
export function addWaits(steps: readonly PlanStep[], domain: string): readonly PlanStep[] {
  const uses = steps.map(({ ref, after }) =>
    after !== null && isRoute(ref.kind) ? usesOf(after, ref, domain).filter(({ live }) => live) : [],
  );
  return steps.map((step, i) => {
    if (step.ref.kind !== 'DestinationRule' || step.after === null) return step;
    const old = step.before === null ? [] : subsetNames(step.before.spec);
    const host = hostOf(step.after, domain);
    const isUsedLater = (subset: string): boolean =>
      uses.slice(i + 1).some((later) => later.some((use) => use.host === host && use.subset === subset));
    const waits = subsetNames(step.after.spec)
      .filter((subset) => !old.includes(subset) && isUsedLater(subset))
      .map((subset): StepWait => ({ host, subset, readyPods: 1 }));
    const [waitAfter = null, ...waitAlso] = waits;
    return { ...step, waitAfter, ...(waitAlso.length === 0 ? {} : { waitAlso }) };
  });
}
