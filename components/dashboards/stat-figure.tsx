'use client';
// A panel of one number, beside what it was before where that is asked for. In: definition, series. Out: a figure.
import type { ReactNode } from 'react';
import type { Panel, PanelSeries } from '../../model/dashboard';
import { formatValue } from '../charts/chart-data';
import styles from './dashboards.module.css';
import { newest } from './join-rows';

interface Props {
  readonly panel: Panel;
  readonly series: readonly PanelSeries[];
  readonly past: readonly Pick<PanelSeries, 'points'>[];
}

export function StatFigure({ panel, series, past }: Props): ReactNode {
  const [first] = series;
  const [before] = past;
  if (first === undefined) return null;
  return (
    <p className={styles['stat']}>
      {formatValue(panel.unit, newest(first))}
      {before === undefined ? null : <span className={styles['subtle']}>{` before: ${formatValue(panel.unit, newest(before))}`}</span>}
    </p>
  );
}
