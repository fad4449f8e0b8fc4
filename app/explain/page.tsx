// /explain: what happens to a request, step by step. In: the query string (read in the browser). Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ExplainRoute } from '../../components/shell/explain-route';

export const metadata: Metadata = { title: 'Explain' };

export default function ExplainPage(): ReactNode {
  return <ExplainRoute />;
}
