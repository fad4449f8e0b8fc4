// Whether what was prepared may be applied as it was asked for. Pure. In: Prepared, ApplyRequest. Out: a Failure, or null.
import type { ApplyRequest, ConfirmPolicy, Preview } from '../../model/change';
import { refText } from '../../model/edit';
import { Failure } from '../../model/failure';
import type { DryRunOfStep } from './prepare';

export const MIN_REVERT_SECONDS = 30;
export const MAX_REVERT_SECONDS = 86_400;

/** Whoever may not write it need not hear what else is in its way. @throws Failure forbidden */
export function requireAllowed({ dryRuns }: { readonly dryRuns: readonly DryRunOfStep[] }): void {
  const denied = dryRuns.find(({ outcome }) => outcome === 'forbidden');
  if (denied !== undefined)
    throw new Failure(
      'forbidden',
      denied.dryRun.problems[0]?.message ?? `you may not write ${refText(denied.dryRun.ref)}`,
      '/account shows what to ask an administrator for.',
    );
}

/** Why it is not applied; null: it may be. */
export function whyRefused(preview: Preview, { override, confirm }: ApplyRequest, nowMs: number): Failure | null {
  if (preview.plan.steps.length === 0)
    return new Failure('badRequest', 'there is nothing to change: everything is so already', 'Close the draft.');
  const locked = preview.ownership.find((one) => one.locked);
  if (locked !== undefined && (override === null || override.trim() === ''))
    return new Failure(
      'forbidden',
      `${refText(locked.ref)} belongs to ${locked.name}. ${locked.consequence}`,
      'Change it where it is managed, or say why it is to be edited anyway.',
    );
  if (preview.dryRun === null)
    return new Failure(
      'clusterUnreachable',
      `the change could not be rehearsed: ${preview.dryRunFault ?? 'no answer'}`,
      'Try again in a moment.',
    );
  const refused = preview.dryRun.find(({ ok }) => !ok);
  if (refused !== undefined) {
    const [problem] = refused.problems;
    const place = problem?.path == null ? '' : ` at ${problem.path}`;
    return new Failure(
      'badRequest',
      `the API server refuses ${refText(refused.ref)}${place}: ${problem?.message ?? 'it does not say why'}`,
      'Correct the edit.',
    );
  }
  return whyNotConfirmed(confirm, preview.revertBy, nowMs);
}

function whyNotConfirmed({ revertAfterSeconds, guard }: ConfirmPolicy, revertBy: Preview['revertBy'], nowMs: number): Failure | null {
  if (revertAfterSeconds === null)
    return guard === null
      ? null
      : new Failure('badRequest', 'a guard needs a time for which it watches', 'Choose how long the change waits for its confirmation.');
  if (revertBy.identity === null)
    return new Failure(
      'forbidden',
      `nobody could set it back by itself: ${revertBy.why}`,
      'Keep the change at once, or ask for the right.',
    );
  if (revertBy.validUntilMs !== null && revertBy.validUntilMs < nowMs + revertAfterSeconds * 1000)
    return new Failure(
      'badRequest',
      `it would be set back with your login, which ends at ${new Date(revertBy.validUntilMs).toISOString()}, before the time is over`,
      'Choose a shorter time, or log in again.',
    );
  return null;
}
