// Groups of requests put together to the effects on one edge: what is known of it, and what is not. In: GroupEffects. Out: EdgeEffects.
// The rates of an edge's effects sum to what was observed on it.
import type { EdgeEffect, EffectKind, EffectShare } from '../../model/change';
import { type Observation, type Protocol, UNKNOWN } from '../../model/traffic';
import type { GroupEffect } from './group-effects';
import { rateOf } from './observed';

export interface LabelledEffect {
  readonly host: string;
  readonly effect: GroupEffect;
}

const WORST: readonly EffectKind[] = ['cut', 'fails', 'unknown', 'slower', 'moves', 'kept'];

/** Worst first, then the busiest. */
export const compareEffects = (a: EdgeEffect, b: EdgeEffect): number =>
  WORST.indexOf(a.kind) - WORST.indexOf(b.kind) || b.requestsPerSecond - a.requestsPerSecond;

/** One effect for what is known of each host, and one for what is not. */
export function edgeEffects(source: Observation['source'], protocol: Protocol, labelled: readonly LabelledEffect[]): readonly EdgeEffect[] {
  const parts = new Map<string, GroupEffect[]>();
  for (const { host, effect } of labelled) {
    const key = JSON.stringify([host, effect.kind === 'unknown', effect.predicted]);
    parts.set(key, [...(parts.get(key) ?? []), effect]);
  }
  return [...parts].map(([key, effects]) => {
    const [host] = JSON.parse(key) as readonly [string, boolean, boolean];
    return joinEffects(source, host, protocol, effects);
  });
}

function joinEffects(source: Observation['source'], host: string, protocol: Protocol, effects: readonly GroupEffect[]): EdgeEffect {
  const sum = (read: (effect: GroupEffect) => number): number => effects.reduce((total, effect) => total + read(effect), 0);
  // What is worst names the kind; of what changes, the busiest names the rules.
  const worst = effects.reduce((a, b) => (WORST.indexOf(b.kind) < WORST.indexOf(a.kind) ? b : a));
  const changed = effects.filter(({ kind }) => kind !== 'kept');
  const told = (changed.length > 0 ? changed : effects).reduce((a, b) => (b.rate > a.rate ? b : a));
  const delays = effects.flatMap(({ delayed }) => delayed ?? []);
  return {
    kind: worst.kind,
    source,
    host,
    protocol,
    requestsPerSecond: sum(({ rate }) => rate),
    before: joinShares(effects.flatMap(({ before }) => before)),
    after: joinShares(effects.flatMap(({ after }) => after)),
    movedPerSecond: sum(({ moved }) => moved),
    failingPerSecond: sum(({ failing }) => failing),
    delayed:
      delays.length === 0
        ? null
        : {
            milliseconds: Math.max(...delays.map(({ milliseconds }) => milliseconds)),
            requestsPerSecond: delays.reduce((total, { rate }) => total + rate, 0),
          },
    why: [...new Set((changed.length > 0 ? changed : effects).map(({ why }) => why))].join('; '),
    rules: told.rules,
  };
}

/** Sums the shares of equal destinations. */
export function joinShares(shares: readonly EffectShare[]): readonly EffectShare[] {
  const joined = new Map<string, EffectShare>();
  for (const share of shares) {
    const key = JSON.stringify([share.host, share.subset]);
    const known = joined.get(key);
    joined.set(
      key,
      known === undefined
        ? share
        : {
            ...known,
            workloads: [...new Set([...known.workloads, ...share.workloads])].sort(),
            requestsPerSecond: known.requestsPerSecond + share.requestsPerSecond,
          },
    );
  }
  return [...joined.values()];
}

interface Edge {
  readonly source: Observation['source'];
  readonly protocol: Protocol;
  readonly observations: readonly Observation[];
}

/** Effects of a caller of whom nothing can be evaluated. */
export function unknownEdge({ source, protocol, observations }: Edge, hosts: ReadonlySet<string>, why: string): readonly EdgeEffect[] {
  const byHost = new Map<string, EffectShare[]>();
  for (const observation of observations) {
    const { host } = observation.service;
    if (!hosts.has(host)) continue;
    const share = {
      host,
      subset: null,
      workloads: observation.destination.workload === UNKNOWN ? [] : [observation.destination.workload],
      requestsPerSecond: rateOf(observation),
    };
    byHost.set(host, [...(byHost.get(host) ?? []), share]);
  }
  return [...byHost].map(([host, shares]) => ({
    kind: 'unknown',
    source,
    host,
    protocol,
    requestsPerSecond: shares.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0),
    before: joinShares(shares),
    after: [],
    movedPerSecond: 0,
    failingPerSecond: 0,
    delayed: null,
    why,
    rules: { before: null, after: null },
  }));
}
