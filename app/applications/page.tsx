// /applications: the list of all applications. In: the query string (read in the browser). Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ListRoute } from '../../components/shell/list-route';

export const metadata: Metadata = { title: 'Applications' };

export default function ApplicationsPage(): ReactNode {
  return <ListRoute kind="app" />;
}
