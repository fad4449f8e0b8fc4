// What becomes of one group of requests: where they go before and after, what fails, what is cut, what cannot be told.
// In: both states, caller, RequestGroup. Out: GroupEffect. Before is what was observed; after is what the rules predict for the same rate.
import type { EffectKind, EffectShare } from '../../model/change';
import type { Caller, ConfigPointer } from '../../model/routing';
import type { Protocol } from '../../model/traffic';
import type { MeshIndex } from '../istio/mesh-index';
import { callerOfWaypoint, type Waypoint } from '../istio/waypoints';
import { describeOutcome } from './explain-summary';
import { compareGates, type Gate, gateAt, limitsChange } from './peer-gates';
import { describePointer, describeRule, durationText } from './raw';
import type { Reach, Spread } from './reach';
import { observedKey, type RequestClass, type RequestGroup } from './request-classes';

export interface GroupEffect {
  readonly kind: EffectKind;
  readonly rate: number;
  readonly before: readonly EffectShare[];
  readonly after: readonly EffectShare[];
  readonly moved: number;
  readonly failing: number;
  readonly delayed: { readonly milliseconds: number; readonly rate: number } | null;
  readonly why: string;
  readonly rules: { readonly before: ConfigPointer | null; readonly after: ConfigPointer | null };
  /** Whether `after` is what is predicted, and not merely what was. */
  readonly predicted: boolean;
}

export interface Situation {
  readonly before: MeshIndex;
  readonly after: MeshIndex;
  readonly caller: Caller;
  readonly protocol: Protocol;
  /** The waypoint before the service that the caller addresses, in each state. */
  readonly waypoint: { readonly before: Waypoint | null; readonly after: Waypoint | null };
}

/** Differences below this share of a group's rate are rounding. */
const EPSILON = 1e-9;

/** What happens to the requests of a group. */
export function groupEffect(situation: Situation, group: RequestGroup): GroupEffect {
  const [first] = group.classes;
  if (first === undefined) throw new RangeError('a group without classes');
  const rules = { before: first.rule.pointer, after: first.next[0]?.rule.pointer ?? null };
  const base = {
    rate: group.rate,
    before: observedShares(group),
    moved: 0,
    failing: 0,
    delayed: null,
    rules,
  };
  const open = whyOpen(group.classes);
  if (open !== null) return { ...base, kind: 'unknown', after: [], why: open, predicted: false };
  const reach = first.next[0]?.reach;
  if (reach === undefined) throw new RangeError('a class without a future');
  const kept = group.classes.every(({ fate }) => fate === 'kept');
  return kept ? keptEffect(situation, group, base) : movedEffect(situation, group, first, reach, base);
}

type Base = Pick<GroupEffect, 'rate' | 'before' | 'moved' | 'failing' | 'delayed' | 'rules'>;

/** Why it cannot be told what happens to a group, null where it can. */
function whyOpen(classes: readonly RequestClass[]): string | null {
  const hanging = classes.find(({ fate }) => fate === 'open');
  if (hanging !== undefined) {
    const asking = hanging.next.find(({ rule }) => rule.match !== null && rule.pointer !== null)?.rule.pointer ?? null;
    const rule = asking === null ? 'a rule' : `${describeRule(asking.path) || 'a rule'} of ${describePointer(asking)}`;
    return `${rule} asks for ${list(hanging.asks)}, which the metrics do not carry`;
  }
  if (classes.every(({ fate }) => fate === 'kept')) return null;
  const [first, ...others] = classes;
  const sameFuture = others.every(
    ({ reach, next }) =>
      reach.shapeKey === first?.reach.shapeKey &&
      next[0]?.reach.shapeKey === first.next[0]?.reach.shapeKey &&
      next[0]?.reach.timeoutMs === first.next[0]?.reach.timeoutMs,
  );
  if (sameFuture) return null;
  const names = [...new Set(classes.flatMap(({ rule }) => (rule.pointer === null ? [] : [describeRule(rule.pointer.path)])))].filter(
    (name) => name !== '',
  );
  return `${list(names.length > 1 ? names : ['several rules'])} lead to the same workloads; how many requests take which, the metrics do not tell`;
}

const list = (parts: readonly string[]): string =>
  parts.length <= 1 ? (parts[0] ?? 'more of the request') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;

