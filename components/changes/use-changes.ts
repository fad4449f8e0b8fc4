'use client';
// Journal entries, kept current: often while one may still change by itself, and at once after this browser did something. In: a filter. Out: entries.
import { useEffect, useMemo, useState } from 'react';
import type { ChangeRecord } from '../../model/change';
import { type JsonState, useJson } from '../ui/use-json';
import { watchChanges } from './change-signal';
import { isOpen } from './change-words';
import { isChangeList } from './steering-guards';

export interface ChangesState extends Omit<JsonState<unknown>, 'data'> {
  /** Newest first; null: not read yet. */
  readonly changes: readonly ChangeRecord[] | null;
  /** There are older ones than the limit lets through. */
  readonly more: boolean;
}

const OPEN_MS = 5_000;
const REST_MS = 30_000;

export function useChanges(filter: Readonly<Record<string, string>> | null, ask?: typeof fetch): ChangesState {
  const query = filter === null ? '' : new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== '')).toString();
  const [open, setOpen] = useState(false);
  const { data, ...rest } = useJson(filter === null ? null : `/api/changes${query === '' ? '' : `?${query}`}`, {
    guard: isChangeList,
    refreshMs: open ? OPEN_MS : REST_MS,
    ...(ask === undefined ? {} : { fetch: ask }),
  });
  const changes = useMemo(() => (data === null ? null : [...data.changes].sort((a, b) => b.createdAtMs - a.createdAtMs)), [data]);
  const anyOpen = changes?.some(isOpen) ?? false;
  if (anyOpen !== open) setOpen(anyOpen);
  const { reload } = rest;
  useEffect(() => watchChanges(reload), [reload]);
  return { ...rest, changes, more: (data?.next ?? null) !== null };
}
