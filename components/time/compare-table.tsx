'use client';
// The table of a comparison: what changed, by how much, and how far beyond noise. In: rows. Out: filter, table, CSV; a row shows its element.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import DownloadIcon from '@patternfly/react-icons/dist/esm/icons/download-icon';
import { type ReactNode, useMemo, useState } from 'react';
import type { Measure } from '../../model/comparison';
import { DataTable, type TableColumn } from '../ui/data-table';
import { downloadText } from '../ui/download-file';
import { plural } from '../ui/format';
import { SearchBox } from '../ui/search-box';
import { encodeCsv, filterRows } from '../ui/table-rows';
import { CHANGE_CSV, type ChangeRow, textsOfChange } from './compare-rows';
import { formatMeasure, MEASURE_WORDS, TONE_ORDER, TONE_SIGNS, TONE_WORDS, wordSize, wordWeight } from './compare-words';
import styles from './time.module.css';

function Change({ row, measure }: { readonly row: ChangeRow; readonly measure: Measure }): ReactNode {
  const one = row.measures.get(measure);
  if (one === undefined || (one.before === null && one.after === null)) return null;
  const isBeyond = (one.weight ?? 0) > 1;
  return (
    <span className={isBeyond ? undefined : styles['subtle']} title={`${MEASURE_WORDS[measure]}: ${wordWeight(one.weight)}`}>
      {formatMeasure(measure, one.before)} → {formatMeasure(measure, one.after)}{' '}
      {one.change === null || one.change === 0 ? null : <strong>{wordSize(one)}</strong>}
    </span>
  );
}

const sizeOf =
  (measure: Measure) =>
  ({ measures }: ChangeRow): number | null => {
    const one = measures.get(measure);
    return one?.change == null ? null : Math.abs(one.relative ?? one.change);
  };
const column = (measure: Measure): TableColumn<ChangeRow> => ({
  key: measure,
  title: MEASURE_WORDS[measure],
  numeric: true,
  hint: 'Before → after, and the size of the change; pale: within noise',
  value: sizeOf(measure),
  cell: (row) => <Change row={row} measure={measure} />,
});
const end = (name: string, namespace: string): ReactNode => (
  <span className={styles['end']}>
    {name}
    {namespace === '' ? null : <span className={styles['subtle']}> {namespace}</span>}
  </span>
);

const COLUMNS: readonly TableColumn<ChangeRow>[] = [
  {
    key: 'tone',
    title: 'Change',
    value: ({ tone }) => TONE_ORDER.indexOf(tone),
    cell: ({ tone }) => (
      <span className={`${styles['tone']} ${styles[tone]}`}>
        <span aria-hidden>{TONE_SIGNS[tone]}</span> {TONE_WORDS[tone]}
      </span>
    ),
  },
  { key: 'from', title: 'From', value: ({ from }) => from, cell: ({ from, fromNamespace }) => end(from, fromNamespace) },
  { key: 'to', title: 'To', value: ({ to, what }) => (what === 'node' ? null : to), cell: ({ to, toNamespace }) => end(to, toNamespace) },
  { key: 'kind', title: 'Kind', value: ({ kind }) => kind, cell: ({ kind }) => kind },
  column('rate'),
  column('errors'),
  column('p95'),
  column('p50'),
  column('average'),
  column('mtls'),
  column('bytes'),
  {
    key: 'weight',
    title: 'Noise',
    numeric: true,
    hint: 'The largest change in multiples of what chance alone could bring',
    value: ({ weight }) => weight,
    cell: ({ weight }) => wordWeight(weight),
  },
];

interface Props {
  readonly rows: readonly ChangeRow[];
  readonly selection: string | null;
  readonly onSelect: (id: string) => void;
  readonly emptyText: string;
}

export function CompareTable({ rows, selection, onSelect, emptyText }: Props): ReactNode {
  const [text, setText] = useState('');
  const [nodes, setNodes] = useState(false);
  const shown = useMemo(
    () =>
      filterRows(
        rows.filter(({ what }) => what === (nodes ? 'node' : 'edge')),
        textsOfChange,
        text,
      ),
    [rows, text, nodes],
  );
  // A column that says nothing of any row only takes room.
  const columns = useMemo(
    () => COLUMNS.filter(({ key, value }) => ['tone', 'from', 'kind', 'weight'].includes(key) || shown.some((row) => value(row) !== null)),
    [shown],
  );
  return (
    <section className={styles['tableArea']} aria-label="Changes">
      <div className={styles['row']}>
        <Button variant="control" size="sm" aria-pressed={!nodes} isClicked={!nodes} onClick={() => setNodes(false)}>
          Edges
        </Button>
        <Button variant="control" size="sm" aria-pressed={nodes} isClicked={nodes} onClick={() => setNodes(true)}>
          Nodes
        </Button>
        <SearchBox className={styles['filter'] ?? ''} name="Filter the changes" placeholder="Filter" text={text} onText={setText} />
        <span role="status" className={styles['subtle']}>
          {plural(shown.length, nodes ? 'node' : 'edge')}
        </span>
        <Button
          variant="link"
          size="sm"
          icon={<DownloadIcon />}
          onClick={() => downloadText('changes.csv', 'text/csv', encodeCsv(shown, CHANGE_CSV))}
        >
          CSV
        </Button>
      </div>
      <div className={styles['tableScroll']}>
        <DataTable
          name={nodes ? 'Changed nodes' : 'Changed edges'}
          columns={columns}
          rows={shown}
          keyOf={({ id }) => id}
          standardSort={{ key: 'weight', descending: true }}
          selected={selection}
          onSelect={onSelect}
          empty={text === '' ? emptyText : `Nothing matches “${text}”.`}
        />
      </div>
    </section>
  );
}
