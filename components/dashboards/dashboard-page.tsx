'use client';
// A dashboard: its variables and range above, its panels in rows. In: its id, the refresh choice. Out: the page; the address is its state.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { DashboardDocument } from '../../model/dashboard';
import { ErrorAlert } from '../ui/error-alert';
import { ErrorState } from '../ui/error-state';
import { Page } from '../ui/page';
import type { JsonState } from '../ui/use-json';
import styles from './dashboards.module.css';
import { buildGrafanaHref } from './grafana-link';
import { PanelCard } from './panel-card';
import { RangeSelect } from './range-select';
import { useDashboardAddress } from './use-dashboard-address';
import { VariableSelect } from './variable-select';
import { WideDialog } from './wide-dialog';

interface Props {
  readonly id: string;
  readonly state: JsonState<DashboardDocument>;
  readonly refreshSeconds: number;
  readonly refreshCount: number;
}

/** Panels are heavier than a page of the graph: they are asked for no more often than this. */
const LEAST_REFRESH_SECONDS = 15;

export function DashboardPage({ id, state, refreshSeconds, refreshCount }: Props): ReactNode {
  const address = useDashboardAddress();
  const { choice, range, comparison, expanded, query, write, problem: unread } = address;
  const { data, problem, reload } = state;
  const above = <Link href="/dashboards">Dashboards</Link>;
  if (data === null)
    return (
      <Page title={problem === null ? 'Dashboard' : problem.title} above={above}>
        {problem === null ? (
          <Skeleton height="20rem" screenreaderText="The dashboard is being read" />
        ) : (
          <ErrorState
            problem={problem}
            onRetry={reload}
            elsewhere={
              <Link className="pf-v6-c-button pf-m-primary" href="/dashboards">
                All dashboards
              </Link>
            }
          />
        )}
      </Page>
    );
  const { dashboard, variables } = data;
  const refreshMs = refreshSeconds === 0 || range.atSeconds !== null ? 0 : Math.max(LEAST_REFRESH_SECONDS, refreshSeconds) * 1000;
  const zoom = (fromMs: number, toMs: number): void =>
    write({ range: { rangeSeconds: Math.max(60, Math.round((toMs - fromMs) / 1000)), atSeconds: Math.round(toMs / 1000) } });
  const panels = dashboard.rows.flatMap((row) => row.panels);
  const wide = panels.find((panel) => panel.id === expanded);
  const common = { dashboard: id, query, refreshMs, refreshCount, comparison, onRange: zoom };
  return (
    <Page
      title={dashboard.title}
      above={above}
      end={
        data.grafana === null ? undefined : (
          <a href={buildGrafanaHref(data.grafana, Object.fromEntries(variables.map(({ name, chosen }) => [name, chosen])), range)}>
            Open in Grafana
          </a>
        )
      }
    >
      <section className={styles['toolbar']} aria-label="What is shown">
        {dashboard.variables.map((variable) => {
          const offered = variables.find(({ name }) => name === variable.name);
          if (offered === undefined) return null;
          return (
            <VariableSelect
              key={variable.name}
              variable={variable}
              offered={offered}
              onChoose={(values) => write({ choice: { ...choice, [variable.name]: values } })}
            />
          );
        })}
        <RangeSelect range={range} comparison={comparison} write={write} />
      </section>
      {unread === null ? null : (
        <Alert variant="warning" isInline title="The address cannot be read">
          {unread}
        </Alert>
      )}
      {problem === null ? null : <ErrorAlert problem={problem} onRetry={reload} />}
      {dashboard.notes.length === 0 ? null : (
        <Alert variant="info" isInline title="Not everything could be taken over">
          <ul>
            {dashboard.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Alert>
      )}
      {dashboard.rows.map((row) => (
        <section key={row.title} aria-label={row.title}>
          <h2 className={styles['rowTitle']}>{row.title}</h2>
          <div className={styles['grid']}>
            {row.panels.map((panel) => (
              <PanelCard key={panel.id} panel={panel} {...common} onExpand={(expandedId) => write({ expanded: expandedId })} />
            ))}
          </div>
        </section>
      ))}
      {wide === undefined ? null : (
        <WideDialog title={wide.title} onClose={() => write({ expanded: '' })}>
          <PanelCard panel={wide} {...common} onExpand={null} />
        </WideDialog>
      )}
    </Page>
  );
}
