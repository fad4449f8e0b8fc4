// A part of a tab under its heading. In: title, content, what stands at the end of the heading's line. Out: a section.
import { type ReactNode, useId } from 'react';
import styles from './detail-page.module.css';

interface Props {
  readonly title: string;
  readonly end?: ReactNode;
  readonly children: ReactNode;
}

export function Part({ title, end, children }: Props): ReactNode {
  const id = useId();
  return (
    <section className={styles['part']} aria-labelledby={id}>
      <div className={styles['partHead']}>
        <h2 id={id} className={styles['partTitle']}>
          {title}
        </h2>
        {end}
      </div>
      {children}
    </section>
  );
}
