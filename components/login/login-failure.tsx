'use client';
// A login that did not succeed: what happened and what to change, instead of going in circles. In: the code, GET /api/auth/doctor. Out: a part of the page.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import type { ReactNode } from 'react';
import { DoctorReport, Findings } from '../account/doctor-report';
import { isDoctorDocument } from '../account/document-guards';
import { useJson } from '../ui/use-json';
import styles from './login.module.css';
import { decodeFailureCode, wordFailure } from './login-words';

interface Props {
  readonly code: string;
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

export function LoginFailure({ code: text, fetch }: Props): ReactNode {
  const code = decodeFailureCode(text);
  const words = wordFailure(code);
  const { data, loading } = useJson('/api/auth/doctor', { guard: isDoctorDocument, ...(fetch === undefined ? {} : { fetch }) });
  const grave = data?.findings.filter((finding) => finding.severity !== 'ok') ?? [];
  return (
    <section className={styles['failure']} aria-label="The failed login">
      <Alert isInline variant="danger" title={words.title} component="h2">
        <p>{words.text}</p>
        {code === null ? null : (
          <p>
            Code: <code>{code}</code>
          </p>
        )}
      </Alert>
      {loading && data === null ? <Skeleton height="6rem" screenreaderText="What happened is being looked up" /> : null}
      {data === null ? (
        // The report lives as long as a short-lived cookie: a reloaded page has the words above and no more.
        loading ? null : (
          <p className={styles['subtle']}>There is no report of that login any more: log in again to get a fresh one.</p>
        )
      ) : (
        <>
          {grave.length === 0 ? null : <Findings findings={grave} />}
          <details className={styles['details']}>
            <summary>Everything that was looked at</summary>
            <DoctorReport document={data} />
          </details>
        </>
      )}
    </section>
  );
}
