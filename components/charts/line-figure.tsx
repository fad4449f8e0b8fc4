'use client';
// One chart: lines over time, changes marked, a table of the same numbers, the PromQL that made it. In: LineChart. Out: a figure that is read
// as one sentence (recharts: load lazily). Nothing in it moves by itself.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { type ReactNode, useMemo, useState } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart as Lines,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { CodeBlock } from '../ui/code-block';
import { formatClock, formatInstant } from '../ui/format';
import { buildRows, formatValue, type LineChart, wordChart } from './chart-data';
import { ChartLegend } from './chart-legend';
import { ChartTable } from './chart-table';
import styles from './charts.module.css';
import { MarkerRail } from './marker-rail';
import { type ChartMarker, useChartMarkers } from './markers';
import { useRangeDrag } from './use-range-drag';

// Defined for both themes in charts.module.css; lines differ in their dashes too, so that colour is not alone.
const COLOURS = ['1', '2', '3', '4', '5'].map((n) => `var(--heddle-chart-${n})`);
const ERROR_COLOUR = 'var(--pf-t--global--color--status--danger--default)';
const DASHES = ['', '6 3', '2 3', '8 3 2 3', '1 4'];
/** Lines of before; those of now are whole beside them. */
const PAST_DASH = '4 4';
const TICK = { fontSize: 11, fill: 'var(--pf-t--global--text--color--subtle)' };
const AXIS_PX = 64;
const MARGIN_PX = 8;
/** Fewer points than this are no line: each is drawn. */
const DOTS_BELOW = 3;

const strokeOf = (chart: LineChart, i: number): string =>
  chart.tone === 'danger' ? ERROR_COLOUR : (COLOURS[i % COLOURS.length] ?? ERROR_COLOUR);

/** Minutes of a day; over more than a day with its date. */
const wordTick = (atMs: number, spanMs: number): string =>
  spanMs > 86_400_000 ? formatInstant(atMs).slice(5, 16) : formatClock(atMs).slice(0, 5);

interface Props {
  readonly chart: LineChart;
  /** Only changes of these hosts are marked; absent: all. */
  readonly hosts?: readonly string[];
  /** Markers beside those of the context. */
  readonly markers?: readonly ChartMarker[];
  /** Told of a range that was dragged over, ms since the epoch. */
  readonly onRange?: (fromMs: number, toMs: number) => void;
  /** Taller than beside a graph. */
  readonly tall?: boolean;
  /** Its title stands above it already. */
  readonly bare?: boolean;
  /** Its table is always open. */
  readonly withTable?: boolean;
  /** Charts of one name show the same instant under the pointer. */
  readonly sync?: string;
}

