// /dashboards: the dashboards that there are. In: nothing. Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { DashboardsRoute } from '../../components/shell/dashboards-route';

export const metadata: Metadata = { title: 'Dashboards' };

export default function DashboardsPage(): ReactNode {
  return <DashboardsRoute />;
}
