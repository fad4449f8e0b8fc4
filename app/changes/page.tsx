// /changes: the journal of what was changed through the console. In: the query string (read in the browser). Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ChangesRoute } from '../../components/shell/changes-route';

export const metadata: Metadata = { title: 'Changes' };

export default function ChangesPage(): ReactNode {
  return <ChangesRoute />;
}
