// Takes the steps of a change one by one: write, journal, wait. In: a Ledger in state `applying`. Out: how far it came.
// What was written stays in the journal with its version, so that whoever goes on knows what is whose.
import type { ChangeRecord, StepWait } from '../../model/change';
import { refText } from '../../model/edit';
import { isAborted, pause } from '../pause';
import type { ClusterCredential } from '../ports';
import type { ChangeContext } from './context';
import { type Ledger, withStep } from './ledger';
import type { Tenure } from './tenure';
import { type WriteAudit, writeNote } from './write-audit';
import { type StepGuard, writeStep } from './write-step';

export type Applied =
  | { readonly kind: 'done' }
  /** What was written must be undone. */
  | { readonly kind: 'failed'; readonly cause: string }
  /** The journal says that it is no longer to be applied: somebody asked to revert it. */
  | { readonly kind: 'stopped' };

export interface RunContext extends Pick<ChangeContext, 'writer' | 'engine' | 'clock'> {
  readonly ledger: Ledger;
  readonly tenure: Tenure;
  readonly credential: ClusterCredential;
  readonly audit: WriteAudit;
  readonly signal: AbortSignal;
}

/** uid of the objects that steps delete, by refText, as they were read for the plan. */
export type KnownUids = ReadonlyMap<string, string>;

const WAIT_MS = 60_000;
const POLL_MS = 1_000;
/** Proxies have the new routes before what the old ones used goes away. */
export const SETTLE_MS = 2_000;

/** Applies every step that is still pending. @throws Failure where the journal cannot be written: then the cluster decides what was done */
export async function applySteps(context: RunContext, uids: KnownUids): Promise<Applied> {
  const { ledger, clock, signal } = context;
  for (const [index, step] of ledger.record.steps.entries()) {
    if (ledger.record.state !== 'applying') return { kind: 'stopped' };
    if (index > 0 && takesAway(ledger.record, index)) await pause(clock, SETTLE_MS, signal);
    const result = await writeStep(step, guardOf(ledger.record, index, uids), stepContext(context, step));
    if (result.kind !== 'written') {
      // Whether it is written or not is decided by the cluster when it is undone.
      await ledger.advance((record) => withStep(record, index, { state: result.kind === 'unknown' ? 'pending' : 'failed' }));
      return { kind: 'failed', cause: `${step.action} ${refText(step.ref)} ${CAUSES[result.kind]}: ${result.detail}` };
    }
    const { resourceVersion, uid } = result;
    await ledger.advance((record) => withStep(record, index, { state: 'written', written: { resourceVersion, uid } }));
    for (const wait of [...(step.waitAfter === null ? [] : [step.waitAfter]), ...(step.waitAlso ?? [])]) {
      const late = await waitFor(wait, context);
      if (late !== null) return { kind: 'failed', cause: late };
    }
  }
  return ledger.record.state === 'applying' ? { kind: 'done' } : { kind: 'stopped' };
}

const CAUSES = { conflict: 'was refused, since it was changed meanwhile', refused: 'was refused', unknown: 'was not answered' } as const;

export const stepContext = (
  { writer, credential, clock, signal, tenure, audit }: RunContext,
  step: Pick<ChangeRecord['steps'][number], 'action' | 'ref'>,
) => ({
  writer,
  credential,
  clock,
  signal,
  assertHeld: () => tenure.assertValid(),
  onAnswer: writeNote(audit, step, credential),
});

/** A step behind others that changes what routes may still use. */
const takesAway = ({ steps }: ChangeRecord, index: number): boolean =>
  steps[index]?.ref.kind === 'DestinationRule' && steps[index - 1]?.ref.kind !== 'DestinationRule';

/** The version on which a step was planned, or which an earlier step of the change left. */
function guardOf({ steps }: ChangeRecord, index: number, uids: KnownUids): StepGuard {
  const step = steps[index];
  if (step === undefined || step.action === 'create') return { resourceVersion: null, uid: null };
  const key = refText(step.ref);
  const earlier = steps.slice(0, index).findLast(({ ref, written }) => refText(ref) === key && written !== null)?.written;
  return { resourceVersion: earlier?.resourceVersion ?? step.resourceVersion, uid: earlier?.uid ?? uids.get(key) ?? null };
}

/** Waits until enough pods are ready; else what was waited for in vain. */
async function waitFor({ host, subset, readyPods }: StepWait, { engine, clock, signal }: RunContext): Promise<string | null> {
  const what = `${readyPods} ready ${readyPods === 1 ? 'pod' : 'pods'} of ${subset === null ? host : `subset ${subset} of ${host}`}`;
  const untilMs = clock.now() + WAIT_MS;
  for (;;) {
    // The engine may be starting anew: it has until the deadline like the pods.
    const ready = await engine.awaitEndpoints(host, subset, null).catch(() => null);
    if (ready !== null && ready >= readyPods) return null;
    if (isAborted(signal)) return `the console was stopped while it waited for ${what}`;
    if (clock.now() >= untilMs)
      return `waited ${WAIT_MS / 1000} s for ${what}; there ${ready === 1 ? 'is' : 'are'} ${ready ?? 'none that the console knows'}`;
    await pause(clock, POLL_MS, signal);
  }
}
