'use client';
// One request that changes something, from a button: busy, failed, done. In: the request. Out: its state and a verb; ended with its component.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ProblemError, type ShownProblem } from '../ui/fetch-json';

export interface SendState {
  readonly busy: boolean;
  readonly problem: ShownProblem | null;
  readonly clear: () => void;
  /** Null where it failed (see `problem`) or was given up. One at a time: a second press does nothing. */
  readonly send: <T>(request: (signal: AbortSignal) => Promise<T>) => Promise<T | null>;
}

export function useSend(): SendState {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(
    () => () => {
      running.current?.abort();
      running.current = null;
    },
    [],
  );
  const send = useCallback(async <T>(request: (signal: AbortSignal) => Promise<T>): Promise<T | null> => {
    if (running.current !== null) return null;
    const mine = new AbortController();
    running.current = mine;
    setBusy(true);
    setProblem(null);
    try {
      return await request(mine.signal);
    } catch (error) {
      if (mine.signal.aborted) return null;
      if (!(error instanceof ProblemError)) throw error;
      setProblem(error.problem);
      return null;
    } finally {
      if (!mine.signal.aborted) {
        running.current = null;
        setBusy(false);
      }
    }
  }, []);
  const clear = useCallback(() => setProblem(null), []);
  return { busy, problem, clear, send };
}
