'use client';
// The graph one hop around an entity; a click goes on to the whole graph. In: the page's document. Out: a canvas.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import type { GraphDocument } from '../../model/wire';
import { GraphCanvas } from '../graph/canvas/graph-canvas';
import type { EdgeLabel } from '../live/screen-url';
import { ErrorAlert } from '../ui/error-alert';
import { useJson } from '../ui/use-json';
import styles from './detail-page.module.css';
import { graphHrefOf, graphViewOf } from './detail-words';
import type { DetailTabProps } from './tab-props';

const LABELS: readonly EdgeLabel[] = ['rate', 'errors'];

const isGraph = (value: unknown): value is GraphDocument =>
  typeof value === 'object' &&
  value !== null &&
  ['nodes', 'boxes', 'edges'].every((name) => Array.isArray((value as Readonly<Record<string, unknown>>)[name]));

export function MiniGraph({ document, entity, refreshSeconds, refreshCount, fetch }: DetailTabProps): ReactNode {
  const router = useRouter();
  const { node, windowSeconds } = document;
  const query = graphViewOf(entity, node, windowSeconds).toString();
  const { data, problem, reload } = useJson(`/api/graph?${query}`, {
    guard: isGraph,
    refreshCount,
    refreshMs: refreshSeconds * 1000,
    dropOnChange: true,
    ...(fetch === undefined ? {} : { fetch }),
  });
  if (data === null)
    return problem === null ? (
      <Skeleton height="18rem" screenreaderText="The graph is being read" />
    ) : (
      <ErrorAlert problem={problem} onRetry={reload} heading="h3" />
    );
  if (data.edges.length === 0)
    return <p className={styles['subtle']}>Nothing talked to it, and it talked to nothing, within the window.</p>;
  const open = (id: string): void => router.push(graphHrefOf(entity, node, windowSeconds, id));
  return (
    <div className={styles['graph']}>
      <GraphCanvas
        document={data}
        selection={null}
        onSelect={(id) => {
          if (id !== null) open(id);
        }}
        onOpen={open}
        labels={LABELS}
        traffic={false}
        positionsKey={`page ${query}`}
      />
    </div>
  );
}
