'use client';
// What the graph's place shows when there is no graph: reading, empty, failed. In: the store's state, the screen. Out: a full state.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core/dist/esm/components/EmptyState';
import { Spinner } from '@patternfly/react-core/dist/esm/components/Spinner';
import TopologyIcon from '@patternfly/react-icons/dist/esm/icons/topology-icon';
import type { ReactNode } from 'react';
import { type GraphDocument, type ViewSpec, WINDOWS_SECONDS } from '../../model/wire';
import type { GraphState } from '../live/graph-store';
import { ErrorState } from '../ui/error-state';
import { formatWindow } from '../ui/format';
import { findProblem } from './find-problem';
import styles from './graph-page.module.css';

export function GraphReading(): ReactNode {
  return (
    <div className={styles['state']} role="status">
      <div className={styles['skeleton']} aria-hidden>
        {['a', 'b', 'c', 'd', 'e'].map((key) => (
          <span key={key} />
        ))}
      </div>
      <p className={styles['reading']}>
        <Spinner size="md" aria-hidden /> Reading the graph…
      </p>
    </div>
  );
}

interface EmptyProps {
  readonly document: GraphDocument;
  readonly view: ViewSpec;
  readonly onView: (change: Partial<ViewSpec>) => void;
}

/** No traffic in the window: what to try, as buttons. */
export function GraphEmpty({ document, view, onView }: EmptyProps): ReactNode {
  const longer = WINDOWS_SECONDS.find((seconds) => seconds >= 600 && seconds > view.windowSeconds) ?? null;
  const where = view.namespaces.length === 0 ? 'the mesh' : view.namespaces.join(', ');
  if (view.hide !== '')
    return (
      <EmptyState icon={TopologyIcon} titleText="Nothing is left to draw" headingLevel="h2" className={styles['state'] ?? ''}>
        <EmptyStateBody>
          <p>
            Everything that has traffic in the {formatWindow(view.windowSeconds).toLowerCase()} of {where} matches the Hide field:{' '}
            <code>{view.hide}</code>
          </p>
        </EmptyStateBody>
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button variant="secondary" onClick={() => onView({ hide: '' })}>
              Hide nothing
            </Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      </EmptyState>
    );
  return (
    <EmptyState icon={TopologyIcon} titleText="No traffic in this window" headingLevel="h2" className={styles['state'] ?? ''}>
      <EmptyStateBody>
        <p>
          Prometheus has no requests and no connections of {where} in the {formatWindow(view.windowSeconds).toLowerCase()}.
        </p>
        {document.notes.map((note) => (
          <p key={note.text}>{note.text}</p>
        ))}
        <p>Without traffic there are no edges; send a request through the mesh, or try:</p>
      </EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          {longer === null ? null : (
            <Button variant="secondary" onClick={() => onView({ windowSeconds: longer })}>
              {formatWindow(longer)}
            </Button>
          )}
          {view.idle ? null : (
            <Button variant="secondary" onClick={() => onView({ idle: true })}>
              Show idle nodes
            </Button>
          )}
          {view.namespaces.length === 0 ? null : (
            <Button variant="secondary" onClick={() => onView({ namespaces: [] })}>
              All namespaces
            </Button>
          )}
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}

/** The state to show instead of a graph; null when there is a graph to draw. */
export function GraphInstead({
  state,
  view,
  onView,
  onRetry,
}: {
  readonly state: GraphState;
  readonly view: ViewSpec;
  readonly onView: EmptyProps['onView'];
  readonly onRetry: () => void;
}): ReactNode {
  const problem = findProblem(state);
  if (problem !== null) return <ErrorState problem={problem} onRetry={onRetry} />;
  if (state.document === null || state.freshness?.metrics.state === 'waiting') return <GraphReading />;
  return <GraphEmpty document={state.document} view={view} onView={onView} />;
}
