// /query: PromQL of one's own. In: the query string (read in the browser). Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { QueryRoute } from '../../components/shell/query-route';

export const metadata: Metadata = { title: 'PromQL' };

export default function QueryPage(): ReactNode {
  return <QueryRoute />;
}
