'use client';
// A change after it was applied: state, countdown, what the guard sees, confirm and revert. In: ChangeRecord. Out: a card.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { ChangeRecord } from '../../model/change';
import { refText } from '../../model/edit';
import { formatInstant } from '../ui/format';
import { useNow } from '../ui/use-now';
import { compareHref } from './before-after';
import { ChangeActions } from './change-actions';
import styles from './change-card.module.css';
import { ChangeStateLabel } from './change-state';
import { wordChange, wordGuard, wordObjects } from './change-words';
import type { Sender } from './changes-api';
import { Countdown } from './countdown';

/** recharts weighs 100 KB: only who has a change to watch pays for it. */
const MeasureCharts = dynamic(() => import('./measure-charts').then((file) => file.MeasureCharts), {
  ssr: false,
  loading: () => <Skeleton height="9rem" />,
});

interface Props {
  readonly change: ChangeRecord;
  readonly sender: Sender;
  readonly onChanged: (change: ChangeRecord) => void;
  readonly onUndo?: (change: ChangeRecord) => void;
}

export function ChangeCard({ change, sender, onChanged, onUndo }: Props): ReactNode {
  const { state, deadlineMs, outcome, remains, by, reason, createdAtMs, confirm, revertBy } = change;
  const trips = wordGuard(confirm.guard);
  const nowMs = useNow(10_000);
  const compared = nowMs === null ? null : compareHref(change, nowMs);
  return (
    <section className={`${styles['card']} ${styles[state]}`} aria-label={`Change of ${wordObjects(change.steps)}`}>
      <div className={styles['head']}>
        <ChangeStateLabel state={state} />
        <h3 className={styles['title']}>
          <Link href={`/changes?entry=${encodeURIComponent(change.id)}`}>{wordChange(change)}</Link>
        </h3>
        {state === 'waiting' && deadlineMs !== null ? (
          <span className={styles['left']}>
            reverts in{' '}
            <strong>
              <Countdown deadlineMs={deadlineMs} of={wordObjects(change.steps)} />
            </strong>
          </span>
        ) : null}
        <ChangeActions change={change} sender={sender} onChanged={onChanged} {...(onUndo === undefined ? {} : { onUndo })} />
      </div>
      <p className={styles['subtle']}>
        {by.name}, {formatInstant(createdAtMs)}
        {reason === '' || reason === wordChange(change) ? '' : `: “${reason}”`}
        {state === 'waiting' && revertBy !== null
          ? ` · ${revertBy === 'console' ? 'Heddle' : 'Heddle in the name of who applied it'} reverts it unless confirmed${trips === '' ? '' : `, or when ${trips}`}.`
          : ''}
      </p>
      {compared === null ? null : (
        <p className={styles['subtle']}>
          <Link href={compared}>Compare before and after on the graph</Link>
        </p>
      )}
      {outcome === null ? null : <p role="status">{outcome}</p>}
      {remains.length === 0 ? null : (
        <ul className={styles['remains']} aria-label="What remains">
          {remains.map(({ ref, message }) => (
            <li key={`${refText(ref)} ${message}`}>
              <strong>{refText(ref)}</strong>: {message}
            </li>
          ))}
        </ul>
      )}
      {state === 'waiting' || state === 'reverting' || state === 'applying' ? <MeasureCharts change={change} /> : null}
    </section>
  );
}
