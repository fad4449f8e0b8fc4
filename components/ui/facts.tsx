// Facts in columns: a term and what is known of it. In: facts. Out: a list of descriptions.
import type { ReactNode } from 'react';
import styles from './facts.module.css';

export const Facts = ({ children }: { readonly children: ReactNode }): ReactNode => <dl className={styles['facts']}>{children}</dl>;

/** `wide`: over all columns. */
export function Fact({
  term,
  wide = false,
  children,
}: {
  readonly term: ReactNode;
  readonly wide?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={wide ? styles['wide'] : undefined}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
