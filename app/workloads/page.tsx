// /workloads: the list of all workloads. In: the query string (read in the browser). Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ListRoute } from '../../components/shell/list-route';

export const metadata: Metadata = { title: 'Workloads' };

export default function WorkloadsPage(): ReactNode {
  return <ListRoute kind="workload" />;
}
