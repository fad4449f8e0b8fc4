// Rate and errors as the last columns of a table of the panel. In: texts, a share. Out: cells.
import type { ReactNode } from 'react';
import { formatShare } from '../ui/format';
import styles from './panel.module.css';

export function RateHeads(): ReactNode {
  return (
    <>
      <th scope="col" className={styles['right']}>
        Rate
      </th>
      <th scope="col" className={styles['right']}>
        Errors
      </th>
    </>
  );
}

/** Red where any failed. */
export function ErrorsCell({ share }: { readonly share: number | null }): ReactNode {
  return <td className={`${styles['right']} ${(share ?? 0) > 0 ? styles['errors'] : ''}`}>{formatShare(share)}</td>;
}
