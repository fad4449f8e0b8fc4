// Which entries of the journal are shown, and under which day. In: entries, a filter. Out: entries by day. Pure.
import type { ChangeRecord, ChangeState } from '../../model/change';

export interface JournalFilter {
  readonly namespace: string;
  readonly host: string;
  readonly user: string;
  /** '' = all; `open` = whatever may still change by itself or needs somebody. */
  readonly state: ChangeState | 'open' | '';
}

export const JOURNAL_STATES = ['', 'open', 'waiting', 'kept', 'reverted', 'incomplete'] as const;

const OPEN: ReadonlySet<ChangeState> = new Set(['applying', 'waiting', 'reverting', 'incomplete']);

export const matchesFilter = (change: ChangeRecord, { namespace, host, user, state }: JournalFilter): boolean =>
  (namespace === '' || change.steps.some(({ ref }) => ref.namespace === namespace)) &&
  (host === '' || change.hosts.some((one) => one === host || one.startsWith(`${host}.`))) &&
  (user === '' || change.by.name === user) &&
  (state === '' || (state === 'open' ? OPEN.has(change.state) : change.state === state));

/** "2026-03-01" in the reader's time zone. */
function dayOf(atMs: number): string {
  const at = new Date(atMs);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** In the order of the entries. */
export function groupByDay(
  changes: readonly ChangeRecord[],
): readonly { readonly day: string; readonly changes: readonly ChangeRecord[] }[] {
  const days = new Map<string, ChangeRecord[]>();
  for (const change of changes) {
    const day = dayOf(change.createdAtMs);
    const list = days.get(day) ?? [];
    list.push(change);
    days.set(day, list);
  }
  return [...days].map(([day, list]) => ({ day, changes: list }));
}
