'use client';
// The pods of a page: readiness, restarts, node, proxy. In: pods. Out: a table, those that are not ready first.
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { DetailPod } from '../../model/detail';
import { buildEntityPath } from '../../model/entity';
import { DataTable, type TableColumn } from '../ui/data-table';
import { formatAge } from '../ui/format';
import { HealthStatusText } from '../ui/health-status';
import { useNow } from '../ui/use-now';
import styles from './detail-page.module.css';

const PROXY_WORDS: Readonly<Record<DetailPod['proxy'], string>> = { sidecar: 'Sidecar', ztunnel: 'ztunnel', none: 'No proxy' };

interface Props {
  readonly pods: readonly DetailPod[];
  readonly more: number;
  readonly namespace: string;
  /** Instant from which ages are counted; null = now. */
  readonly nowMs: number | null;
}

export function PodTable({ pods, more, namespace, nowMs }: Props): ReactNode {
  const browserMs = useNow(10_000);
  const now = nowMs ?? browserMs ?? 0;
  const columns: readonly TableColumn<DetailPod>[] = [
    {
      key: 'name',
      title: 'Pod',
      value: ({ name }) => name,
      cell: ({ name, workload }) =>
        workload === null ? (
          name
        ) : (
          <Link
            href={`${buildEntityPath({ kind: 'workload', namespace, name: workload }, 'logs')}&pod=${encodeURIComponent(name)}`}
            prefetch={false}
            title="Its logs"
          >
            {name}
          </Link>
        ),
    },
    {
      key: 'ready',
      title: 'Ready',
      value: ({ ready }) => (ready ? 1 : 0),
      cell: ({ ready, phase }) => (
        <span className={styles['inline']}>
          <HealthStatusTextOf ready={ready} phase={phase} />
        </span>
      ),
    },
    { key: 'restarts', title: 'Restarts', numeric: true, value: ({ restarts }) => restarts, cell: ({ restarts }) => restarts },
    {
      key: 'age',
      title: 'Age',
      numeric: true,
      value: ({ createdAtMs }) => now - createdAtMs,
      cell: ({ createdAtMs }) => formatAge(Math.max(0, now - createdAtMs)),
    },
    { key: 'proxy', title: 'Proxy', value: ({ proxy }) => proxy, cell: ({ proxy }) => PROXY_WORDS[proxy] },
    { key: 'version', title: 'Proxy version', value: ({ proxyVersion }) => proxyVersion, cell: ({ proxyVersion }) => proxyVersion ?? '–' },
    {
      key: 'containers',
      title: 'Containers',
      value: ({ containers }) => containers.join(', '),
      cell: ({ containers }) => containers.join(', '),
    },
    { key: 'ip', title: 'Address', value: ({ ip }) => ip, cell: ({ ip }) => (ip === '' ? '–' : ip) },
    { key: 'node', title: 'Node', value: ({ node }) => node, cell: ({ node }) => node ?? '–' },
  ];
  return (
    <>
      <DataTable
        name="Pods"
        columns={columns}
        rows={pods}
        keyOf={({ name }) => name}
        standardSort={{ key: 'ready', descending: false }}
        empty="No pods."
        plain
      />
      {more > 0 ? <p className={styles['subtle']}>and {more} more that are not listed.</p> : null}
    </>
  );
}

function HealthStatusTextOf({ ready, phase }: { readonly ready: boolean; readonly phase: string }): ReactNode {
  if (ready) return 'Ready';
  return (
    <>
      <HealthStatusText status="notReady" /> {phase === 'Running' || phase === '' ? '' : `(${phase})`}
    </>
  );
}
