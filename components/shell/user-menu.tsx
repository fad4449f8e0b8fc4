'use client';
// Who is using the console. In: nothing yet: without a login everybody is anonymous. Out: a button with that said in words.
import UserIcon from '@patternfly/react-icons/dist/esm/icons/user-icon';
import type { ReactNode } from 'react';
import { Disclosure } from '../ui/disclosure';
import styles from './masthead.module.css';

export function UserMenu(): ReactNode {
  return (
    <Disclosure label={undefined} name="User: anonymous" variant="plain" icon={<UserIcon />} align="end">
      {() => (
        <div className={styles['user']}>
          <strong>Anonymous</strong>
          <p>This console has no login: whoever reaches it sees what its own service account may read.</p>
        </div>
      )}
    </Disclosure>
  );
}
