'use client';
// Logging in by a pasted Kubernetes token. In: where to go then. Out: the form; the token is sent once and kept nowhere in the page.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Form, FormGroup, FormHelperText } from '@patternfly/react-core/dist/esm/components/Form';
import { HelperText, HelperTextItem } from '@patternfly/react-core/dist/esm/components/HelperText';
import { InputGroup, InputGroupItem } from '@patternfly/react-core/dist/esm/components/InputGroup';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import EyeIcon from '@patternfly/react-icons/dist/esm/icons/eye-icon';
import EyeSlashIcon from '@patternfly/react-icons/dist/esm/icons/eye-slash-icon';
import { type ReactNode, type SubmitEvent, useEffect, useRef, useState } from 'react';
import { withBase } from '../ui/base-path';
import { CodeBlock } from '../ui/code-block';
import { ErrorAlert } from '../ui/error-alert';
import { ProblemError, type ShownProblem } from '../ui/fetch-json';
import { sendJson } from '../ui/send-json';
import styles from './login.module.css';
import { decodePastedToken } from './login-words';

const COMMAND = 'kubectl create token NAME --namespace NAMESPACE --duration 8h';

interface Props {
  readonly onLoggedIn: () => void;
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

export function TokenForm({ onLoggedIn, fetch }: Props): ReactNode {
  const [text, setText] = useState('');
  const [shown, setShown] = useState(false);
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const controller = useRef<AbortController | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => () => controller.current?.abort(), []);

  const send = async (token: string): Promise<void> => {
    const mine = new AbortController();
    controller.current = mine;
    setBusy(true);
    setProblem(null);
    try {
      await sendJson(withBase('/api/auth/login'), {
        body: { token },
        csrfToken: null,
        signal: mine.signal,
        deadlineMs: 30_000,
        ...(fetch === undefined ? {} : { fetch }),
      });
      onLoggedIn();
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!(error instanceof ProblemError)) throw error;
      setProblem(error.problem);
      setBusy(false);
      input.current?.focus();
    }
  };
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const token = decodePastedToken(text);
    setMissing(token === '');
    if (token === '') input.current?.focus();
    else void send(token);
  };

  return (
    <Form className={styles['form'] ?? ''} onSubmit={onSubmit} noValidate>
      {/* Not by its status: a refused token is the one 401 that is told here. */}
      {problem === null ? null : <ErrorAlert problem={{ ...problem, status: null }} heading="h2" />}
      <FormGroup label="Kubernetes token" fieldId="token" isRequired>
        <InputGroup>
          <InputGroupItem isFill>
            <TextInput
              ref={input}
              id="token"
              name="token"
              type={shown ? 'text' : 'password'}
              value={text}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              validated={missing ? 'error' : 'default'}
              aria-describedby="token-help"
              onChange={(_event, next) => {
                setText(next);
                setMissing(false);
              }}
            />
          </InputGroupItem>
          <InputGroupItem>
            <Button
              variant="control"
              icon={shown ? <EyeSlashIcon /> : <EyeIcon />}
              aria-label={shown ? 'Hide the token' : 'Show the token'}
              title={shown ? 'Hide the token' : 'Show the token'}
              onClick={() => setShown(!shown)}
            />
          </InputGroupItem>
        </InputGroup>
        <FormHelperText>
          <HelperText id="token-help">
            <HelperTextItem variant={missing ? 'error' : 'default'}>
              {missing
                ? 'Paste a token first.'
                : 'The token of a service account, or your own. Heddle asks the Kubernetes API with it who you are.'}
            </HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      <Button type="submit" variant="primary" size="lg" isBlock isLoading={busy} isDisabled={busy}>
        Log in
      </Button>
      <div className={styles['help']}>
        <p>To make a token for a service account:</p>
        <CodeBlock text={COMMAND} what="the command" />
      </div>
    </Form>
  );
}
