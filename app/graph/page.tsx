// /graph: the service graph. In: the query string (read in the browser, live/view-url). Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { GraphPage } from '../../components/shell/graph-page';

export const metadata: Metadata = { title: 'Graph' };

export default function GraphRoute(): ReactNode {
  return <GraphPage />;
}
