'use client';
// The answer to a question, asked again whenever it or the edits change. In: a question (null: none yet), edits. Out: the document or a problem.
import { useCallback, useEffect, useState } from 'react';
import type { Edit } from '../../../model/edit';
import type { ExplainDocument, ExplainQuestion } from '../../../model/steering';
import { ProblemError, type ShownProblem } from '../../ui/fetch-json';
import { askExplain } from './explain-api';

export interface ExplanationState {
  readonly document: ExplainDocument | null;
  /** The question that was answered. */
  readonly question: ExplainQuestion | null;
  readonly problem: ShownProblem | null;
  readonly asking: boolean;
  readonly again: () => void;
}

interface Answered {
  readonly document: ExplainDocument | null;
  readonly question: ExplainQuestion | null;
  readonly problem: ShownProblem | null;
  readonly key: string | null;
}

/** `question` and `edits` must keep their identity while they are equal. */
export function useExplanation(
  question: ExplainQuestion | null,
  edits: readonly Edit[],
  csrfToken: string | null,
  fetch?: typeof globalThis.fetch,
): ExplanationState {
  const [answered, setAnswered] = useState<Answered>({ document: null, question: null, problem: null, key: null });
  const [turn, setTurn] = useState(0);
  const key = question === null ? null : JSON.stringify([question, edits, turn]);
  useEffect(() => {
    if (question === null) return undefined;
    const mine = new AbortController();
    const run = async (): Promise<void> => {
      try {
        const document = await askExplain(question, edits, { csrfToken, signal: mine.signal, ...(fetch === undefined ? {} : { fetch }) });
        if (!mine.signal.aborted) setAnswered({ document, question, problem: null, key });
      } catch (error) {
        if (mine.signal.aborted) return;
        if (!(error instanceof ProblemError)) throw error;
        setAnswered((old) => ({ ...old, problem: error.problem, key }));
      }
    };
    void run();
    return () => mine.abort();
  }, [question, edits, csrfToken, fetch, key]);
  const again = useCallback(() => setTurn((old) => old + 1), []);
  return { ...answered, asking: key !== null && answered.key !== key, again };
}
