'use client';
// The masthead's word on a page that shows one document. In: its state. Out: nothing; reported to the shell.
import { useMemo } from 'react';
import type { JsonState } from '../ui/use-json';
import type { PageStatus } from './freshness-words';
import { useReportStatus, useSettings } from './shell-context';

export function useDocumentStatus<T>({ data, problem, receivedAtMs }: JsonState<T>): void {
  const { refreshSeconds } = useSettings();
  useReportStatus(
    useMemo((): PageStatus => {
      if (problem !== null) return { kind: data === null ? 'error' : 'stale', atMs: receivedAtMs, freshness: null, problem };
      if (data === null) return { kind: 'connecting', atMs: null, freshness: null, problem: null };
      return { kind: refreshSeconds === 0 ? 'paused' : 'live', atMs: receivedAtMs, freshness: null, problem: null };
    }, [data, problem, receivedAtMs, refreshSeconds]),
  );
}
