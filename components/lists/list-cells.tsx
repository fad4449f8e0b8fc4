'use client';
// The cells of the lists. In: kind of list, columns that are shown. Out: columns for the table. What they sort by is data (model/list-columns).
import Link from 'next/link';
import type { ReactNode } from 'react';
import { buildEntityPath, type EntityKind } from '../../model/entity';
import { errorShareOf, type ListRow, requestsOf } from '../../model/list';
import { LIST_COLUMN_FACTS, type ListColumnKey, wordLabels } from '../../model/list-columns';
import { FindingCounts } from '../config/severity';
import type { TableColumn } from '../ui/data-table';
import { formatByteRate, formatLatency, formatRate, formatShare, NO_VALUE } from '../ui/format';
import { HealthStatusText } from '../ui/health-status';
import { MtlsLock } from '../ui/mtls-lock';
import { wordReason, wordRowMode } from './list-words';
import styles from './lists.module.css';

/** Address of a row's page; the window goes along. */
export function hrefOf(kind: EntityKind, { namespace, name }: ListRow, windowQuery: string): string {
  const path = buildEntityPath({ kind, namespace, name });
  return windowQuery === '' ? path : `${path}?${windowQuery}`;
}

const nothing = <span className={styles['subtle']}>{NO_VALUE}</span>;
/** A text that may be cut, whole in its title. */
const text = (value: string | null): ReactNode => (value === null || value === '' ? nothing : <span title={value}>{value}</span>);
const errors = (share: number | null): ReactNode =>
  share === null ? nothing : <span className={share > 0 ? styles['errors'] : undefined}>{formatShare(share)}</span>;

const NUMERIC: ReadonlySet<ListColumnKey> = new Set([
  'inbound',
  'errors',
  'p95',
  'outbound',
  'outErrors',
  'grpc',
  'tcpIn',
  'tcpOut',
  'pods',
  'refs',
]);

const HINTS: Partial<Readonly<Record<ListColumnKey, string>>> = {
  inbound: 'HTTP and gRPC requests per second',
  errors: 'Share of the incoming requests that failed',
  p95: '95 of 100 incoming requests took at most so long',
  mtls: 'Share of the traffic over mutual TLS',
  injection: 'The label that puts it into the mesh, or keeps it out',
  pods: 'Ready pods of those that are wanted',
  refs: 'Objects of configuration that apply to it',
  findings: 'What the analysis found wrong with it, and with the configuration that applies to it',
};

const CELLS: Readonly<Record<Exclude<ListColumnKey, 'name'>, (row: ListRow) => ReactNode>> = {
  namespace: (row) => text(row.namespace),
  cluster: (row) => text(row.cluster),
  kind: (row) => text(row.kind),
  health: (row) => <HealthStatusText status={row.health} />,
  reason: (row) => <div className={styles['reason']}>{text(wordReason(row))}</div>,
  inbound: (row) => formatRate(requestsOf(row.inbound)),
  errors: (row) => errors(errorShareOf(row.inbound)),
  p95: (row) => formatLatency(row.p95Ms),
  outbound: (row) => formatRate(requestsOf(row.outbound)),
  outErrors: (row) => errors(errorShareOf(row.outbound)),
  grpc: (row) => formatRate(row.inbound?.[2] ?? null),
  tcpIn: (row) => formatByteRate(row.inbound?.[4] ?? null),
  tcpOut: (row) => formatByteRate(row.outbound?.[4] ?? null),
  mtls: (row) => (row.mtlsShare === null ? nothing : <MtlsLock share={row.mtlsShare} />),
  mode: (row) => text(wordRowMode(row)),
  injection: (row) => text(row.injection),
  pods: ({ pods }) =>
    pods === null ? (
      nothing
    ) : (
      <span className={pods.ready < pods.desired ? styles['short'] : undefined}>{`${pods.ready}/${pods.desired}`}</span>
    ),
  versions: (row) => text(row.versions.join(', ')),
  proxies: (row) => text(row.proxies.join(', ')),
  labels: (row) => text(wordLabels(row)),
  refs: ({ refs }) =>
    refs.count === 0 ? nothing : <span title={`${refs.first.join('\n')}${refs.count > refs.first.length ? '\n…' : ''}`}>{refs.count}</span>,
  findings: ({ findings: [error, warning, info] }) => <FindingCounts findings={{ error, warning, info }} />,
};

/** `clusterKnown`: what the cluster does not know is marked; while nothing of it is known, nothing is. */
export function buildColumns(
  kind: EntityKind,
  shown: readonly ListColumnKey[],
  windowQuery: string,
  clusterKnown: boolean,
): readonly TableColumn<ListRow>[] {
  const name = (row: ListRow): ReactNode => (
    <span className={styles['nameCell']}>
      <Link className={styles['name']} href={hrefOf(kind, row, windowQuery)} prefetch={false} tabIndex={-1} title={row.name}>
        {row.name}
      </Link>
      {row.known || !clusterKnown ? null : (
        <span className={styles['subtle']} title="The Kubernetes API does not know it: it was deleted, or belongs to another cluster">
          {' '}
          metrics only
        </span>
      )}
    </span>
  );
  return shown.map((key): TableColumn<ListRow> => {
    const { title, value } = LIST_COLUMN_FACTS[key];
    const hint = HINTS[key];
    const numeric = NUMERIC.has(key);
    return { key, title, value, numeric, cell: key === 'name' ? name : CELLS[key], ...(hint === undefined ? {} : { hint }) };
  });
}
