'use client';
// The side panel of an edge: from where to where, how much, how well, how fast, how safely. In: the edge, the graph. Out: sections.
import { Label, LabelGroup } from '@patternfly/react-core/dist/esm/components/Label';
import type { ReactNode } from 'react';
import type { GraphEdge } from '../../model/graph';
import type { Reporter } from '../../model/traffic';
import { errorShare, formatByteRate, formatLatency, formatRate, formatShare } from '../ui/format';
import { MtlsLock } from '../ui/mtls-lock';
import { ServiceConfig } from './config-section';
import { ElementCharts, type ElementRequest, Principals, Responses, useElement } from './element-details';
import { ExplainLink } from './explain-link';
import type { GraphIndex } from './graph-summaries';
import { HiddenCard } from './hidden-card';
import styles from './panel.module.css';
import { Facts, hasRouting, NodeLink, RoutingLink, Section } from './panel-parts';

const REPORTER_WORDS: Readonly<Record<Reporter, string>> = {
  destination: "the target's proxy",
  source: "the caller's proxy",
  waypoint: 'the waypoint',
  ztunnel: 'ztunnel',
};
const MARK_WORDS = { circuitBreaker: 'Circuit breaker tripped', fault: 'Fault injected' } as const;
const PROTOCOL_WORDS = { http: 'HTTP', grpc: 'gRPC', tcp: 'TCP' } as const;

interface Props {
  readonly edge: GraphEdge;
  readonly index: GraphIndex;
  readonly request: ElementRequest;
  readonly onSelect: (id: string) => void;
}

export function EdgePanel({ edge, index, request, onSelect }: Props): ReactNode {
  const source = index.nodes.get(edge.source);
  const target = index.nodes.get(edge.target);
  const masked = source?.kind === 'hidden' || target?.kind === 'hidden';
  const state = useElement(masked ? null : request);
  const routed = target?.service === null ? source : target;
  const tcp = edge.protocol === 'tcp';
  const latency = edge.latency ?? state.data?.latency ?? null;
  const share = errorShare(edge.requestsPerSecond, edge.errorsPerSecond);
  return (
    <>
      <p className={styles['route']}>
        {source === undefined ? edge.source : <NodeLink node={source} onSelect={onSelect} />}
        <span aria-hidden>→</span>
        <span className="pf-v6-screen-reader"> to </span>
        {target === undefined ? edge.target : <NodeLink node={target} onSelect={onSelect} />}
      </p>
      {masked ? <HiddenCard of={{ kind: 'edge' }} /> : null}
      {edge.marks.length === 0 ? null : (
        <LabelGroup numLabels={5} aria-label="Marks">
          {edge.marks.map((mark) => (
            <Label key={mark} isCompact color="red" variant="outline">
              {MARK_WORDS[mark]}
            </Label>
          ))}
        </LabelGroup>
      )}
      {hasRouting(routed) ? (
        <p>
          <RoutingLink node={routed} />
        </p>
      ) : null}
      <Facts
        facts={[
          ['Protocol', PROTOCOL_WORDS[edge.protocol]],
          ['Rate', tcp ? null : formatRate(edge.requestsPerSecond)],
          [
            'Errors',
            tcp ? null : (
              <span key="errors" className={(share ?? 0) > 0 ? styles['errors'] : undefined}>
                {formatShare(share)}
              </span>
            ),
          ],
          ['Sent', tcp ? formatByteRate(edge.sentBytesPerSecond) : null],
          ['Received', tcp ? formatByteRate(edge.receivedBytesPerSecond) : null],
          ['Requests', edge.requestBytesPerSecond === null ? null : formatByteRate(edge.requestBytesPerSecond)],
          ['Responses', edge.responseBytesPerSecond === null ? null : formatByteRate(edge.responseBytesPerSecond)],
          ['mTLS', <MtlsLock key="mtls" share={edge.mtlsShare} />],
          ['Reported by', edge.reporters.length === 0 ? null : edge.reporters.map((reporter) => REPORTER_WORDS[reporter]).join(' and ')],
        ]}
      />
      {masked ? null : <ExplainLink source={source} target={target} protocol={edge.protocol} />}
      {tcp ? null : (
        <Section title="Latency">
          {latency === null ? (
            <p className={styles['subtle']}>Durations are collected once a latency label is on (menu “Labels”).</p>
          ) : (
            <dl className={styles['tiles']}>
              {(
                [
                  ['Average', latency.averageMs],
                  ['P50', latency.p50Ms],
                  ['P95', latency.p95Ms],
                  ['P99', latency.p99Ms],
                ] as const
              ).map(([name, latencyMs]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{formatLatency(latencyMs)}</dd>
                </div>
              ))}
            </dl>
          )}
        </Section>
      )}
      {masked || !hasRouting(target) ? null : <ServiceConfig namespace={target.namespace} service={target.service} />}
      {masked ? null : <Responses title="Responses" state={state} direction="inbound" protocol={edge.protocol} />}
      {state.data !== null && state.data.inbound.length === 0 ? (
        <Responses title="Responses" state={state} direction="outbound" protocol={edge.protocol} />
      ) : null}
      {masked ? null : (
        <>
          <Principals state={state} protocol={edge.protocol} />
          <ElementCharts request={request} />
        </>
      )}
    </>
  );
}
