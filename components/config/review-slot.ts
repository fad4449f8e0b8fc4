// Where the review of a change is shown inside of an editor; the frame of the console puts the review panel in. In: edits. Out: a type.
import type { ReactNode } from 'react';
import type { ChangeRecord } from '../../model/change';
import type { Edit } from '../../model/edit';

export interface ReviewRequest {
  /** What is changed: "VirtualService bookinfo/reviews". */
  readonly title: string;
  readonly edits: readonly Edit[];
  /** Why this reader may not write it; null: may, or the server will say. */
  readonly refusal: string | null;
  /** Back to the editor. */
  readonly onClose: () => void;
  /** The change is written to the cluster. */
  readonly onApplied: (change: ChangeRecord) => void;
}

export type ReviewSlot = (request: ReviewRequest) => ReactNode;
