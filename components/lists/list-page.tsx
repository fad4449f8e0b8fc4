'use client';
// A list of namespaces, applications, workloads or services: filtered, sorted, in the columns that its reader chose. In: the document, the
// address. Out: the page. A row leads to its page.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import { type ReactNode, useMemo } from 'react';
import { ENTITY_PATHS, type EntityKind } from '../../model/entity';
import type { ListDocument, ListRow } from '../../model/list';
import {
  columnKeysOf,
  csvColumnsOf,
  decodeColumns,
  LIST_COLUMN_FACTS,
  type ListColumnKey,
  standardColumnsOf,
} from '../../model/list-columns';
import { filterList } from '../../model/list-filter';
import { DataTable } from '../ui/data-table';
import { ErrorAlert } from '../ui/error-alert';
import { ErrorState } from '../ui/error-state';
import { FilteredEmpty } from '../ui/filtered-empty';
import { plural, wordAbsent } from '../ui/format';
import { ListActions } from '../ui/list-actions';
import { Page } from '../ui/page';
import { encodeCsv } from '../ui/table-rows';
import { useAddress } from '../ui/use-address';
import { useColumns } from '../ui/use-columns';
import type { JsonState } from '../ui/use-json';
import { buildColumns, hrefOf } from './list-cells';
import { ListToolbar } from './list-toolbar';
import { LIST_NOUNS, LIST_TITLES } from './list-words';
import styles from './lists.module.css';
import { useListFilter } from './use-list-filter';

interface Props {
  readonly kind: EntityKind;
  readonly state: JsonState<ListDocument>;
  /** Names chosen in the masthead; empty = all. */
  readonly namespaces: readonly string[];
  /** Those of them that there are not. */
  readonly absent: readonly string[];
  /** The window as a query, which goes along to the pages of the rows. */
  readonly windowQuery: string;
  readonly collectsP95: boolean;
  readonly onCollectP95: (collects: boolean) => void;
  readonly onOpen: (href: string) => void;
  readonly onAllNamespaces: () => void;
}

const keyOf = (row: ListRow): string => `${row.cluster}/${row.namespace}/${row.name}`;
const decoders: Readonly<Record<EntityKind, (text: string) => readonly ListColumnKey[] | null>> = {
  namespace: (text) => decodeColumns('namespace', text),
  app: (text) => decodeColumns('app', text),
  workload: (text) => decodeColumns('workload', text),
  service: (text) => decodeColumns('service', text),
};
const STANDARD = {
  namespace: standardColumnsOf('namespace'),
  app: standardColumnsOf('app'),
  workload: standardColumnsOf('workload'),
  service: standardColumnsOf('service'),
} as const;

function Loading({ kind }: { readonly kind: EntityKind }): ReactNode {
  return (
    <div role="status" aria-label={`The ${LIST_NOUNS[kind]}s are being read`} className={styles['skeletons']}>
      {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((key) => (
        <Skeleton key={key} height="2rem" />
      ))}
    </div>
  );
}

const unhealthyOf = (rows: readonly ListRow[]): number =>
  rows.filter(({ health }) => health === 'failure' || health === 'degraded' || health === 'notReady').length;

