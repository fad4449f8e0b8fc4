'use client';
// The list of dashboards inside of the frame. In: the session's reader. Out: the page.
import type { ReactNode } from 'react';
import { isDashboardList } from '../dashboards/dashboard-guards';
import { DashboardsPage } from '../dashboards/dashboards-page';
import { useJson } from '../ui/use-json';
import { useDocumentStatus } from './use-document-status';

export function DashboardsRoute(): ReactNode {
  const state = useJson('/api/dashboards', { guard: isDashboardList });
  useDocumentStatus(state);
  return <DashboardsPage state={state} />;
}