const gatesNow = ({ before, caller, protocol, waypoint }: Situation, spreads: readonly Spread[]): readonly Gate[] =>
  spreads.map((spread) => gateAt(before, caller, waypoint.before, spread, protocol));
const gateThen = ({ after, caller, protocol, waypoint }: Situation, spread: Spread): Gate =>
  gateAt(after, caller, waypoint.after, spread, protocol);

/** Whose DestinationRules limit the connections: the caller's own, or the waypoint's that stands before the service all along. */
function whyLimited({ before, after, caller, waypoint }: Situation, spread: Spread): string | null {
  if (waypoint.after === null) return limitsChange(before, after, caller, spread);
  return waypoint.before === null ? null : limitsChange(before, after, { ...callerOfWaypoint(waypoint.after), mode: 'sidecar' }, spread);
}

/** Rules stay as they are: what may still change is what stands before the pods. */
function keptEffect(situation: Situation, group: RequestGroup, base: Base): GroupEffect {
  let cut = 0;
  let unclear: string | null = null;
  let shut: string | null = null;
  const spreads = new Map(
    group.classes.flatMap(({ reach }) => reach.spreads.map((spread) => [observedKey(spread.host, spread.workload ?? ''), spread] as const)),
  );
  for (const [key, spread] of spreads) {
    const rate = spread.workload === null ? group.rate : (group.observed.get(key) ?? 0);
    if (rate <= 0) continue;
    const change = compareGates(gatesNow(situation, [spread]), gateThen(situation, spread));
    if (change.kind === 'cut') {
      cut += rate;
      shut = change.why;
    } else if (change.kind === 'unknown') unclear ??= change.why;
    else unclear ??= whyLimited(situation, spread);
  }
  const kept = {
    ...base,
    after: renamedShares(
      group,
      group.classes.flatMap(({ next }) => next[0]?.reach.spreads ?? []),
    ),
    predicted: true,
  };
  if (shut !== null) return { ...kept, kind: 'cut', failing: cut, why: shut };
  if (unclear !== null) return { ...kept, kind: 'unknown', why: unclear };
  return { ...kept, kind: 'kept', why: whyKept(situation) };
}

const whyKept = ({ caller, waypoint }: Situation): string =>
  waypoint.after === null && (caller.mode === 'none' || caller.mode === 'ambient')
    ? `the caller has no sidecar${caller.mode === 'ambient' ? ', and no waypoint stands before the service' : ''}: routing rules do not act on it`
    : 'the rules that decide about its requests stay as they are';

function movedEffect(situation: Situation, group: RequestGroup, from: RequestClass, to: Reach, base: Base): GroupEffect {
  const { rate } = group;
  const after = predictedShares(to, rate);
  const gained = to.spreads.reduce((sum, spread) => sum + Math.max(0, spread.share * rate - observedOf(group, spread, to)), 0);
  const moved = from.reach.routeKey === to.routeKey ? 0 : gained;
  const was = gatesNow(situation, from.reach.spreads);
  let cut = 0;
  let shut: string | null = null;
  let unclear: string | null = null;
  for (const spread of to.spreads) {
    const change = compareGates(was, gateThen(situation, spread));
    if (change.kind === 'cut') {
      cut += spread.share * rate;
      shut = change.why;
    } else if (change.kind === 'unknown') unclear ??= change.why;
  }
  const failing = to.failing * rate + cut;
  const delayed = to.delay === null ? null : { milliseconds: to.delay.milliseconds, rate: to.delay.share * rate };
  const nextRule = from.next[0]?.rule;
  const words = nextRule === undefined ? '' : describeOutcome(nextRule.outcome, nextRule.pointer);
  const effect = { ...base, after, moved, failing, delayed, predicted: true };
  if (shut !== null) return { ...effect, kind: 'cut', why: shut };
  if (isRefused(to)) return { ...effect, kind: 'cut', why: words };
  if (to.failing > from.reach.failing + EPSILON) return { ...effect, kind: 'fails', why: words };
  if (unclear !== null) return { ...effect, kind: 'unknown', why: unclear };
  if (isSlower(from.reach, to)) return { ...effect, kind: 'slower', why: words };
  if (moved > EPSILON * rate || to.answered > from.reach.answered + EPSILON || to.spreads.length === 0)
    return { ...effect, kind: 'moves', why: words };
  const besides = whyBesides(from.reach, to);
  return besides === null
    ? {
        ...effect,
        kind: 'kept',
        after: renamedShares(group, to.spreads),
        why: 'its requests go where they went; what changes does not decide that',
      }
    : { ...effect, kind: 'unknown', after: renamedShares(group, to.spreads), why: besides };
}

