// A change rehearsed on the inventory: plan, findings before and after, effects on the traffic that is seen now, saved cases.
// In: Inventory, snapshot, edits, cases. Out: Rehearsal. The index of an inventory is made once, as long as it lives.
import type { CaseOutcome, CheckDocument, Rehearsal } from '../../model/change';
import type { Edit } from '../../model/edit';
import type { Inventory } from '../../model/inventory';
import type { Explanation, SavedCase } from '../../model/steering';
import type { TrafficSnapshot } from '../../model/traffic';
import { analyse } from '../analysis/analyse';
import { judgeFindings } from '../analysis/judge';
import { touchedBy } from '../analysis/touched';
import { applyPlan } from '../changes/plan/overlay';
import { type Planned, planEdits } from '../changes/plan/plan-edits';
import { memoByObject } from '../istio/memo';
import { buildMeshIndex, type MeshIndex } from '../istio/mesh-index';
import { forecastEffects } from './effects';
import { explainRequest } from './explain';
import { touchedHosts } from './touched-hosts';

export const indexOf: (inventory: Inventory) => MeshIndex = memoByObject(buildMeshIndex);

export interface Foresight extends Planned {
  readonly before: MeshIndex;
  /** The mesh as it would be; `before` itself where nothing changes. */
  readonly after: MeshIndex;
}

/** What is planned, and the mesh after it. */
export function foresee(inventory: Inventory, edits: readonly Edit[]): Foresight {
  const planned = planEdits(inventory, edits);
  const before = indexOf(inventory);
  return { ...planned, before, after: planned.plan.steps.length === 0 ? before : buildMeshIndex(applyPlan(inventory, planned.plan)) };
}

/** Findings of what a plan touches, judged. Findings elsewhere cannot have changed and are not told. */
export function judgePlan({ before, after, plan }: Pick<Foresight, 'before' | 'after' | 'plan'>, nowMs: number): Rehearsal['findings'] {
  if (plan.steps.length === 0) return [];
  const only = touchedBy(
    plan.steps.map(({ ref }) => ref),
    [before, after],
  );
  return judgeFindings(analyse(before, { only, nowMs }), analyse(after, { only, nowMs }));
}

/** Problems and findings alone: what is told while somebody types. */
export const checkPlan = (foresight: Foresight, nowMs: number): CheckDocument => ({
  problems: foresight.problems,
  findings: judgePlan(foresight, nowMs),
});

function runCases(before: MeshIndex, after: MeshIndex, { cases, tell }: RehearsalInputs): readonly CaseOutcome[] {
  return cases.map(({ name, question }) => {
    const now = tell(explainRequest(before, question)).summary;
    const then = after === before ? now : tell(explainRequest(after, question)).summary;
    return { name, before: now, after: then, changed: now !== then };
  });
}

export interface RehearsalInputs {
  readonly inventory: Inventory;
  /** Null while no traffic is known. */
  readonly snapshot: TrafficSnapshot | null;
  readonly windowSeconds: number;
  /** By which suppressions of findings are judged. */
  readonly nowMs: number;
  readonly edits: readonly Edit[];
  readonly cases: readonly SavedCase[];
  /** What the reader may be told of an explanation. */
  readonly tell: (explanation: Explanation) => Explanation;
}

/** The whole rehearsal. */
export function rehearse(inputs: RehearsalInputs): Rehearsal {
  const { inventory, snapshot, windowSeconds, edits } = inputs;
  const { plan, problems, before, after } = foresee(inventory, edits);
  const hosts = touchedHosts(before, after, plan, snapshot);
  const { effects, forecast } = forecastEffects(before, after, snapshot, hosts);
  return {
    plan,
    problems,
    findings: judgePlan({ before, after, plan }, inputs.nowMs),
    effects,
    forecast,
    cases: runCases(before, after, inputs),
    hosts: [...hosts].sort(),
    trafficAtMs: snapshot?.atMs ?? null,
    windowSeconds: snapshot?.windowSeconds ?? windowSeconds,
  };
}
