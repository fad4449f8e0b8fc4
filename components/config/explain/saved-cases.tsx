'use client';
// Saved questions with what was expected of them and what comes out now; run again with every plan. In: cases, the answers. Out: a list.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { type ReactNode, useEffect, useState } from 'react';
import type { Edit } from '../../../model/edit';
import type { SavedCase } from '../../../model/steering';
import { ErrorAlert } from '../../ui/error-alert';
import { ProblemError, type ShownProblem } from '../../ui/fetch-json';
import type { JsonState } from '../../ui/use-json';
import styles from './explain.module.css';
import { askExplain, removeCase, type Sending, saveCase } from './explain-api';
import { wordQuestion } from './question-url';

type Run =
  | { readonly state: 'failed'; readonly problem: ShownProblem }
  | { readonly state: 'done'; readonly summary: string; readonly under: string | null };

interface Props {
  readonly cases: JsonState<{ readonly cases: readonly SavedCase[] }>;
  readonly edits: readonly Edit[];
  readonly csrfToken: string | null;
  readonly onOpen: (one: SavedCase) => void;
  readonly fetch?: typeof globalThis.fetch;
}

interface Answered {
  /** The round of questions that these are the answers of. */
  readonly round: AbortController | null;
  readonly runs: ReadonlyMap<string, Run>;
}

/** So many questions are under way at once. */
const AT_ONCE = 2;

/** Answers of all cases, asked anew when the cases or the edits change. */
function useRuns(
  cases: readonly SavedCase[] | null,
  edits: readonly Edit[],
  csrfToken: string | null,
  turn: number,
  fetch: Props['fetch'],
) {
  const [answered, setAnswered] = useState<Answered>({ round: null, runs: new Map() });
  useEffect(() => {
    if (cases === null) return undefined;
    const mine = new AbortController();
    const waiting = [...cases];
    const put = (id: string, run: Run): void => {
      // The answers of before stand until the first new one.
      if (!mine.signal.aborted) setAnswered(({ round, runs }) => ({ round: mine, runs: new Map(round === mine ? runs : []).set(id, run) }));
    };
    const work = async (): Promise<void> => {
      for (let one = waiting.shift(); one !== undefined && !mine.signal.aborted; one = waiting.shift()) {
        try {
          const { now, then } = await askExplain(one.question, edits, {
            csrfToken,
            signal: mine.signal,
            ...(fetch === undefined ? {} : { fetch }),
          });
          put(one.id, { state: 'done', summary: now.summary, under: then?.summary ?? null });
        } catch (error) {
          if (error instanceof ProblemError) put(one.id, { state: 'failed', problem: error.problem });
          else if (!(error instanceof DOMException)) throw error;
        }
      }
    };
    for (let i = 0; i < AT_ONCE; i++) void work();
    return () => mine.abort();
  }, [cases, edits, csrfToken, turn, fetch]);
  return answered.runs;
}

function Outcome({ one, run }: { readonly one: SavedCase; readonly run: Run | undefined }): ReactNode {
  if (run === undefined) return <p className={styles['subtle']}>asking…</p>;
  if (run.state === 'failed')
    return (
      <p className={styles['bad']}>
        {run.problem.title}: {run.problem.detail}
      </p>
    );
  const changed = run.summary !== one.expected;
  return (
    <>
      {changed ? (
        <>
          <p>
            <strong className={`${styles['verdict']} ${styles['bad']}`}>Changed.</strong> Now: {run.summary}
          </p>
          <p className={styles['subtle']}>Expected: {one.expected}</p>
        </>
      ) : (
        <p>
          <strong className={`${styles['verdict']} ${styles['good']}`}>As expected.</strong> {run.summary}
        </p>
      )}
      {run.under === null || run.under === run.summary ? null : (
        <p>
          <strong className={`${styles['verdict']} ${styles['open']}`}>Under the draft:</strong> {run.under}
        </p>
      )}
    </>
  );
}

export function SavedCases({ cases, edits, csrfToken, onOpen, fetch }: Props): ReactNode {
  const [turn, setTurn] = useState(0);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const runs = useRuns(cases.data?.cases ?? null, edits, csrfToken, turn, fetch);
  const change = (work: (sending: Sending) => Promise<void>): void => {
    const run = async (): Promise<void> => {
      try {
        await work({ csrfToken, signal: new AbortController().signal, ...(fetch === undefined ? {} : { fetch }) });
        setProblem(null);
        cases.reload();
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        setProblem(error.problem);
      }
    };
    void run();
  };
  const all = cases.data?.cases ?? [];
  return (
    <section className={styles['saved']} aria-labelledby="cases-title">
      <div className={styles['row']}>
        <h2 id="cases-title">Saved cases{all.length === 0 ? '' : ` (${all.length})`}</h2>
        {all.length === 0 ? null : (
          <Button variant="link" isInline size="sm" onClick={() => setTurn(turn + 1)}>
            Run again
          </Button>
        )}
      </div>
      {cases.problem === null ? null : <ErrorAlert problem={cases.problem} onRetry={cases.reload} heading="h3" />}
      {problem === null ? null : <ErrorAlert problem={problem} heading="h3" />}
      {all.length === 0 && cases.problem === null ? (
        <p className={styles['subtle']}>
          {cases.loading
            ? 'The cases are being read…'
            : 'None yet. A saved case is asked again at every plan, and a changed outcome is shown in its review.'}
        </p>
      ) : null}
      <ul className={styles['cases']}>
        {all.map((one) => {
          const run = runs.get(one.id);
          return (
            <li key={one.id} className={styles['case']}>
              <strong>{one.name}</strong>
              <p className={styles['subtle']}>{wordQuestion(one.question)}</p>
              <Outcome one={one} run={run} />
              <p className={styles['row']}>
                <Button variant="link" isInline size="sm" aria-label={`Open the case ${one.name}`} onClick={() => onOpen(one)}>
                  Open
                </Button>
                {run?.state === 'done' && run.summary !== one.expected ? (
                  <Button
                    variant="link"
                    isInline
                    size="sm"
                    aria-label={`Expect what comes out now of ${one.name}`}
                    onClick={() => change((sending) => saveCase({ ...one, expected: run.summary }, sending))}
                  >
                    Expect this from now on
                  </Button>
                ) : null}
                <Button
                  variant="link"
                  isInline
                  isDanger
                  size="sm"
                  aria-label={`Remove the case ${one.name}`}
                  onClick={() => change((sending) => removeCase(one.id, sending))}
                >
                  Remove
                </Button>
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
