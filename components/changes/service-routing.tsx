'use client';
// The routing tab of a service's page: reads the routing and shows it, or the states in which there is nothing to show. In: entity, session. Out: the tab.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import type { ReactNode } from 'react';
import type { EntityRef } from '../../model/entity';
import type { SessionState } from '../live/session-store';
import { ErrorAlert } from '../ui/error-alert';
import { ErrorState } from '../ui/error-state';
import { useJson } from '../ui/use-json';
import styles from './routing.module.css';
import { RoutingTab } from './routing-tab';
import { isServiceRoutingDocument } from './steering-guards';
import { useEditRight } from './use-edit-right';
import { readUser, useSender } from './use-sender';

interface Props {
  readonly entity: EntityRef;
  readonly session: SessionState;
  /** 0 = paused. */
  readonly refreshSeconds: number;
  /** Grows when everything is to be read anew. */
  readonly refreshCount: number;
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

export function ServiceRouting({ entity: { namespace, name }, session, refreshSeconds, refreshCount, fetch }: Props): ReactNode {
  const path = `/api/services/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/routing`;
  const { data, problem, loading, reload } = useJson(path, {
    guard: isServiceRoutingDocument,
    refreshCount,
    refreshMs: refreshSeconds * 1000,
    dropOnChange: true,
    ...(fetch === undefined ? {} : { fetch }),
  });
  const sender = useSender(session, fetch);
  const right = useEditRight(namespace, fetch);
  // Drafts are somebody's: nothing is edited before it is known whose.
  const waiting = data !== null && session.me === null && session.problem === null;
  return (
    <div className={styles['narrow']}>
      {problem === null ? null : data === null ? (
        <ErrorState problem={problem} onRetry={reload} />
      ) : (
        <ErrorAlert
          problem={{ ...problem, next: `What is shown is the last that was read. ${problem.next}` }}
          onRetry={reload}
          heading="h2"
        />
      )}
      {(data === null && loading) || waiting ? (
        <div className={styles['tab']}>
          <Skeleton height="3rem" screenreaderText="The routing is being read" />
          <Skeleton height="12rem" />
          <Skeleton height="8rem" />
        </div>
      ) : null}
      {data === null ? null : <RoutingTab document={data} user={readUser(session)} sender={sender} right={right} onReload={reload} />}
    </div>
  );
}
