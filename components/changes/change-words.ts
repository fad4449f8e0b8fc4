// States of a change, effects, remaining time, guards in words. In: parts of records and previews. Out: short texts. Pure.
import type { ChangeRecord, ChangeState, ConfirmPolicy, EdgeEffect, EffectKind, EffectShare, Guard, PlanStep } from '../../model/change';
import { formatByteRate, formatRate } from '../ui/format';
import { shortHost } from './rule-words';

export const STATE_WORDS: Readonly<Record<ChangeState, string>> = {
  applying: 'Being applied',
  waiting: 'Waits for confirmation',
  kept: 'Kept',
  reverting: 'Being reverted',
  reverted: 'Reverted',
  incomplete: 'Incomplete',
};

/** Whether something may still happen to it by itself. */
export const isOpen = ({ state }: Pick<ChangeRecord, 'state'>): boolean =>
  state === 'applying' || state === 'waiting' || state === 'reverting';

export const EFFECT_WORDS: Readonly<Record<EffectKind, string>> = {
  kept: 'stays',
  moves: 'moves',
  slower: 'gets slower',
  fails: 'fails',
  cut: 'is cut off',
  unknown: 'not known',
};

/** Gravest first. */
export const EFFECT_ORDER: readonly EffectKind[] = ['cut', 'fails', 'slower', 'moves', 'unknown', 'kept'];

/** "reviews v1 8 rps"; TCP in bytes. */
export const wordAmount = (perSecond: number | null, protocol: EdgeEffect['protocol']): string =>
  protocol === 'tcp' ? formatByteRate(perSecond) : formatRate(perSecond);

/** "v1", "v1 (reviews-v1)" is too long for a table: the subset, else the workloads, else the host. */
export function wordShare({ host, subset, workloads }: EffectShare): string {
  if (subset !== null) return `${shortHost(host)} ${subset}`;
  return workloads.length === 0 ? shortHost(host) : workloads.join(', ');
}

/** "4:12", "1:04:09", "0:00". */
export function formatCountdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** What a screen reader is told of the time that is left: only at instants that matter, so that it is not told every second. */
export function wordMilestone(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1000);
  if (seconds <= 0) return 'The time is up.';
  if (seconds <= 10) return '10 seconds left.';
  if (seconds <= 30) return '30 seconds left.';
  if (seconds <= 60) return 'One minute left.';
  if (seconds <= 300) return 'Less than 5 minutes left.';
  return '';
}

export function wordGuard(guard: Guard | null): string {
  const parts = [
    ...(guard?.errorPercentPoints == null ? [] : [`errors rise by more than ${guard.errorPercentPoints} points`]),
    ...(guard?.latencyFactor == null ? [] : [`P95 grows to more than ${guard.latencyFactor} times`]),
  ];
  return parts.join(' or ');
}

const SPANS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** "5 minutes", "90 seconds". */
export function wordSpan(seconds: number): string {
  const [size, unit] = SPANS.find(([one]) => seconds >= one && seconds % one === 0) ?? [1, 'second'];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

export function wordPolicy({ revertAfterSeconds, guard }: ConfirmPolicy): string {
  if (revertAfterSeconds === null) return 'kept at once';
  const trips = wordGuard(guard);
  return `reverts after ${wordSpan(revertAfterSeconds)} unless confirmed${trips === '' ? '' : `, or when ${trips}`}`;
}

/** The objects of a change: "reviews", "reviews and 2 more". */
export function wordObjects(steps: readonly Pick<PlanStep, 'ref'>[]): string {
  const names = [...new Set(steps.map(({ ref }) => ref.name))];
  const [first = 'nothing', ...more] = names;
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

/** All that the steps say, in one line: for a title. */
export function wordChange(change: Pick<ChangeRecord, 'steps' | 'reason'>): string {
  // Of a new object, what it says tells more than that it is new, which comes first.
  const said = change.steps.flatMap(({ action, words }) => (action === 'create' && words.length > 1 ? words.slice(1) : words));
  const [first] = said;
  if (first === undefined) return change.reason === '' ? 'Nothing was to be done' : change.reason;
  return said.length === 1 ? first : `${first} and ${said.length - 1} more`;
}
