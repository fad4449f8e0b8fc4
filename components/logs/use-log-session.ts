'use client';
// The store and the live tail of chosen containers, for as long as they are chosen. In: namespace, sources, from when. Out: store, state, reports.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type LogPageDocument, MAX_PAGE_LINES, type SourceReport } from '../../model/log';
import { encodeLogQuery } from '../../model/log-query';
import { withBase } from '../ui/base-path';
import { fetchJson, ProblemError } from '../ui/fetch-json';
import type { NamedSource } from './log-choice';
import { isLogPage } from './log-guards';
import { LogStore } from './log-store';
import { runTail, type TailState } from './tail-client';

export interface LogAsked {
  readonly namespace: string;
  readonly sources: readonly NamedSource[];
  readonly sinceSeconds: number | null;
  readonly previous: boolean;
}

export interface LogSession {
  readonly store: LogStore;
  readonly state: TailState;
  /** The newest of each source. */
  readonly reports: ReadonlyMap<number, SourceReport>;
  readonly isLoadingOlder: boolean;
  /** Null: there are none, or no room for them. */
  readonly loadOlder: (() => void) | null;
}

const DEADLINE_MS = 30_000;
const startTimer = (delayMs: number, callback: () => void): (() => void) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};
const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
const OPENING: TailState = { kind: 'opening' };
const NONE: ReadonlyMap<number, SourceReport> = new Map();

function fill(store: LogStore, { rows, complete }: LogPageDocument): void {
  store.push(rows);
  store.flush();
  store.complete = complete;
}

/** `key` names everything in `asked`: another one begins anew. */
export function useLogSession(asked: LogAsked, key: string, ask: typeof fetch | undefined): LogSession {
  const [told, setTold] = useState({ key, state: OPENING, reports: NONE, older: false, complete: false });
  const askedRef = useRef(asked);
  useEffect(() => {
    askedRef.current = asked;
  }, [asked]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the key stands for all of it
  const store = useMemo(() => new LogStore(asked.sources, { startTimer }), [key]);

  useEffect(() => {
    const { namespace, sources, sinceSeconds, previous } = askedRef.current;
    const stop = new AbortController();
    const change = (next: Partial<Omit<typeof told, 'key'>>): void => {
      if (!stop.signal.aborted)
        setTold((old) => ({ ...(old.key === key ? old : { key, state: OPENING, reports: NONE, older: false, complete: false }), ...next }));
    };
    const note = (report: SourceReport): void => {
      if (!stop.signal.aborted)
        setTold((old) => ({ ...old, reports: new Map(old.key === key ? old.reports : NONE).set(report.source, report) }));
    };
    change({ state: OPENING, reports: NONE, older: false, complete: false });
    const tail = sinceSeconds === null ? {} : { tail: MAX_PAGE_LINES };
    const path = `/api/logs/${encodeURIComponent(namespace)}`;
    const given = ask === undefined ? {} : { fetch: ask };
    const readPrevious = async (): Promise<void> => {
      try {
        const query = encodeLogQuery({ sources, sinceSeconds, previous, tail: MAX_PAGE_LINES });
        const page = await fetchJson(withBase(`${path}?${query.toString()}`), {
          guard: isLogPage,
          deadlineMs: DEADLINE_MS,
          signal: stop.signal,
          ...given,
        });
        fill(store, page);
        for (const report of page.reports) note(report);
        change({ state: { kind: 'ended' }, complete: page.complete });
      } catch (error) {
        if (error instanceof ProblemError) change({ state: { kind: 'failed', problem: error.problem } });
      }
    };
    if (sources.length > 0)
      void (previous
        ? readPrevious()
        : runTail({
            store,
            address: (resume) =>
              withBase(
                `${path}/stream?${encodeLogQuery({ sources, sinceSeconds, ...tail, ...(resume ? { after: store.cursors() } : {}) }).toString()}`,
              ),
            onState: (state) => change({ state }),
            onReport: note,
            fetch: ask ?? fetch,
            signal: stop.signal,
            wait,
          }));
    return () => {
      stop.abort();
      store.close();
    };
  }, [store, key, ask]);

  const older = useCallback(async (): Promise<void> => {
    const { namespace, sources, sinceSeconds, previous } = askedRef.current;
    store.flush();
    const before = store.lines[0]?.at;
    if (before === undefined) return;
    setTold((old) => ({ ...old, older: true }));
    let complete = false;
    try {
      const query = encodeLogQuery({ sources, sinceSeconds, previous, before });
      const page = await fetchJson(withBase(`/api/logs/${encodeURIComponent(namespace)}?${query.toString()}`), {
        guard: isLogPage,
        deadlineMs: DEADLINE_MS,
        signal: new AbortController().signal,
        ...(ask === undefined ? {} : { fetch: ask }),
      });
      store.prepend(page.rows, page.complete);
      complete = store.complete;
    } catch {
      // The button stays: it can be tried again.
    }
    setTold((old) => ({ ...old, older: false, complete }));
  }, [store, ask]);

  const mine = told.key === key ? told : { state: OPENING, reports: NONE, older: false, complete: false };
  return {
    store,
    state: mine.state,
    reports: mine.reports,
    isLoadingOlder: mine.older,
    loadOlder: mine.complete || !store.hasRoom ? null : () => void older(),
  };
}
