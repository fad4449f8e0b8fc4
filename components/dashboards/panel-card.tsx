'use client';
// One panel of a dashboard: asked for when it comes into sight, drawn by its kind, with the query behind it, or in words why it is empty.
// In: definition, the query string of the dashboard. Out: a figure.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Panel, PanelDocument, PanelSeries } from '../../model/dashboard';
import { DEFAULT_RANGE } from '../../model/dashboard-query';
import { decodeDurationSeconds } from '../../model/wire';
import type { PastSeries } from '../charts/chart-data';
import { shiftSeries, wordChange } from '../charts/chart-past';
import { LineFigure } from '../charts/line-figure';
import { asSentence, plural } from '../ui/format';
import { useJson } from '../ui/use-json';
import { useNow } from '../ui/use-now';
import { askBefore, type Comparison, secondsOf, wordComparison } from './comparisons';
import { isPanel } from './dashboard-guards';
import styles from './dashboards.module.css';
import { HeatFigure } from './heat-figure';
import { PanelFrame } from './panel-frame';
import { PanelQueries } from './panel-queries';
import { PanelTable } from './panel-table';
import { StatFigure } from './stat-figure';

interface Props {
  readonly dashboard: string;
  readonly panel: Panel;
  /** Variables and range, as the address has them. */
  readonly query: URLSearchParams;
  readonly refreshMs: number;
  readonly refreshCount: number;
  readonly comparison: Comparison;
  readonly onRange: (fromMs: number, toMs: number) => void;
  readonly onExpand: ((panel: string) => void) | null;
}

/** True once the element was near the window. */
function useSeen(): readonly [React.RefObject<HTMLElement | null>, boolean] {
  const ref = useRef<HTMLElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null || seen) return undefined;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true), {
      rootMargin: '300px',
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [seen]);
  return [ref, seen];
}

/** Names once each: recharts and screen readers tell series apart by them. */
function uniqueNames(series: readonly PanelSeries[]): readonly PanelSeries[] {
  const seen = new Map<string, number>();
  return series.map((one) => {
    const count = (seen.get(one.name) ?? 0) + 1;
    seen.set(one.name, count);
    return count === 1 ? one : { ...one, name: `${one.name} (${count})` };
  });
}

const decodeRangeSeconds = (query: URLSearchParams): number =>
  decodeDurationSeconds(query.get('range') ?? '') ?? DEFAULT_RANGE.rangeSeconds;

/** Widths that the grid knows. */
const widthOf = (columns: number): number => [3, 4, 6, 12].find((width) => width >= columns) ?? 12;

function Empty({ panel, document }: { readonly panel: Panel; readonly document: PanelDocument }): ReactNode {
  const { missing } = document;
  return (
    <div className={styles['empty']}>
      <p>
        {missing.length > 0
          ? `${missing.length === 1 ? 'The metric' : 'These metrics'} ${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} no series.`
          : 'No series for this choice in this range.'}
      </p>
      {panel.fix === null ? null : <p>{panel.fix}</p>}
    </div>
  );
}

function Drawn({
  panel,
  document,
  past,
  compared,
  onRange,
  tall,
}: {
  readonly panel: Panel;
  readonly document: PanelDocument;
  readonly past: readonly PastSeries[];
  /** "1 day before". */
  readonly compared: string;
  readonly onRange: Props['onRange'];
  readonly tall: boolean;
}): ReactNode {
  const series = useMemo(() => uniqueNames(document.series), [document]);
  const chart = useMemo(() => ({ title: panel.title, unit: panel.unit, series, past }), [panel, series, past]);
  const changed = wordChange(chart, compared);
  if (document.series.length === 0) return <Empty panel={panel} document={document} />;
  switch (panel.kind) {
    case 'lines':
      return (
        <>
          <LineFigure chart={chart} onRange={onRange} tall={tall} withTable={tall} sync="dashboard" bare />
          {changed === null ? null : <p className={styles['subtle']}>{changed}</p>}
        </>
      );
    case 'stat':
      return <StatFigure panel={panel} series={document.series} past={past} />;
    case 'table':
      return <PanelTable panel={panel} series={document.series} />;
    case 'heatmap':
      return <HeatFigure panel={panel} series={document.series} tall={tall} />;
    case 'text':
      return null;
    default:
      return panel.kind satisfies never;
  }
}

export function PanelCard(props: Props): ReactNode {
  const { dashboard, panel, query, refreshMs, refreshCount, comparison, onRange, onExpand } = props;
  const [ref, seen] = useSeen();
  const isText = panel.kind === 'text';
  const base = `/api/dashboards/${dashboard}/panels/${panel.id}`;
  const state = useJson(seen && !isText ? `${base}?${query.toString()}` : null, { guard: isPanel, refreshCount, refreshMs });
  const rangeSeconds = decodeRangeSeconds(query);
  const compareSeconds = secondsOf(comparison, rangeSeconds);
  const compared = wordComparison(comparison, rangeSeconds);
  const compares = compareSeconds > 0 && (panel.kind === 'lines' || panel.kind === 'stat');
  const nowMs = useNow(60_000);
  const asksPast = seen && compares && nowMs !== null;
  const past = useJson(asksPast ? `${base}?${askBefore(query, compareSeconds, nowMs).toString()}` : null, {
    guard: isPanel,
    dropOnChange: true,
  });
  const { data, problem, loading, reload } = state;
  const before = useMemo(
    () => (compares && past.data !== null ? shiftSeries(uniqueNames(past.data.series), compareSeconds, compared) : []),
    [compares, past.data, compareSeconds, compared],
  );
  return (
    <PanelFrame
      ref={ref}
      title={panel.title}
      beside={data !== null && data.left > 0 ? `${plural(data.left, 'more series', 'more series')} not drawn` : null}
      about={panel.about}
      busy={loading}
      width={widthOf(panel.width)}
      onExpand={onExpand === null || isText ? null : () => onExpand(panel.id)}
    >
      {isText ? <p>{panel.text}</p> : null}
      {/* Many panels fail for one reason: each says it shortly. */}
      {problem === null || problem.status === 401 ? null : (
        <p role="alert" className={styles['empty']} title={problem.next}>
          <span>
            <strong>{problem.title}.</strong> {asSentence(problem.detail)}{' '}
            <Button variant="link" isInline onClick={reload}>
              Try again
            </Button>
          </span>
        </p>
      )}
      {data === null ? (
        isText || problem !== null ? null : (
          <Skeleton height="9.5rem" screenreaderText={`${panel.title} is being read`} />
        )
      ) : (
        <>
          <Drawn panel={panel} document={data} past={before} compared={compared} onRange={onRange} tall={onExpand === null} />
          <PanelQueries queries={data.queries} />
        </>
      )}
    </PanelFrame>
  );
}
