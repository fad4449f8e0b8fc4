'use client';
// The side panel while nothing is selected: the graph as a whole, what fails, what is slow, what is not encrypted. In: the graph. Out: sections.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import type { ReactNode } from 'react';
import type { GraphDocument } from '../../model/wire';
import { errorShare, formatByteRate, formatLatency, formatRate, formatShare, formatWindow, plural } from '../ui/format';
import { HealthCounts } from '../ui/health-status';
import { MtlsLock } from '../ui/mtls-lock';
import {
  comparedLatencyMs,
  type GraphIndex,
  listFailingEdges,
  listPlaintextEdges,
  listSlowEdges,
  listUnwellNodes,
} from './graph-summaries';
import styles from './panel.module.css';
import { EdgeList, Facts, NodeLink, Section } from './panel-parts';

interface Props {
  readonly document: GraphDocument;
  readonly index: GraphIndex;
  readonly onSelect: (id: string) => void;
  /** Turns the P95 label on, with which latency is collected. */
  readonly onWantLatency: () => void;
}

export function GraphSummaryPanel({ document, index, onSelect, onWantLatency }: Props): ReactNode {
  const { totals } = document;
  const failing = listFailingEdges(document);
  const slow = listSlowEdges(document);
  const plaintext = listPlaintextEdges(document);
  const unwell = listUnwellNodes(document.nodes);
  const share = errorShare(totals.requestsPerSecond, totals.errorsPerSecond);
  return (
    <>
      {document.notes.map((note) => (
        <Alert
          key={`${note.code} ${note.text}`}
          isInline
          isPlain
          variant={note.code === 'folded' ? 'info' : 'warning'}
          title={note.text}
          component="p"
        />
      ))}
      <Facts
        facts={[
          ['Window', formatWindow(document.view.windowSeconds)],
          ['Requests', formatRate(totals.requestsPerSecond)],
          [
            'Errors',
            <span key="errors" className={(share ?? 0) > 0 ? styles['errors'] : undefined}>
              {formatShare(share)}
            </span>,
          ],
          ['TCP', formatByteRate(totals.tcpBytesPerSecond)],
          ['mTLS', <MtlsLock key="mtls" share={totals.mtlsShare} />],
          ['Services', totals.services],
          ['Workloads', totals.workloads],
          ['Apps', totals.apps],
          ['Edges', totals.edges],
          ['By health', <HealthCounts key="health" counts={totals.health} name="Nodes" />],
        ]}
      />
      {unwell.length === 0 ? null : (
        <Section title={`Not healthy (${unwell.length})`}>
          <ul className={styles['edgeList']}>
            {unwell.slice(0, 8).map((node) => (
              <li key={node.id}>
                <NodeLink node={node} onSelect={onSelect} />
              </li>
            ))}
          </ul>
          {unwell.length > 8 ? (
            <p className={styles['subtle']}>and {plural(unwell.length - 8, 'more node')}: the table lists all of them.</p>
          ) : null}
        </Section>
      )}
      <Section title="Most errors">
        <EdgeList edges={failing} nodes={index.nodes} onSelect={onSelect} ends="both" limit={5} empty="No request failed in the window." />
      </Section>
      <Section title="Slowest">
        {slow.length === 0 ? (
          <p className={styles['subtle']}>
            Durations are not collected now.{' '}
            <Button variant="link" isInline onClick={onWantLatency}>
              Show P95
            </Button>
          </p>
        ) : (
          <EdgeList
            edges={slow}
            nodes={index.nodes}
            onSelect={onSelect}
            ends="both"
            limit={5}
            value={(edge) => `${edge.latency?.p95Ms == null ? 'avg' : 'P95'} ${formatLatency(comparedLatencyMs(edge))}`}
            empty=""
          />
        )}
      </Section>
      {plaintext.length === 0 ? null : (
        <Section title="Not all mutual TLS">
          <EdgeList
            edges={plaintext}
            nodes={index.nodes}
            onSelect={onSelect}
            ends="both"
            limit={5}
            value={(edge) => <MtlsLock share={edge.mtlsShare} />}
            empty=""
          />
        </Section>
      )}
    </>
  );
}
