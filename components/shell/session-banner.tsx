'use client';
// What the reader must know about the session: that it ends, that it ended, that there is none for anybody. In: the session. Out: a notice, the dialog.
import dynamic from 'next/dynamic';
import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { useNow } from '../ui/use-now';
import styles from './masthead.module.css';
import { readLoginAddress, useSession } from './session-context';
import { findSessionNotice } from './session-words';

// Most of the time there is nothing to say: neither is part of the first load.
const SessionNoticeAlert = dynamic(() => import('./session-notices').then((file) => file.SessionNoticeAlert), { ssr: false });
const SessionDialog = dynamic(() => import('./session-dialog').then((file) => file.SessionDialog), { ssr: false });

const KEY = 'heddle.anonymousNoticeRead';
const nothing = (): (() => void) => () => undefined;

/** Once a session of the browser; without its storage once a page. */
function readRead(): boolean {
  try {
    return window.sessionStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}
function writeRead(): void {
  try {
    window.sessionStorage.setItem(KEY, 'true');
  } catch {
    // Blocked by the browser's settings: it is said again on the next page.
  }
}

const assign = (address: string): void => window.location.assign(address);

/** `leave` goes to another address of the browser. */
export function SessionBanner({ leave = assign }: { readonly leave?: (address: string) => void }): ReactNode {
  const session = useSession();
  const nowMs = useNow(10_000);
  const anonymousRead = useSyncExternalStore(nothing, readRead, () => true);
  const [closed, setClosed] = useState<{ readonly endsAtMs: number | null; readonly anonymous: boolean; readonly dialog: boolean }>({
    endsAtMs: null,
    anonymous: false,
    dialog: false,
  });
  const { me, status } = session;
  const ended = status === 'ended';
  // A later session may end as well, and says so again.
  if (!ended && closed.dialog) setClosed({ ...closed, dialog: false });
  const dialog = ended && !closed.dialog;
  const onLogin = (): void => leave(readLoginAddress(me?.strategy ?? null));
  const notice =
    nowMs === null ? null : findSessionNotice(session, nowMs, { endsAtMs: closed.endsAtMs, anonymous: closed.anonymous || anonymousRead });
  const onClose = (): void => {
    if (notice?.kind === 'anonymous') {
      writeRead();
      setClosed({ ...closed, anonymous: true });
    } else setClosed({ ...closed, endsAtMs: me?.endsAtMs ?? null });
  };
  return (
    <div className={styles['banner']} aria-live="polite">
      {notice === null || me === null || dialog ? null : <SessionNoticeAlert notice={notice} me={me} onLogin={onLogin} onClose={onClose} />}
      {dialog ? <SessionDialog me={me} onLogin={onLogin} onClose={() => setClosed({ ...closed, dialog: true })} /> : null}
    </div>
  );
}
