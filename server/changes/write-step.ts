// One guarded write, carried through: what the server cannot take now is tried again, and a write of unknown outcome is looked for in the
// cluster before anything is decided. In: ClusterWriter, a step, what guards it. Out: StepResult.
import type { PlanStep } from '../../model/change';
import { refText } from '../../model/edit';
import { Failure } from '../../model/failure';
import { isAborted, pause } from '../pause';
import type { Clock, ClusterCredential, ClusterWriter, ManagedObject, WriteAnswer } from '../ports';
import { isAtAfter } from './compare';

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
export async function writeStep(step: Step, guard: StepGuard, context: StepContext): Promise<StepResult> {
  const { clock, signal } = context;
  let maybeWritten = false;
  let last = '';
  for (let attempt = 0; ; attempt++) {
    context.assertHeld();
    const answer = await send(step, guard, context);
    context.onAnswer(answer);
    switch (answer.outcome) {
      case 'done':
        return answer.object === null
          ? { kind: 'written', resourceVersion: '', uid: guard.uid ?? '' }
          : { kind: 'written', resourceVersion: answer.object.object.resourceVersion, uid: answer.object.object.uid };
      case 'unauthorized':
      case 'forbidden':
      case 'invalid':
        return maybeWritten ? settle(step, guard, answer.detail, context) : { kind: 'refused', detail: answer.detail };
      case 'missing':
      case 'conflict':
        // It may be our own write that came through after all.
        return maybeWritten
          ? settle(step, guard, answer.detail, context)
          : { kind: step.action === 'create' && answer.outcome === 'missing' ? 'refused' : 'conflict', detail: answer.detail };
      case 'busy':
      case 'unknown': {
        last = answer.detail;
        maybeWritten ||= answer.outcome === 'unknown';
        const waitMs = PAUSES_MS[attempt];
        if (waitMs === undefined || isAborted(signal))
          return maybeWritten ? settle(step, guard, last, context) : { kind: 'refused', detail: last };
        await pause(clock, answer.outcome === 'busy' ? Math.max(waitMs, answer.retryAfterMs) : waitMs, signal);
        if (answer.outcome === 'busy') break;
        const found = await settle(step, guard, last, context);
        if (found.kind === 'written' || found.kind === 'conflict') return found;
        // As it was, or not to be read: the same guard makes a second try safe, even if the first is still on its way.
        break;
      }
      default:
        return answer satisfies never;
    }
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

/** What a write of unknown outcome left in the cluster; `refused`: nothing. */
async function settle(step: Step, guard: StepGuard, detail: string, { writer, credential, signal }: StepContext): Promise<StepResult> {
  let current: ManagedObject | null;
  try {
    current = await writer.readObject(step.ref, credential, signal);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { kind: 'unknown', detail: `${detail}; and it cannot be read: ${error.detail}` };
  }
  const unchanged =
    current === null
      ? guard.resourceVersion === null
      : current.object.resourceVersion === guard.resourceVersion && step.action !== 'create';
  if (unchanged) return { kind: 'refused', detail };
  // Another uid is another object: the one that was to go is gone.
  if (step.action === 'delete' && current?.object.uid !== guard.uid) return { kind: 'written', resourceVersion: '', uid: guard.uid ?? '' };
  if (step.action !== 'delete' && current !== null && isOurs(current, step))
    return { kind: 'written', resourceVersion: current.object.resourceVersion, uid: current.object.uid };
  return { kind: 'conflict', detail: `${refText(step.ref)} was changed by somebody else meanwhile (${detail})` };
}

/** As we wanted it, and written by this program where the object is new: somebody may have made the same one. */
const isOurs = (current: ManagedObject, step: Step): boolean =>
  isAtAfter(current, step) && (step.action !== 'create' || current.managedFields.some(({ manager }) => manager === 'heddle'));
