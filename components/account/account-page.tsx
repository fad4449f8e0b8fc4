'use client';
// One's account: who the console takes the reader for, what they may do, how the login went. In: the session, the address. Out: the page.
import { Label, LabelGroup } from '@patternfly/react-core/dist/esm/components/Label';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import type { ReactNode } from 'react';
import type { MeDocument } from '../../model/account';
import { STRATEGY_WORDS, wordRights } from '../live/account-words';
import type { SessionState } from '../live/session-store';
import { ErrorAlert } from '../ui/error-alert';
import { formatAge, formatInstant } from '../ui/format';
import { useJson } from '../ui/use-json';
import { useNow } from '../ui/use-now';
import styles from './account.module.css';
import { DoctorReport } from './doctor-report';
import { isDoctorDocument } from './document-guards';
import { Permissions } from './permissions';

interface Props {
  readonly session: SessionState;
  readonly namespace: string;
  readonly onNamespace: (namespace: string) => void;
  /** Namespaces that the user sees. */
  readonly known: readonly string[];
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

function End({ atMs, nowMs }: { readonly atMs: number; readonly nowMs: number | null }): ReactNode {
  const left = nowMs === null ? '' : atMs <= nowMs ? ' (now)' : ` (in ${formatAge(atMs - nowMs)})`;
  return `${formatInstant(atMs)}${left}`;
}

function Who({ me }: { readonly me: MeDocument }): ReactNode {
  const nowMs = useNow(10_000);
  const groups = me.user?.groups ?? [];
  return (
    <section className={styles['section']} aria-labelledby="account-who">
      <h2 id="account-who">Who you are</h2>
      <dl className={styles['facts']}>
        <div>
          <dt>Name</dt>
          <dd>{me.user?.name ?? 'Anonymous'}</dd>
        </div>
        <div>
          <dt>Login</dt>
          <dd>{STRATEGY_WORDS[me.strategy]}</dd>
        </div>
        <div>
          <dt>Rights</dt>
          <dd>{wordRights(me)}</dd>
        </div>
        {me.endsAtMs === null ? null : (
          <div>
            <dt>The session ends</dt>
            <dd>
              <End atMs={me.endsAtMs} nowMs={nowMs} />
            </dd>
          </div>
        )}
        {me.idleEndsAtMs === null ? null : (
          <div>
            <dt>Without requests it ends</dt>
            <dd>
              <End atMs={me.idleEndsAtMs} nowMs={nowMs} />
            </dd>
          </div>
        )}
        {me.user === null ? null : (
          <div className={styles['wide']}>
            <dt>Groups ({groups.length})</dt>
            <dd>
              {groups.length === 0 ? (
                <span className={styles['subtle']}>none</span>
              ) : (
                <LabelGroup aria-label="Groups" numLabels={30}>
                  {groups.map((group) => (
                    <Label key={group} isCompact variant="outline">
                      {group}
                    </Label>
                  ))}
                </LabelGroup>
              )}
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function Doctor({ fetch }: Pick<Props, 'fetch'>): ReactNode {
  const { data, problem, loading, reload } = useJson('/api/auth/doctor', {
    guard: isDoctorDocument,
    ...(fetch === undefined ? {} : { fetch }),
  });
  return (
    <section className={styles['section']} aria-labelledby="account-doctor">
      <h2 id="account-doctor">Login doctor</h2>
      <p className={styles['subtle']}>What came with your login, and what Heddle made of it.</p>
      {problem === null ? null : <ErrorAlert problem={problem} onRetry={reload} heading="h3" />}
      {loading && data === null ? <Skeleton height="12rem" screenreaderText="The login is being looked at" /> : null}
      {data === null ? null : <DoctorReport document={data} />}
    </section>
  );
}

export function AccountPage({ session, namespace, onNamespace, known, fetch }: Props): ReactNode {
  const { me, problem } = session;
  const given = fetch === undefined ? {} : { fetch };
  return (
    <div className={styles['page']}>
      <h1 className={styles['heading']}>Account</h1>
      {me !== null ? (
        <Who me={me} />
      ) : problem !== null ? (
        <ErrorAlert problem={problem} heading="h2" />
      ) : (
        <Skeleton height="8rem" screenreaderText="Looking who you are" />
      )}
      {me === null ? null : (
        <>
          <Permissions namespace={namespace} onNamespace={onNamespace} known={known} {...given} />
          {me.strategy === 'anonymous' ? null : <Doctor {...given} />}
        </>
      )}
    </div>
  );
}
