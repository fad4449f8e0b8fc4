// What stands between a plan and its writing, and what changed between two plans. In: Preview, choices of the form. Out: obstacles. Pure.
import type { Manifest, Ownership, Preview } from '../../model/change';
import { type ConfigRef, refText } from '../../model/edit';
import { findingKey, type JudgedFinding } from '../../model/finding';
import { plural } from '../ui/format';

export const newErrors = (preview: Preview): readonly JudgedFinding[] =>
  preview.findings.filter(({ origin, finding }) => origin === 'new' && finding.severity === 'error');

export const lockedBy = (preview: Preview): readonly Ownership[] => preview.ownership.filter(({ locked }) => locked);

export interface Choices {
  /** Keys of findings that are accepted. */
  readonly accepted: ReadonlySet<string>;
  /** Reason to write what somebody else owns. */
  readonly override: string;
  readonly revertAfterSeconds: number | null;
  readonly nowMs: number;
}

/** Which part of the review has the means against it. */
export interface Obstacle {
  readonly step: 'plan' | 'findings' | 'apply';
  readonly text: string;
}

export const MIN_TIMER_SECONDS = 30;
export const MAX_TIMER_SECONDS = 86_400;

/** Why it cannot be applied yet; none: it can. */
export function listObstacles(preview: Preview, choices: Choices): readonly Obstacle[] {
  const obstacles: Obstacle[] = [];
  const add = (step: Obstacle['step'], text: string): void => void obstacles.push({ step, text });
  if (preview.plan.steps.length === 0) add('plan', 'Everything is so already: there is nothing to write.');
  if (preview.dryRun === null && preview.plan.steps.length > 0)
    add('plan', `The API server was not asked for a dry run: ${preview.dryRunFault ?? 'no answer'}. Try again in a moment.`);
  const refused = (preview.dryRun ?? []).filter(({ ok }) => !ok);
  if (refused.length > 0) add('plan', `The API server refuses ${refused.map(({ ref }) => refText(ref)).join(', ')}.`);
  const open = newErrors(preview).filter(({ finding }) => !choices.accepted.has(findingKey(finding)));
  if (open.length > 0) add('findings', `The change brings ${plural(open.length, 'error')} that nobody has mended or accepted.`);
  if (lockedBy(preview).length > 0 && choices.override.trim() === '')
    add('plan', 'Somebody else owns what is changed: give a reason to edit it anyway.');
  const seconds = choices.revertAfterSeconds;
  if (seconds !== null) {
    const { revertBy } = preview;
    if (revertBy.identity === null) add('apply', revertBy.why);
    else if (!Number.isInteger(seconds) || seconds < MIN_TIMER_SECONDS || seconds > MAX_TIMER_SECONDS)
      add('apply', 'The time to confirm is from 30 seconds to 24 hours.');
    else if (revertBy.validUntilMs !== null && revertBy.validUntilMs < choices.nowMs + seconds * 1000)
      add('apply', 'Your login ends before the time to confirm does, and nobody else could revert: choose a shorter time.');
  }
  return obstacles;
}

/** An object that is not what it was when the plan was shown. */
export interface MovedObject {
  readonly ref: ConfigRef;
  readonly seen: Manifest | null;
  readonly now: Manifest | null;
}

/** Objects that somebody changed between two plans of the same edits. */
export function findMoved(seen: Preview, now: Preview): readonly MovedObject[] {
  const before = new Map(seen.plan.steps.map((step) => [refText(step.ref), step.before]));
  return now.plan.steps.flatMap(({ ref, before: is }) => {
    const was = before.get(refText(ref));
    if (was === undefined || JSON.stringify(was) === JSON.stringify(is)) return [];
    return [{ ref, seen: was, now: is }];
  });
}