/** No rule takes them, or the host is refused. */
const isRefused = (to: Reach): boolean => to.spreads.length === 0 && to.failing === 1 && /"(?:noRoute|blackHole)"/.test(to.routeKey);

const isSlower = (from: Reach, to: Reach): boolean => {
  if (to.delay === null) return false;
  return from.delay === null || to.delay.share > from.delay.share + EPSILON || to.delay.milliseconds > from.delay.milliseconds;
};

/** What changes besides destinations and faults and may hurt, null where nothing does. */
function whyBesides(from: Reach, to: Reach): string | null {
  if (to.timeoutMs !== null && (from.timeoutMs === null || to.timeoutMs < from.timeoutMs))
    return `requests end after ${durationText(to.timeoutMs)}; how many take longer, the metrics at hand do not tell`;
  if (from.rewriteKey !== to.rewriteKey)
    return 'the path, host or headers that the workload gets change; what it answers then, the metrics do not tell';
  return null;
}

function observedOf(group: RequestGroup, spread: Spread, to: Reach): number {
  const own = group.observed.get(observedKey(spread.host, spread.workload ?? '')) ?? 0;
  if (spread.workload === null) {
    let all = 0;
    for (const [key, rate] of group.observed) if (key.startsWith(`${spread.host}|`)) all += rate;
    return all;
  }
  // A workload behind two destinations (a host and its subset) counts once, by the share of each.
  const twins = to.spreads.filter(({ host, workload }) => host === spread.host && workload === spread.workload);
  const total = twins.reduce((sum, { share }) => sum + share, 0);
  return twins.length > 1 && total > 0 ? (own * spread.share) / total : own;
}

/** By destination as the rules of the group name it. */
function observedShares({ observed, classes }: RequestGroup): readonly EffectShare[] {
  const spreads = classes.flatMap(({ reach }) => reach.spreads);
  const entries = [...observed].map(([key, rate]) => {
    const bar = key.indexOf('|');
    const [host, workload] = [key.slice(0, bar), key.slice(bar + 1)];
    const subset = spreads.find((spread) => spread.host === host && spread.workload === workload)?.subset ?? null;
    return { host, subset, workload, rate };
  });
  return foldShares(entries);
}

/** What was observed, by destination as the rules name it afterwards: a workload that gets a subset is told by that. */
function renamedShares({ observed }: RequestGroup, spreads: readonly Spread[]): readonly EffectShare[] {
  const entries = [...observed].flatMap(([key, rate]) => {
    const bar = key.indexOf('|');
    const [host, workload] = [key.slice(0, bar), key.slice(bar + 1)];
    const own = spreads.filter((spread) => spread.host === host && spread.workload === workload);
    const total = own.reduce((sum, { share }) => sum + share, 0);
    const [first] = own;
    if (first === undefined || total <= 0) return [{ host, subset: null, workload, rate }];
    if (own.every(({ subset }) => subset === first.subset)) return [{ host, subset: first.subset, workload, rate }];
    return own.map(({ subset, share }) => ({ host, subset, workload, rate: (rate * share) / total }));
  });
  return foldShares(entries);
}

const predictedShares = (reach: Reach, rate: number): readonly EffectShare[] =>
  foldShares(reach.spreads.map(({ host, subset, workload, share }) => ({ host, subset, workload: workload ?? '', rate: share * rate })));

function foldShares(
  entries: readonly { readonly host: string; readonly subset: string | null; readonly workload: string; readonly rate: number }[],
): readonly EffectShare[] {
  const shares = new Map<string, { host: string; subset: string | null; workloads: Set<string>; rate: number }>();
  for (const { host, subset, workload, rate } of entries) {
    const key = JSON.stringify([host, subset]);
    const share = shares.get(key) ?? { host, subset, workloads: new Set<string>(), rate: 0 };
    if (workload !== '') share.workloads.add(workload);
    share.rate += rate;
    shares.set(key, share);
  }
  return [...shares.values()].map(({ host, subset, workloads, rate }) => ({
    host,
    subset,
    workloads: [...workloads].sort(),
    requestsPerSecond: rate,
  }));
}
