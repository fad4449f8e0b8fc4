// Takes the steps of a change back, last first. In: a Ledger in state `reverting`. Out: the record at its end: `reverted`, or `incomplete` with
// exactly what remains. Where it is interrupted, it goes on from what is in the cluster.
import type { ChangeRecord } from '../../model/change';
import { isAborted, pause } from '../pause';
import { type RunContext, SETTLE_MS, stepContext } from './apply';
import { withStep } from './ledger';
import { type UndoResult, undoStep } from './undo-step';

/** Undoes what is not undone yet. @throws Failure where the journal cannot be written or has changed hands */
export async function revertSteps(context: RunContext, why: string): Promise<void> {
  const { ledger, clock, signal } = context;
  for (let index = ledger.record.steps.length - 1; index >= 0; index--) {
    const step = ledger.record.steps[index];
    // Failed: it is known that nothing was written.
    if (step === undefined || step.state === 'undone' || step.state === 'failed') continue;
    const later = ledger.record.steps[index + 1];
    if (step.ref.kind === 'DestinationRule' && later !== undefined && later.ref.kind !== 'DestinationRule')
      await pause(clock, SETTLE_MS, signal);
    const result = await undoStep(step, ledger.record.createdAtMs, stepContext(context, { action: UNDOING[step.action], ref: step.ref }));
    // A console that is being stopped leaves the rest to the next one.
    if (result.kind === 'remains' && isAborted(signal)) return;
    await ledger.advance((record) => noted(record, index, result));
  }
  await ledger.advance((record) => ended(record, clock.now(), why));
}

const UNDOING = { create: 'delete', update: 'update', delete: 'create' } as const;

function noted(record: ChangeRecord, index: number, result: UndoResult): ChangeRecord {
  const step = record.steps[index];
  if (step === undefined) return record;
  const remains = record.remains.filter(({ ref }) => JSON.stringify(ref) !== JSON.stringify(step.ref));
  return result.kind === 'undone'
    ? withStep(record, index, { state: 'undone' })
    : { ...record, remains: [...remains, { ref: step.ref, message: result.message }] };
}

function ended(record: ChangeRecord, nowMs: number, why: string): ChangeRecord | null {
  if (record.state !== 'reverting') return null;
  const state = record.remains.length === 0 ? 'reverted' : 'incomplete';
  return { ...record, state, endedAtMs: nowMs, deadlineMs: null, outcome: record.outcome ?? why };
}
