'use client';
// The guard's view of a change: errors, P95 and requests by version since it was applied. In: ChangeRecord. Out: charts (recharts: load lazily).
import { type ReactNode, useMemo } from 'react';
import type { ChangeRecord } from '../../model/change';
import { LineFigure } from '../charts/line-figure';
import styles from './change-card.module.css';
import { markerOf } from './change-marker';
import { buildMeasureCharts } from './measure-series';

export function MeasureCharts({ change }: { readonly change: ChangeRecord }): ReactNode {
  const charts = useMemo(() => buildMeasureCharts(change), [change]);
  const markers = useMemo(() => [markerOf(change)], [change]);
  if (charts.length === 0) return <p className={styles['subtle']}>No traffic of the touched hosts was measured yet.</p>;
  return (
    <div className={styles['charts']}>
      {charts.map((chart) => (
        <LineFigure key={chart.id} chart={chart} markers={markers} hosts={change.hosts} />
      ))}
    </div>
  );
}
