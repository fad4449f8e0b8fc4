'use client';
// Kubernetes events, read in the reader's own name when the tab is open. In: the entity. Out: a table, or why there is none.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import type { ReactNode } from 'react';
import { ErrorAlert } from '../ui/error-alert';
import { formatAge, formatInstant } from '../ui/format';
import { SimpleTable } from '../ui/simple-table';
import { useJson } from '../ui/use-json';
import { useNow } from '../ui/use-now';
import { isEventsDocument } from './detail-guards';
import styles from './detail-page.module.css';
import { buildDetailPath } from './detail-words';
import type { TabProps } from './tab-props';

/** Events are asked of the API server, in the name of one reader: seldom. */
const REFRESH_MS = 30_000;

export function EventList({ entity, refreshSeconds, refreshCount, fetch }: TabProps): ReactNode {
  const { data, problem, reload } = useJson(buildDetailPath(entity, '').replace('/api/details/', '/api/events/'), {
    guard: isEventsDocument,
    refreshCount,
    refreshMs: refreshSeconds === 0 ? 0 : Math.max(REFRESH_MS, refreshSeconds * 1000),
    dropOnChange: true,
    ...(fetch === undefined ? {} : { fetch }),
  });
  const now = useNow(10_000);
  if (data === null)
    return problem === null ? (
      <Skeleton height="3rem" screenreaderText="The events are being read" />
    ) : (
      <ErrorAlert problem={problem} onRetry={reload} heading="h3" />
    );
  if (data.events.length === 0)
    return <p className={styles['subtle']}>The API server keeps no event about it (it forgets them after an hour).</p>;
  return (
    <>
      {problem === null ? null : <ErrorAlert problem={problem} onRetry={reload} heading="h3" />}
      <SimpleTable name="Events" heads={['When', 'Type', 'Reason', 'About', 'Message']} scroll>
        {data.events.map((event) => (
          <tr key={`${event.about} ${event.reason} ${event.lastAtMs} ${event.message}`}>
            <td title={formatInstant(event.lastAtMs)}>
              {now === null ? '' : `${formatAge(Math.max(0, now - event.lastAtMs))} ago`}
              {event.count > 1 ? `, ${event.count} times` : ''}
            </td>
            <td>{event.type}</td>
            <td>{event.reason}</td>
            <td>{event.about}</td>
            <td>{event.message}</td>
          </tr>
        ))}
      </SimpleTable>
      {data.more > 0 ? <p className={styles['subtle']}>and {data.more} older ones.</p> : null}
    </>
  );
}
