// Looks after one change from its first write to its end, by what the journal says: applies, waits for a confirmation, watches the guard,
// reverts. In: a Ledger, a Tenure. Out: the change at its end. The same loop takes over what a console that died has left.
import type { ChangeRecord } from '../../model/change';
import { Failure } from '../../model/failure';
import { isAborted, pause } from '../pause';
import type { ClusterCredential } from '../ports';
import { applySteps, type KnownUids, type RunContext } from './apply';
import { whyTripped, withMeasure } from './guard';
import { revertSteps } from './revert';

/** How often the journal is read again: another replica may have confirmed. */
const READ_MS = 3_000;
/** After this the windows of rates hold nothing of the time before the change. */
const AFTER_MS = 75_000;

export interface AttendContext extends Omit<RunContext, 'credential'> {
  /** In whose name steps are applied; null: whoever applied it is gone, it is reverted. */
  readonly applyAs: { readonly credential: ClusterCredential; readonly uids: KnownUids } | null;
  /** In whose name it is reverted now. The API server decides whether that is enough. */
  readonly revertAs: () => ClusterCredential;
  /** Aborted when somebody has decided something here; a new one follows. */
  readonly wake: () => AbortSignal;
  readonly sampleMs: number;
  /** Told of every state that the change reaches. */
  readonly onState: (record: ChangeRecord) => void;
}

/** Leads a change to its end. @throws Failure where the journal cannot be read or written: it stays open, and whoever can goes on later */
export async function attendChange(context: AttendContext): Promise<void> {
  const { ledger, signal, onState } = context;
  let sampledMs = Number.NEGATIVE_INFINITY;
  let told: ChangeRecord['state'] | null = null;
  while (!isAborted(signal)) {
    const { record } = ledger;
    if (record.state !== told) onState(record);
    told = record.state;
    switch (record.state) {
      case 'applying':
        await goOnApplying(context);
        break;
      case 'waiting': {
        const nowMs = context.clock.now();
        if (nowMs - sampledMs >= context.sampleMs) {
          sampledMs = nowMs;
          await sample(context);
        }
        if (ledger.record.state === 'waiting') await goOnWaiting(context);
        break;
      }
      case 'reverting':
        await revertSteps({ ...context, credential: context.revertAs() }, 'reverted');
        break;
      case 'kept':
        await measureAfter(context);
        return;
      case 'reverted':
      case 'incomplete':
        return;
      default:
        return record.state satisfies never;
    }
  }
}

async function goOnApplying({ applyAs, ...context }: AttendContext): Promise<void> {
  const { ledger, clock, signal } = context;
  if (applyAs === null) {
    await toReverting(ledger, 'the console ended while it applied the change');
    return;
  }
  const applied = await applySteps({ ...context, credential: applyAs.credential }, applyAs.uids);
  if (applied.kind === 'failed' && isAborted(signal)) return;
  if (applied.kind === 'failed') await toReverting(ledger, applied.cause);
  if (applied.kind === 'done')
    await ledger.advance((record) => {
      const { revertAfterSeconds } = record.confirm;
      if (record.state !== 'applying') return null;
      return revertAfterSeconds === null
        ? { ...record, state: 'kept', endedAtMs: clock.now(), outcome: 'kept at once' }
        : { ...record, state: 'waiting', deadlineMs: clock.now() + revertAfterSeconds * 1000 };
    });
}

const toReverting = (ledger: AttendContext['ledger'], outcome: string): Promise<boolean> =>
  ledger.advance((record) =>
    record.state === 'applying' || record.state === 'waiting' ? { ...record, state: 'reverting', outcome } : null,
  );

/** Measures the touched hosts, and reverts where the guard trips. */
async function sample({ ledger, engine }: AttendContext): Promise<void> {
  // Without metrics a guard is blind; the timer still runs.
  const measure = await engine.measureTraffic(ledger.record.hosts, null).catch(() => null);
  if (measure === null) return;
  await ledger.advance((record) => {
    if (record.state !== 'waiting') return null;
    const measures = withMeasure(record.measures, measure);
    if (measures === record.measures) return null;
    const why = whyTripped(record.confirm.guard, record.before, measures);
    const measured = { ...record, measures, after: measure };
    return why === null ? measured : { ...measured, state: 'reverting', outcome: `the guard tripped: ${why}` };
  });
}

async function goOnWaiting({ ledger, clock, signal, wake, tenure }: AttendContext): Promise<void> {
  const { deadlineMs } = ledger.record;
  const leftMs = deadlineMs === null ? READ_MS : deadlineMs - clock.now();
  if (leftMs <= 0) {
    await toReverting(ledger, 'nobody confirmed it in time');
    return;
  }
  await pause(clock, Math.min(leftMs, READ_MS), AbortSignal.any([signal, wake()]));
  if (isAborted(signal)) return;
  tenure.assertValid();
  await ledger.refresh().catch((error: unknown) => {
    // The deadline stands, whatever the journal says once it can be read again: each entry is written by its version.
    if (!(error instanceof Failure) || error.code === 'notFound') throw error;
  });
}

/** The traffic after a change that was kept, once the windows of rates hold it alone. */
async function measureAfter({ ledger, engine, clock, signal }: AttendContext): Promise<void> {
  if (ledger.record.after !== null && ledger.record.confirm.revertAfterSeconds !== null) return;
  await pause(clock, AFTER_MS, signal);
  if (isAborted(signal)) return;
  const after = await engine.measureTraffic(ledger.record.hosts, null).catch(() => null);
  if (after !== null) await ledger.advance((record) => (record.after === null ? { ...record, after } : null));
}
