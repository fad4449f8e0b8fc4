'use client';
// The frame of a page about one namespace, app, workload or service: what it is, how it fares, its tabs, and the states in which there is
// less to show. In: the entity, its document, the session. Out: the page; each tab is a chunk of its own.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import type { ComponentType, ReactNode } from 'react';
import type { DetailDocument } from '../../model/detail';
import { buildEntityPath, type DetailTab, TABS_OF } from '../../model/entity';
import { ErrorAlert } from '../ui/error-alert';
import { HealthStatusText } from '../ui/health-status';
import { Page } from '../ui/page';
import type { JsonState } from '../ui/use-json';
import styles from './detail-page.module.css';
import { DetailProblem, PartialNotice } from './detail-states';
import { elsewhere, KIND_WORDS, TAB_WORDS } from './detail-words';
import type { DetailTabProps, TabProps } from './tab-props';

const Waiting = (): ReactNode => <Skeleton height="20rem" screenreaderText="This part of the page is being loaded" />;
// Next reads these options when it builds: each is written out.
const LogsTab = dynamic(() => import('../logs/logs-tab').then((file) => file.LogsTab), { ssr: false, loading: Waiting });
const MetricsTab = dynamic(() => import('../metrics-tab/metrics-tab').then((file) => file.MetricsTab), { ssr: false, loading: Waiting });
const RoutingTab = dynamic(() => import('../changes/service-routing').then((file) => file.ServiceRouting), {
  ssr: false,
  loading: Waiting,
});

const OverviewTab = dynamic(() => import('./overview-tab').then((file) => file.OverviewTab), { ssr: false, loading: Waiting });
const TrafficTab = dynamic(() => import('./traffic-tab').then((file) => file.TrafficTab), { ssr: false, loading: Waiting });
const ConfigurationTab = dynamic(() => import('./configuration-tab').then((file) => file.ConfigurationTab), {
  ssr: false,
  loading: Waiting,
});

/** Tabs that show the page's document. */
const DOCUMENT_TABS: Readonly<Partial<Record<DetailTab, ComponentType<DetailTabProps>>>> = {
  overview: OverviewTab,
  traffic: TrafficTab,
  configuration: ConfigurationTab,
};

/** Tabs that read what they show by themselves. */
const OWN_TABS: Readonly<Partial<Record<DetailTab, ComponentType<TabProps>>>> = {
  logs: LogsTab,
  metrics: MetricsTab,
  routing: RoutingTab,
};

interface Props extends TabProps {
  readonly state: JsonState<DetailDocument>;
  readonly tab: DetailTab;
  /** Kept in the links of the tabs: the window. */
  readonly query: string;
  /** To the graph around it. */
  readonly graphHref: string;
}

const withQuery = (path: string, query: string): string => (query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`);

function Tabs({ entity, tab, query }: Pick<Props, 'entity' | 'tab' | 'query'>): ReactNode {
  return (
    <nav className={styles['tabs']} aria-label={`Parts of the ${KIND_WORDS[entity.kind].toLowerCase()}`}>
      {TABS_OF[entity.kind]
        .filter((one) => OWN_TABS[one] !== undefined || DOCUMENT_TABS[one] !== undefined)
        .map((one) => (
          <Link
            key={one}
            href={withQuery(buildEntityPath(entity, one), query)}
            prefetch={false}
            scroll={false}
            aria-current={one === tab ? 'page' : undefined}
          >
            {TAB_WORDS[one]}
          </Link>
        ))}
    </nav>
  );
}

function Above({ entity, query }: Pick<Props, 'entity' | 'query'>): ReactNode {
  const { kind, namespace } = entity;
  if (kind === 'namespace') return <p className={styles['above']}>{KIND_WORDS.namespace}</p>;
  return (
    <p className={styles['above']}>
      {KIND_WORDS[kind]} in{' '}
      <Link href={withQuery(buildEntityPath({ kind: 'namespace', namespace, name: namespace }), query)} prefetch={false}>
        {namespace}
      </Link>
    </p>
  );
}

export function DetailPage(props: Props): ReactNode {
  const { state, tab, query, graphHref, ...given } = props;
  const { entity } = given;
  const { data, problem } = state;
  const Own = OWN_TABS[tab];
  const Shown = DOCUMENT_TABS[tab];
  // What is not there, or may not be seen, has no parts.
  const gone = data === null && (problem?.code === 'notFound' || problem?.code === 'forbidden');
  return (
    <Page
      title={entity.name}
      above={<Above entity={entity} query={query} />}
      beside={data === null ? undefined : <HealthStatusText status={data.health.status} />}
      end={
        gone ? undefined : (
          <nav className={styles['links']} aria-label="Elsewhere">
            <Link href={graphHref}>Show in the graph</Link>
            {elsewhere(entity, data).map(({ href, text }) => (
              <Link key={href} href={href} prefetch={false}>
                {text}
              </Link>
            ))}
          </nav>
        )
      }
    >
      {gone ? null : <Tabs entity={entity} tab={tab} query={query} />}
      {data === null ? null : <PartialNotice document={data} />}
      {problem === null || data === null ? null : (
        <ErrorAlert
          problem={{ ...problem, next: `What is shown is the last that was read. ${problem.next}` }}
          onRetry={state.reload}
          heading="h2"
        />
      )}
      {gone ? (
        <DetailProblem entity={entity} problem={problem} onRetry={state.reload} />
      ) : Own !== undefined ? (
        <Own {...given} />
      ) : data !== null && Shown !== undefined ? (
        <Shown {...given} query={query} document={data} />
      ) : problem === null ? (
        <Waiting />
      ) : (
        <DetailProblem entity={entity} problem={problem} onRetry={state.reload} />
      )}
    </Page>
  );
}
