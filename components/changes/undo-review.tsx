'use client';
// The way back from a change, through the same review as any other change. In: ChangeRecord. Out: the review; nothing is written before its end.
import type { ReactNode } from 'react';
import type { ChangeRecord } from '../../model/change';
import { wordObjects } from './change-words';
import { type Sender, undoChange } from './changes-api';
import { ReviewPanel } from './review-panel';
import { useUndoPreview } from './use-preview';

interface Props {
  readonly change: ChangeRecord;
  readonly sender: Sender;
  readonly onClose: () => void;
  readonly onApplied: (change: ChangeRecord) => void;
}

export function UndoReview({ change, sender, onClose, onApplied }: Props): ReactNode {
  const state = useUndoPreview(change.id, sender);
  return (
    <ReviewPanel
      title={`${wordObjects(change.steps)}, back to before`}
      edits={[]}
      state={state}
      sender={sender}
      refusal={null}
      onApplied={onApplied}
      onClose={onClose}
      apply={({ digest, reason, confirm, override }, who, signal) =>
        undoChange(change.id, { digest, reason, confirm, override }, who, signal)
      }
    />
  );
}
