'use client';
// A table panel: a row per combination of its keys. In: definition, series. Out: a sortable table.
import { type ReactNode, useMemo } from 'react';
import type { Panel, PanelSeries } from '../../model/dashboard';
import { formatValue } from '../charts/chart-data';
import { DataTable, type TableColumn } from '../ui/data-table';
import styles from './dashboards.module.css';
import { joinRows, type PanelRow, wordLabel } from './join-rows';

export function PanelTable({ panel, series }: { readonly panel: Panel; readonly series: readonly PanelSeries[] }): ReactNode {
  const rows = useMemo(() => joinRows(panel, series), [panel, series]);
  const columns = useMemo(
    (): readonly TableColumn<PanelRow>[] => [
      ...panel.keys.map((key, i) => ({
        key,
        title: wordLabel(key),
        value: (row: PanelRow) => row.keys[i] ?? '',
        cell: (row: PanelRow) => row.keys[i] ?? '',
      })),
      ...panel.targets.map(({ id, legend, unit = panel.unit }) => ({
        key: `value:${id}`,
        title: legend === '' ? id : legend,
        numeric: true,
        value: (row: PanelRow) => row.values[id] ?? null,
        cell: (row: PanelRow) => formatValue(unit, row.values[id] ?? null),
      })),
    ],
    [panel],
  );
  const first = panel.targets[0]?.id ?? '';
  return (
    <div className={styles['tableBox']}>
      <DataTable
        name={panel.title}
        columns={columns}
        rows={rows}
        keyOf={(row) => JSON.stringify(row.keys)}
        standardSort={{ key: `value:${first}`, descending: true }}
        empty="No rows."
      />
    </div>
  );
}
