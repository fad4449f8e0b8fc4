'use client';
// Columns of the table twin. In: rows of the graph. Out: how each column is shown, sorted and copied.
import LockIcon from '@patternfly/react-icons/dist/esm/icons/lock-icon';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { buildEntityPath } from '../../model/entity';
import { entityOfNode } from '../../model/entity-node';
import { HEALTH_RANK } from '../../model/health';
import type { TableColumn } from '../ui/data-table';
import { formatByteRate, formatLatency, formatRate, formatShare } from '../ui/format';
import { HealthStatusText } from '../ui/health-status';
import { MtlsLock } from '../ui/mtls-lock';
import { MODE_WORDS, wordNamespace } from '../ui/node-words';
import type { EdgeRow, NodeRow } from './graph-rows';
import styles from './graph-tables.module.css';

const inNamespace = (name: string, namespace: string): ReactNode => (
  <>
    {name}
    {namespace === '' ? null : <span className={styles['subtle']}> {namespace}</span>}
  </>
);

const shareCell = (share: number | null): ReactNode => (
  <span className={(share ?? 0) > 0 ? styles['errors'] : undefined}>{formatShare(share)}</span>
);
const inPercent = (share: number | null): number | null => (share === null ? null : Math.round(share * 10_000) / 100);

/** The way to its page; by keys, the row is chosen first and the panel beside it leads on. */
function PageName({ row }: { readonly row: NodeRow }): ReactNode {
  const entity = entityOfNode(row.node);
  return entity === null ? (
    row.name
  ) : (
    <Link href={buildEntityPath(entity)} prefetch={false} tabIndex={-1}>
      {row.name}
    </Link>
  );
}

export const NODE_COLUMNS: readonly TableColumn<NodeRow>[] = [
  {
    key: 'name',
    title: 'Name',
    value: (row) => row.name,
    cell: (row) => (
      <strong>
        {row.node.kind === 'hidden' ? <LockIcon className={styles['lock'] ?? ''} /> : null}
        <PageName row={row} />
      </strong>
    ),
  },
  { key: 'kind', title: 'Kind', value: (row) => row.kind, cell: (row) => row.kind },
  { key: 'namespace', title: 'Namespace', value: (row) => wordNamespace(row.node), cell: (row) => wordNamespace(row.node) },
  {
    key: 'health',
    title: 'Health',
    value: (row) => -HEALTH_RANK[row.node.health.status],
    cell: (row) => <HealthStatusText status={row.node.health.status} />,
  },
  {
    key: 'in',
    title: 'In',
    numeric: true,
    hint: 'Requests per second that it receives',
    value: (row) => row.inPerSecond,
    cell: (row) => formatRate(row.inPerSecond),
  },
  {
    key: 'inErrors',
    title: 'Errors in %',
    numeric: true,
    value: (row) => inPercent(row.inErrorShare),
    cell: (row) => shareCell(row.inErrorShare),
  },
  {
    key: 'out',
    title: 'Out',
    numeric: true,
    hint: 'Requests per second that it sends',
    value: (row) => row.outPerSecond,
    cell: (row) => formatRate(row.outPerSecond),
  },
  {
    key: 'outErrors',
    title: 'Errors out %',
    numeric: true,
    value: (row) => inPercent(row.outErrorShare),
    cell: (row) => shareCell(row.outErrorShare),
  },
  {
    key: 'tcp',
    title: 'TCP',
    numeric: true,
    hint: 'Bytes per second, in and out',
    value: (row) => row.tcpBytesPerSecond,
    cell: (row) => formatByteRate(row.tcpBytesPerSecond),
  },
  {
    key: 'mode',
    title: 'Mode',
    value: (row) => (row.node.mode === null ? null : MODE_WORDS[row.node.mode]),
    cell: (row) => (row.node.mode === null ? '–' : MODE_WORDS[row.node.mode]),
  },
];

export const EDGE_COLUMNS: readonly TableColumn<EdgeRow>[] = [
  { key: 'source', title: 'Source', value: (row) => row.source, cell: (row) => inNamespace(row.source, row.sourceNamespace) },
  { key: 'target', title: 'Target', value: (row) => row.target, cell: (row) => inNamespace(row.target, row.targetNamespace) },
  {
    key: 'health',
    title: 'Health',
    value: (row) => -HEALTH_RANK[row.edge.health],
    cell: (row) => <HealthStatusText status={row.edge.health} />,
  },
  { key: 'protocol', title: 'Protocol', value: (row) => row.edge.protocol, cell: (row) => row.edge.protocol },
  {
    key: 'rate',
    title: 'Rate',
    numeric: true,
    hint: 'Requests per second',
    value: (row) => row.perSecond,
    cell: (row) => formatRate(row.perSecond),
  },
  { key: 'errors', title: 'Errors %', numeric: true, value: (row) => inPercent(row.errorShare), cell: (row) => shareCell(row.errorShare) },
  {
    key: 'avg',
    title: 'Average',
    numeric: true,
    hint: 'Average duration of a request in ms',
    value: (row) => row.edge.latency?.averageMs ?? null,
    cell: (row) => formatLatency(row.edge.latency?.averageMs ?? null),
  },
  {
    key: 'p95',
    title: 'P95',
    numeric: true,
    hint: '95 % of the requests took less (ms)',
    value: (row) => row.edge.latency?.p95Ms ?? null,
    cell: (row) => formatLatency(row.edge.latency?.p95Ms ?? null),
  },
  {
    key: 'p99',
    title: 'P99',
    numeric: true,
    hint: '99 % of the requests took less (ms)',
    value: (row) => row.edge.latency?.p99Ms ?? null,
    cell: (row) => formatLatency(row.edge.latency?.p99Ms ?? null),
  },
  {
    key: 'tcp',
    title: 'TCP',
    numeric: true,
    hint: 'Bytes per second, both directions',
    value: (row) => row.tcpBytesPerSecond,
    cell: (row) => formatByteRate(row.tcpBytesPerSecond),
  },
  { key: 'mtls', title: 'mTLS', value: (row) => inPercent(row.edge.mtlsShare), cell: (row) => <MtlsLock share={row.edge.mtlsShare} /> },
];
