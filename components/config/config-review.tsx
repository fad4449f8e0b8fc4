'use client';
// The review of an editor's change: what it plans, finds and effects, and its writing. In: edits, who writes. Out: the review panel.
import { type ReactNode, useMemo, useState } from 'react';
import type { Edit } from '../../model/edit';
import { announceChange } from '../changes/change-signal';
import { ReviewPanel } from '../changes/review-panel';
import { usePreview } from '../changes/use-preview';
import type { ReviewRequest } from './review-slot';

interface Props extends ReviewRequest {
  readonly csrfToken: string | null;
}

/** At once: nobody is moving anything any more. */
const REST_MS = 0;

export function ConfigReview({ title, edits, refusal, csrfToken, onClose, onApplied }: Props): ReactNode {
  const [fixes, setFixes] = useState<readonly Edit[]>([]);
  const all = useMemo(() => [...edits, ...fixes], [edits, fixes]);
  const sender = useMemo(() => ({ csrfToken }), [csrfToken]);
  const state = usePreview(all, sender, REST_MS);
  return (
    <ReviewPanel
      title={title}
      edits={all}
      state={state}
      sender={sender}
      refusal={refusal}
      onFix={(fix) => setFixes([...fixes, ...fix.edits])}
      onApplied={(change) => {
        announceChange();
        onApplied(change);
      }}
      onClose={onClose}
    />
  );
}
