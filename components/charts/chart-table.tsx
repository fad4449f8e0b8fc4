'use client';
// The table twin of a chart, for who does not see lines or wants the numbers. In: a chart, its rows. Out: a table.
import type { ReactNode } from 'react';
import { formatInstant } from '../ui/format';
import { type ChartRow, formatValue, type LineChart, thinRows } from './chart-data';
import styles from './charts.module.css';

const MAX_ROWS = 60;

export function ChartTable({ chart, rows }: { readonly chart: LineChart; readonly rows: readonly ChartRow[] }): ReactNode {
  const columns = [...chart.series, ...(chart.past ?? [])];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard (axe: scrollable-region-focusable)
    <section className={styles['tableBox']} aria-label={`Values of ${chart.title}`} tabIndex={0}>
      <table className={styles['table']} aria-label={chart.title}>
        <thead>
          <tr>
            <th scope="col">Instant</th>
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {thinRows(rows, MAX_ROWS).map((row) => (
            <tr key={row['atMs']}>
              <th scope="row">{formatInstant(row['atMs'] ?? 0)}</th>
              {columns.map(({ name }, i) => (
                <td key={name}>{formatValue(chart.unit, row[`s${i}`] ?? null)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