export function ListPage(props: Props): ReactNode {
  const { kind, state, namespaces, absent, windowQuery, collectsP95, onCollectP95, onOpen, onAllNamespaces } = props;
  const filterState = useListFilter(namespaces);
  const { filter } = filterState;
  const [sortText, writeSort] = useAddress('order');
  const [shownColumns, chooseColumns] = useColumns(kind, STANDARD[kind], decoders[kind]);
  // What another list was asked for may stay until this one is there.
  const document = state.data?.kind === kind ? state.data : null;
  const all = document?.rows;
  const shown = useMemo(() => (all === undefined ? [] : filterList(all, filter)), [all, filter]);
  const clusterKnown = document === null || document.freshness.cluster.atMs !== null;
  const columns = useMemo(
    () => buildColumns(kind, shownColumns, windowQuery, clusterKnown),
    [kind, shownColumns, windowQuery, clusterKnown],
  );
  const sort = useMemo(() => {
    const [key = '', direction] = sortText.split('.');
    return columnKeysOf(kind).some((one) => one === key) ? { key, descending: direction === 'desc' } : { key: 'health', descending: false };
  }, [kind, sortText]);
  const noun = LIST_NOUNS[kind];
  const filtered = all !== undefined && (shown.length < all.length || namespaces.length > 0);
  const clear = (): void => {
    filterState.clear();
    onAllNamespaces();
  };
  const empty = (
    <FilteredEmpty filtered={filtered} title={filtered ? `No ${noun} passes the filters` : `No ${noun}s yet`} onClear={clear}>
      {absent.length > 0 ? `${wordAbsent(absent)} ` : ''}
      {filtered
        ? all.length === 0
          ? `No ${noun} is in the namespaces that are chosen above.`
          : `${plural(all.length, noun)} ${all.length === 1 ? 'is' : 'are'} hidden by the filters.`
        : `Neither the Kubernetes API nor the metrics know of a ${noun} in the namespaces that you may see. Your account page says which these are.`}
    </FilteredEmpty>
  );

  let body: ReactNode;
  if (document === null)
    body = state.problem === null ? <Loading kind={kind} /> : <ErrorState problem={state.problem} onRetry={state.reload} />;
  else if (shown.length === 0) body = empty;
  else
    body = (
      <DataTable
        name={LIST_TITLES[kind]}
        columns={columns}
        rows={shown}
        keyOf={keyOf}
        standardSort={sort}
        onSort={({ key, descending }) => writeSort(descending ? `${key}.desc` : key)}
        onSelect={(key) => {
          const row = shown.find((one) => keyOf(one) === key);
          if (row !== undefined) onOpen(hrefOf(kind, row, windowQuery));
        }}
        empty={empty}
      />
    );
  const wrong = unhealthyOf(shown);
  const asksP95 = document !== null && document.atMs !== null && shownColumns.includes('p95');

  return (
    <Page
      title={LIST_TITLES[kind]}
      fill
      beside={
        all === undefined ? null : (
          <p role="status" className={styles['subtle']}>
            {shown.length < all.length ? `${shown.length} of ${plural(all.length, noun)}` : plural(all.length, noun)}
            {wrong === 0 ? '' : `, ${wrong} not healthy`}
          </p>
        )
      }
      end={
        <ListActions
          csv={() => encodeCsv(shown, csvColumnsOf(kind))}
          file={`${ENTITY_PATHS[kind]}.csv`}
          columns={columnKeysOf(kind).map((key) => ({ key, title: LIST_COLUMN_FACTS[key].title }))}
          shown={shownColumns}
          onColumns={chooseColumns}
          fixed="name"
        />
      }
    >
      {document !== null && state.problem !== null ? <ErrorAlert problem={state.problem} onRetry={state.reload} heading="h2" /> : null}
      <ListToolbar kind={kind} all={all ?? []} state={filterState} />
      {document !== null && document.atMs === null ? (
        <p role="note" className={styles['note']}>
          No metrics: rates, errors and mTLS are not known; health is that of the pods.
        </p>
      ) : null}
      {document !== null && document.freshness.cluster.atMs === null ? (
        <p role="note" className={styles['note']}>
          The Kubernetes API says nothing: the list holds what the metrics know, without pods, labels and configuration.
        </p>
      ) : null}
      {asksP95 && document.quantilesAtMs === null ? (
        <p role="note" className={styles['note']}>
          {collectsP95 ? (
            'P95 is being collected; histograms come with one of the next refreshes.'
          ) : (
            <>
              P95 is not collected: its histograms cost Prometheus more than all other columns.{' '}
              <Button variant="link" isInline size="sm" onClick={() => onCollectP95(true)}>
                Collect P95
              </Button>
            </>
          )}
        </p>
      ) : asksP95 && collectsP95 ? (
        <p role="note" className={styles['note']}>
          P95 is collected for you.{' '}
          <Button variant="link" isInline size="sm" onClick={() => onCollectP95(false)}>
            Stop
          </Button>
        </p>
      ) : null}
      {body}
    </Page>
  );
}
