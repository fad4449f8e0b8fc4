'use client';
// What the reader must know about the data, above every page: stale, incomplete, never connected. In: the page's status. Out: alerts.
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { useNow } from '../ui/use-now';
import { listNotices, type StatusNotice } from './freshness-words';
import styles from './masthead.module.css';
import { useSession } from './session-context';
import { useStatus } from './shell-context';

/** Where the alerts cannot be loaded, for the console is out of reach: the same in plain words. */
const PlainNotices = ({ notices }: { readonly notices: readonly StatusNotice[] }): ReactNode =>
  notices.map(({ key, title, text, next }) => (
    <p key={key} role="alert">
      <strong>{title}.</strong> {text} {next}
    </p>
  ));

// Most of the time there is nothing to say: the alerts are not part of the first load.
const NoticeList = dynamic(
  () =>
    import('./notice-list').then(
      (file) => file.NoticeList,
      () => PlainNotices,
    ),
  { ssr: false },
);

export function StatusBanner(): ReactNode {
  const status = useStatus();
  const nowMs = useNow(10_000);
  // That nothing comes any more has one cause then, which the session's own banner says.
  const ended = useSession().status === 'ended';
  const notices = nowMs === null || ended ? [] : listNotices(status, nowMs);
  return (
    <div className={styles['banner']} aria-live="polite">
      {notices.length === 0 ? null : <NoticeList notices={notices} />}
    </div>
  );
}
