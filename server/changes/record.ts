// The journal entry of a change that begins. Pure but for the clock and the id that it is given. In: request, preview. Out: ChangeRecord.
import type { ApplyRequest, ChangeRecord, PlanStep, Preview, TrafficMeasure } from '../../model/change';
import { refText } from '../../model/edit';
import type { ManagedObject } from '../ports';
import type { ChangeContext, ChangeSeat } from './context';
import { changeId } from './ledger';
import type { DryRunOfStep } from './prepare';

type Objects = ReadonlyMap<string, ManagedObject | null>;

/**
 * The steps with the objects whole, as the API server has and will have them: what a removal takes away can be made again in full, and what
 * the server adds by itself (defaults) is not mistaken for somebody's edit later.
 */
export function normalise(
  steps: readonly PlanStep[],
  { objects, dryRuns }: { readonly objects: Objects; readonly dryRuns: readonly DryRunOfStep[] },
): readonly PlanStep[] {
  const isRepeated = (step: PlanStep): boolean => steps.filter(({ ref }) => refText(ref) === refText(step.ref)).length > 1;
  return steps.map((step, i) => {
    // The second of two writes to an object starts from the first, which the API server has not seen.
    if (isRepeated(step)) return step;
    const current = objects.get(refText(step.ref)) ?? null;
    return {
      ...step,
      before: step.before === null ? null : (current?.manifest ?? step.before),
      after: step.after === null ? null : (dryRuns[i]?.stored ?? step.after),
    };
  });
}

/** uid of every object that is there, by refText. */
export const uidsOf = (objects: Objects): ReadonlyMap<string, string> =>
  new Map([...objects].flatMap(([key, found]) => (found === null ? [] : [[key, found.object.uid] as const])));

export interface RecordParts {
  readonly request: ApplyRequest;
  readonly preview: Preview;
  readonly hosts: readonly string[];
  readonly steps: readonly PlanStep[];
  readonly before: TrafficMeasure | null;
  readonly undoes: string | null;
}

export function buildRecord(
  { request, preview, hosts, steps, before, undoes }: RecordParts,
  seat: ChangeSeat,
  { clock, random }: Pick<ChangeContext, 'clock' | 'random'>,
): ChangeRecord {
  const nowMs = clock.now();
  const { user } = seat.caller;
  return {
    id: changeId(nowMs, random()),
    state: 'applying',
    by: { name: user.name, subject: user.subject },
    createdAtMs: nowMs,
    reason: request.reason,
    override: request.override,
    steps: steps.map((step) => ({ ...step, state: 'pending', written: null })),
    acceptedFindings: preview.findings
      .filter(({ origin }) => origin === 'new')
      .map(({ finding: { code, object, message } }) => ({ code, object, message })),
    hosts,
    confirm: request.confirm,
    revertBy: preview.revertBy.identity,
    deadlineMs: null,
    confirmedBy: null,
    endedAtMs: null,
    outcome: null,
    remains: [],
    before,
    after: null,
    measures: [],
    undoes,
    undoneBy: null,
  };
}
