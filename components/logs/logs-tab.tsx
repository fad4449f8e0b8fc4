'use client';
// Logs of everything behind a workload, an application or a service: live, merged by time or side by side. In: the entity. Out: the tab.
import { EmptyState, EmptyStateBody } from '@patternfly/react-core/dist/esm/components/EmptyState';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import type { ReactNode } from 'react';
import { ENTITY_PATHS, type EntityRef } from '../../model/entity';
import type { LogPodsDocument } from '../../model/log';
import type { SessionState } from '../live/session-store';
import { ErrorState } from '../ui/error-state';
import { useJson } from '../ui/use-json';
import { isLogPods } from './log-guards';
import { Forbidden } from './log-states';
import { LogViewer } from './log-viewer';

interface Props {
  readonly entity: EntityRef;
  readonly session: SessionState;
  readonly refreshSeconds: number;
  /** Grows when everything is to be read anew. */
  readonly refreshCount: number;
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

/** Pods come and go: the list is read now and then, whatever the page's own pace. */
const PODS_MS = 15_000;

export function LogsTab({ entity, session, refreshCount, fetch }: Props): ReactNode {
  const { kind, namespace, name } = entity;
  const path = `/api/logs/${encodeURIComponent(namespace)}/pods?kind=${kind}&name=${encodeURIComponent(name)}`;
  const given = fetch === undefined ? {} : { fetch };
  const { data, problem, loading, reload } = useJson<LogPodsDocument>(path, {
    guard: isLogPods,
    refreshCount,
    refreshMs: PODS_MS,
    dropOnChange: true,
    ...given,
  });
  const user = session.me?.user?.name ?? null;
  if (data === null)
    return loading || problem === null ? (
      <Skeleton height="20rem" screenreaderText="The pods are being read" />
    ) : problem.code === 'forbidden' ? (
      <Forbidden namespace={namespace} user={user} detail={problem.detail} />
    ) : (
      <ErrorState problem={problem} onRetry={reload} />
    );
  if (data.allowed === false) return <Forbidden namespace={namespace} user={user} detail="" />;
  if (data.pods.length === 0)
    return (
      <EmptyState titleText="No pods" headingLevel="h2" variant="lg">
        <EmptyStateBody>
          Nothing runs behind this {kind === 'app' ? 'application' : kind} now, so there are no logs to read. The list of pods is looked at
          again every 15 seconds.
        </EmptyStateBody>
      </EmptyState>
    );
  return <LogViewer key={`${ENTITY_PATHS[kind]}/${namespace}/${name}`} document={data} user={user} {...given} />;
}
