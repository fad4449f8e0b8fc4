// Which entries of the journal are asked for, and under which day they stand. In: a filter, entries. Out: parameters, entries by day. Pure.
import type { ChangeRecord, ChangeState } from '../../model/change';

export interface JournalFilter {
  readonly namespace: string;
  readonly host: string;
  /** Part of the name of who made the change. */
  readonly who: string;
  /** '' = all; `open` = whatever may still change by itself or needs somebody. */
  readonly state: ChangeState | 'open' | '';
}

export const JOURNAL_STATES = ['', 'open', 'waiting', 'kept', 'reverted', 'incomplete'] as const;

export const isFiltered = (filter: JournalFilter): boolean => Object.values(filter).some((text) => text !== '');

/** Parameters of /api/changes; the list shows words and states only, so the objects stay at the server. */
export const journalQuery = (filter: JournalFilter, limit: number): Readonly<Record<string, string>> => ({
  ...filter,
  limit: String(limit),
  brief: 'true',
});

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
