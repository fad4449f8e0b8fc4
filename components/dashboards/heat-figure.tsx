'use client';
// A heatmap: instants to the right, buckets upwards, the darker the more. In: definition, series by `le`. Out: a figure, and a table of sums.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { type ReactNode, useMemo, useState } from 'react';
import type { Panel, PanelSeries } from '../../model/dashboard';
import { formatValue } from '../charts/chart-data';
import { formatClock, formatNumber } from '../ui/format';
import { SimpleTable } from '../ui/simple-table';
import styles from './dashboards.module.css';
import { buildHeat, type Heat } from './heat-cells';

const WIDTH = 600;
const ROW = 18;

const wordBound = (panel: Panel, bound: number): string => (Number.isFinite(bound) ? `≤ ${formatValue(panel.unit, bound)}` : 'above');
/** Share of the darkest; by roots, so that few are still seen. */
const shade = (value: number, most: number): number => (most > 0 ? Math.sqrt(value / most) : 0);
const mean = (row: readonly number[]): number => (row.length === 0 ? 0 : row.reduce((a, b) => a + b, 0) / row.length);

function Sums({ panel, heat }: { readonly panel: Panel; readonly heat: Heat }): ReactNode {
  return (
    <SimpleTable name={`${panel.title}, averages`} heads={['Bucket', 'Average per second']}>
      {heat.bounds.map((bound, i) => (
        <tr key={bound}>
          <th scope="row">{wordBound(panel, bound)}</th>
          <td>{formatNumber(mean(heat.cells[i] ?? []))}</td>
        </tr>
      ))}
    </SimpleTable>
  );
}

export function HeatFigure({
  panel,
  series,
  tall,
}: {
  readonly panel: Panel;
  readonly series: readonly PanelSeries[];
  readonly tall: boolean;
}): ReactNode {
  const heat = useMemo(() => buildHeat(series), [series]);
  const [asTable, setAsTable] = useState(false);
  const { bounds, instants, cells, most } = heat;
  const rows = cells.map((row, i) => ({ bound: bounds[i] ?? 0, row })).reverse();
  const width = instants.length === 0 ? WIDTH : WIDTH / instants.length;
  const busiest = bounds[cells.map(mean).reduce((best, value, i, all) => (value > (all[best] ?? 0) ? i : best), 0)] ?? 0;
  const words = `${panel.title}: ${bounds.length} buckets over time; most ${wordBound(panel, busiest)}.`;
  return (
    <div>
      <div className={styles['heat']}>
        <ul className={styles['heatBounds']} aria-hidden>
          {rows.map(({ bound }) => (
            <li key={bound}>{wordBound(panel, bound)}</li>
          ))}
        </ul>
        <svg
          className={`${styles['heatPlot']} ${tall ? styles['tall'] : ''}`}
          viewBox={`0 0 ${WIDTH} ${rows.length * ROW}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={words}
        >
          {rows.flatMap(({ bound, row }, y) =>
            row.map((value, x) =>
              value <= 0 ? null : (
                <rect
                  key={`${bound}/${instants[x] ?? x}`}
                  x={x * width}
                  y={y * ROW}
                  width={width}
                  height={ROW}
                  className={styles['heatCell']}
                  fillOpacity={0.12 + 0.88 * shade(value, most)}
                >
                  <title>{`${formatClock((instants[x] ?? 0) * 1000)}, ${wordBound(panel, bound)}: ${formatNumber(value)}/s`}</title>
                </rect>
              ),
            ),
          )}
        </svg>
      </div>
      <p className={styles['heatAxis']} aria-hidden>
        <span>{formatClock((instants[0] ?? 0) * 1000)}</span>
        <span>{formatClock((instants.at(-1) ?? 0) * 1000)}</span>
      </p>
      <Button variant="link" isInline size="sm" aria-expanded={asTable} onClick={() => setAsTable(!asTable)}>
        {asTable ? 'Hide as table' : 'Show as table'}
      </Button>
      {asTable ? <Sums panel={panel} heat={heat} /> : null}
    </div>
  );
}
