// The requests of one caller sorted by the rule that they take now, as far as the workloads that answered them tell.
// In: lanes of a caller before and after, its observations. Out: RequestGroups: classes whose requests cannot be told apart stand together.
import { type Observation, UNKNOWN } from '../../model/traffic';
import type { MeshIndex } from '../istio/mesh-index';
import { covers } from './match-relations';
import { rateOf } from './observed';
import { type Reach, reachOf } from './reach';
import type { Lane, SeenRule } from './seen-rules';
import { followRequests } from './transitions';

/** Requests that take one rule of one lane now. */
export interface RequestClass {
  readonly lane: Lane;
  readonly rule: SeenRule;
  readonly reach: Reach;
  /** Rules that they may take afterwards, with where those lead. */
  readonly next: readonly { readonly rule: SeenRule; readonly reach: Reach }[];
  /** What tells which of them; empty where it is one. */
  readonly asks: readonly string[];
  /** `kept`: the same happens to them whatever they show; `same`: surely one other thing; `open`: it hangs on what they show. */
  readonly fate: 'kept' | 'same' | 'open';
}

/** Traffic of classes that share workloads, so that no metric says which request took which rule. */
export interface RequestGroup {
  readonly classes: readonly RequestClass[];
  /** By `host|workload`; workload "" = nobody is known to have answered. */
  readonly observed: ReadonlyMap<string, number>;
  readonly rate: number;
}

export const observedKey = (host: string, workload: string): string => `${host}|${workload}`;

const alike = (a: Reach, b: Reach): boolean =>
  a.routeKey === b.routeKey && a.timeoutMs === b.timeoutMs && a.rewriteKey === b.rewriteKey && a.mirrorKey === b.mirrorKey;

/** Classes of a lane; `lists` are the lanes in which its requests may find themselves afterwards. */
export function classesOf(before: MeshIndex, after: MeshIndex, lane: Lane, lists: readonly Lane[]): readonly RequestClass[] {
  return lane.rules.flatMap((rule, place): readonly RequestClass[] => {
    // No request takes a rule whose requests an earlier one takes.
    if (lane.rules.slice(0, place).some((earlier) => covers(earlier.match, rule.match))) return [];
    const reach = reachOf(before, rule.outcome);
    const { rules, asks } = followRequests(lane.rules, place, lists);
    const next = rules.map((candidate) => ({ rule: candidate, reach: reachOf(after, candidate.outcome) }));
    const [first] = next;
    const one = first !== undefined && next.every((each) => alike(each.reach, first.reach));
    const fate = !one ? 'open' : alike(first.reach, reach) ? 'kept' : 'same';
    return [{ lane, rule, reach, next, asks, fate }];
  });
}

const leadsTo = ({ reach }: RequestClass, host: string, workload: string): boolean =>
  reach.spreads.some((spread) => spread.host === host && (spread.workload === null || spread.workload === workload));

const touches = ({ reach, rule, lane }: RequestClass, host: string): boolean =>
  lane.host === host ||
  reach.spreads.some((spread) => spread.host === host) ||
  (rule.outcome.outcome === 'route' && rule.outcome.destinations.some((destination) => destination.host === host));

