'use client';
// The guard's view of a change: errors, P95 and requests by version since it was applied. In: ChangeRecord. Out: charts (recharts: load lazily).
import type { ReactNode } from 'react';
import { CartesianGrid, Legend, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { ChangeRecord } from '../../model/change';
import { formatClock, formatInstant, formatLatency, formatRate, formatShare } from '../ui/format';
import styles from './change-card.module.css';
import { buildMeasureCharts, type MeasureChart } from './measure-series';

const COLOURS = ['1', '2', '3', '4', '5'].map((n) => `var(--heddle-chart-${n})`);
const DASHES = ['', '6 3', '2 3', '8 3 2 3', '1 4'];
const TICK = { fontSize: 11, fill: 'var(--pf-t--global--text--color--subtle)' };

function formatMeasure(unit: MeasureChart['unit'], value: number | null): string {
  switch (unit) {
    case 'percent':
      return formatShare(value === null ? null : value / 100);
    case 'ms':
      return formatLatency(value);
    case 'rps':
      return formatRate(value);
  }
}

/** The chart in one sentence. */
export function wordMeasure({ title, unit, names, rows, baseline, limit }: MeasureChart): string {
  const last = rows.at(-1);
  const now = names.map((name, i) => `${names.length > 1 ? `${name} ` : ''}now ${formatMeasure(unit, last?.[`s${i}`] ?? null)}`).join(', ');
  const before = baseline === null ? '' : `, before ${formatMeasure(unit, baseline)}`;
  return `${title}: ${now}${before}${limit === null ? '' : `; the guard trips above ${formatMeasure(unit, limit)}`}.`;
}

function MeasureFigure({ chart, appliedAtMs }: { readonly chart: MeasureChart; readonly appliedAtMs: number }): ReactNode {
  const text = (value: unknown): string => formatMeasure(chart.unit, typeof value === 'number' ? value : null);
  const words = wordMeasure(chart);
  return (
    <figure className={styles['chart']}>
      <figcaption>{words}</figcaption>
      <div className={styles['plot']} role="img" aria-label={words}>
        <ResponsiveContainer width="100%" height="100%">
          <LineChart data={[...chart.rows]} accessibilityLayer={false} margin={{ top: 4, right: 8, bottom: 0, left: 0 }}>
            <CartesianGrid stroke="var(--pf-t--global--border--color--default)" vertical={false} />
            <XAxis
              dataKey="atMs"
              type="number"
              scale="time"
              domain={['dataMin', 'dataMax']}
              tickFormatter={(atMs: number) => formatClock(atMs).slice(0, 5)}
              minTickGap={40}
              tick={TICK}
              stroke="var(--pf-t--global--border--color--default)"
            />
            <YAxis
              width={60}
              tickCount={4}
              tickFormatter={text}
              domain={[0, (most: number) => Math.max(most, chart.limit ?? 0, 1)]}
              tick={TICK}
              stroke="none"
            />
            <Tooltip
              isAnimationActive={false}
              formatter={text}
              labelFormatter={(atMs) => (typeof atMs === 'number' ? formatInstant(atMs) : '')}
              contentStyle={{
                color: 'var(--pf-t--global--text--color--regular)',
                background: 'var(--pf-t--global--background--color--floating--default)',
                border: '1px solid var(--pf-t--global--border--color--default)',
                borderRadius: 6,
                fontSize: 12,
              }}
            />
            <ReferenceLine x={appliedAtMs} stroke="var(--pf-t--global--text--color--subtle)" strokeDasharray="3 3" />
            {chart.limit === null ? null : (
              <ReferenceLine y={chart.limit} stroke="var(--pf-t--global--color--status--danger--default)" strokeDasharray="4 3" />
            )}
            {chart.names.length > 1 ? <Legend iconType="plainline" wrapperStyle={{ fontSize: 12 }} /> : null}
            {chart.names.map((name, i) => (
              <Line
                key={name}
                name={name}
                dataKey={`s${i}`}
                type="linear"
                dot={chart.rows.length < 3}
                isAnimationActive={false}
                stroke={COLOURS[i % COLOURS.length] ?? ''}
                strokeDasharray={DASHES[i % DASHES.length] ?? ''}
                strokeWidth={1.75}
              />
            ))}
          </LineChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

export function MeasureCharts({ change }: { readonly change: ChangeRecord }): ReactNode {
  const charts = buildMeasureCharts(change);
  if (charts.length === 0) return <p className={styles['subtle']}>No traffic of the touched hosts was measured yet.</p>;
  return (
    <div className={styles['charts']}>
      {charts.map((chart) => (
        <MeasureFigure key={chart.id} chart={chart} appliedAtMs={change.createdAtMs} />
      ))}
    </div>
  );
}
