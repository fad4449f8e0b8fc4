'use client';
// Callers or callees of an element with rate, errors and latency, sorted by any of them. In: edges with their other end. Out: a table that
// scrolls by itself when it is long; a name selects the node and flies there, a rate selects the edge.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { type ReactNode, useMemo, useState } from 'react';
import type { GraphEdge, GraphNode } from '../../model/graph';
import { errorShare, formatByteRate, formatLatency, formatRate } from '../ui/format';
import { wordNode } from '../ui/node-words';
import { comparedLatencyMs, edgeAmount } from './graph-summaries';
import styles from './panel.module.css';
import { NodeLink } from './panel-parts';
import { ErrorsCell } from './rate-cells';

type Order = 'rate' | 'errors' | 'latency';

interface Props {
  /** "Callers", "Callees": names the table. */
  readonly name: string;
  /** Busiest first. */
  readonly edges: readonly GraphEdge[];
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Which end of the edges is listed. */
  readonly end: 'source' | 'target';
  readonly onSelect: (id: string) => void;
  readonly empty: string;
}

const shareOf = (edge: GraphEdge): number => errorShare(edge.requestsPerSecond, edge.errorsPerSecond) ?? -1;
const compareBy: Readonly<Record<Order, (a: GraphEdge, b: GraphEdge) => number>> = {
  // As they come.
  rate: () => 0,
  errors: (a, b) => shareOf(b) - shareOf(a) || b.errorsPerSecond - a.errorsPerSecond,
  latency: (a, b) => (comparedLatencyMs(b) ?? -1) - (comparedLatencyMs(a) ?? -1),
};

export function NeighbourTable({ name, edges, nodes, end, onSelect, empty }: Props): ReactNode {
  const [order, setOrder] = useState<Order>('rate');
  const sorted = useMemo(() => [...edges].sort(compareBy[order]), [edges, order]);
  if (edges.length === 0) return <p className={styles['subtle']}>{empty}</p>;
  const quantile = edges.some((edge) => edge.latency?.p95Ms != null);
  const latency = quantile || edges.some((edge) => comparedLatencyMs(edge) !== null);
  const head = (key: Order, title: string): ReactNode => (
    <th scope="col" className={styles['right']} aria-sort={order === key ? 'descending' : undefined}>
      <button type="button" className={styles['sort']} onClick={() => setOrder(key)}>
        {title}
        <span aria-hidden>{order === key ? ' ▼' : ''}</span>
      </button>
    </th>
  );
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']} aria-label={name}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            {head('rate', 'Rate')}
            {head('errors', 'Errors')}
            {latency ? head('latency', quantile ? 'P95' : 'Average') : null}
          </tr>
        </thead>
        <tbody>
          {sorted.map((edge) => {
            const id = end === 'source' ? edge.source : edge.target;
            const node = nodes.get(id);
            const share = edge.protocol === 'tcp' ? null : errorShare(edge.requestsPerSecond, edge.errorsPerSecond);
            return (
              <tr key={edge.id}>
                <th scope="row" className={styles['break']}>
                  {node === undefined ? id : <NodeLink node={node} onSelect={onSelect} />}
                </th>
                <td className={styles['right']}>
                  <Button
                    variant="link"
                    isInline
                    className={styles['edgeButton'] ?? ''}
                    onClick={() => onSelect(edge.id)}
                    aria-label={`${edge.protocol === 'tcp' ? formatByteRate(edgeAmount(edge)) : formatRate(edge.requestsPerSecond)}: details of the ${edge.protocol} edge ${end === 'source' ? 'from' : 'to'} ${node === undefined ? id : wordNode(node)}`}
                    title={`${edge.protocol} edge: details`}
                  >
                    {edge.protocol === 'tcp' ? formatByteRate(edgeAmount(edge)) : formatRate(edge.requestsPerSecond)}
                  </Button>
                </td>
                <ErrorsCell share={share} />
                {latency ? <td className={styles['right']}>{formatLatency(comparedLatencyMs(edge))}</td> : null}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
