'use client';
// Who is using the console, as a button that shows more. In: the session. Out: the button; what it shows is loaded when it is opened.
import UserIcon from '@patternfly/react-icons/dist/esm/icons/user-icon';
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { Disclosure } from '../ui/disclosure';
import { useSession } from './session-context';

const UserCard = dynamic(() => import('./user-card').then((file) => file.UserCard), { ssr: false });

export function UserMenu(): ReactNode {
  const session = useSession();
  const name = session.me?.user?.name ?? 'anonymous';
  return (
    <Disclosure label={undefined} name={`User: ${name}`} variant="plain" icon={<UserIcon />} align="end">
      {(close) => <UserCard session={session} onClose={close} />}
    </Disclosure>
  );
}
