'use client';
// One's account: who the console takes the reader for, what they may do, how the login went. In: the session, the address. Out: the page.
import { Label, LabelGroup } from '@patternfly/react-core/dist/esm/components/Label';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import type { ReactNode } from 'react';
import type { MeDocument } from '../../model/account';
import { STRATEGY_WORDS, wordRights } from '../live/account-words';
import type { SessionState } from '../live/session-store';
import { ErrorAlert } from '../ui/error-alert';
import { Fact, Facts } from '../ui/facts';
import { formatAge, formatInstant } from '../ui/format';
import { Page } from '../ui/page';
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
      <Facts>
        <Fact term="Name">{me.user?.name ?? 'Anonymous'}</Fact>
        <Fact term="Login">{STRATEGY_WORDS[me.strategy]}</Fact>
        <Fact term="Rights">{wordRights(me)}</Fact>
        {me.endsAtMs === null ? null : (
          <Fact term="The session ends">
            <End atMs={me.endsAtMs} nowMs={nowMs} />
          </Fact>
        )}
        {me.idleEndsAtMs === null ? null : (
          <Fact term="Without requests it ends">
            <End atMs={me.idleEndsAtMs} nowMs={nowMs} />
          </Fact>
        )}
        {me.user === null ? null : (
          <Fact term={`Groups (${groups.length})`} wide>
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
          </Fact>
        )}
      </Facts>
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
    <Page title="Account" narrow>
      <div className={styles['parts']}>
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
    </Page>
  );
}