export function LineFigure({ chart, hosts, markers = [], onRange, tall = false, bare = false, withTable = false, sync }: Props): ReactNode {
  const { dragged, handlers } = useRangeDrag(onRange);
  const [shown, setShown] = useState<'table' | 'queries' | null>(null);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const past = useMemo(() => chart.past ?? [], [chart]);
  const rows = useMemo(() => buildRows([...chart.series, ...past]), [chart, past]);
  const known = useChartMarkers();
  const marked = useMemo(() => {
    const all = hosts === undefined ? known : known.filter((one) => one.hosts.some((host) => hosts.includes(host)));
    return [...new Map([...all, ...markers].map((one) => [one.id, one])).values()];
  }, [known, markers, hosts]);
  const entries = chart.series.map(({ name }, i) => ({ name, stroke: strokeOf(chart, i), dash: DASHES[i % DASHES.length] ?? '' }));
  const toggleLine = (name: string): void =>
    setHidden((old) => new Set(old.has(name) ? [...old].filter((one) => one !== name) : [...old, name]));
  const text = (value: unknown): string => formatValue(chart.unit, typeof value === 'number' ? value : null);
  const { promql = [], limit = null } = chart;
  const [first, last] = [rows[0]?.['atMs'] ?? 0, rows.at(-1)?.['atMs'] ?? 0];
  const toggle = (what: 'table' | 'queries', name: string): ReactNode => (
    <Button variant="link" isInline size="sm" aria-expanded={shown === what} onClick={() => setShown(shown === what ? null : what)}>
      {shown === what ? `Hide ${name}` : `Show ${name}`}
    </Button>
  );
  return (
    <figure className={styles['chart']}>
      {bare ? null : <figcaption>{chart.title}</figcaption>}
      {rows.length === 0 ? (
        <p className={styles['subtle']}>No values in the window.</p>
      ) : (
        <div className={styles['plotBox']}>
          <div className={`${styles['plot']} ${tall ? styles['tall'] : ''}`} role="img" aria-label={wordChart(chart)}>
            <ResponsiveContainer width="100%" height="100%">
              <Lines
                data={[...rows]}
                accessibilityLayer={false}
                margin={{ top: 4, right: MARGIN_PX, bottom: 0, left: 0 }}
                {...(sync === undefined ? {} : { syncId: sync, syncMethod: 'value' as const })}
                {...handlers}
              >
                <CartesianGrid stroke="var(--pf-t--global--border--color--default)" vertical={false} />
                <XAxis
                  dataKey="atMs"
                  type="number"
                  scale="time"
                  domain={['dataMin', 'dataMax']}
                  tickFormatter={(atMs: number) => wordTick(atMs, last - first)}
                  minTickGap={40}
                  tick={TICK}
                  stroke="var(--pf-t--global--border--color--default)"
                />
                <YAxis
                  width={AXIS_PX}
                  tickCount={4}
                  tickFormatter={text}
                  domain={limit === null ? [0, 'auto'] : [0, (most: number) => Math.max(most, limit)]}
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
                {limit === null ? null : <ReferenceLine y={limit} stroke={ERROR_COLOUR} strokeDasharray="4 3" />}
                {dragged === null ? null : <ReferenceArea x1={dragged[0]} x2={dragged[1]} fillOpacity={0.15} />}
                {past.map(({ name, of }, i) => {
                  const own = chart.series.findIndex((one) => one.name === of);
                  return (
                    <Line
                      key={name}
                      name={name}
                      dataKey={`s${chart.series.length + i}`}
                      type="linear"
                      dot={false}
                      isAnimationActive={false}
                      hide={hidden.has(of)}
                      stroke={own < 0 ? 'var(--pf-t--global--text--color--subtle)' : strokeOf(chart, own)}
                      strokeDasharray={PAST_DASH}
                      strokeOpacity={0.7}
                      strokeWidth={1.25}
                    />
                  );
                })}
                {entries.map(({ name, stroke, dash }, i) => (
                  <Line
                    key={name}
                    name={name}
                    dataKey={`s${i}`}
                    type="linear"
                    dot={rows.length < DOTS_BELOW}
                    isAnimationActive={false}
                    hide={hidden.has(name)}
                    stroke={stroke}
                    strokeDasharray={past.length > 0 ? '' : dash}
                    strokeWidth={1.75}
                  />
                ))}
              </Lines>
            </ResponsiveContainer>
          </div>
          <MarkerRail markers={marked} fromMs={first} toMs={last} startPx={AXIS_PX} endPx={MARGIN_PX} />
        </div>
      )}
      {entries.length > 1 && rows.length > 0 ? (
        <ChartLegend title={chart.title} entries={entries} hidden={hidden} onToggle={toggleLine} />
      ) : null}
      <div className={styles['more']}>
        {rows.length === 0 || withTable ? null : toggle('table', 'as table')}
        {promql.length === 0 ? null : toggle('queries', 'PromQL')}
      </div>
      {withTable || shown === 'table' ? <ChartTable chart={chart} rows={rows} /> : null}
      {shown === 'queries' ? promql.map((query) => <CodeBlock key={query} text={query} what="the query" />) : null}
    </figure>
  );
}
