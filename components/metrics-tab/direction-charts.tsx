'use client';
// The charts of one direction: those with values drawn, the others said in a line. In: an entity, the choice, who looks. Out: a section.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import { type ReactNode, useId } from 'react';
import { ENTITY_PATHS, type EntityRef } from '../../model/entity';
import { encodeMetricsQuery, groupingsOf, type MetricDirection } from '../../model/entity-metrics';
import { askBefore, secondsOf, wordComparison } from '../dashboards/comparisons';
import styles from '../dashboards/dashboards.module.css';
import { buildGrafanaHref } from '../dashboards/grafana-link';
import { WideDialog } from '../dashboards/wide-dialog';
import { ErrorAlert } from '../ui/error-alert';
import { ErrorState } from '../ui/error-state';
import { formatClock } from '../ui/format';
import { useJson } from '../ui/use-json';
import { useNow } from '../ui/use-now';
import { MetricPanel } from './metric-panel';
import { isMetricsDocument } from './metrics-guard';
import { isEmptyChart, wordEmpty, wordMissing } from './metrics-words';
import type { MetricsAddress } from './use-metrics-address';

export const DIRECTION_WORDS: Readonly<Record<MetricDirection, string>> = { inbound: 'Inbound', outbound: 'Outbound' };

interface Props extends Pick<MetricsAddress, 'choice' | 'write'> {
  readonly entity: EntityRef;
  readonly direction: MetricDirection;
  /** The only direction that is shown: its charts stand side by side. */
  readonly alone: boolean;
  readonly explorable: boolean;
  readonly refreshMs: number;
  readonly refreshCount: number;
  readonly onRange: (fromMs: number, toMs: number) => void;
  readonly fetch?: typeof fetch;
}

function buildPath({ kind, namespace, name }: EntityRef, query: URLSearchParams): string {
  const names = kind === 'namespace' ? [namespace] : [namespace, name];
  const text = query.toString();
  return `/api/metrics/${[ENTITY_PATHS[kind], ...names.map(encodeURIComponent)].join('/')}${text === '' ? '' : `?${text}`}`;
}

export function DirectionCharts(props: Props): ReactNode {
  const { entity, direction, alone, choice, write, explorable, refreshMs, refreshCount, onRange, fetch } = props;
  const { range, comparison, expanded } = choice;
  const headingId = useId();
  const offered = groupingsOf(entity.kind, direction);
  const query = encodeMetricsQuery({ ...choice, direction, by: choice.by.filter((one) => offered.includes(one)) });
  const ask = fetch === undefined ? {} : { fetch };
  const { data, problem, loading, receivedAtMs, reload } = useJson(buildPath(entity, query), {
    guard: isMetricsDocument,
    refreshCount,
    refreshMs,
    ...ask,
  });
  const compared = { seconds: secondsOf(comparison, range.rangeSeconds), word: wordComparison(comparison, range.rangeSeconds) };
  const nowMs = useNow(60_000);
  const earlier = compared.seconds > 0 && nowMs !== null ? buildPath(entity, askBefore(query, compared.seconds, nowMs)) : null;
  const past = useJson(earlier, { guard: isMetricsDocument, dropOnChange: true, ...ask });

  const title = DIRECTION_WORDS[direction];
  const charts = data?.charts ?? [];
  const drawn = charts.filter((chart) => !isEmptyChart(chart));
  const chosen = charts.find(({ id }) => expanded === `${direction}/${id}`);
  const common = { compared, of: title, range, explorable, busy: loading, onRange };
  const beforeOf = (id: string) => past.data?.charts.find((one) => one.id === id) ?? null;
  return (
    <section aria-labelledby={headingId} aria-busy={loading}>
      <div className={styles['panelHead']}>
        <h2 id={headingId} className={styles['rowTitle']}>
          {title}
        </h2>
        {data === null || data.grafana === null ? null : (
          <a href={buildGrafanaHref(data.grafana.href, data.grafana.variables, range)}>Open in Grafana</a>
        )}
      </div>
      {problem === null || data === null ? null : (
        <>
          <ErrorAlert problem={problem} onRetry={reload} />
          {receivedAtMs === null ? null : <p className={styles['subtle']}>{`Shown as read at ${formatClock(receivedAtMs)}.`}</p>}
        </>
      )}
      {past.problem === null ? null : <ErrorAlert problem={past.problem} onRetry={past.reload} />}
      {data === null ? (
        problem === null ? (
          <Skeleton height="20rem" screenreaderText={`${title} metrics are being read`} />
        ) : (
          <ErrorState problem={problem} onRetry={reload} />
        )
      ) : (
        <>
          {[...data.notes, ...wordEmpty(charts)].map((note) => (
            <p key={note} className={styles['subtle']}>
              {note}
            </p>
          ))}
          {wordMissing(charts).map(({ metrics, fix }) => (
            <p key={metrics} className={styles['subtle']}>
              {`Prometheus has no series of ${metrics}. ${fix}`}
            </p>
          ))}
          <div className={styles['grid']}>
            {drawn.map((chart) => (
              <MetricPanel
                key={chart.id}
                {...common}
                chart={chart}
                before={beforeOf(chart.id)}
                width={alone ? 6 : 12}
                onExpand={() => write({ expanded: `${direction}/${chart.id}` })}
              />
            ))}
          </div>
          {chosen === undefined ? null : (
            <WideDialog title={`${title}: ${chosen.title}`} onClose={() => write({ expanded: '' })}>
              <MetricPanel {...common} chart={chosen} before={beforeOf(chosen.id)} width={12} wide onExpand={null} />
            </WideDialog>
          )}
        </>
      )}
    </section>
  );
}
