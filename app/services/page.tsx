// /services: the list of all services. In: the query string (read in the browser). Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ListRoute } from '../../components/shell/list-route';

export const metadata: Metadata = { title: 'Services' };

export default function ServicesPage(): ReactNode {
  return <ListRoute kind="service" />;
}
