'use client';
// What the address asks that the reader must know: a view that cannot be read, an instant of the past. In: both. Out: alerts.
import { Alert, AlertActionCloseButton } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { type ReactNode, useState } from 'react';
import type { LiveProblem } from '../live/stream-event';
import { formatInstant } from '../ui/format';

interface Props {
  readonly problem: LiveProblem | null;
  readonly atSeconds: number | null;
  readonly onLive: () => void;
}

export function AddressNotices({ problem, atSeconds, onLive }: Props): ReactNode {
  const [dismissed, setDismissed] = useState(false);
  return (
    <>
      {problem === null || dismissed ? null : (
        <Alert
          isInline
          variant="warning"
          title={problem.title}
          component="h2"
          actionClose={<AlertActionCloseButton onClose={() => setDismissed(true)} />}
        >
          {problem.detail}. {problem.next}
        </Alert>
      )}
      {atSeconds === null ? null : (
        <Alert
          isInline
          variant="info"
          title={`This is the past: ${formatInstant(atSeconds * 1000)}`}
          component="h2"
          actionLinks={
            <Button variant="link" isInline onClick={onLive}>
              Back to live
            </Button>
          }
        />
      )}
    </>
  );
}
