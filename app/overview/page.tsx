// /overview: the namespaces of the mesh. In: the query string (read in the browser). Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { OverviewRoute } from '../../components/shell/overview-route';

export const metadata: Metadata = { title: 'Overview' };

export default function OverviewPage(): ReactNode {
  return <OverviewRoute />;
}
