'use client';
// The drawn nodes as options of a list, for assistive technology. In: nodes in flow order. Out: hidden text, one option per node.
import { memo, type ReactNode } from 'react';
import styles from './graph-canvas.module.css';
import type { Marks } from './marks';
import type { PlacedNode } from './picture';
import { wordNode } from './words';

interface Props {
  /** Prefix of the options' ids; the number of the node follows. */
  readonly id: string;
  readonly nodes: readonly PlacedNode[];
  readonly selection: string | null;
  readonly marks: Marks | null;
}

/** Rendered only when one of these changes: it may hold thousands of options. */
export const Mirror = memo(function Mirror({ id, nodes, selection, marks }: Props): ReactNode {
  return (
    <div className={styles['mirror']} role="presentation">
      {nodes.map((placed, i) => (
        <div
          key={placed.node.id}
          id={`${id}-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={placed.node.id === selection}
          data-node={placed.node.id}
          data-at={`${Math.round(placed.at.x)},${Math.round(placed.at.y)}`}
        >
          {wordNode(placed, marks?.get(placed.node.id))}
        </div>
      ))}
    </div>
  );
});
