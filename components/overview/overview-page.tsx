'use client';
// The overview: every namespace with its health, traffic and mTLS, filtered and ordered. In: the namespaces document. Out: cards or a list.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import ListIcon from '@patternfly/react-icons/dist/esm/icons/list-icon';
import ThLargeIcon from '@patternfly/react-icons/dist/esm/icons/th-large-icon';
import { type ReactNode, useMemo } from 'react';
import type { NamespacesDocument } from '../../model/wire';
import { ChoiceSelect } from '../ui/choice-select';
import { ErrorState } from '../ui/error-state';
import { FilteredEmpty } from '../ui/filtered-empty';
import { formatByteRate, formatRate, formatShare, plural } from '../ui/format';
import { HealthCounts } from '../ui/health-status';
import { HEALTH_ORDER } from '../ui/health-words';
import { Page } from '../ui/page';
import { SearchBox } from '../ui/search-box';
import { useAddress } from '../ui/use-address';
import type { JsonState } from '../ui/use-json';
import { useStored } from '../ui/use-stored';
import { NamespaceCard } from './namespace-card';
import { listNamespaces, MODES, type NamespaceTotals, SORTS, sumNamespaces } from './namespace-filter';
import { NamespaceList } from './namespace-list';
import { HEALTH_CHOICES, MODE_CHOICES, SORT_CHOICES } from './namespace-words';
import styles from './overview.module.css';

type Layout = 'cards' | 'list';
const decodeLayout = (text: string): Layout | null => (text === 'cards' || text === 'list' ? text : null);

interface Props {
  readonly state: JsonState<NamespacesDocument>;
  /** Names chosen in the masthead; empty = all. */
  readonly names: readonly string[];
  readonly graphHref: (namespace: string) => string;
  readonly onOpenGraph: (namespace: string) => void;
  readonly onShowAll: () => void;
}

function Totals({ totals }: { readonly totals: NamespaceTotals }): ReactNode {
  return (
    <dl className={styles['totals']}>
      <div>
        <dt>{totals.namespaces === 1 ? 'namespace' : 'namespaces'}</dt>
        <dd>{totals.namespaces}</dd>
      </div>
      <div>
        <dt>by health</dt>
        <dd>
          <HealthCounts counts={totals.health} name="Namespaces" />
        </dd>
      </div>
      <div>
        <dt>workloads</dt>
        <dd>{totals.workloads}</dd>
      </div>
      <div>
        <dt>services</dt>
        <dd>{totals.services}</dd>
      </div>
      <div>
        <dt>requests in</dt>
        <dd>{formatRate(totals.requestsPerSecond)}</dd>
      </div>
      <div>
        <dt>errors</dt>
        <dd>{formatShare(totals.errorShare)}</dd>
      </div>
      <div>
        <dt>TCP in</dt>
        <dd>{formatByteRate(totals.tcpBytesPerSecond)}</dd>
      </div>
    </dl>
  );
}

function Loading(): ReactNode {
  return (
    <div className={styles['cards']} role="status" aria-label="The namespaces are being read">
      {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
        <Skeleton key={key} height="13rem" />
      ))}
    </div>
  );
}

export function OverviewPage({ state, names, graphHref, onOpenGraph, onShowAll }: Props): ReactNode {
  const [text, writeText] = useAddress('name');
  const [healthText, writeHealth] = useAddress('health');
  const [modeText, writeMode] = useAddress('mode');
  const [sortText, writeSort] = useAddress('sort');
  const [layout, chooseLayout] = useStored<Layout>('heddle.overview', 'cards', decodeLayout, String);
  const health = HEALTH_ORDER.find((one) => one === healthText) ?? null;
  const mode = MODES.find((one) => one === modeText) ?? null;
  const sort = SORTS.find((one) => one === sortText) ?? 'health';
  const all = state.data?.namespaces;
  const shown = useMemo(
    () => (all === undefined ? [] : listNamespaces(all, { text, health, mode, sort, names })),
    [all, text, health, mode, sort, names],
  );
  const totals = useMemo(() => sumNamespaces(shown), [shown]);
  const showCluster = useMemo(() => new Set(all?.map((one) => one.cluster)).size > 1, [all]);
  const clear = (): void => {
    writeText('');
    writeHealth('');
    writeMode('');
    onShowAll();
  };

  const filtered = all !== undefined && shown.length < all.length;
  const empty = (
    <FilteredEmpty filtered={filtered} title={filtered ? 'No namespace passes the filters' : 'No namespaces yet'} onClear={clear}>
      {filtered
        ? `${plural(all.length, 'namespace')} of the mesh ${all.length === 1 ? 'is' : 'are'} hidden by the filters.`
        : 'The mesh shows no namespace: label one with istio-injection=enabled or istio.io/dataplane-mode=ambient, or check what the service account of the console may list.'}
    </FilteredEmpty>
  );

  let body: ReactNode;
  if (all === undefined) body = state.problem === null ? <Loading /> : <ErrorState problem={state.problem} onRetry={state.reload} />;
  else if (shown.length === 0) body = empty;
  else if (layout === 'list') body = <NamespaceList shown={shown} showCluster={showCluster} onOpen={onOpenGraph} empty={empty} />;
  else
    body = (
      <ul className={styles['cards']}>
        {shown.map((summary) => (
          <NamespaceCard
            key={`${summary.cluster}/${summary.name}`}
            summary={summary}
            href={graphHref(summary.name)}
            showCluster={showCluster}
          />
        ))}
      </ul>
    );

  return (
    <Page title="Overview" beside={all === undefined ? null : <Totals totals={totals} />}>
      <section className={styles['toolbar']} aria-label="Filters">
        <SearchBox
          className={styles['search']}
          name="Filter by name or label"
          placeholder="Filter by name or label"
          text={text}
          onText={writeText}
        />
        <ChoiceSelect
          name="Health"
          className={styles['select'] ?? ''}
          value={health ?? ''}
          choices={HEALTH_CHOICES}
          onChoose={writeHealth}
        />
        <ChoiceSelect name="Mode" className={styles['select'] ?? ''} value={mode ?? ''} choices={MODE_CHOICES} onChoose={writeMode} />
        {layout === 'cards' ? (
          <ChoiceSelect
            name="Order"
            className={styles['select'] ?? ''}
            value={sort}
            choices={SORT_CHOICES}
            onChoose={(next) => writeSort(next === 'health' ? '' : next)}
          />
        ) : null}
        <ToggleGroup aria-label="Layout" className={styles['layout'] ?? ''}>
          <ToggleGroupItem
            icon={<ThLargeIcon />}
            aria-label="Cards"
            buttonId="layout-cards"
            isSelected={layout === 'cards'}
            onChange={() => chooseLayout('cards')}
          />
          <ToggleGroupItem
            icon={<ListIcon />}
            aria-label="List"
            buttonId="layout-list"
            isSelected={layout === 'list'}
            onChange={() => chooseLayout('list')}
          />
        </ToggleGroup>
      </section>
      {body}
    </Page>
  );
}
