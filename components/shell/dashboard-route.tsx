'use client';
// A dashboard inside of the frame. In: its id, the refresh choice, the address. Out: the page; its charts are drawn by a chunk of their own.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { isDashboard } from '../dashboards/dashboard-guards';
import { useDashboardAddress } from '../dashboards/use-dashboard-address';
import { useJson } from '../ui/use-json';
import { useSettings } from './shell-context';
import { useDocumentStatus } from './use-document-status';

const DashboardPage = dynamic(() => import('../dashboards/dashboard-page').then((file) => file.DashboardPage), {
  ssr: false,
  loading: () => <Skeleton height="20rem" screenreaderText="The dashboard is being loaded" />,
});

const ChangeMarkers = dynamic(() => import('../changes/change-markers').then((file) => file.ChangeMarkers), { ssr: false });

export function DashboardRoute({ id }: { readonly id: string }): ReactNode {
  const { refreshSeconds, refreshCount } = useSettings();
  const { query } = useDashboardAddress();
  // What the variables offer depends on each other, not on the range.
  const choice = new URLSearchParams([...query].filter(([name]) => name.startsWith('var-'))).toString();
  const state = useJson(`/api/dashboards/${encodeURIComponent(id)}${choice === '' ? '' : `?${choice}`}`, { guard: isDashboard });
  useDocumentStatus(state);
  return (
    <ChangeMarkers>
      <DashboardPage id={id} state={state} refreshSeconds={refreshSeconds} refreshCount={refreshCount} />
    </ChangeMarkers>
  );
}
