'use client';
// The account inside of the frame. In: the session, the namespaces that are seen, the address. Out: the page.
import { type ReactNode, useMemo } from 'react';
import { AccountPage } from '../account/account-page';
import { useAddress } from '../ui/use-address';
import { useSession } from './session-context';
import { useNamespaces } from './shell-context';

export function AccountRoute(): ReactNode {
  const session = useSession();
  const { data } = useNamespaces();
  const [namespace, writeNamespace] = useAddress('namespace');
  const known = useMemo(() => [...new Set(data?.namespaces.map((one) => one.name))].sort(), [data]);
  // Who sees little most likely asks about that.
  const asked = namespace === '' && session.me?.sees === 'some' ? (known[0] ?? '') : namespace;
  return <AccountPage session={session} namespace={asked} onNamespace={writeNamespace} known={known} />;
}
