'use client';
// Explain: what happens to one request, step by step, as things are and under a change that is begun. In: the address, the session. Out: the page.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import { useSearchParams } from 'next/navigation';
import { type ReactNode, useMemo, useState } from 'react';
import type { Edit } from '../../../model/edit';
import { ChoiceSelect } from '../../ui/choice-select';
import { CopyButton } from '../../ui/copy-button';
import { ErrorAlert } from '../../ui/error-alert';
import { Page } from '../../ui/page';
import { useAddress } from '../../ui/use-address';
import { useJson } from '../../ui/use-json';
import { isCases } from '../config-guards';
import styles from './explain.module.css';
import { ExplainForm } from './explain-form';
import { ExplanationSteps } from './explanation-steps';
import { listOpenDrafts } from './open-drafts';
import { decodeQuestion, draftOf, encodeQuestion, type QuestionDraft, readQuestion, wordQuestion } from './question-url';
import { SaveCase } from './save-case';
import { SavedCases } from './saved-cases';
import { useExplanation } from './use-explanation';

interface Props {
  readonly owner: string;
  readonly csrfToken: string | null;
  /** Namespaces that the user sees. */
  readonly namespaces: readonly string[];
  readonly fetch?: typeof globalThis.fetch;
}

const NO_EDITS: readonly Edit[] = [];

/** Puts the question into the address, which is what is asked. */
function writeQuestion(draft: QuestionDraft): void {
  const query = encodeQuestion(draft, new URLSearchParams(window.location.search)).toString();
  window.history.replaceState(null, '', query === '' ? window.location.pathname : `?${query}`);
}

export function ExplainPage({ owner, csrfToken, namespaces, fetch }: Props): ReactNode {
  const given = fetch === undefined ? {} : { fetch };
  const address = useSearchParams().toString();
  const asked = useMemo(() => decodeQuestion(new URLSearchParams(address)), [address]);
  const [typed, setTyped] = useState<QuestionDraft | null>(null);
  const [tried, setTried] = useState(false);
  const draft = typed ?? asked;
  const { question } = useMemo(() => readQuestion(asked), [asked]);
  const [underId, writeUnder] = useAddress('under');
  const [drafts] = useState(() => (typeof window === 'undefined' ? [] : listOpenDrafts(window.localStorage, owner)));
  const under = drafts.find(({ id }) => id === underId) ?? null;
  const edits = under?.edits ?? NO_EDITS;
  const answer = useExplanation(question, edits, csrfToken, fetch);
  const cases = useJson('/api/cases', { guard: isCases, ...given });
  const { faults } = readQuestion(draft);
  const { document, problem, asking } = answer;

  const ask = (): void => {
    setTried(true);
    if (faults !== null) return;
    writeQuestion(draft);
    setTyped(null);
    answer.again();
  };
  const showCase = (shown: QuestionDraft): void => {
    setTyped(null);
    setTried(false);
    writeQuestion(shown);
  };

  return (
    <Page title="Explain a request">
      <div className={styles['columns']}>
        <div className={styles['left']}>
          <ExplainForm
            draft={draft}
            faults={tried ? faults : null}
            namespaces={namespaces}
            onDraft={setTyped}
            onAsk={ask}
            asking={asking}
            {...given}
          />
          <SavedCases cases={cases} edits={edits} csrfToken={csrfToken} onOpen={(one) => showCase(draftOf(one.question))} {...given} />
        </div>
        <div className={styles['answer']} aria-busy={asking}>
          {drafts.length === 0 ? null : (
            <div className={styles['row']}>
              <span>Also under</span>
              <ChoiceSelect
                name="Also under a change that is not applied"
                value={under?.id ?? ''}
                choices={[
                  { value: '', label: 'no change' },
                  ...drafts.map(({ id, title }) => ({ value: id, label: `the draft of ${title}` })),
                ]}
                onChoose={writeUnder}
              />
            </div>
          )}
          {problem === null ? null : <ErrorAlert problem={problem} onRetry={answer.again} heading="h2" />}
          {question === null && document === null ? (
            <p className={styles['empty']}>
              Say who calls what: the answer shows each rule that is tried, why it matches or does not, the winner, the destinations with
              their shares, and what mutual TLS and authorization make of it. It is computed from the configuration; nothing is sent.
            </p>
          ) : null}
          {document === null && asking ? <Skeleton height="16rem" screenreaderText="The request is being explained" /> : null}
          {document === null || answer.question === null ? null : (
            <>
              <p className={styles['row']}>
                <span className={styles['subtle']}>{wordQuestion(answer.question)}</span>
                <CopyButton text={() => window.location.href} what="the address of this question" />
              </p>
              <SaveCase
                question={answer.question}
                expected={document.now.summary}
                csrfToken={csrfToken}
                onSaved={cases.reload}
                {...given}
              />
              <div className={styles['sides']}>
                <section className={styles['side']} aria-labelledby="now-title">
                  <h2 id="now-title">{document.then === null ? 'What happens' : 'Now'}</h2>
                  <p className={styles['summary']}>{document.now.summary}</p>
                  <ExplanationSteps explanation={document.now} />
                </section>
                {document.then === null ? null : (
                  <section className={styles['side']} aria-labelledby="then-title">
                    <h2 id="then-title">Under the draft{under === null ? '' : ` of ${under.title}`}</h2>
                    <p className={styles['summary']}>
                      {document.then.summary === document.now.summary ? 'The same: ' : ''}
                      {document.then.summary}
                    </p>
                    <ExplanationSteps explanation={document.then} />
                  </section>
                )}
              </div>
            </>
          )}
        </div>
      </div>
    </Page>
  );
}
