'use client';
// What a draft would do, asked of the server when its reader stops moving things. In: edits, who asks. Out: the newest answer and its edits.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Preview } from '../../model/change';
import type { Edit, EditProblem } from '../../model/edit';
import { ProblemError, type ShownProblem } from '../ui/fetch-json';
import { type PreviewAnswer, previewEdits, previewUndo, type Sender } from './changes-api';

export interface PreviewState {
  /** The newest plan; of the edits before, while `loading`. */
  readonly preview: Preview | null;
  /** Why some edit cannot be planned. */
  readonly problems: readonly EditProblem[];
  /** Why the server could not be asked. */
  readonly problem: ShownProblem | null;
  readonly loading: boolean;
  /** Plans anew. */
  readonly again: () => void;
}

interface Answered {
  readonly key: string;
  readonly preview: Preview | null;
  readonly problems: readonly EditProblem[];
  readonly problem: ShownProblem | null;
}

const NOTHING: Answered = { key: '', preview: null, problems: [], problem: null };
const REST_MS = 400;

/** Asks after `restMs` without a new key; never for an empty one. */
function useAnswer(asked: string, restMs: number, ask: (signal: AbortSignal) => Promise<PreviewAnswer>): PreviewState {
  const [round, setRound] = useState(0);
  const [answered, setAnswered] = useState<Answered>(NOTHING);
  const key = asked === '' ? '' : `${round} ${asked}`;
  const newest = useRef(ask);
  useEffect(() => {
    newest.current = ask;
  });

  useEffect(() => {
    if (key === '') return undefined;
    const controller = new AbortController();
    const run = async (): Promise<void> => {
      try {
        const answer = await newest.current(controller.signal);
        if (controller.signal.aborted) return;
        setAnswered(
          answer.kind === 'preview'
            ? { key, preview: answer.preview, problems: [], problem: null }
            : { key, preview: null, problems: answer.problems, problem: null },
        );
      } catch (error) {
        if (controller.signal.aborted) return;
        if (!(error instanceof ProblemError)) throw error;
        const { problem } = error;
        setAnswered((old) => ({ ...old, key, problems: [], problem }));
      }
    };
    const timer = setTimeout(() => void run(), restMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [key, restMs]);

  const again = useCallback(() => setRound((old) => old + 1), []);
  return useMemo(
    () =>
      key === ''
        ? { preview: null, problems: [], problem: null, loading: false, again }
        : {
            preview: answered.preview,
            problems: answered.key === key ? answered.problems : [],
            problem: answered.key === key ? answered.problem : null,
            loading: answered.key !== key,
            again,
          },
    [key, answered, again],
  );
}

/** What the edits would do; nothing is asked without edits. */
export function usePreview(edits: readonly Edit[], sender: Sender, restMs: number = REST_MS): PreviewState {
  const asked = edits.length === 0 ? '' : JSON.stringify(edits);
  return useAnswer(asked, restMs, (signal) => previewEdits(edits, sender, signal));
}

/** What the way back from a change would do. */
export const useUndoPreview = (id: string, sender: Sender): PreviewState => useAnswer(id, 0, (signal) => previewUndo(id, sender, signal));
