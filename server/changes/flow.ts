// THE SPINE OF THE WRITE FLOW: every step in order, from edits to a change that is kept or set back. In: edits, who asks. Out: Preview, ChangeRecord.
//   decode (app/api) → plan (engine) → read the objects as the user → whose they are → rehearse on the API server → preview
//   → plan again and compare with what was shown → measure the traffic before → journal first
//   → (attend) write step by step with waits → watch, confirm or set back → end
import type { ApplyRequest, ChangeRecord } from '../../model/change';
import type { Edit } from '../../model/edit';
import type { ChangeSeat } from './context';
import { type FlowContext, type Prepared, type Refusal, refuseChanged, refuseStale } from './outcomes';
import { ownersOfPlan } from './ownership';
import { planOnFresh, rehearseWrites } from './prepare';
import { buildRecord, normalise, uidsOf } from './record';
import { requireAllowed, whyRefused } from './refuse';
import { findRevertIdentity } from './rights';

/** Everything that is known of a change before anything is written. @throws Failure */
export async function prepareChange(
  edits: readonly Edit[],
  seat: ChangeSeat,
  context: FlowContext,
  signal: AbortSignal,
): Promise<Prepared | Refusal> {
  const planned = await planOnFresh(edits, seat, context, signal);
  if ('stale' in planned) return refuseStale(planned.stale);
  const { problems, plan, findings, effects, forecast, cases, trafficAtMs, windowSeconds } = planned.rehearsal;
  if (problems.length > 0) return { kind: 'problems', problems };
  const ownership = ownersOfPlan(plan, planned.objects);
  const { dryRuns, dryRun, dryRunFault } = await rehearseWrites(plan.steps, planned, seat, context.writer, signal);
  const revertBy = await findRevertIdentity(seat, plan.steps, context.rights, signal);
  const foreseen = { findings, effects, forecast, cases, trafficAtMs, windowSeconds };
  const preview = { plan, ...foreseen, ownership, dryRun, dryRunFault, revertBy };
  return { kind: 'prepared', ...planned, dryRuns, preview };
}

/** Begins a change: in the journal once this resolves, then led to its end whoever is there to see it. @throws Failure */
export async function applyChange(
  request: ApplyRequest,
  undoes: string | null,
  seat: ChangeSeat,
  context: FlowContext,
  signal: AbortSignal,
): Promise<{ readonly kind: 'started'; readonly record: ChangeRecord } | Refusal> {
  const prepared = await prepareChange(request.edits, seat, context, signal);
  if (prepared.kind !== 'prepared') return prepared;
  const { preview, rehearsal, objects } = prepared;
  requireAllowed(prepared);
  if (preview.plan.digest !== request.digest) return refuseChanged(preview);
  const refusal = whyRefused(preview, request, context.clock.now());
  if (refusal !== null) throw refusal;
  const before = await context.engine.measureTraffic(rehearsal.hosts, null).catch(() => null);
  const steps = normalise(preview.plan.steps, prepared);
  const record = buildRecord({ request, preview, hosts: rehearsal.hosts, steps, before, undoes }, seat, context);
  await context.keeper.begin(record, seat.caller.credential, uidsOf(objects));
  return { kind: 'started', record };
}
