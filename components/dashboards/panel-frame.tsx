'use client';
// The frame of one panel: its title, what is to be said of it, a button that expands it. In: these. Out: a region around the content.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import ExpandIcon from '@patternfly/react-icons/dist/esm/icons/expand-icon';
import type { ReactNode, Ref } from 'react';
import styles from './dashboards.module.css';

interface Props {
  readonly title: string;
  /** Beside the title, short. */
  readonly beside?: string | null;
  /** Below the title. */
  readonly about: string | null;
  readonly busy?: boolean;
  /** Columns of 12. */
  readonly width: number;
  /** Name of the region, where the title alone does not tell it from others. */
  readonly name?: string;
  readonly onExpand: (() => void) | null;
  readonly ref?: Ref<HTMLElement>;
  readonly children: ReactNode;
}

export function PanelFrame({ title, beside = null, about, busy = false, width, name = title, onExpand, ref, children }: Props): ReactNode {
  return (
    <section ref={ref} className={styles['panel']} aria-label={name} aria-busy={busy} data-width={width}>
      <header className={styles['panelHead']}>
        <h3 className={styles['panelTitle']} title={about ?? title}>
          {title}
        </h3>
        {beside === null ? null : <span className={styles['subtle']}>{beside}</span>}
        {onExpand === null ? null : (
          <Button variant="plain" size="sm" icon={<ExpandIcon />} aria-label={`Expand ${name}`} title="Expand" onClick={onExpand} />
        )}
      </header>
      {about === null ? null : <p className={styles['subtle']}>{about}</p>}
      {children}
    </section>
  );
}
