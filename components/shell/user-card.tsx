'use client';
// Who is logged in, with what rights, and the way out. In: the session. Out: the content of the user menu.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import Link from 'next/link';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { wordRights } from '../live/account-words';
import { writeLogout } from '../live/leave-session';
import type { SessionState } from '../live/session-store';
import { withBase } from '../ui/base-path';
import { ErrorAlert } from '../ui/error-alert';
import { ProblemError, type ShownProblem } from '../ui/fetch-json';
import { plural } from '../ui/format';
import styles from './masthead.module.css';

interface Props {
  readonly session: SessionState;
  readonly onClose: () => void;
  /** Goes to another address of the browser. */
  readonly leave?: (address: string) => void;
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

const assign = (address: string): void => window.location.assign(address);

function LogoutButton({
  csrfToken,
  leave,
  fetch,
}: { readonly csrfToken: string | null } & Required<Pick<Props, 'leave'>> & Pick<Props, 'fetch'>): ReactNode {
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);
  const logOut = async (): Promise<void> => {
    const mine = new AbortController();
    controller.current = mine;
    setBusy(true);
    setProblem(null);
    try {
      leave(await writeLogout({ csrfToken, signal: mine.signal, ...(fetch === undefined ? {} : { fetch }) }));
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!(error instanceof ProblemError)) throw error;
      // The session is over already: that is what was wanted.
      if (error.problem.status === 401) leave(withBase('/login'));
      else setProblem(error.problem);
    }
    setBusy(false);
  };
  return (
    <>
      <Button variant="secondary" size="sm" isLoading={busy} isDisabled={busy} onClick={() => void logOut()}>
        Log out
      </Button>
      {problem === null ? null : <ErrorAlert problem={problem} heading="h2" />}
    </>
  );
}

export function UserCard({ session, onClose, leave = assign, fetch }: Props): ReactNode {
  const { me, status, problem } = session;
  if (me === null) return problem === null ? <p>Looking who you are…</p> : <ErrorAlert problem={problem} heading="h2" />;
  const { user } = me;
  return (
    <div className={styles['user']}>
      <div>
        <p className={styles['userName']}>{user?.name ?? 'Anonymous'}</p>
        {user === null ? (
          <p>This console has no login: whoever reaches it is treated alike.</p>
        ) : (
          <p className={styles['subtle']}>{user.groups.length === 0 ? 'In no group' : `In ${plural(user.groups.length, 'group')}`}</p>
        )}
      </div>
      <p>{status === 'ended' ? 'The session has ended' : wordRights(me)}</p>
      <div className={styles['userActions']}>
        <Link href="/account" onClick={onClose}>
          Account and permissions
        </Link>
        {me.csrfToken === null || status !== 'open' ? null : (
          <LogoutButton csrfToken={me.csrfToken} leave={leave} {...(fetch === undefined ? {} : { fetch })} />
        )}
      </div>
    </div>
  );
}
