'use client';
// Traffic in one direction by peer. In: peers. Out: a table; the name leads to the peer's page, the rate to the edge in the graph.
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { DetailPeer } from '../../model/detail';
import { buildEntityPath } from '../../model/entity';
import { DataTable, type TableColumn } from '../ui/data-table';
import { errorShare, formatByteRate, formatLatency, formatRate, formatShare, NO_VALUE, plural } from '../ui/format';
import { HealthIcon } from '../ui/health-status';
import { MtlsLock } from '../ui/mtls-lock';
import styles from './detail-page.module.css';

interface Props {
  readonly direction: 'inbound' | 'outbound';
  readonly peers: readonly DetailPeer[];
  readonly edgeHref: (peer: DetailPeer) => string | null;
}

/** "1 hidden caller" stands for what the reader may not see. */
export function wordPeer({ kind, label, members }: DetailPeer, direction: 'inbound' | 'outbound'): string {
  if (kind !== 'hidden') return label;
  return plural(members, direction === 'inbound' ? 'hidden caller' : 'hidden callee');
}

const success = ({ requestsPerSecond, errorsPerSecond }: DetailPeer): number | null => {
  const share = errorShare(requestsPerSecond, errorsPerSecond);
  return share === null ? null : 1 - share;
};

function Rate({ peer, href }: { readonly peer: DetailPeer; readonly href: string | null }): ReactNode {
  const text = peer.protocol === 'tcp' ? formatByteRate(peer.bytesPerSecond) : formatRate(peer.requestsPerSecond);
  return href === null ? (
    text
  ) : (
    <Link href={href} prefetch={false} title="Show the edge in the graph">
      {text}
    </Link>
  );
}

export function PeerTable({ direction, peers, edgeHref }: Props): ReactNode {
  const columns: readonly TableColumn<DetailPeer>[] = [
    {
      key: 'peer',
      title: direction === 'inbound' ? 'Caller' : 'Called',
      value: (peer) => wordPeer(peer, direction),
      cell: (peer) => (
        <span className={styles['inline']}>
          <HealthIcon status={peer.health} />
          {peer.entity === null ? (
            <span title={peer.kind === 'hidden' ? 'In namespaces that you may not see' : undefined}>{wordPeer(peer, direction)}</span>
          ) : (
            <Link href={buildEntityPath(peer.entity, 'traffic')} prefetch={false}>
              {peer.label}
            </Link>
          )}
        </span>
      ),
    },
    {
      key: 'namespace',
      title: 'Namespace',
      value: ({ namespace }) => namespace,
      cell: ({ namespace }) => (namespace === '' ? NO_VALUE : namespace),
    },
    {
      key: 'protocol',
      title: 'Protocol',
      value: ({ protocol }) => protocol,
      cell: ({ protocol }) => ({ http: 'HTTP', grpc: 'gRPC', tcp: 'TCP' })[protocol],
    },
    {
      key: 'rate',
      title: 'Rate',
      numeric: true,
      value: ({ protocol, requestsPerSecond, bytesPerSecond }) => (protocol === 'tcp' ? bytesPerSecond : requestsPerSecond),
      cell: (peer) => <Rate peer={peer} href={edgeHref(peer)} />,
    },
    { key: 'success', title: 'Success', numeric: true, value: success, cell: (peer) => formatShare(success(peer)) },
    {
      key: 'errors',
      title: 'Errors',
      numeric: true,
      value: ({ protocol, errorsPerSecond }) => (protocol === 'tcp' ? null : errorsPerSecond),
      cell: ({ protocol, errorsPerSecond }) => (protocol === 'tcp' ? NO_VALUE : formatRate(errorsPerSecond)),
    },
    {
      key: 'p95',
      title: 'P95',
      numeric: true,
      value: ({ latency }) => latency?.p95Ms ?? null,
      cell: ({ latency }) => formatLatency(latency?.p95Ms ?? null),
    },
    {
      key: 'average',
      title: 'Average',
      numeric: true,
      value: ({ latency }) => latency?.averageMs ?? null,
      cell: ({ latency }) => formatLatency(latency?.averageMs ?? null),
    },
    { key: 'mtls', title: 'mTLS', value: ({ mtlsShare }) => mtlsShare, cell: ({ mtlsShare }) => <MtlsLock share={mtlsShare} /> },
  ];
  return (
    <DataTable
      name={direction === 'inbound' ? 'Traffic in' : 'Traffic out'}
      columns={columns}
      rows={peers}
      keyOf={({ edge, node, protocol }) => `${edge} ${node} ${protocol}`}
      standardSort={{ key: 'rate', descending: true }}
      empty={direction === 'inbound' ? 'Nothing called it within the window.' : 'It called nothing within the window.'}
      plain
    />
  );
}
