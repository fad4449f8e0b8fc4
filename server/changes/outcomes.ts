// What comes of asking for a change, before the journal has it. In: nothing. Out: FlowContext, Refusal, Prepared.
import type { ChangeConflict, Preview } from '../../model/change';
import { type EditProblem, refText } from '../../model/edit';
import type { ChangeContext } from './context';
import type { Keeper } from './keeper';
import type { DryRunOfStep, OnFresh } from './prepare';
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

export function refuseStale(stale: NonNullable<ChangeConflict['stale']>): Refusal {
  const [first] = stale;
  const what = first === undefined ? 'an object' : refText(first.ref);
  return { kind: 'conflict', detail: `${what} was edited by somebody else since you opened it`, conflict: { stale } };
}

export const refuseChanged = (preview: Preview): Refusal => ({
  kind: 'conflict',
  detail: 'the change would no longer do what was shown: objects were edited meanwhile',
  conflict: { preview },
});
