'use client';
// A slim line for each change of the reader that waits: what, how long, confirm, revert. In: changes. Out: the lines, above every page.
import HourglassHalfIcon from '@patternfly/react-icons/dist/esm/icons/hourglass-half-icon';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { ChangeRecord } from '../../model/change';
import { ChangeActions } from './change-actions';
import { wordChange, wordObjects } from './change-words';
import type { Sender } from './changes-api';
import { Countdown } from './countdown';
import styles from './waiting.module.css';

export function WaitingList({
  changes,
  sender,
  onChanged,
}: {
  readonly changes: readonly ChangeRecord[];
  readonly sender: Sender;
  readonly onChanged: () => void;
}): ReactNode {
  return (
    <ul className={styles['list']} aria-label="Changes that wait for you">
      {changes.map((change) => (
        <li key={change.id} className={styles['line']}>
          <span className={styles['icon']}>
            <HourglassHalfIcon aria-hidden />
          </span>
          <span className={styles['text']}>
            <Link href={`/changes?entry=${encodeURIComponent(change.id)}`}>
              {wordObjects(change.steps)}: {wordChange(change)}
            </Link>{' '}
            {change.deadlineMs === null ? null : (
              <span className={styles['left']}>
                reverts in <Countdown deadlineMs={change.deadlineMs} of={wordObjects(change.steps)} />
              </span>
            )}
          </span>
          <ChangeActions change={change} sender={sender} size="sm" onChanged={onChanged} />
        </li>
      ))}
    </ul>
  );
}
