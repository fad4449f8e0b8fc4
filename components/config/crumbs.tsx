// Where an object stands: the page that led here, the list, its kind and namespace. In: names and addresses. Out: a line of links.
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { BackLink } from '../ui/config-address';
import styles from './config.module.css';

interface Props {
  readonly listHref: string;
  readonly kind: string;
  readonly where: string;
  readonly back?: BackLink | null;
}

export function Crumbs({ listHref, kind, where, back = null }: Props): ReactNode {
  return (
    <nav aria-label="Where you are" className={styles['crumbs']}>
      {back === null ? null : (
        <>
          <Link href={back.href}>Back to the routing of {back.service}</Link>
          <span aria-hidden>·</span>
        </>
      )}
      <Link href={listHref}>Configuration</Link>
      <span aria-hidden>›</span>
      <span>{kind}</span>
      {where === '' ? null : (
        <>
          <span aria-hidden>›</span>
          <span>{where}</span>
        </>
      )}
    </nav>
  );
}
