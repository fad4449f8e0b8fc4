'use client';
// Columns of the list of configuration. In: nothing. Out: columns for the table.
import Link from 'next/link';
import { wordLabels } from '../../model/list-columns';
import type { ConfigRow } from '../../model/steering';
import { configHref } from '../ui/config-address';
import type { TableColumn } from '../ui/data-table';
import { formatAge, formatInstant, NO_VALUE } from '../ui/format';
import styles from './config.module.css';
import { wordConfigKind } from './config-kinds';
import { weighRow } from './config-rows';
import { FindingCounts } from './severity';

/** `nowMs` null: not known yet (rendered on the server). */
export const buildColumns = (nowMs: number | null): readonly TableColumn<ConfigRow>[] => [
  {
    key: 'name',
    title: 'Name',
    value: (row) => row.ref.name,
    cell: (row) => (
      <Link className={styles['name']} href={configHref(row.ref)} prefetch={false} tabIndex={-1} title={row.ref.name}>
        {row.ref.name}
      </Link>
    ),
  },
  { key: 'kind', title: 'Kind', value: (row) => wordConfigKind(row.ref.kind), cell: (row) => wordConfigKind(row.ref.kind) },
  // Near the name, where narrow screens still show it.
  {
    key: 'findings',
    title: 'Findings',
    hint: 'What the analysis found wrong with the object',
    // Worst first is what people look for.
    value: (row) => -weighRow(row),
    cell: (row) => <FindingCounts findings={row.findings} />,
  },
  {
    key: 'namespace',
    title: 'Namespace',
    value: (row) => row.ref.namespace,
    cell: (row) =>
      row.ref.namespace === '' ? (
        <span className={styles['subtle']}>whole cluster</span>
      ) : (
        <span title={row.ref.namespace}>{row.ref.namespace}</span>
      ),
  },
  {
    key: 'summary',
    title: 'Summary',
    value: (row) => row.summary,
    cell: (row) => <span title={row.summary}>{row.summary}</span>,
  },
  {
    key: 'state',
    title: 'State',
    hint: 'What its controllers say of it, the worst first',
    value: (row) => (row.state === null ? null : `${row.state.good === false ? 0 : 1} ${row.state.word}`),
    cell: (row) =>
      row.state === null ? (
        <span className={styles['subtle']}>{NO_VALUE}</span>
      ) : (
        <span className={styles['state']} title={row.state.word}>
          <span
            className={`${styles['dot']} ${row.state.good === null ? '' : row.state.good ? styles['good'] : styles['bad']}`}
            aria-hidden
          />
          {row.state.word}
        </span>
      ),
  },
  {
    key: 'owner',
    title: 'Owner',
    hint: 'Who else writes the object, as far as its labels and annotations tell',
    value: (row) => row.owner,
    cell: (row) => (row.owner === null ? <span className={styles['subtle']}>{NO_VALUE}</span> : <span title={row.owner}>{row.owner}</span>),
  },
  {
    key: 'labels',
    title: 'Labels',
    value: (row) => wordLabels(row) || null,
    cell: (row) => <span title={wordLabels(row)}>{wordLabels(row) || NO_VALUE}</span>,
  },
  {
    key: 'age',
    title: 'Age',
    numeric: true,
    value: (row) => -row.createdAtMs,
    cell: (row) =>
      nowMs === null ? '' : <span title={formatInstant(row.createdAtMs)}>{formatAge(Math.max(0, nowMs - row.createdAtMs))}</span>,
  },
];
