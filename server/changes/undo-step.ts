// Takes one write back without taking anything of somebody else's back. In: a step of a record, ClusterWriter. Out: UndoResult.
// What the object is decides, not what the journal says: a console may have died between a write and its entry.
import type { ChangeRecord, Manifest } from '../../model/change';
import { refText } from '../../model/edit';
import { Failure } from '../../model/failure';
import { isAborted, pause } from '../pause';
import type { ManagedObject } from '../ports';
import { isAtAfter, isAtBefore } from './compare';
import { sameJson } from './plan/json-edit';
import { manifestJson } from './plan/manifest-of';
import { threeWay } from './plan/three-way';
import { type StepContext, type StepGuard, type StepResult, writeStep } from './write-step';

export type RecordedStep = ChangeRecord['steps'][number];

export type UndoResult =
  /** As before the change, or as somebody else made it since without overlapping. */
  | { readonly kind: 'undone'; readonly written: { readonly resourceVersion: string; readonly uid: string } | null }
  /** Not undone, and trying again as things are would not help. */
  | { readonly kind: 'remains'; readonly message: string };

/** Somebody may write again and again: not for ever. */
const ROUNDS = 8;
const READ_PAUSES_MS = [500, 2_000, 5_000, 10_000, 20_000, 30_000];

/** Undoes a step of a change that began at `sinceMs`. @throws Failure where the journal has changed hands */
export async function undoStep(step: RecordedStep, sinceMs: number, context: StepContext): Promise<UndoResult> {
  let why = '';
  for (let round = 0; round < ROUNDS && !isAborted(context.signal); round++) {
    const current = await read(step, context);
    if ('message' in current) return { kind: 'remains', message: current.message };
    const back = wayBack(step, current.object, sinceMs);
    if (back.kind !== 'write') return back;
    const result: StepResult = await writeStep(
      { action: back.action, ref: step.ref, before: back.from, after: back.to },
      back.guard,
      context,
    );
    switch (result.kind) {
      case 'written':
        return { kind: 'undone', written: { resourceVersion: result.resourceVersion, uid: result.uid } };
      case 'refused':
        return {
          kind: 'remains',
          message: `${refText(step.ref)} could not be set back: ${result.detail}. Whoever may write it can revert it`,
        };
      case 'conflict':
      case 'unknown':
        why = result.detail;
        break;
      default:
        return result satisfies never;
    }
  }
  return { kind: 'remains', message: `${refText(step.ref)} could not be set back: ${why === '' ? 'the console was stopped' : why}` };
}

async function read(
  { ref }: RecordedStep,
  { writer, credential, clock, signal, assertHeld }: StepContext,
): Promise<{ readonly object: ManagedObject | null } | { readonly message: string }> {
  for (let attempt = 0; ; attempt++) {
    assertHeld();
    try {
      return { object: await writer.readObject(ref, credential, signal) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const waitMs = READ_PAUSES_MS[attempt];
      const isRefusal = error.code === 'forbidden' || error.code === 'clusterUnauthorized';
      if (waitMs === undefined || isRefusal || isAborted(signal))
        return { message: `${refText(ref)} could not be read to set it back: ${error.detail}. Whoever may can revert it` };
      await pause(clock, waitMs, signal);
    }
  }
}

type WayBack =
  | UndoResult
  | {
      readonly kind: 'write';
      readonly action: 'create' | 'update' | 'delete';
      readonly from: Manifest | null;
      readonly to: Manifest | null;
      readonly guard: StepGuard;
    };

/** Clocks differ, and managedFields count seconds. */
const SLACK_MS = 60_000;
const isWrittenSince = ({ managedFields }: ManagedObject, sinceMs: number): boolean =>
  managedFields.some(({ manager, timeMs }) => manager === 'heddle' && timeMs !== null && timeMs >= sinceMs - SLACK_MS);

const UNDONE: UndoResult = { kind: 'undone', written: null };

/** What to write so that nothing of the step is left of an object, whatever became of it since. */
export function wayBack(step: RecordedStep, current: ManagedObject | null, sinceMs: number): WayBack {
  const { action, ref, before, after, written } = step;
  const guard: StepGuard = { resourceVersion: current?.object.resourceVersion ?? null, uid: current?.object.uid ?? null };
  const own =
    written !== null &&
    current !== null &&
    current.object.uid === written.uid &&
    current.object.resourceVersion === written.resourceVersion;
  switch (action) {
    case 'create': {
      if (current === null) return UNDONE;
      const isOurs =
        written === null ? current.managedFields.some(({ manager }) => manager === 'heddle') : current.object.uid === written.uid;
      // Somebody else's of the same name: ours is gone, or was never made.
      if (!isOurs) return UNDONE;
      if (own || isAtAfter(current, step)) return { kind: 'write', action: 'delete', from: current.manifest, to: null, guard };
      return {
        kind: 'remains',
        message: `${refText(ref)} was made by this change and edited by somebody else since; delete it by hand if nobody needs it`,
      };
    }
    case 'update': {
      if (before === null || after === null) return UNDONE;
      if (current === null && written === null) return UNDONE;
      if (current === null) return { kind: 'remains', message: `${refText(ref)} was deleted by somebody else since; it is not made again` };
      if (isAtBefore(current, step)) return UNDONE;
      if (own || isAtAfter(current, step)) return { kind: 'write', action: 'update', from: after, to: before, guard };
      const { merged, conflicts } = threeWay(after, before, current.manifest);
      // Never written, and edited by somebody else since it was planned: nothing of ours can be in it.
      if (merged === null && written === null && !isWrittenSince(current, sinceMs)) return UNDONE;
      if (merged === null)
        return {
          kind: 'remains',
          message: `${refText(ref)} was edited by somebody else since, at the same place (${conflicts
            .slice(0, 3)
            .map(({ path }) => path)
            .join(', ')}); what they wrote is kept`,
        };
      // They edited it as it was before, elsewhere: there is nothing of ours in it.
      if (sameJson(manifestJson(merged), manifestJson(current.manifest))) return UNDONE;
      return { kind: 'write', action: 'update', from: current.manifest, to: merged, guard };
    }
    case 'delete': {
      if (before === null) return UNDONE;
      if (current === null) return { kind: 'write', action: 'create', from: null, to: before, guard };
      // Never deleted, or made again as it was.
      if (isAtBefore(current, step) || written === null) return UNDONE;
      return {
        kind: 'remains',
        message: `${refText(ref)} was deleted by this change and made anew by somebody else since; theirs is kept`,
      };
    }
    default:
      return action satisfies never;
  }
}
