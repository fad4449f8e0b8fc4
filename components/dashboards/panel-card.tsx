'use client';
// One panel of a dashboard: asked for when it comes into sight, drawn by its kind, with the query behind it, or in words why it is empty.
// In: definition, the query string of the dashboard. Out: a figure.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import ExpandIcon from '@patternfly/react-icons/dist/esm/icons/expand-icon';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Panel, PanelDocument, PanelSeries } from '../../model/dashboard';
import { LineFigure } from '../charts/line-figure';
import { ErrorAlert } from '../ui/error-alert';
import { plural } from '../ui/format';
import { useJson } from '../ui/use-json';
import { isPanel } from './dashboard-guards';
import styles from './dashboards.module.css';
import { HeatFigure } from './heat-figure';
import { PanelQueries } from './panel-queries';
import { PanelTable } from './panel-table';
import { shiftSeries } from './shift-series';
import { StatFigure } from './stat-figure';

interface Props {
  readonly dashboard: string;
  readonly panel: Panel;
  /** Variables and range, as the address has them. */
  readonly query: URLSearchParams;
  readonly refreshMs: number;
  readonly refreshCount: number;
  /** Seconds before, 0 = none. */
  readonly compareSeconds: number;
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

function earlier(query: URLSearchParams, seconds: number): URLSearchParams {
  const past = new URLSearchParams(query);
  const at = Number(past.get('at') ?? Math.floor(Date.now() / 60_000) * 60);
  past.set('at', String(at - seconds));
  return past;
}

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
  onRange,
  tall,
}: {
  readonly panel: Panel;
  readonly document: PanelDocument;
  readonly past: readonly PanelSeries[];
  readonly onRange: Props['onRange'];
  readonly tall: boolean;
}): ReactNode {
  const series = useMemo(() => uniqueNames([...document.series, ...past]), [document, past]);
  const chart = useMemo(() => ({ title: panel.title, unit: panel.unit, series }), [panel, series]);
  if (document.series.length === 0) return <Empty panel={panel} document={document} />;
  switch (panel.kind) {
    case 'lines':
      return <LineFigure chart={chart} onRange={onRange} tall={tall} bare />;
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
  const { dashboard, panel, query, refreshMs, refreshCount, compareSeconds, onRange, onExpand } = props;
  const [ref, seen] = useSeen();
  const isText = panel.kind === 'text';
  const base = `/api/dashboards/${dashboard}/panels/${panel.id}`;
  const state = useJson(seen && !isText ? `${base}?${query.toString()}` : null, { guard: isPanel, refreshMs });
  const compares = compareSeconds > 0 && (panel.kind === 'lines' || panel.kind === 'stat');
  const past = useJson(seen && compares ? `${base}?${earlier(query, compareSeconds).toString()}` : null, {
    guard: isPanel,
    dropOnChange: true,
  });
  const { data, problem, loading, reload } = state;
  useEffect(() => {
    if (refreshCount > 0) reload();
  }, [refreshCount, reload]);
  const before = useMemo(
    () => (compares && past.data !== null ? shiftSeries(past.data.series, compareSeconds) : []),
    [compares, past.data, compareSeconds],
  );
  return (
    <section ref={ref} className={styles['panel']} aria-label={panel.title} aria-busy={loading} data-width={widthOf(panel.width)}>
      <header className={styles['panelHead']}>
        <h3 className={styles['panelTitle']} title={panel.about ?? panel.title}>
          {panel.title}
        </h3>
        {data !== null && data.left > 0 ? (
          <span className={styles['subtle']}>{`${plural(data.left, 'more series', 'more series')} not drawn`}</span>
        ) : null}
        {onExpand === null || isText ? null : (
          <Button
            variant="plain"
            size="sm"
            icon={<ExpandIcon />}
            aria-label={`Expand ${panel.title}`}
            title="Expand"
            onClick={() => onExpand(panel.id)}
          />
        )}
      </header>
      {panel.about === null ? null : <p className={styles['subtle']}>{panel.about}</p>}
      {isText ? <p>{panel.text}</p> : null}
      {problem === null ? null : <ErrorAlert problem={problem} onRetry={reload} />}
      {data === null ? (
        isText || problem !== null ? null : (
          <Skeleton height="9.5rem" screenreaderText={`${panel.title} is being read`} />
        )
      ) : (
        <>
          <Drawn panel={panel} document={data} past={before} onRange={onRange} tall={onExpand === null} />
          <PanelQueries queries={data.queries} />
        </>
      )}
    </section>
  );
}
