'use client';
// The list of dashboards. In: the list. Out: a card each, those that the reader may not open with the reason.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import Link from 'next/link';
import { type ReactNode, useMemo } from 'react';
import type { DashboardListDocument } from '../../model/dashboard';
import { ErrorState } from '../ui/error-state';
import { FilteredEmpty } from '../ui/filtered-empty';
import { plural } from '../ui/format';
import { Page } from '../ui/page';
import { SearchBox } from '../ui/search-box';
import { filterRows } from '../ui/table-rows';
import { useAddress } from '../ui/use-address';
import type { JsonState } from '../ui/use-json';
import styles from './dashboards.module.css';

export function DashboardsPage({ state }: { readonly state: JsonState<DashboardListDocument> }): ReactNode {
  const { data, problem, reload } = state;
  const [text, writeText] = useAddress('name');
  const shown = useMemo(() => filterRows(data?.dashboards ?? [], ({ title, about }) => [title, about], text), [data, text]);
  return (
    <Page
      title="Dashboards"
      beside={
        data === null ? null : (
          <span role="status" className={styles['subtle']}>
            {shown.length < data.dashboards.length ? `${shown.length} of ` : ''}
            {plural(data.dashboards.length, 'dashboard')}
          </span>
        )
      }
      end={<Link href="/query">Explore PromQL</Link>}
    >
      <section className={styles['toolbar']} aria-label="Filters">
        <SearchBox
          className={styles['search']}
          name="Filter dashboards"
          placeholder="Filter by title or what it shows"
          text={text}
          onText={writeText}
        />
      </section>
      {data === null || data.unread === null ? null : (
        <Alert
          isInline
          variant="warning"
          component="h2"
          title={`${data.unread} Its dashboards open, but have nothing to draw; those of runtimes are not listed.`}
        />
      )}
      {data === null ? (
        problem === null ? (
          <Skeleton height="16rem" screenreaderText="The dashboards are being read" />
        ) : (
          <ErrorState problem={problem} onRetry={reload} />
        )
      ) : shown.length === 0 ? (
        <FilteredEmpty filtered title="No dashboard passes the filter" onClear={() => writeText('')}>
          Another word may.
        </FilteredEmpty>
      ) : (
        <ul className={styles['cards']}>
          {shown.map(({ id, title, about, panels, closed, origin }) => (
            <li key={id} className={styles['card']}>
              <h2>{closed === null ? <Link href={`/dashboards/${id}`}>{title}</Link> : title}</h2>
              <p>{about}</p>
              <p className={styles['subtle']}>
                {plural(panels, 'panel')}
                {origin === 'builtIn' ? '' : ` from ${origin}`}
              </p>
              {closed === null ? null : <p className={styles['subtle']}>{`Not open to you: it ${closed}.`}</p>}
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
