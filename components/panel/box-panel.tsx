'use client';
// The side panel of a box (namespace, app, cluster): its members and what crosses its border. In: the box, the graph. Out: sections.
import { type ReactNode, useMemo } from 'react';
import type { GraphBox } from '../../model/graph';
import type { GraphDocument } from '../../model/wire';
import { formatByteRate, formatRate, formatShare } from '../ui/format';
import { HealthCounts } from '../ui/health-status';
import { ElementCharts, type ElementRequest } from './element-details';
import { type FlowSum, listUnwellNodes, sumBox } from './graph-summaries';
import styles from './panel.module.css';
import { Facts, NodeLink, Section } from './panel-parts';

interface Props {
  readonly box: GraphBox;
  readonly document: GraphDocument;
  readonly request: ElementRequest;
  readonly onSelect: (id: string) => void;
}

export function FlowTable({ flows }: { readonly flows: readonly (readonly [name: string, flow: FlowSum])[] }): ReactNode {
  return (
    <table className={styles['table']} aria-label="Traffic">
      <thead>
        <tr>
          <th scope="col">Traffic</th>
          <th scope="col" className={styles['right']}>
            Rate
          </th>
          <th scope="col" className={styles['right']}>
            Errors
          </th>
          <th scope="col" className={styles['right']}>
            TCP
          </th>
        </tr>
      </thead>
      <tbody>
        {flows.map(([name, flow]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className={styles['right']}>{formatRate(flow.requestsPerSecond)}</td>
            <td className={`${styles['right']} ${(flow.errorShare ?? 0) > 0 ? styles['errors'] : ''}`}>{formatShare(flow.errorShare)}</td>
            <td className={styles['right']}>{formatByteRate(flow.tcpBytesPerSecond)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function BoxPanel({ box, document, request, onSelect }: Props): ReactNode {
  const sums = useMemo(() => sumBox(document, box.id), [document, box.id]);
  const unwell = listUnwellNodes(sums.members);
  return (
    <>
      <Facts
        facts={[
          ['Namespace', box.kind === 'cluster' ? null : box.namespace],
          ['Cluster', box.cluster],
          ['Nodes', sums.members.length],
          ['By health', <HealthCounts key="health" counts={sums.health} name="Nodes" />],
        ]}
      />
      <Section title="Traffic">
        <FlowTable
          flows={[
            ['In', sums.into],
            ['Out', sums.outOf],
            ['Within', sums.within],
          ]}
        />
      </Section>
      {unwell.length === 0 ? null : (
        <Section title="Not healthy">
          <ul className={styles['edgeList']}>
            {unwell.slice(0, 12).map((node) => (
              <li key={node.id}>
                <NodeLink node={node} onSelect={onSelect} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <ElementCharts request={request} />
    </>
  );
}
