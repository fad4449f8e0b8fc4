'use client';
// The way back from a change, through the same review as any other change. In: ChangeRecord. Out: the review; nothing is written before its end.
import { type ReactNode, useMemo, useState } from 'react';
import type { ChangeRecord } from '../../model/change';
import type { Edit } from '../../model/edit';
import { wordObjects } from './change-words';
import { type Sender, undoChange } from './changes-api';
import { buildReverse } from './manifest-text';
import { ReviewPanel } from './review-panel';
import { usePreview } from './use-preview';

interface Props {
  readonly change: ChangeRecord;
  readonly sender: Sender;
  readonly onClose: () => void;
  readonly onApplied: (change: ChangeRecord) => void;
}

export function UndoReview({ change, sender, onClose, onApplied }: Props): ReactNode {
  const [fixes, setFixes] = useState<readonly Edit[]>([]);
  const edits = useMemo(() => [...buildReverse(change), ...fixes], [change, fixes]);
  const state = usePreview(edits, sender, 0);
  return (
    <ReviewPanel
      title={`${wordObjects(change.steps)}, back to before`}
      edits={edits}
      state={state}
      sender={sender}
      refusal={null}
      onFix={(fix) => setFixes((old) => [...old, ...fix.edits])}
      onApplied={onApplied}
      onClose={onClose}
      apply={(request, who, signal) => undoChange(change.id, request, who, signal)}
    />
  );
}
