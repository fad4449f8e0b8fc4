'use client';
// One chart of the side panel: lines over time, the PromQL that made it. In: ElementChart. Out: a figure that is read as one sentence.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { type ReactNode, useMemo, useState } from 'react';
import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { ElementChart } from '../../model/wire';
import { CodeBlock } from '../ui/code-block';
import { formatClock, formatInstant } from '../ui/format';
import { buildRows, formatValue, wordChart } from './chart-data';
import styles from './panel.module.css';

// Defined for both themes in panel.module.css; lines differ in their dashes too, so that colour is not alone.
const COLOURS = ['1', '2', '3', '4', '5'].map((n) => `var(--heddle-chart-${n})`);
const ERROR_COLOUR = 'var(--pf-t--global--color--status--danger--default)';
const DASHES = ['', '6 3', '2 3', '8 3 2 3', '1 4'];

const strokeOf = (chart: ElementChart, i: number): string =>
  chart.id === 'errors' ? ERROR_COLOUR : (COLOURS[i % COLOURS.length] ?? ERROR_COLOUR);

function Queries({ promql }: { readonly promql: readonly string[] }): ReactNode {
  const [open, setOpen] = useState(false);
  if (promql.length === 0) return null;
  return (
    <>
      <Button variant="link" isInline size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide PromQL' : 'Show PromQL'}
      </Button>
      {open ? promql.map((query) => <CodeBlock key={query} text={query} what="the query" />) : null}
    </>
  );
}

export function ChartFigure({ chart }: { readonly chart: ElementChart }): ReactNode {
  const rows = useMemo(() => buildRows(chart.series), [chart]);
  const text = (value: unknown): string => formatValue(chart.unit, typeof value === 'number' ? value : null);
  return (
    <figure className={styles['chart']}>
      <figcaption>{chart.title}</figcaption>
      {rows.length === 0 ? (
        <p className={styles['subtle']}>No values in the window.</p>
      ) : (
        <div className={styles['plot']} role="img" aria-label={wordChart(chart)}>
          <ResponsiveContainer width="100%" height="100%">
            <LineChart data={[...rows]} accessibilityLayer={false} margin={{ top: 4, right: 8, bottom: 0, left: 0 }}>
              <CartesianGrid stroke="var(--pf-t--global--border--color--default)" vertical={false} />
              <XAxis
                dataKey="atMs"
                type="number"
                scale="time"
                domain={['dataMin', 'dataMax']}
                tickFormatter={(atMs: number) => formatClock(atMs).slice(0, 5)}
                minTickGap={40}
                tick={{ fontSize: 11, fill: 'var(--pf-t--global--text--color--subtle)' }}
                stroke="var(--pf-t--global--border--color--default)"
              />
              <YAxis
                width={64}
                tickCount={4}
                tickFormatter={text}
                domain={[0, 'auto']}
                tick={{ fontSize: 11, fill: 'var(--pf-t--global--text--color--subtle)' }}
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
              {chart.series.length > 1 ? <Legend iconType="plainline" wrapperStyle={{ fontSize: 12 }} /> : null}
              {chart.series.map(({ name }, i) => (
                <Line
                  key={name}
                  name={name}
                  dataKey={`s${i}`}
                  type="linear"
                  dot={false}
                  isAnimationActive={false}
                  stroke={strokeOf(chart, i)}
                  strokeDasharray={DASHES[i % DASHES.length] ?? ''}
                  strokeWidth={1.75}
                />
              ))}
            </LineChart>
          </ResponsiveContainer>
        </div>
      )}
      <Queries promql={chart.promql} />
    </figure>
  );
}
