'use client';
// What stands behind a masked node or at the masked end of an edge, and where to ask for more. In: which of both. Out: a notice.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import LockIcon from '@patternfly/react-icons/dist/esm/icons/lock-icon';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { plural } from '../ui/format';

interface Props {
  readonly of: { readonly kind: 'node'; readonly workloads: number; readonly calls: boolean } | { readonly kind: 'edge' };
}

/** "3 workloads in namespaces that you may not see call what you see; they are drawn as one." */
function wordHidden(workloads: number, calls: boolean): string {
  if (workloads === 1)
    return `A workload in a namespace that you may not see ${calls ? 'calls what you see' : 'is called by what you see'}.`;
  return `${plural(workloads, 'workload')} in namespaces that you may not see ${calls ? 'call what you see' : 'are called by what you see'}; they are drawn as one.`;
}

export function HiddenCard({ of }: Props): ReactNode {
  return (
    <Alert isInline variant="info" customIcon={<LockIcon />} title="Hidden by your permissions" component="h3">
      {of.kind === 'edge' ? (
        <p>One end of this edge is in a namespace that you may not see. The traffic is what the end that you see has of it.</p>
      ) : (
        <p>{wordHidden(of.workloads, of.calls)} Names and all other traffic stay hidden; the edges here are complete.</p>
      )}
      <p>
        <Link href="/account">Your account</Link> says what you may see, and what to ask an administrator for.
      </p>
    </Alert>
  );
}
