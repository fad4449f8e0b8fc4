'use client';
// The content of the side panel for what is selected: a node, an edge, a box, or the whole graph. In: the document, the selection. Out: the panel.
import { type ReactNode, useMemo } from 'react';
import type { GraphDocument, ViewSpec } from '../../model/wire';
import { HealthStatusText } from '../ui/health-status';
import { wordHealthReason } from '../ui/health-words';
import { wordKind, wordNode } from '../ui/node-words';
import { BoxPanel } from './box-panel';
import { EdgePanel } from './edge-panel';
import { indexGraph } from './graph-summaries';
import { GraphSummaryPanel } from './graph-summary-panel';
import { NodePanel } from './node-panel';
import styles from './panel.module.css';

interface Props {
  readonly document: GraphDocument;
  readonly view: ViewSpec;
  readonly selection: string | null;
  readonly refreshSeconds: number;
  readonly onSelect: (id: string | null) => void;
  readonly onWantLatency: () => void;
  /** Buttons of the page (centre, unfold, close), shown beside the heading. */
  readonly actions: ReactNode;
}

const BOX_WORDS = { cluster: 'Cluster', namespace: 'Namespace', app: 'App' } as const;

export function GraphPanel({ document, view, selection, refreshSeconds, onSelect, onWantLatency, actions }: Props): ReactNode {
  const index = useMemo(() => indexGraph(document), [document]);
  const node = selection === null ? undefined : index.nodes.get(selection);
  const edge = selection === null ? undefined : index.edges.get(selection);
  const box = selection === null ? undefined : index.boxes.get(selection);
  const request = { id: selection ?? '', view, refreshSeconds };

  let kind = 'Graph';
  let title = view.namespaces.length === 0 ? 'All namespaces' : view.namespaces.join(', ');
  let status: ReactNode = null;
  let body: ReactNode = <GraphSummaryPanel document={document} index={index} onSelect={onSelect} onWantLatency={onWantLatency} />;
  if (node !== undefined) {
    kind = wordKind(node);
    title = wordNode(node);
    // Of what is hidden there is no health to tell.
    status =
      node.kind === 'hidden' ? null : (
        <div className={styles['health']}>
          <HealthStatusText status={node.health.status} />
          {node.health.reasons.length === 0 ? null : (
            <ul>
              {node.health.reasons.map((reason) => (
                <li key={JSON.stringify(reason)}>{wordHealthReason(reason)}</li>
              ))}
            </ul>
          )}
        </div>
      );
    body = <NodePanel key={node.id} node={node} document={document} index={index} request={request} onSelect={onSelect} />;
  } else if (edge !== undefined) {
    kind = 'Edge';
    const source = index.nodes.get(edge.source);
    const target = index.nodes.get(edge.target);
    title = `${source === undefined ? edge.source : wordNode(source)} → ${target === undefined ? edge.target : wordNode(target)}`;
    status = (
      <div className={styles['health']}>
        <HealthStatusText status={edge.health} />
      </div>
    );
    body = <EdgePanel key={edge.id} edge={edge} index={index} request={request} onSelect={onSelect} />;
  } else if (box !== undefined) {
    kind = BOX_WORDS[box.kind];
    title = box.label;
    status = (
      <div className={styles['health']}>
        <HealthStatusText status={box.health} />
      </div>
    );
    body = <BoxPanel key={box.id} box={box} document={document} index={index} request={request} onSelect={onSelect} />;
  } else if (selection !== null) {
    kind = 'Not in this graph';
    title = selection.split('/').at(-1) ?? selection;
    body = (
      <p className={styles['subtle']}>
        The selected element is not in the graph now: it had no traffic in the window, or the view leaves it out. It comes back here when it
        does.
      </p>
    );
  }
  return (
    <>
      <header className={styles['header']}>
        <div className={styles['titles']}>
          <p className={styles['kind']}>{kind}</p>
          <h2 className={styles['title']} id="panel-title" tabIndex={-1}>
            {title}
          </h2>
        </div>
        <div className={styles['actions']}>{actions}</div>
      </header>
      <div className={styles['content']}>
        {status}
        {body}
      </div>
    </>
  );
}
