// THE SPINE OF THE WRITE FLOW: every step in order, from an edit to a change that is kept or set back. In: edits, a seat. Out: Preview; Applied.
// What happens after the journal has the change is server/changes/attend: apply, wait, confirm or revert, end.
import type { ApplyRequest, ChangeConflict, ChangeRecord, Preview } from '../../model/change';
import type { Edit, EditProblem } from '../../model/edit';
import { refText } from '../../model/edit';
import type { ChangeContext, ChangeSeat } from './context';
import { wordsUnless } from './failure-words';
import type { Keeper } from './keeper';
import { findOwners } from './ownership';
import { type DryRunOfStep, dryRunSteps, findStale, type OnFresh, planOnFresh } from './prepare';
import { buildRecord, normalise, uidsOf } from './record';
import { requireAllowed, whyRefused } from './refuse';
import { findRevertIdentity } from './rights';
import type { SeenObjects } from './seen-objects';

export interface FlowContext extends ChangeContext {
  readonly keeper: Keeper;
  readonly seen: SeenObjects;
}

/** A refusal that brings data along is no exception. */
export type Refusal =
  | { readonly kind: 'problems'; readonly problems: readonly EditProblem[] }
  | { readonly kind: 'conflict'; readonly detail: string; readonly conflict: ChangeConflict };

export interface Prepared extends OnFresh {
  readonly kind: 'prepared';
  readonly preview: Preview;
  readonly dryRuns: readonly DryRunOfStep[];
}

/** decode (done) → plan → read the objects as the user → ownership → rehearse on the API server. @throws Failure */
export async function prepareChange(
  edits: readonly Edit[],
  seat: ChangeSeat,
  context: FlowContext,
  signal: AbortSignal,
): Promise<Prepared | Refusal> {
  const onFresh = await planOnFresh(edits, seat, context, signal);
  const { problems, plan, hosts: _hosts, ...effects } = onFresh.rehearsal;
  const stale = findStale(edits, onFresh.objects, context.seen);
  const [first] = stale;
  if (first !== undefined)
    return { kind: 'conflict', detail: `${refText(first.ref)} was edited by somebody else since you opened it`, conflict: { stale } };
  if (problems.length > 0) return { kind: 'problems', problems };
  const ownership = [...new Map(plan.steps.map(({ ref }) => [refText(ref), ref])).values()].flatMap((ref) =>
    findOwners(
      ref,
      onFresh.objects.get(refText(ref)) ?? null,
      plan.steps.filter((step) => refText(step.ref) === refText(ref)),
    ),
  );
  let dryRuns: readonly DryRunOfStep[] | null = null;
  let dryRunFault: string | null = null;
  try {
    dryRuns = await dryRunSteps(plan.steps, onFresh, seat, context.writer, signal);
  } catch (error) {
    dryRunFault = wordsUnless('clusterUnauthorized', error);
  }
  const revertBy = await findRevertIdentity(seat, plan.steps, context.rights, signal);
  const dryRun = dryRuns?.map((one) => one.dryRun) ?? null;
  return { kind: 'prepared', ...onFresh, dryRuns: dryRuns ?? [], preview: { plan, ...effects, ownership, dryRun, dryRunFault, revertBy } };
}

/** … → compare with what was shown → baseline → journal first → [attend: write steps with waits → confirm or revert → end]. @throws Failure */
export async function applyChange(
  request: ApplyRequest,
  origin: { readonly undoes: string | null },
  seat: ChangeSeat,
  context: FlowContext,
  signal: AbortSignal,
): Promise<{ readonly kind: 'started'; readonly record: ChangeRecord } | Refusal> {
  const prepared = await prepareChange(request.edits, seat, context, signal);
  if (prepared.kind !== 'prepared') return prepared;
  const { preview, rehearsal } = prepared;
  requireAllowed(prepared);
  if (preview.plan.digest !== request.digest)
    return {
      kind: 'conflict',
      detail: 'the change would no longer do what was shown: objects were edited meanwhile',
      conflict: { preview },
    };
  const refusal = whyRefused(preview, request, context.clock.now());
  if (refusal !== null) throw refusal;
  const before = await context.engine.measureTraffic(rehearsal.hosts, null).catch(() => null);
  const steps = normalise(preview.plan.steps, prepared);
  const record = buildRecord({ request, preview, hosts: rehearsal.hosts, steps, before, undoes: origin.undoes }, seat, context);
  await context.keeper.begin(record, seat.caller.credential, uidsOf(prepared.objects));
  return { kind: 'started', record };
}
