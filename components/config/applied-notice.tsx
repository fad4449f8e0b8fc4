'use client';
// A change that was written just now and does not wait: what became of it and the way to it. In: ChangeRecord. Out: a notice.
import { Alert, AlertActionCloseButton } from '@patternfly/react-core/dist/esm/components/Alert';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { ChangeRecord } from '../../model/change';

export function AppliedNotice({ change, onClose }: { readonly change: ChangeRecord; readonly onClose: () => void }): ReactNode {
  const { id, state, remains } = change;
  const whole = state !== 'incomplete';
  const title = whole ? 'The change is applied' : 'The change is applied in part';
  return (
    <Alert
      isInline
      variant={whole ? 'success' : 'danger'}
      component="h2"
      title={title}
      actionClose={<AlertActionCloseButton onClose={onClose} />}
      actionLinks={<Link href={`/changes?entry=${encodeURIComponent(id)}`}>Look at it, or undo it</Link>}
    >
      {whole ? 'It is kept until somebody undoes it.' : null}
      {remains.map(({ message }) => (
        <p key={message}>{message}</p>
      ))}
    </Alert>
  );
}
