// The frame of a page below the masthead: where one is, the heading, what stands beside it, the content. In: these. Out: a page.
import type { ReactNode } from 'react';
import styles from './page.module.css';

interface Props {
  /** The one h1 of the page; a long name breaks or ends in dots, whole in its title. */
  readonly title: string;
  /** Above the heading: where one is. */
  readonly above?: ReactNode;
  /** Beside the heading: counts, totals. */
  readonly beside?: ReactNode;
  /** At the end of the heading's line: what can be made or done. */
  readonly end?: ReactNode;
  /** The content takes the height that is left and scrolls by itself (tables, editors); else the page grows. */
  readonly fill?: boolean;
  /** Text and forms do not grow wider than can be read. */
  readonly narrow?: boolean;
  readonly children: ReactNode;
}

export function Page({ title, above, beside, end, fill = false, narrow = false, children }: Props): ReactNode {
  return (
    <div className={`${styles['page']} ${fill ? styles['fill'] : ''} ${narrow ? styles['narrow'] : ''}`}>
      <header className={styles['head']}>
        <div className={styles['title']}>
          {above}
          <h1 className={styles['heading']} title={title}>
            {title}
          </h1>
        </div>
        {beside}
        {end === undefined ? null : <div className={styles['end']}>{end}</div>}
      </header>
      {children}
    </div>
  );
}
