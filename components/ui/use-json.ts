'use client';
// A document of our server that stays on the screen: fetched at once, again at an interval, and kept when a later fetch fails.
// In: a path (null = nothing to fetch), a guard, an interval. Out: the last good document, its age and the problem of the last try.
import { useCallback, useEffect, useRef, useState } from 'react';
import { withBase } from './base-path';
import { fetchTagged, ProblemError, type ShownProblem } from './fetch-json';

export interface JsonState<T> {
  /** The last good document of this path, or of the path before it while the new one loads (see dropOnChange). */
  readonly data: T | null;
  /** Why the last try for this path failed; null after a good one. */
  readonly problem: ShownProblem | null;
  /** True until this path was answered for the first time, well or badly. */
  readonly loading: boolean;
  /** When `data` arrived, ms since the epoch. */
  readonly receivedAtMs: number | null;
  /** Fetches now. */
  readonly reload: () => void;
}

export interface JsonOptions<T> {
  readonly guard: (body: unknown) => body is T;
  readonly deadlineMs?: number;
  /** 0 = fetch once. A hidden page does not fetch; it catches up when shown. */
  readonly refreshMs?: number;
  /** Grows when everything is to be read anew, whatever the interval. */
  readonly refreshCount?: number;
  /** Drop the old document when the path changes (another element), instead of showing it until the new one is there. */
  readonly dropOnChange?: boolean;
  readonly fetch?: typeof fetch;
}

interface Answered<T> {
  readonly data: T | null;
  readonly dataPath: string | null;
  readonly receivedAtMs: number | null;
  readonly problem: ShownProblem | null;
  /** The path that was answered last, well or badly. */
  readonly path: string | null;
}

const NOTHING = { data: null, dataPath: null, receivedAtMs: null, problem: null, path: null } as const;
const DEFECT: ShownProblem = {
  title: 'A defect in Heddle',
  detail: 'The page failed while it read an answer.',
  next: 'Reload the page; if it happens again, report it.',
  status: null,
  code: null,
};

/** Keeps the document at `path` current; see JsonState. `guard` must be a stable function. */
export function useJson<T>(path: string | null, options: JsonOptions<T>): JsonState<T> {
  const { guard, deadlineMs = 20_000, refreshMs = 0, refreshCount = 0, dropOnChange = false, fetch: ask } = options;
  const [answered, setAnswered] = useState<Answered<T>>(NOTHING);
  const reloadRef = useRef<(() => void) | null>(null);

  useEffect(() => {
    if (path === null) return undefined;
    let running: AbortController | null = null;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let missed = false;
    // Of what is held for this path: the server need not send it again.
    let tag: string | null = null;

    const run = async (mine: AbortController): Promise<void> => {
      try {
        const answer = await fetchTagged(withBase(path), tag, { guard, deadlineMs, signal: mine.signal, ...(ask ? { fetch: ask } : {}) });
        if (mine.signal.aborted) return;
        const now = { receivedAtMs: Date.now(), problem: null, path };
        if (answer === null) setAnswered((old) => ({ ...old, ...now }));
        else {
          tag = answer.tag;
          setAnswered({ data: answer.data, dataPath: path, ...now });
        }
      } catch (error) {
        if (mine.signal.aborted) return;
        const problem = error instanceof ProblemError ? error.problem : DEFECT;
        setAnswered((old) => ({ ...old, problem, path }));
        // Who is logged out stays so until somebody logs in: asking on would only be refused again.
        if (problem.status === 401) return;
      }
      if (refreshMs > 0) timer = setTimeout(onTimer, refreshMs);
    };
    const start = (): void => {
      if (timer !== null) clearTimeout(timer);
      missed = false;
      running?.abort();
      running = new AbortController();
      void run(running);
    };
    const onTimer = (): void => {
      if (document.hidden) missed = true;
      else start();
    };
    const onVisibility = (): void => {
      if (!document.hidden && missed) start();
    };

    document.addEventListener('visibilitychange', onVisibility);
    reloadRef.current = start;
    start();
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      reloadRef.current = null;
      if (timer !== null) clearTimeout(timer);
      running?.abort();
    };
  }, [path, guard, deadlineMs, refreshMs, dropOnChange, ask]);

  const reload = useCallback(() => reloadRef.current?.(), []);
  const refreshed = useRef(refreshCount);
  useEffect(() => {
    if (refreshed.current === refreshCount) return;
    refreshed.current = refreshCount;
    reload();
  }, [refreshCount, reload]);
  const keep = path !== null && (!dropOnChange || answered.dataPath === path);
  return {
    data: keep ? answered.data : null,
    receivedAtMs: keep ? answered.receivedAtMs : null,
    problem: answered.path === path ? answered.problem : null,
    loading: path !== null && answered.path !== path,
    reload,
  };
}
