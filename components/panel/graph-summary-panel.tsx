'use client';
// The side panel while nothing is selected: the graph as a whole, what fails, what is slow, what is not encrypted. In: the graph. Out: sections.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { type ReactNode, useMemo } from 'react';
import type { GraphDocument } from '../../model/wire';
import { errorShare, formatByteRate, formatLatency, formatRate, formatShare, formatWindow } from '../ui/format';
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
import { EdgeList, Facts, Section, UnwellNodes } from './panel-parts';
import { isOfMesh, sumBorder, totalOf } from './panel-sums';
import { TrafficTabs } from './traffic-tabs';

interface Props {
  readonly document: GraphDocument;
  readonly index: GraphIndex;
  readonly onSelect: (id: string) => void;
  /** Turns the P95 label on, with which latency is collected. */
  readonly onWantLatency: () => void;
}

/** What the sums over drawn edges leave out; null where that is nothing. */
function wordDrawn({ shown }: GraphDocument['totals']): string | null {
  if (shown === undefined) return null;
  const { folded, hubs, leftOut, hidden } = shown.requestsPerSecond;
  const parts = [
    folded > 0 ? `${formatRate(folded)} inside of folded boxes` : null,
    hubs > 0 ? `${formatRate(hubs)} with folded hubs` : null,
    leftOut > 0 ? `${formatRate(leftOut)} on edges left out` : null,
    hidden > 0 ? `${formatRate(hidden)} on what is hidden` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `Beside what is drawn: ${parts.join(', ')}.`;
}

export function GraphSummaryPanel({ document, index, onSelect, onWantLatency }: Props): ReactNode {
  const { totals } = document;
  const failing = listFailingEdges(document);
  const slow = listSlowEdges(document);
  const plaintext = listPlaintextEdges(document);
  const unwell = listUnwellNodes(document.nodes);
  const sums = useMemo(() => {
    const inside = new Set<string>(document.nodes.filter(isOfMesh).map((node) => node.id));
    return sumBorder(document, (id) => inside.has(id));
  }, [document]);
  const drawn = wordDrawn(totals);
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
      <Section title="Traffic">
        <TrafficTabs
          tabs={[
            { key: 'total', label: 'Total', traffic: totalOf(sums) },
            { key: 'in', label: 'Inbound', traffic: sums.into },
            { key: 'out', label: 'Outbound', traffic: sums.outOf },
          ]}
        />
        {drawn === null ? null : <p className={styles['subtle']}>{drawn}</p>}
      </Section>
      <UnwellNodes nodes={unwell} onSelect={onSelect} />
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
