'use client';
// The side panel of a node: what it is, how it fares, who talks to it. In: the node, the graph. Out: sections.
import { Label, LabelGroup } from '@patternfly/react-core/dist/esm/components/Label';
import type { ReactNode } from 'react';
import type { DirectionTraffic, GraphNode } from '../../model/graph';
import type { GraphDocument } from '../../model/wire';
import { BADGE_WORDS } from '../ui/badge-words';
import { errorShare, formatByteRate, formatRate, formatShare, plural } from '../ui/format';
import { MODE_WORDS } from '../ui/node-words';
import { ElementCharts, type ElementRequest, Responses, useElement } from './element-details';
import { ExplainLink } from './explain-link';
import { ExplanationCard } from './explanation-card';
import { type GraphIndex, listNeighbours } from './graph-summaries';
import { HiddenCard } from './hidden-card';
import styles from './panel.module.css';
import { EdgeList, Facts, RoutingLink, Section } from './panel-parts';

const PROTOCOLS = [
  ['HTTP', 'http', 'httpErrors'],
  ['gRPC', 'grpc', 'grpcErrors'],
] as const;

function TrafficTable({ node }: { readonly node: GraphNode }): ReactNode {
  const directions: readonly (readonly [string, DirectionTraffic])[] = [
    ['In', node.inbound],
    ['Out', node.outbound],
  ];
  const rows = directions.flatMap(([direction, traffic]) => [
    ...PROTOCOLS.filter(([, rate]) => traffic[rate] > 0).map(([name, rate, errors]) => ({
      key: `${direction} ${name}`,
      amount: formatRate(traffic[rate]),
      share: errorShare(traffic[rate], traffic[errors]),
    })),
    ...(traffic.tcpBytes > 0 ? [{ key: `${direction} TCP`, amount: formatByteRate(traffic.tcpBytes), share: null }] : []),
  ]);
  if (rows.length === 0) return <p className={styles['subtle']}>No traffic in the window.</p>;
  return (
    <table className={styles['table']} aria-label="Traffic">
      <thead>
        <tr>
          <th scope="col">Direction</th>
          <th scope="col" className={styles['right']}>
            Rate
          </th>
          <th scope="col" className={styles['right']}>
            Errors
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, amount, share }) => (
          <tr key={key}>
            <th scope="row">{key}</th>
            <td className={styles['right']}>{amount}</td>
            <td className={`${styles['right']} ${(share ?? 0) > 0 ? styles['errors'] : ''}`}>{formatShare(share)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Props {
  readonly node: GraphNode;
  readonly document: GraphDocument;
  readonly index: GraphIndex;
  readonly request: ElementRequest;
  readonly onSelect: (id: string) => void;
}

export function NodePanel({ node, document, index, request, onSelect }: Props): ReactNode {
  const masked = node.kind === 'hidden';
  const state = useElement(masked ? null : request);
  const { callers, callees } = listNeighbours(document, node.id);
  const protocol = node.inbound.grpc + node.outbound.grpc > node.inbound.http + node.outbound.http ? 'grpc' : 'http';
  return (
    <>
      {masked ? <HiddenCard of={{ kind: 'node', workloads: node.members, calls: callees.length > 0 }} /> : null}
      {node.explanation === null ? null : <ExplanationCard explanation={node.explanation} />}
      <p>
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
        <TrafficTable node={node} />
      </Section>
      <Section title={`Callers (${callers.length})`}>
        <EdgeList edges={callers} nodes={index.nodes} onSelect={onSelect} ends="source" empty="Nothing in this graph calls it." />
      </Section>
      <Section title={`Calls (${callees.length})`}>
        <EdgeList edges={callees} nodes={index.nodes} onSelect={onSelect} ends="target" empty="It calls nothing in this graph." />
      </Section>
      {masked ? null : (
        <>
          <Responses title="Received requests" state={state} direction="inbound" protocol={protocol} />
          <Responses title="Sent requests" state={state} direction="outbound" protocol={protocol} />
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
      {masked ? null : <ElementCharts request={request} />}
    </>
  );
}
