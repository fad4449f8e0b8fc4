'use client';
// The side panel of a box (namespace, app, cluster): its members and what crosses its border. In: the box, the graph. Out: sections.
import { type ReactNode, useMemo } from 'react';
import type { GraphBox } from '../../model/graph';
import type { GraphDocument } from '../../model/wire';
import { HealthCounts } from '../ui/health-status';
import { NamespaceConfig } from './config-section';
import { ElementCharts, type ElementRequest } from './element-details';
import { type GraphIndex, listBorderEdges, listUnwellNodes, sumBox } from './graph-summaries';
import { NeighbourTable } from './neighbour-table';
import { Facts, Section, UnwellNodes } from './panel-parts';
import { totalOf } from './panel-sums';
import { TrafficTabs } from './traffic-tabs';

interface Props {
  readonly box: GraphBox;
  readonly document: GraphDocument;
  readonly index: GraphIndex;
  readonly request: ElementRequest;
  readonly onSelect: (id: string) => void;
}

export function BoxPanel({ box, document, index, request, onSelect }: Props): ReactNode {
  const sums = useMemo(() => sumBox(document, box.id), [document, box.id]);
  const border = useMemo(() => listBorderEdges(document, sums.members), [document, sums.members]);
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
        <TrafficTabs
          tabs={[
            { key: 'in', label: 'Inbound', traffic: sums.into },
            { key: 'out', label: 'Outbound', traffic: sums.outOf },
            { key: 'total', label: 'Total', traffic: totalOf(sums) },
          ]}
        />
      </Section>
      <UnwellNodes nodes={unwell} onSelect={onSelect} />
      <Section title={`Callers (${border.callers.length})`}>
        <NeighbourTable
          name="Callers"
          edges={border.callers}
          nodes={index.nodes}
          end="source"
          onSelect={onSelect}
          empty="Nothing outside of it calls it in this graph."
        />
      </Section>
      <Section title={`Calls (${border.callees.length})`}>
        <NeighbourTable
          name="Calls"
          edges={border.callees}
          nodes={index.nodes}
          end="target"
          onSelect={onSelect}
          empty="It calls nothing outside of it in this graph."
        />
      </Section>
      {box.kind === 'namespace' ? <NamespaceConfig namespace={box.namespace} /> : null}
      <ElementCharts request={request} />
    </>
  );
}
