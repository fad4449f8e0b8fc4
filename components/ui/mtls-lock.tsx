'use client';
// How much of some traffic went over mutual TLS, as a lock and words. In: share 0..1 or null. Out: icon and text.
import LockIcon from '@patternfly/react-icons/dist/esm/icons/lock-icon';
import LockOpenIcon from '@patternfly/react-icons/dist/esm/icons/lock-open-icon';
import type { ReactNode } from 'react';
import { formatShare } from './format';
import styles from './mtls-lock.module.css';

/** "mTLS", "68 % mTLS", "plaintext", "mTLS unknown". */
export function wordMtls(share: number | null): string {
  if (share === null) return 'mTLS unknown';
  if (share <= 0) return 'plaintext';
  return share >= 1 ? 'mTLS' : `${formatShare(share)} mTLS`;
}

/** The lock with its words; closed only where all of the traffic was mutual TLS. */
export function MtlsLock({ share, iconOnly = false }: { readonly share: number | null; readonly iconOnly?: boolean }): ReactNode {
  const words = wordMtls(share);
  const Icon = share !== null && share >= 1 ? LockIcon : LockOpenIcon;
  const tone = share === null ? 'unknown' : share >= 1 ? 'closed' : 'open';
  return (
    <span className={styles['lock']} title={words}>
      {share === null ? null : (
        <span className={`${styles['icon']} ${styles[tone]}`}>
          <Icon aria-hidden />
        </span>
      )}
      <span className={iconOnly && share !== null ? 'pf-v6-screen-reader' : styles[tone]}>{words}</span>
    </span>
  );
}
