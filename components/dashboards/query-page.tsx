'use client';
// PromQL of one's own: written with completion, answered as a chart over a range and as a table of now. In: the address. Out: the page.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { type ReactNode, useMemo, useState } from 'react';
import type { PanelDocument } from '../../model/dashboard';
import { LineFigure } from '../charts/line-figure';
import { DataTable, type TableColumn } from '../ui/data-table';
import { ErrorAlert } from '../ui/error-alert';
import { formatNumber, plural } from '../ui/format';
import { Page } from '../ui/page';
import { useAddress } from '../ui/use-address';
import { useJson } from '../ui/use-json';
import { useStored } from '../ui/use-stored';
import { isPanel } from './dashboard-guards';
import styles from './dashboards.module.css';
import { newest } from './join-rows';
import { RangeSelect } from './range-select';
import { useDashboardAddress } from './use-dashboard-address';

const PromqlEditor = dynamic(() => import('./promql-editor').then((file) => file.PromqlEditor), {
  ssr: false,
  loading: () => <Skeleton height="2.5rem" screenreaderText="The editor is being loaded" />,
});

const EXAMPLES = [
  'sum by (destination_service) (rate(istio_requests_total{reporter="destination"}[1m]))',
  'histogram_quantile(0.95, sum by (le, destination_service) (rate(istio_request_duration_milliseconds_bucket{reporter="destination"}[5m])))',
  'sum by (type) (rate(pilot_xds_pushes[5m]))',
] as const;

const MAX_RECENT = 10;
function decodeRecent(text: string): readonly string[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list.slice(0, MAX_RECENT) : null;
  } catch {
    return null;
  }
}
const NONE: readonly string[] = [];

type Row = PanelDocument['series'][number];
const COLUMNS: readonly TableColumn<Row>[] = [
  { key: 'series', title: 'Series', value: ({ name }) => name, cell: ({ name }) => <span className={styles['labels']}>{name}</span> },
  { key: 'value', title: 'Value', numeric: true, value: (row) => newest(row), cell: (row) => formatNumber(newest(row)) },
];

function Answer({
  document,
  onRange,
}: {
  readonly document: PanelDocument;
  readonly onRange: (fromMs: number, toMs: number) => void;
}): ReactNode {
  const { series, left, missing } = document;
  const chart = useMemo(() => ({ title: 'Answer', unit: 'short' as const, series }), [series]);
  if (series.length === 0)
    return (
      <p className={styles['empty']}>
        {missing.length > 0
          ? `No series: the backend has none of ${missing.join(', ')}.`
          : 'No series in this range: the metric exists, its labels do not match.'}
      </p>
    );
  return (
    <>
      <section className={styles['panel']} data-width="12" aria-label="Chart">
        <LineFigure chart={chart} onRange={onRange} tall bare />
      </section>
      <h2 className={styles['rowTitle']}>{`${plural(series.length, 'series', 'series')}${left > 0 ? `, ${left} more not shown` : ''}`}</h2>
      <div className={styles['tableBox']}>
        <DataTable
          name="Newest values"
          columns={COLUMNS}
          rows={series}
          keyOf={({ name, target }) => `${target}/${name}`}
          standardSort={{ key: 'value', descending: true }}
          empty="No series."
        />
      </div>
    </>
  );
}

export function QueryPage({ refreshSeconds, refreshCount }: { readonly refreshSeconds: number; readonly refreshCount: number }): ReactNode {
  const [asked, writeAsked] = useAddress('promql');
  const [text, setText] = useState(asked);
  const { range, comparison, query, write } = useDashboardAddress();
  const [recent, keepRecent] = useStored('heddle.promql', NONE, decodeRecent, JSON.stringify);
  const path = useMemo(() => {
    if (asked.trim() === '') return null;
    const all = new URLSearchParams(query);
    all.set('promql', asked);
    return `/api/query?${all.toString()}`;
  }, [asked, query]);
  const refreshMs = refreshSeconds === 0 || range.atSeconds !== null ? 0 : Math.max(15, refreshSeconds) * 1000;
  const { data, problem, loading, reload } = useJson(path, { guard: isPanel, refreshCount, refreshMs, dropOnChange: true });
  const run = (promql: string): void => {
    const trimmed = promql.trim();
    if (trimmed === '') return;
    if (trimmed === asked) reload();
    else writeAsked(trimmed);
    keepRecent([trimmed, ...recent.filter((one) => one !== trimmed)].slice(0, MAX_RECENT));
  };
  const choose = (promql: string): void => {
    setText(promql);
    run(promql);
  };
  const offered = recent.length > 0 ? recent : EXAMPLES;
  return (
    <Page title="PromQL" above={<Link href="/dashboards">Dashboards</Link>}>
      <PromqlEditor text={text} onEdit={setText} onSubmit={() => run(text)} />
      <section className={styles['toolbar']} aria-label="What is asked">
        <Button onClick={() => run(text)} isDisabled={text.trim() === ''}>
          Run
        </Button>
        <RangeSelect range={range} comparison={comparison} write={write} comparable={false} />
      </section>
      {problem === null ? null : <ErrorAlert problem={problem} onRetry={reload} />}
      {path === null ? null : data === null ? (
        loading ? (
          <Skeleton height="20rem" screenreaderText="The query is being answered" />
        ) : null
      ) : (
        <Answer
          document={data}
          onRange={(fromMs, toMs) =>
            write({ range: { rangeSeconds: Math.max(60, Math.round((toMs - fromMs) / 1000)), atSeconds: Math.round(toMs / 1000) } })
          }
        />
      )}
      <h2 className={styles['rowTitle']}>{recent.length > 0 ? 'Recent queries' : 'Examples'}</h2>
      <ul>
        {offered.map((promql) => (
          <li key={promql}>
            <Button variant="link" isInline className={styles['labels'] ?? ''} onClick={() => choose(promql)}>
              {promql}
            </Button>
          </li>
        ))}
      </ul>
    </Page>
  );
}
