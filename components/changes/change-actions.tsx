'use client';
// Confirm and revert of a change that waits, undo of one that is kept. In: ChangeRecord. Out: buttons; each says what failed beside itself.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import type { ReactNode } from 'react';
import type { ChangeRecord } from '../../model/change';
import { ErrorAlert } from '../ui/error-alert';
import styles from './change-card.module.css';
import { wordObjects } from './change-words';
import { confirmChange, revertChange, type Sender } from './changes-api';
import { useSend } from './use-send';

interface Props {
  readonly change: ChangeRecord;
  readonly sender: Sender;
  readonly size?: 'sm' | 'default';
  readonly onChanged: (change: ChangeRecord) => void;
  /** Opens the review of the way back; absent: undo is not offered here. */
  readonly onUndo?: (change: ChangeRecord) => void;
}

export function ChangeActions({ change, sender, size = 'default', onChanged, onUndo }: Props): ReactNode {
  const { busy, problem, send } = useSend();
  const what = wordObjects(change.steps);
  const run = async (request: (signal: AbortSignal) => Promise<ChangeRecord>): Promise<void> => {
    const next = await send(request);
    if (next !== null) onChanged(next);
  };
  const confirms = change.state === 'waiting';
  const reverts = change.state === 'waiting' || change.state === 'incomplete';
  const undoes = onUndo !== undefined && change.state === 'kept' && change.undoneBy === null && change.steps.length > 0;
  if (!confirms && !reverts && !undoes) return null;
  return (
    <>
      <span className={styles['buttons']}>
        {confirms ? (
          <Button
            variant="primary"
            size={size}
            isDisabled={busy}
            aria-label={`Confirm the change of ${what}`}
            onClick={() => void run((signal) => confirmChange(change.id, sender, signal))}
          >
            Confirm
          </Button>
        ) : null}
        {reverts ? (
          <Button
            variant="secondary"
            isDanger
            size={size}
            isDisabled={busy}
            aria-label={`Revert the change of ${what} now`}
            onClick={() => void run((signal) => revertChange(change.id, 'reverted by hand', sender, signal))}
          >
            Revert now
          </Button>
        ) : null}
        {undoes ? (
          <Button variant="secondary" size={size} aria-label={`Undo the change of ${what}`} onClick={() => onUndo(change)}>
            Undo…
          </Button>
        ) : null}
      </span>
      {problem === null ? null : (
        <div className={styles['failed']} role="alert">
          <ErrorAlert problem={problem} heading="h3" />
        </div>
      )}
    </>
  );
}
