'use client';
// The side panel of a node: what it is, how it fares, who talks to it. In: the node, the graph. Out: sections.
import { Label, LabelGroup } from '@patternfly/react-core/dist/esm/components/Label';
import type { ReactNode } from 'react';
import type { GraphNode } from '../../model/graph';
import type { GraphDocument } from '../../model/wire';
import { BADGE_WORDS } from '../ui/badge-words';
import { plural } from '../ui/format';
import { MODE_WORDS } from '../ui/node-words';
import { NamespaceConfig, ServiceConfig } from './config-section';
import { ElementCharts, type ElementRequest, Responses, useElement } from './element-details';
import { ExplainLink } from './explain-link';
import { ExplanationCard } from './explanation-card';
import { type GraphIndex, listNeighbours } from './graph-summaries';
import { HiddenCard } from './hidden-card';
import { HubSection } from './hub-section';
import { NeighbourTable } from './neighbour-table';
import styles from './panel.module.css';
import { Facts, hasRouting, PageLink, RoutingLink, Section } from './panel-parts';
import { TrafficTabs } from './traffic-tabs';

interface Props {
  readonly node: GraphNode;
  readonly document: GraphDocument;
  readonly index: GraphIndex;
  readonly request: ElementRequest;
  readonly onSelect: (id: string) => void;
}

/** Whether the view draws less than all edges of what it shows. */
const leftOut = ({ totals }: GraphDocument): boolean =>
  (totals.shown?.requestsPerSecond.leftOut ?? 0) > 0 || (totals.shown?.tcpBytesPerSecond.leftOut ?? 0) > 0;

export function NodePanel({ node, document, index, request, onSelect }: Props): ReactNode {
  const masked = node.kind === 'hidden';
  const state = useElement(masked ? null : request);
  const { callers, callees } = listNeighbours(document, node.id);
  const protocol = node.inbound.grpc + node.outbound.grpc > node.inbound.http + node.outbound.http ? 'grpc' : 'http';
  return (
    <>
      {masked ? <HiddenCard of={{ kind: 'node', workloads: node.members, calls: callees.length > 0 }} /> : null}
      {node.explanation === null ? null : <ExplanationCard explanation={node.explanation} />}
      <p className={styles['ways']}>
        <PageLink node={node} />
        <RoutingLink node={node} />
      </p>
      <Facts
        facts={[
          ['Namespace', node.namespace === '' || masked ? null : node.namespace],
          ['Cluster', node.cluster === '' || masked ? null : node.cluster],
          ['App', node.kind === 'app' ? null : node.app],
          ['Version', node.version],
          ['Service', node.kind === 'service' ? null : node.service],
          ['Mode', node.mode === null ? null : MODE_WORDS[node.mode]],
          ['Pods', node.pods === null ? null : `${node.pods.ready} of ${node.pods.desired} ready`],
          ['Stands for', node.members > 1 && !masked ? plural(node.members, 'node') : null],
          ['Seen', node.outside && !masked ? 'Outside of the chosen namespaces' : null],
        ]}
      />
      {masked ? null : node.kind === 'workload' ? <ExplainLink source={node} /> : <ExplainLink target={node} />}
      {node.badges.length === 0 ? null : (
        <LabelGroup categoryName="Marks" numLabels={10} aria-label="Marks">
          {node.badges.map((badge) => (
            <Label key={badge} isCompact variant="outline" title={BADGE_WORDS[badge][1]}>
              {BADGE_WORDS[badge][0]}
            </Label>
          ))}
        </LabelGroup>
      )}
      <Section title="Traffic">
        <TrafficTabs
          tabs={[
            { key: 'in', label: 'Inbound', traffic: node.inbound },
            { key: 'out', label: 'Outbound', traffic: node.outbound },
          ]}
        />
      </Section>
      <Section title={`Callers (${callers.length})`}>
        <NeighbourTable
          name="Callers"
          edges={callers}
          nodes={index.nodes}
          end="source"
          onSelect={onSelect}
          empty="Nothing in this graph calls it."
        />
      </Section>
      <Section title={`Calls (${callees.length})`}>
        <NeighbourTable
          name="Calls"
          edges={callees}
          nodes={index.nodes}
          end="target"
          onSelect={onSelect}
          empty="It calls nothing in this graph."
        />
      </Section>
      <HubSection node={node} onSelect={onSelect} />
      {leftOut(document) ? (
        <p className={styles['subtle']}>Edges that this view leaves out for their small share of the traffic are not listed.</p>
      ) : null}
      {masked ? null : (
        <>
          <Responses title="Received requests" state={state} direction="inbound" protocol={protocol} />
          {/* What a service passes on is what it received. */}
          {node.kind === 'service' ? null : <Responses title="Sent requests" state={state} direction="outbound" protocol={protocol} />}
        </>
      )}
      {node.hosts.length === 0 ? null : (
        <Section title="Hosts">
          <ul className={styles['hosts']}>
            {node.hosts.map((host) => (
              <li key={host}>{host}</li>
            ))}
          </ul>
        </Section>
      )}
      {masked ? null : node.kind === 'namespace' ? (
        <NamespaceConfig namespace={node.namespace} />
      ) : hasRouting(node) ? (
        <ServiceConfig namespace={node.namespace} service={node.service} />
      ) : null}
      {masked ? null : <ElementCharts request={request} />}
    </>
  );
}
