// /config: the list of all configuration. In: the query string (read in the browser). Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ConfigRoute } from '../../components/shell/config-route';

export const metadata: Metadata = { title: 'Configuration' };

export default function ConfigPage(): ReactNode {
  return <ConfigRoute />;
}
