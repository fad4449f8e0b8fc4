'use client';
// The namespaces of the overview as a compact table. In: summaries. Out: the table; choosing a row leads to its graph.
import { type ReactNode, useMemo } from 'react';
import { HEALTH_RANK } from '../../model/health';
import type { NamespaceSummary } from '../../model/wire';
import { DataTable, type TableColumn } from '../ui/data-table';
import { formatByteRate, formatRate, formatShare } from '../ui/format';
import { HealthCounts, HealthStatusText } from '../ui/health-status';
import { MtlsLock } from '../ui/mtls-lock';
import { Sparkline } from '../ui/sparkline';
import { ModeLabel } from './namespace-card';
import { NAMESPACE_MODE_WORDS } from './namespace-words';
import styles from './overview.module.css';

const keyOf = (one: NamespaceSummary): string => `${one.cluster}/${one.name}`;

function buildColumns(showCluster: boolean): readonly TableColumn<NamespaceSummary>[] {
  const columns: readonly TableColumn<NamespaceSummary>[] = [
    { key: 'name', title: 'Namespace', value: (one) => one.name, cell: (one) => <strong>{one.name}</strong> },
    { key: 'cluster', title: 'Cluster', value: (one) => one.cluster, cell: (one) => one.cluster },
    {
      key: 'health',
      title: 'Health',
      numeric: false,
      value: (one) => -HEALTH_RANK[one.health],
      cell: (one) => <HealthStatusText status={one.health} />,
    },
    {
      key: 'mode',
      title: 'Mode',
      value: (one) => NAMESPACE_MODE_WORDS[one.mode],
      cell: (one) => <ModeLabel mode={one.mode} revision={one.revision} />,
    },
    {
      key: 'workloads',
      title: 'Workloads',
      value: (one) => one.workloads.failure,
      cell: (one) => <HealthCounts counts={one.workloads} name="workloads" />,
    },
    {
      key: 'services',
      title: 'Services',
      value: (one) => one.services.failure,
      cell: (one) => <HealthCounts counts={one.services} name="services" />,
    },
    {
      key: 'in',
      title: 'In',
      numeric: true,
      value: (one) => one.inbound.requestsPerSecond,
      cell: (one) => formatRate(one.inbound.requestsPerSecond),
    },
    {
      key: 'errors',
      title: 'Errors in',
      numeric: true,
      value: (one) => one.inbound.errorShare,
      cell: (one) => formatShare(one.inbound.errorShare),
    },
    {
      key: 'out',
      title: 'Out',
      numeric: true,
      value: (one) => one.outbound.requestsPerSecond,
      cell: (one) => formatRate(one.outbound.requestsPerSecond),
    },
    {
      key: 'tcp',
      title: 'TCP in',
      numeric: true,
      value: (one) => one.inbound.tcpBytesPerSecond,
      cell: (one) => formatByteRate(one.inbound.tcpBytesPerSecond),
    },
    { key: 'mtls', title: 'mTLS', value: (one) => one.mtlsShare, cell: (one) => <MtlsLock share={one.mtlsShare} /> },
    {
      key: 'recent',
      title: 'Recent',
      value: (one) => one.inbound.requestsPerSecond,
      cell: (one) => (
        <span className={styles['spark']}>
          <Sparkline points={one.recent} name={`Requests per second into ${one.name}`} />
        </span>
      ),
    },
  ];
  return showCluster ? columns : columns.filter(({ key }) => key !== 'cluster');
}

interface Props {
  readonly shown: readonly NamespaceSummary[];
  readonly showCluster: boolean;
  readonly onOpen: (namespace: string) => void;
  readonly empty: ReactNode;
}

export function NamespaceList({ shown, showCluster, onOpen, empty }: Props): ReactNode {
  const columns = useMemo(() => buildColumns(showCluster), [showCluster]);
  return (
    <DataTable
      name="Namespaces"
      columns={columns}
      rows={shown}
      keyOf={keyOf}
      standardSort={{ key: 'health', descending: false }}
      onSelect={(key) => {
        const one = shown.find((summary) => keyOf(summary) === key);
        if (one !== undefined) onOpen(one.name);
      }}
      empty={empty}
    />
  );
}
