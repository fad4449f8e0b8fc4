// A rehearsal as somebody sees it who does not see every namespace: hidden callers of a host are one, hidden hosts and workloads have no name.
// In: Rehearsal (or a part of it), Veil. Out: the same without hidden names; rates are kept.
import type { EdgeEffect, EffectKind, EffectShare, Rehearsal } from '../../model/change';
import type { JudgedFinding } from '../../model/finding';
import { HIDDEN, type Veil } from './veil';

type Part = Partial<Rehearsal> & Pick<Rehearsal, 'problems' | 'findings'>;

/** Whatever of a rehearsal is given, without hidden names. The plan touches visible objects only (its owner sees to that). */
export function veilRehearsal<T extends Part>(rehearsal: T, veil: Veil): T {
  if (veil.all) return rehearsal;
  const { effects, forecast, cases, hosts } = rehearsal;
  return {
    ...rehearsal,
    problems: rehearsal.problems.map((problem) => ({ ...problem, message: veil.text(problem.message), next: veil.text(problem.next) })),
    findings: veilFindings(rehearsal.findings, veil),
    ...(effects === undefined ? {} : { effects: veilEffects(effects, veil) }),
    ...(forecast === undefined ? {} : { forecast: forecast.filter(({ host }) => veil.seesHost(host)) }),
    ...(cases === undefined
      ? {}
      : { cases: cases.map((outcome) => ({ ...outcome, before: veil.text(outcome.before), after: veil.text(outcome.after) })) }),
    ...(hosts === undefined ? {} : { hosts: hosts.filter(veil.seesHost) }),
  };
}

const veilFindings = (findings: readonly JudgedFinding[], veil: Veil): readonly JudgedFinding[] =>
  findings.flatMap(({ finding, origin }) => veil.findings([finding]).map((seen) => ({ finding: seen, origin })));

// A service selects pods of its own namespace: the workloads behind a visible host are visible.
const veilShare = (share: EffectShare, veil: Veil): EffectShare =>
  veil.seesHost(share.host) ? share : { ...share, host: HIDDEN, subset: null, workloads: [] };

/** Effects of visible callers, and those on visible hosts; of hidden callers one for each host, protocol and kind. */
function veilEffects(effects: readonly EdgeEffect[], veil: Veil): readonly EdgeEffect[] {
  const seen: EdgeEffect[] = [];
  const masked = new Map<string, EdgeEffect[]>();
  for (const effect of effects) {
    const seesCaller = veil.sees(effect.source.namespace) || effect.source.workload === 'unknown';
    const seesHost = veil.seesHost(effect.host);
    if (!seesCaller && !seesHost) continue;
    const told: EdgeEffect = {
      ...effect,
      host: seesHost ? effect.host : HIDDEN,
      before: effect.before.map((share) => veilShare(share, veil)),
      after: effect.after.map((share) => veilShare(share, veil)),
      why: veil.text(effect.why),
      rules: { before: veil.pointer(effect.rules.before), after: veil.pointer(effect.rules.after) },
    };
    if (seesCaller) seen.push(told);
    else {
      const key = `${told.host}|${told.protocol}`;
      masked.set(key, [...(masked.get(key) ?? []), told]);
    }
  }
  return [...seen, ...[...masked.values()].map(sumEffects)];
}

/** Worst first: what stands for several effects is the worst of them. */
const WORST: readonly EffectKind[] = ['cut', 'fails', 'unknown', 'slower', 'moves', 'kept'];

function sumEffects(effects: readonly EdgeEffect[]): EdgeEffect {
  const [first] = effects;
  if (first === undefined) throw new RangeError('no effects to sum');
  const worst = effects.reduce((a, b) => (WORST.indexOf(b.kind) < WORST.indexOf(a.kind) ? b : a), first);
  const sum = (rate: (effect: EdgeEffect) => number): number => effects.reduce((total, effect) => total + rate(effect), 0);
  const delays = effects.flatMap(({ delayed }) => delayed ?? []);
  return {
    ...worst,
    source: { cluster: first.source.cluster, namespace: '', workload: HIDDEN },
    requestsPerSecond: sum((effect) => effect.requestsPerSecond),
    movedPerSecond: sum((effect) => effect.movedPerSecond),
    failingPerSecond: sum((effect) => effect.failingPerSecond),
    before: sumShares(effects.flatMap(({ before }) => before)),
    after: sumShares(effects.flatMap(({ after }) => after)),
    delayed:
      delays.length === 0
        ? null
        : {
            milliseconds: Math.max(...delays.map(({ milliseconds }) => milliseconds)),
            requestsPerSecond: delays.reduce((total, { requestsPerSecond }) => total + requestsPerSecond, 0),
          },
  };
}

function sumShares(shares: readonly EffectShare[]): readonly EffectShare[] {
  const byKey = new Map<string, EffectShare>();
  for (const share of shares) {
    const key = `${share.host}|${share.subset ?? ''}`;
    const known = byKey.get(key);
    byKey.set(
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
  return [...byKey.values()];
}
