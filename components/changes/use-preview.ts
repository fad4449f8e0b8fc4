'use client';
// What a draft would do, asked of the server when its reader stops moving things. In: edits, who asks. Out: the newest answer and its edits.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Preview } from '../../model/change';
import type { Edit, EditProblem } from '../../model/edit';
import { ProblemError, type ShownProblem } from '../ui/fetch-json';
import { previewEdits, type Sender } from './changes-api';

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

/** Asks after `restMs` without a new edit; never without edits. */
export function usePreview(edits: readonly Edit[], sender: Sender, restMs: number = REST_MS): PreviewState {
  const text = edits.length === 0 ? '' : JSON.stringify(edits);
  const [round, setRound] = useState(0);
  const [answered, setAnswered] = useState<Answered>(NOTHING);
  const key = text === '' ? '' : `${round} ${text}`;
  const newest = useRef({ edits, sender });
  useEffect(() => {
    newest.current = { edits, sender };
  });

  useEffect(() => {
    if (key === '') return undefined;
    const controller = new AbortController();
    const run = async (): Promise<void> => {
      const asked = newest.current;
      try {
        const answer = await previewEdits(asked.edits, asked.sender, controller.signal);
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
