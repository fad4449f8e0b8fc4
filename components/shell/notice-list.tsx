'use client';
// Notices as alerts; loaded when there is something to say. In: notices. Out: alerts.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import type { ReactNode } from 'react';
import type { StatusNotice } from './freshness-words';

export function NoticeList({ notices }: { readonly notices: readonly StatusNotice[] }): ReactNode {
  return notices.map(({ key, severity, title, text, next }) => (
    <Alert key={key} isInline variant={severity} title={title} component="h2">
      {/[.!?]$/.test(text) ? text : `${text}.`} {next}
    </Alert>
  ));
}
