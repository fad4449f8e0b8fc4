'use client';
// One chart of an entity's metrics in its frame: lines, those of before, the difference in words, the PromQL. In: MetricChart. Out: a panel.
import { type ReactNode, useMemo } from 'react';
import type { PanelRange } from '../../model/dashboard-query';
import type { MetricChart } from '../../model/entity-metrics';
import type { LineChart, PastSeries } from '../charts/chart-data';
import { shiftSeries, wordChange } from '../charts/chart-past';
import { LineFigure } from '../charts/line-figure';
import styles from '../dashboards/dashboards.module.css';
import { PanelFrame } from '../dashboards/panel-frame';
import { PanelQueries } from '../dashboards/panel-queries';
import { ErrorAlert } from '../ui/error-alert';
import { wordAbout, wordLeft } from './metrics-words';

export interface ComparedWith {
  readonly seconds: number;
  /** "1 day before". */
  readonly word: string;
}

interface Props {
  readonly chart: MetricChart;
  /** The same chart so much earlier; null: not compared, or not read yet. */
  readonly before: MetricChart | null;
  readonly compared: ComparedWith;
  /** Of the direction, for screen readers: "Inbound". */
  readonly of: string;
  readonly range: PanelRange;
  readonly explorable: boolean;
  readonly busy: boolean;
  /** Columns of 12. */
  readonly width: number;
  /** Over the whole page, with its table. */
  readonly wide?: boolean;
  readonly onRange: (fromMs: number, toMs: number) => void;
  readonly onExpand: (() => void) | null;
}

const NO_PAST: readonly PastSeries[] = [];

export function MetricPanel(props: Props): ReactNode {
  const { chart, before, compared, of, range, explorable, busy, width, wide = false, onRange, onExpand } = props;
  const past = useMemo(
    () => (before === null ? NO_PAST : shiftSeries(before.series, compared.seconds, compared.word)),
    [before, compared.seconds, compared.word],
  );
  const lines = useMemo(
    (): LineChart => ({ title: `${chart.title}, ${of.toLowerCase()}`, unit: chart.unit, series: chart.series, past }),
    [chart, of, past],
  );
  const changed =
    before === null ? null : past.length === 0 ? `Nothing to compare with ${compared.word}.` : wordChange(lines, compared.word);
  return (
    <PanelFrame
      title={chart.title}
      name={`${of}: ${chart.title}`}
      beside={wordLeft(chart)}
      about={wordAbout(chart)}
      busy={busy}
      width={width}
      onExpand={onExpand}
    >
      {chart.problem === null ? (
        <LineFigure chart={lines} onRange={onRange} tall={wide} withTable={wide} sync="metrics" bare />
      ) : (
        <ErrorAlert problem={chart.problem} />
      )}
      {changed === null ? null : <p className={styles['subtle']}>{changed}</p>}
      <PanelQueries queries={chart.queries} range={range} explorable={explorable} />
    </PanelFrame>
  );
}
