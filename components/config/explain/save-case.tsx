'use client';
// Keeps an answered question under a name. In: the question and what came out. Out: a saved case.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import type { ExplainQuestion } from '../../../model/steering';
import { ErrorAlert } from '../../ui/error-alert';
import { ProblemError, type ShownProblem } from '../../ui/fetch-json';
import styles from './explain.module.css';
import { newCaseId, saveCase } from './explain-api';

interface Props {
  readonly question: ExplainQuestion;
  readonly expected: string;
  readonly csrfToken: string | null;
  readonly onSaved: () => void;
  readonly fetch?: typeof globalThis.fetch;
}

const MAX_NAME = 200;

export function SaveCase({ question, expected, csrfToken, onSaved, fetch }: Props): ReactNode {
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const one = { id: newCaseId(), name: name.trim(), question, expected };
      await saveCase(one, { csrfToken, signal: new AbortController().signal, ...(fetch === undefined ? {} : { fetch }) });
      setProblem(null);
      setName('');
      onSaved();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      setProblem(error.problem);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (name.trim() !== '') void save();
  };
  return (
    <form className={styles['row']} onSubmit={submit}>
      {problem === null ? null : <ErrorAlert problem={problem} heading="h3" />}
      <div className={styles['saveName']}>
        <TextInput
          aria-label="Name of the case"
          placeholder="Name to save the case under"
          maxLength={MAX_NAME}
          value={name}
          onChange={(_event, text) => setName(text)}
        />
      </div>
      <Button type="submit" variant="secondary" isDisabled={name.trim() === '' || busy}>
        Save the case
      </Button>
    </form>
  );
}
