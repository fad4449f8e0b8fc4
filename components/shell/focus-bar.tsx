'use client';
// Says above the graph what it is narrowed to, and leaves it: a focus with its hops, paths between two nodes, the choice of their second end.
// In: view, document, the end that was chosen first. Out: changes of the view.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import MinusIcon from '@patternfly/react-icons/dist/esm/icons/minus-icon';
import PlusIcon from '@patternfly/react-icons/dist/esm/icons/plus-icon';
import type { ReactNode } from 'react';
import { MAX_HOPS } from '../../model/view-options';
import type { GraphDocument, ViewSpec } from '../../model/wire';
import { plural } from '../ui/format';
import { wordNode } from '../ui/node-words';
import styles from './focus-bar.module.css';
import { leaveFocus, nameOf, stepHops } from './graph-actions';

interface Props {
  readonly view: ViewSpec;
  readonly document: GraphDocument | null;
  /** First end of paths whose second is still to be chosen. */
  readonly pathsFrom: string | null;
  readonly onView: (change: Partial<ViewSpec>) => void;
  readonly onCancel: () => void;
}

function Hops({ view, direction, onView }: Pick<Props, 'view' | 'onView'> & { readonly direction: 'up' | 'down' }): ReactNode {
  const hops = view[direction];
  const word = direction === 'up' ? 'towards callers' : 'towards callees';
  const fewest = (direction === 'up' ? view.down : view.up) === 0 ? 1 : 0;
  return (
    // biome-ignore lint/a11y/useSemanticElements: two buttons and a number, no fields
    <span role="group" aria-label={`Hops ${word}`} className={styles['hops']}>
      <Button
        variant="control"
        size="sm"
        icon={<MinusIcon />}
        aria-label={`Fewer hops ${word}`}
        isDisabled={hops <= fewest}
        onClick={() => onView(stepHops(view, direction, -1))}
      />
      <span className={styles['number']}>
        {plural(hops, 'hop')} {direction}
      </span>
      <Button
        variant="control"
        size="sm"
        icon={<PlusIcon />}
        aria-label={`More hops ${word}`}
        isDisabled={hops >= MAX_HOPS}
        onClick={() => onView(stepHops(view, direction, 1))}
      />
    </span>
  );
}

export function FocusBar({ view, document, pathsFrom, onView, onCancel }: Props): ReactNode {
  const name = (id: string): ReactNode => <strong className={styles['name']}>{nameOf(id, document, wordNode)}</strong>;
  if (pathsFrom !== null)
    return (
      <div className={styles['bar']} role="status">
        <span>Paths from {name(pathsFrom)}: choose the node where they end, in the graph or by Find.</span>
        <Button variant="link" isInline onClick={onCancel}>
          Cancel
        </Button>
      </div>
    );
  if (view.focus !== null)
    return (
      <section className={styles['bar']} aria-label="Focus">
        <span>Focus on {name(view.focus)}</span>
        <Hops view={view} direction="up" onView={onView} />
        <Hops view={view} direction="down" onView={onView} />
        <Button variant="link" isInline onClick={() => onView(leaveFocus())}>
          Leave the focus
        </Button>
      </section>
    );
  if (view.from === null || view.to === null) return null;
  const routes = document?.paths?.routes.length;
  return (
    <section className={styles['bar']} aria-label="Paths">
      <span>
        {routes === undefined ? 'Paths' : `${plural(routes, 'path')}${document?.paths?.complete === false ? ' and more' : ''}`} from{' '}
        {name(view.from)} to {name(view.to)}
      </span>
      <Button variant="link" isInline onClick={() => onView({ from: view.to, to: view.from })}>
        Other direction
      </Button>
      <Button variant="link" isInline onClick={() => onView(leaveFocus())}>
        Leave the paths
      </Button>
    </section>
  );
}
