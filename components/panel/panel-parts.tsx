'use client';
// Small parts of the side panel: sections, facts, links to elements of the graph. In: content. Out: marked-up content.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { buildEntityPath } from '../../model/entity';
import { entityOfNode } from '../../model/entity-node';
import type { GraphEdge, GraphNode } from '../../model/graph';
import { routingHref } from '../ui/config-address';
import { errorShare, formatByteRate, formatRate, formatShare, plural } from '../ui/format';
import { HealthIcon } from '../ui/health-status';
import { wordKind, wordNamespace, wordNode } from '../ui/node-words';
import styles from './panel.module.css';

export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <section className={styles['section']}>
      <h3 className={styles['sectionTitle']}>{title}</h3>
      {children}
    </section>
  );
}

/** Pairs of a word and a value; null values are left out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [word: string, value: ReactNode])[] }): ReactNode {
  return (
    <dl className={styles['facts']}>
      {facts
        .filter(([, value]) => value !== null)
        .map(([word, value]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Selects a node of the graph. */
export function NodeLink({ node, onSelect }: { readonly node: GraphNode; readonly onSelect: (id: string) => void }): ReactNode {
  return (
    <span className={styles['nodeLink']}>
      <HealthIcon status={node.health.status} />
      <Button variant="link" isInline onClick={() => onSelect(node.id)} title={`${wordKind(node)} ${wordNode(node)}`}>
        {wordNode(node)}
      </Button>
      {wordNamespace(node) === '' ? null : <span className={styles['subtle']}>{wordNamespace(node)}</span>}
    </span>
  );
}

const MAX_UNWELL = 12;

/** Nodes that are not well, worst first; nothing where all are. */
export function UnwellNodes({
  nodes,
  onSelect,
}: {
  readonly nodes: readonly GraphNode[];
  readonly onSelect: (id: string) => void;
}): ReactNode {
  if (nodes.length === 0) return null;
  return (
    <Section title={`Not healthy (${nodes.length})`}>
      <ul className={styles['edgeList']}>
        {nodes.slice(0, MAX_UNWELL).map((node) => (
          <li key={node.id}>
            <NodeLink node={node} onSelect={onSelect} />
          </li>
        ))}
      </ul>
      {nodes.length > MAX_UNWELL ? (
        <p className={styles['subtle']}>and {plural(nodes.length - MAX_UNWELL, 'more node')}: the table lists all of them.</p>
      ) : null}
    </Section>
  );
}

/** Rate and error share of an edge, or its bytes. */
export function EdgeRate({ edge }: { readonly edge: GraphEdge }): ReactNode {
  if (edge.protocol === 'tcp')
    return <span className={styles['number']}>{formatByteRate(edge.sentBytesPerSecond + edge.receivedBytesPerSecond)}</span>;
  const share = errorShare(edge.requestsPerSecond, edge.errorsPerSecond);
  return (
    <span className={styles['number']}>
      {formatRate(edge.requestsPerSecond)}
      {(share ?? 0) > 0 ? <span className={styles['errors']}> {formatShare(share)} err</span> : null}
    </span>
  );
}

interface EdgeListProps {
  readonly edges: readonly GraphEdge[];
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly onSelect: (id: string) => void;
  /** Which ends are named. */
  readonly ends: 'source' | 'target' | 'both';
  /** What stands to the right; the rate where absent. */
  readonly value?: (edge: GraphEdge) => ReactNode;
  readonly limit?: number;
  readonly empty: string;
}

/** Edges with links: the named ends select the nodes, the arrow button selects the edge. */
export function EdgeList({ edges, nodes, onSelect, ends, value, limit = 8, empty }: EdgeListProps): ReactNode {
  if (edges.length === 0) return <p className={styles['subtle']}>{empty}</p>;
  const shown = edges.slice(0, limit);
  return (
    <>
      <ul className={styles['edgeList']}>
        {shown.map((edge) => {
          const source = nodes.get(edge.source);
          const target = nodes.get(edge.target);
          const words = `${source === undefined ? edge.source : wordNode(source)} to ${target === undefined ? edge.target : wordNode(target)}`;
          return (
            <li key={edge.id}>
              <span className={styles['ends']}>
                {ends !== 'target' && source !== undefined ? <NodeLink node={source} onSelect={onSelect} /> : null}
                {ends === 'both' ? <span aria-hidden>→</span> : null}
                {ends !== 'source' && target !== undefined ? <NodeLink node={target} onSelect={onSelect} /> : null}
              </span>
              <Button
                variant="link"
                isInline
                className={styles['edgeButton'] ?? ''}
                onClick={() => onSelect(edge.id)}
                aria-label={`Details of the ${edge.protocol} edge from ${words}`}
                title={`${edge.protocol} edge: details`}
              >
                {value === undefined ? <EdgeRate edge={edge} /> : value(edge)}
              </Button>
            </li>
          );
        })}
      </ul>
      {edges.length > limit ? <p className={styles['subtle']}>and {edges.length - limit} more: the table lists all of them.</p> : null}
    </>
  );
}

/** Whether a node is, or its traffic comes through, a service that the cluster routes. */
export const hasRouting = (node: GraphNode | undefined): node is GraphNode & { readonly service: string } =>
  node?.service != null && node.namespace !== '' && node.kind !== 'serviceEntry' && node.kind !== 'hidden';

/** To the routing of the service that the node is, or that its traffic comes through; nothing for what has none in the cluster. */
export function RoutingLink({ node }: { readonly node: GraphNode | undefined }): ReactNode {
  if (!hasRouting(node)) return null;
  return (
    <Link className="pf-v6-c-button pf-m-secondary pf-m-small" href={routingHref(node.namespace, node.service)}>
      Routing of {node.service}…
    </Link>
  );
}

/** To the page of what the node is; nothing for what has none. */
export function PageLink({ node }: { readonly node: GraphNode }): ReactNode {
  const entity = entityOfNode(node);
  return entity === null ? null : (
    <Link className="pf-v6-c-button pf-m-secondary pf-m-small" href={buildEntityPath(entity)} prefetch={false}>
      Open {entity.name}
    </Link>
  );
}
