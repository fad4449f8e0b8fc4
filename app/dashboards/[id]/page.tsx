// /dashboards/{id}: one dashboard. In: its id in the path, choices in the query string (read in the browser). Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { DashboardRoute } from '../../../components/shell/dashboard-route';

export const metadata: Metadata = { title: 'Dashboard' };

export default async function DashboardPage({ params }: { readonly params: Promise<{ readonly id: string }> }): Promise<ReactNode> {
  const { id } = await params;
  return <DashboardRoute id={decodeURIComponent(id)} />;
}
