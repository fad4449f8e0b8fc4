// /namespaces: the list of all namespaces. In: the query string (read in the browser). Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ListRoute } from '../../components/shell/list-route';

export const metadata: Metadata = { title: 'Namespaces' };

export default function NamespacesPage(): ReactNode {
  return <ListRoute kind="namespace" />;
}
