'use client';
// The state of a change by icon, colour and word. In: ChangeState. Out: a label.
import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import HourglassHalfIcon from '@patternfly/react-icons/dist/esm/icons/hourglass-half-icon';
import InProgressIcon from '@patternfly/react-icons/dist/esm/icons/in-progress-icon';
import UndoIcon from '@patternfly/react-icons/dist/esm/icons/undo-icon';
import type { ReactNode } from 'react';
import type { ChangeState } from '../../model/change';
import { STATE_WORDS } from './change-words';

const LOOKS = {
  applying: ['blue', InProgressIcon],
  waiting: ['orange', HourglassHalfIcon],
  kept: ['green', CheckCircleIcon],
  reverting: ['blue', InProgressIcon],
  reverted: ['grey', UndoIcon],
  incomplete: ['red', ExclamationCircleIcon],
} as const;

export function ChangeStateLabel({ state }: { readonly state: ChangeState }): ReactNode {
  const [colour, Icon] = LOOKS[state];
  return (
    <Label isCompact color={colour} icon={<Icon />}>
      {STATE_WORDS[state]}
    </Label>
  );
}
