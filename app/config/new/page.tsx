// /config/new: a new object. In: the query string (read in the browser). Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ConfigNewRoute } from '../../../components/shell/config-object-route';

export const metadata: Metadata = { title: 'New configuration' };

export default function NewConfigPage(): ReactNode {
  return <ConfigNewRoute />;
}
