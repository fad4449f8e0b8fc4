// One guarded write, carried through: what the server cannot take now is tried again, and a write of unknown outcome is looked for in the
// cluster before anything is decided. In: ClusterWriter, a step, what guards it. Out: StepResult.
import type { PlanStep } from '../../model/change';
import { refText } from '../../model/edit';
import { Failure } from '../../model/failure';
import { isAborted, pause } from '../pause';
import type { Clock, ClusterCredential, ClusterWriter, ManagedObject, WriteAnswer } from '../ports';
import { isAtAfter, isAtBefore } from './compare';

/** The state of the object that the step was planned on; `resourceVersion` null: there must be none. */
export interface StepGuard {
  readonly resourceVersion: string | null;
  readonly uid: string | null;
}

export type StepResult =
  | { readonly kind: 'written'; readonly resourceVersion: string; readonly uid: string }
  /** Somebody else was there: nothing of this step is in the cluster. */
  | { readonly kind: 'conflict'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string }
  /** It is not known whether it is written. */
  | { readonly kind: 'unknown'; readonly detail: string };

export interface StepContext {
  readonly writer: ClusterWriter;
  readonly credential: ClusterCredential;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Asked before each try: whether this console still looks after the change. @throws Failure where it does not */
  readonly assertHeld: () => void;
  /** Told of every answer. */
  readonly onAnswer: (answer: WriteAnswer) => void;
}

type Step = Pick<PlanStep, 'action' | 'ref' | 'before' | 'after'>;

const PAUSES_MS = [300, 1_000, 2_000, 4_000, 8_000];

/** Brings the object from the step's `before` to its `after`. */
export async function writeStep(step: Step, planned: StepGuard, context: StepContext): Promise<StepResult> {
  const { clock, signal } = context;
  let guard = planned;
  let maybeWritten = false;
  for (let attempt = 0; ; attempt++) {
    context.assertHeld();
    const answer = await send(step, guard, context);
    context.onAnswer(answer);
    const isLast = attempt >= PAUSES_MS.length || isAborted(signal);
    const given = (kind: 'conflict' | 'refused'): StepResult => ({
      kind: maybeWritten ? 'unknown' : kind,
      detail: 'detail' in answer ? answer.detail : '',
    });
    let waitMs = PAUSES_MS[attempt] ?? 0;
    switch (answer.outcome) {
      case 'done':
        return answer.object === null
          ? { kind: 'written', resourceVersion: '', uid: guard.uid ?? '' }
          : { kind: 'written', resourceVersion: answer.object.object.resourceVersion, uid: answer.object.object.uid };
      case 'unauthorized':
      case 'forbidden':
      case 'invalid':
        if (!maybeWritten) return given('refused');
        break;
      case 'missing':
        if (step.action === 'create') return given('refused');
        break;
      case 'conflict':
        // At once: a new status is the usual cause.
        if (attempt === 0) waitMs = 0;
        break;
      case 'busy':
        if (isLast) return given('refused');
        await pause(clock, Math.max(waitMs, answer.retryAfterMs), signal);
        continue;
      case 'unknown':
        maybeWritten = true;
        break;
      default:
        return answer satisfies never;
    }
    await pause(clock, waitMs, signal);
    const found = await settle(step, guard, context);
    if (found.kind === 'written' && maybeWritten) return found;
    if (found.kind === 'unread' && !isLast) continue;
    if (found.kind !== 'untouched' || isLast) return given('conflict');
    // As it was planned on, whatever its status has become: a second try is safe, even if the first is still on its way.
    guard = found.guard;
  }
}

function send({ action, ref, before, after }: Step, guard: StepGuard, { writer, credential, signal }: StepContext): Promise<WriteAnswer> {
  const options = { dryRun: false, signal };
  const impossible = (): Promise<WriteAnswer> =>
    Promise.resolve({ outcome: 'conflict', detail: `${refText(ref)} is not in the state in which it could be written` });
  switch (action) {
    case 'create':
      return after === null ? impossible() : writer.create(ref, after, credential, options);
    case 'update':
      return before === null || after === null || guard.resourceVersion === null
        ? impossible()
        : writer.update(ref, { before, after, resourceVersion: guard.resourceVersion }, credential, options);
    case 'delete':
      return guard.resourceVersion === null || guard.uid === null
        ? impossible()
        : writer.remove(ref, { uid: guard.uid, resourceVersion: guard.resourceVersion }, credential, options);
    default:
      return action satisfies never;
  }
}

type Settled =
  | Extract<StepResult, { readonly kind: 'written' }>
  /** Nothing of the step is there, and nothing of anybody else's that matters to it. */
  | { readonly kind: 'untouched'; readonly guard: StepGuard }
  | { readonly kind: 'others' | 'unread' };

/** What is in the cluster after a write that was refused or not answered. */
async function settle(step: Step, guard: StepGuard, { writer, credential, signal }: StepContext): Promise<Settled> {
  let current: ManagedObject | null;
  try {
    current = await writer.readObject(step.ref, credential, signal);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { kind: 'unread' };
  }
  if (current === null) {
    if (step.action === 'create') return { kind: 'untouched', guard };
    return step.action === 'delete' ? { kind: 'written', resourceVersion: '', uid: guard.uid ?? '' } : { kind: 'others' };
  }
  const { uid, resourceVersion } = current.object;
  if (step.action !== 'create' && (guard.uid === null || guard.uid === uid) && isAtBefore(current, step))
    return { kind: 'untouched', guard: { uid, resourceVersion } };
  // Another uid is another object: the one that was to go is gone.
  if (step.action === 'delete')
    return guard.uid === uid ? { kind: 'others' } : { kind: 'written', resourceVersion: '', uid: guard.uid ?? '' };
  return isOurs(current, step) ? { kind: 'written', resourceVersion, uid } : { kind: 'others' };
}

/** As we wanted it, and written by this program where the object is new: somebody may have made the same one. */
const isOurs = (current: ManagedObject, step: Step): boolean =>
  isAtAfter(current, step) && (step.action !== 'create' || current.managedFields.some(({ manager }) => manager === 'heddle'));
