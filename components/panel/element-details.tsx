'use client';
// What the server adds to a selected element on demand: code tables, principals, charts. In: an id, the view. Out: sections of the panel.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import type { Protocol } from '../../model/traffic';
import { type ElementChart, type ElementDocument, encodeView, type ViewSpec } from '../../model/wire';
import { ErrorAlert } from '../ui/error-alert';
import { formatByteRate, formatRate } from '../ui/format';
import { PressedChoice } from '../ui/pressed-choice';
import { type JsonState, useJson } from '../ui/use-json';
import { isElementChartsDocument, isElementDocument } from './element-guards';
import styles from './panel.module.css';
import { Section } from './panel-parts';
import { ResponseTables } from './response-tables';

/** recharts weighs 100 KB: only who opens the charts pays for it. */
const LineFigure = dynamic(() => import('../charts/line-figure').then((file) => file.LineFigure), {
  ssr: false,
  loading: () => <Skeleton height="10rem" />,
});

export interface ElementRequest {
  readonly id: string;
  readonly view: ViewSpec;
  /** 0 = paused. */
  readonly refreshSeconds: number;
}

function buildPath(path: string, { id, view }: ElementRequest): string {
  const query = encodeView(view);
  query.set('id', id);
  return `${path}?${query.toString()}`;
}

/** Charts are range queries on Prometheus: not renewed as often as the graph. */
const CHART_SECONDS = 30;

/** `null` asks for nothing: of what its reader may not see there are no details. */
export const useElement = (request: ElementRequest | null): JsonState<ElementDocument> =>
  useJson(request === null ? null : buildPath('/api/graph/element', request), {
    guard: isElementDocument,
    refreshMs: (request?.refreshSeconds ?? 0) * 1000,
    dropOnChange: true,
  });

const DIRECTIONS = ['edge', 'inbound', 'outbound'] as const satisfies readonly ElementChart['direction'][];
const DIRECTION_WORDS: Readonly<Record<ElementChart['direction'], string>> = { edge: 'Edge', inbound: 'Inbound', outbound: 'Outbound' };

export function ElementCharts({ request }: { readonly request: ElementRequest }): ReactNode {
  const refreshSeconds = request.refreshSeconds === 0 ? 0 : Math.max(request.refreshSeconds, CHART_SECONDS);
  const [direction, setDirection] = useState<ElementChart['direction'] | null>(null);
  const { data, problem, loading, reload } = useJson(buildPath('/api/graph/charts', request), {
    guard: isElementChartsDocument,
    refreshMs: refreshSeconds * 1000,
    dropOnChange: true,
  });
  const directions = DIRECTIONS.filter((one) => data?.charts.some((chart) => chart.direction === one));
  const shown = directions.find((one) => one === direction) ?? directions[0];
  const charts = data?.charts.filter((chart) => chart.direction === shown) ?? [];
  return (
    <Section title="Over time">
      {problem === null ? null : <ErrorAlert problem={problem} onRetry={reload} />}
      {data === null && loading ? <Skeleton height="10rem" screenreaderText="The charts are being read" /> : null}
      {directions.length < 2 || shown === undefined ? null : (
        <PressedChoice
          name="Direction of the charts"
          choices={directions.map((key) => ({ key, label: DIRECTION_WORDS[key] }))}
          chosen={shown}
          onChoose={setDirection}
        />
      )}
      {charts.map((chart) => (
        <LineFigure key={`${chart.direction} ${chart.id}`} chart={{ ...chart, tone: chart.id === 'errors' ? 'danger' : 'plain' }} />
      ))}
      {data?.charts.length === 0 ? <p className={styles['subtle']}>Prometheus has no history of this element in the window.</p> : null}
    </Section>
  );
}

/** Code, flag and host tables of one direction. */
export function Responses({
  title,
  state,
  direction,
  protocol,
}: {
  readonly title: string;
  readonly state: JsonState<ElementDocument>;
  readonly direction: 'inbound' | 'outbound';
  readonly protocol: Protocol;
}): ReactNode {
  const { data, problem, loading, reload } = state;
  if (data !== null && data[direction].length === 0) return null;
  return (
    <Section title={title}>
      {problem === null ? null : <ErrorAlert problem={problem} onRetry={reload} />}
      {data === null && loading ? <Skeleton height="5rem" screenreaderText="The codes are being read" /> : null}
      {data === null ? null : <ResponseTables name={title} rows={data[direction]} protocol={protocol} />}
    </Section>
  );
}

/** Who called whom by SPIFFE id, with the plaintext callers named as such. */
export function Principals({ state, protocol }: { readonly state: JsonState<ElementDocument>; readonly protocol: Protocol }): ReactNode {
  const principals = state.data?.principals ?? null;
  if (principals === null || principals.length === 0) return null;
  const wordPrincipal = (principal: string): string =>
    principal === '' || principal === 'unknown' ? 'no identity (plaintext)' : principal;
  return (
    <Section title="Identities">
      <table className={styles['table']} aria-label="Identities of caller and target">
        <thead>
          <tr>
            <th scope="col">Caller → target</th>
            <th scope="col" className={styles['right']}>
              Rate
            </th>
          </tr>
        </thead>
        <tbody>
          {principals.map(({ source, destination, perSecond }) => (
            <tr key={`${source}>${destination}`}>
              <th scope="row" className={styles['break']}>
                {wordPrincipal(source)}
                <br />→ {wordPrincipal(destination)}
              </th>
              <td className={styles['right']}>{protocol === 'tcp' ? formatByteRate(perSecond) : formatRate(perSecond)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