/** Sets of classes that must stay together, by number. */
class Unions {
  readonly #parents: number[];
  constructor(size: number) {
    this.#parents = Array.from({ length: size }, (_, i) => i);
  }
  find(i: number): number {
    let at = i;
    for (let parent = this.#parents[at]; parent !== undefined && parent !== at; parent = this.#parents[at]) at = parent;
    return at;
  }
  join(a: number, b: number): void {
    this.#parents[this.find(a)] = this.find(b);
  }
}

/** Share of a rule's requests that must be seen somewhere within a window. */
const EXPECTED_SHARE = 0.3;

/**
 * Who is seen to reach a host may have dialled it, or another whose rules lead there. The latter is believed where the other hosts of
 * such a rule are called too, unless the host's own rules change: then both stay possible.
 */
function narrowed(
  candidates: readonly number[],
  classes: readonly RequestClass[],
  host: string,
  seen: ReadonlySet<string>,
): readonly number[] {
  const dialled = candidates.filter((i) => classes[i]?.lane.host === host);
  const routed = candidates.filter((i) => {
    const own = classes[i];
    return (
      own !== undefined &&
      own.lane.host !== host &&
      own.reach.spreads.every((spread) => spread.share < EXPECTED_SHARE || seen.has(spread.host))
    );
  });
  if (routed.length === 0) return dialled;
  return dialled.every((i) => classes[i]?.fate === 'kept') ? routed : [...dialled, ...routed];
}

interface Sorted {
  readonly members: number[];
  readonly observed: Map<string, number>;
  rate: number;
}

/** Gives each observation to the class that can have caused it. What no class can have caused belongs to no touched lane. */
export function groupRequests(classes: readonly RequestClass[], observations: readonly Observation[]): readonly RequestGroup[] {
  const numbers = classes.map((_, i) => i);
  const unions = new Unions(classes.length);
  const placed: { readonly at: number; readonly key: string; readonly rate: number }[] = [];
  const seen = new Set(observations.map(({ service }) => service.host));
  const loose: { readonly candidates: readonly number[]; readonly key: string; readonly rate: number }[] = [];
  for (const observation of observations) {
    const rate = rateOf(observation);
    if (rate <= 0) continue;
    const { host } = observation.service;
    const { workload } = observation.destination;
    const candidates = narrowed(
      numbers.filter((i) => classes[i] !== undefined && leadsTo(classes[i], host, workload)),
      classes,
      host,
      seen,
    );
    const [first, ...others] = candidates;
    if (first !== undefined) {
      for (const other of others) unions.join(first, other);
      placed.push({ at: first, key: observedKey(host, workload), rate });
      continue;
    }
    // Nobody answered, or a workload that the rules do not lead to (any more): some rule of the lane took them.
    const near = numbers.filter((i) => classes[i] !== undefined && touches(classes[i], host));
    if (near.length > 0) loose.push({ candidates: near, key: observedKey(host, workload === UNKNOWN ? '' : workload), rate });
  }
  const groups = new Map<number, Sorted>();
  const groupAt = (i: number): Sorted => {
    const root = unions.find(i);
    const known = groups.get(root);
    if (known !== undefined) return known;
    const made: Sorted = { members: [], observed: new Map(), rate: 0 };
    groups.set(root, made);
    return made;
  };
  const add = (group: Sorted, key: string, rate: number): void => {
    group.observed.set(key, (group.observed.get(key) ?? 0) + rate);
    group.rate += rate;
  };
  const unplaced = loose.filter(({ candidates }) => !placed.some(({ at }) => candidates.some((i) => unions.find(i) === unions.find(at))));
  for (const { candidates } of unplaced) for (const i of candidates) if (candidates[0] !== undefined) unions.join(candidates[0], i);
  for (const { at, key, rate } of placed) add(groupAt(at), key, rate);
  for (const { candidates, key, rate } of loose) spread(candidates, key, rate);
  for (const i of numbers) groups.get(unions.find(i))?.members.push(i);
  return [...groups.values()].map(({ members, observed, rate }) => ({
    classes: members.flatMap((i) => classes[i] ?? []),
    observed,
    rate,
  }));

  /** Over the groups that the candidates belong to, by the traffic that each is known to have. */
  function spread(candidates: readonly number[], key: string, rate: number): void {
    const roots = [...new Set(candidates.map((i) => unions.find(i)))];
    const known = roots.flatMap((root) => groups.get(root) ?? []);
    const total = known.reduce((sum, group) => sum + group.rate, 0);
    if (total > 0) for (const group of known.map((each) => ({ each, part: each.rate / total }))) add(group.each, key, rate * group.part);
    else if (roots[0] !== undefined) add(groupAt(roots[0]), key, rate);
  }
}
