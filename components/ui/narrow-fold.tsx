'use client';
// Choices that stand in the toolbar where there is room, and fold away behind a word on narrow screens. In: the word, choices. Out: either.
import type { ReactNode } from 'react';
import styles from './narrow-fold.module.css';
import { NARROW, useMediaQuery } from './use-media-query';

export function NarrowFold({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  const isNarrow = useMediaQuery(NARROW);
  if (!isNarrow) return children;
  return (
    <details className={styles['fold']}>
      <summary>{label}</summary>
      <div>{children}</div>
    </details>
  );
}
