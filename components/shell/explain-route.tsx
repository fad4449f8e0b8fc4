'use client';
// The explanation of a request inside of the frame. In: the session, the namespaces that are seen, the address. Out: the page.
import { type ReactNode, useMemo } from 'react';
import { ExplainPage } from '../config/explain/explain-page';
import { useSession } from './session-context';
import { useNamespaces } from './shell-context';

export function ExplainRoute(): ReactNode {
  const { me } = useSession();
  const { data } = useNamespaces();
  const names = useMemo(() => [...new Set(data?.namespaces.map((one) => one.name))].sort(), [data]);
  // Whose drafts are to be looked for is not known before.
  if (me === null) return null;
  return <ExplainPage owner={me.user?.name ?? 'anonymous'} csrfToken={me.csrfToken} namespaces={names} />;
}
