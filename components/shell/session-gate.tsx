'use client';
// What stands in a page's place while nobody is logged in, or for somebody who may see nothing. In: the session, the path. Out: the page or that.
import dynamic from 'next/dynamic';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import styles from './masthead.module.css';
import { useSession } from './session-context';

const NoSight = dynamic(() => import('./no-sight').then((file) => file.NoSight), { ssr: false });

/** /account is where somebody who sees nothing finds out why. */
const OPEN_TO_ALL = '/account';

export function SessionGate({ children }: { readonly children: ReactNode }): ReactNode {
  const { status, me, refused } = useSession();
  const pathname = usePathname();
  if (status === 'absent' || (status === 'unknown' && refused)) {
    return (
      <p className={styles['gate']} role="status">
        {status === 'absent' ? 'The login page opens…' : 'Looking who you are…'}
      </p>
    );
  }
  if (me !== null && me.sees === 'none' && pathname !== OPEN_TO_ALL) return <NoSight me={me} />;
  return children;
}
