'use client';
// What one may do in a namespace, and what to ask for. In: a namespace from the address, GET /api/access. Out: a form, the table, the YAML.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { type ReactNode, type SubmitEvent, useId, useState } from 'react';
import type { AccessDocument } from '../../model/account';
import { CodeBlock } from '../ui/code-block';
import { ErrorAlert } from '../ui/error-alert';
import { useJson } from '../ui/use-json';
import { listAccessRows, wordAccess } from './access-rows';
import { AccessTable } from './access-table';
import styles from './account.module.css';
import { isAccessDocument } from './document-guards';

// RFC 1123 label, as Kubernetes names namespaces.
const NAMESPACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

const REQUEST_WORDS = {
  kubernetes: {
    title: 'What to ask an administrator of the cluster for',
    text: 'This Role and RoleBinding allow what is missing here, and nothing else. They are applied with kubectl apply -f.',
  },
  configuration: {
    title: 'What to ask whoever configures Heddle for',
    text: 'This row of access.roles in the configuration of Heddle allows what is missing here.',
  },
} as const;

function AccessRequest({ request }: { readonly request: NonNullable<AccessDocument['request']> }): ReactNode {
  const { title, text } = REQUEST_WORDS[request.kind];
  return (
    <section className={styles['request']} aria-label={title}>
      <h3>{title}</h3>
      <p>{text}</p>
      <CodeBlock text={request.yaml} what="the YAML" />
    </section>
  );
}

function AccessAnswer({ document }: { readonly document: AccessDocument }): ReactNode {
  const rows = listAccessRows(document);
  return (
    <>
      <p role="status">{wordAccess(document, rows)}</p>
      {rows.length === 0 ? null : <AccessTable namespace={document.namespace} rows={rows} />}
      {document.request === null ? null : <AccessRequest request={document.request} />}
    </>
  );
}

interface Props {
  /** Of the address; '' = none chosen yet. */
  readonly namespace: string;
  readonly onNamespace: (namespace: string) => void;
  /** Those that the user sees: offered, but others may be asked for as well. */
  readonly known: readonly string[];
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

export function Permissions({ namespace, onNamespace, known, fetch }: Props): ReactNode {
  // Null: nothing typed yet, so that a namespace which comes to be known late is shown.
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? namespace;
  const [refused, setRefused] = useState(false);
  const listId = useId();
  const inputId = useId();
  const valid = NAMESPACE.test(namespace);
  const { data, problem, loading, reload } = useJson(valid ? `/api/access?namespace=${namespace}` : null, {
    guard: isAccessDocument,
    dropOnChange: true,
    ...(fetch === undefined ? {} : { fetch }),
  });
  const check = (event: SubmitEvent): void => {
    event.preventDefault();
    const wanted = text.trim();
    setRefused(!NAMESPACE.test(wanted));
    if (!NAMESPACE.test(wanted)) return;
    if (wanted === namespace) reload();
    else onNamespace(wanted);
  };
  const bad = refused || (namespace !== '' && !valid);
  return (
    <section className={styles['section']} aria-labelledby={`${inputId}-title`}>
      <h2 id={`${inputId}-title`}>Permissions</h2>
      <form className={styles['picker']} onSubmit={check}>
        <label htmlFor={inputId}>Namespace</label>
        <TextInput
          id={inputId}
          value={text}
          list={listId}
          autoComplete="off"
          spellCheck={false}
          validated={bad ? 'error' : 'default'}
          aria-describedby={`${inputId}-help`}
          onChange={(_event, next) => setTyped(next)}
        />
        <datalist id={listId}>
          {known.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Button type="submit" variant="secondary">
          Check
        </Button>
      </form>
      <p id={`${inputId}-help`} className={bad ? styles['error'] : styles['subtle']}>
        {bad
          ? 'That is not the name of a namespace: small letters, digits and hyphens, 63 at most.'
          : 'Any namespace may be asked about, also one that you do not see.'}
      </p>
      {problem === null ? null : <ErrorAlert problem={problem} onRetry={reload} heading="h3" />}
      {loading && data === null ? <Skeleton height="12rem" screenreaderText="The permissions are being read" /> : null}
      {data === null ? null : <AccessAnswer document={data} />}
    </section>
  );
}
