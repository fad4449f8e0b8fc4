'use client';
// All configuration that the reader may see: filtered, sorted, copied, and the way to a new object. In: the address, /api/config. Out: the page.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import { type ReactNode, useMemo } from 'react';
import type { ConfigKind } from '../../model/inventory';
import { FINDING_CHOICES } from '../../model/list-filter';
import type { ConfigListDocument, ConfigRow } from '../../model/steering';
import { ChoiceSelect } from '../ui/choice-select';
import { configHref } from '../ui/config-address';
import { DataTable } from '../ui/data-table';
import { ErrorAlert } from '../ui/error-alert';
import { ErrorState } from '../ui/error-state';
import { FilteredEmpty } from '../ui/filtered-empty';
import { plural, wordAbsent } from '../ui/format';
import { ListActions } from '../ui/list-actions';
import { NarrowFold } from '../ui/narrow-fold';
import { Page } from '../ui/page';
import { SearchBox } from '../ui/search-box';
import { encodeCsv } from '../ui/table-rows';
import { useAddress } from '../ui/use-address';
import { useColumns } from '../ui/use-columns';
import type { JsonState } from '../ui/use-json';
import { useNow } from '../ui/use-now';
import styles from './config.module.css';
import { buildColumns } from './config-columns';
import { isConfigKind, wordConfigKind } from './config-kinds';
import { CSV_COLUMNS, countChoices, listRows, NO_OWNER, sumFindings } from './config-rows';
import { CreateMenu } from './create-menu';
import { EntityFindings } from './entity-findings';
import { FINDING_OPTIONS } from './finding-options';

const COLUMNS = buildColumns(null).map(({ key, title }) => ({ key, title }));
const COLUMN_KEYS = COLUMNS.map(({ key }) => key);
const STANDARD = COLUMN_KEYS.filter((key) => key !== 'labels');
const SORT_KEYS: ReadonlySet<string> = new Set(COLUMN_KEYS);

/** The columns that a text names, with the name; null where it names none. */
function decodeColumns(text: string): readonly string[] | null {
  const wanted = new Set(text.split(','));
  const found = COLUMN_KEYS.filter((key) => wanted.has(key));
  return found.length === 0 ? null : COLUMN_KEYS.filter((key) => key === 'name' || wanted.has(key));
}

interface Props {
  readonly state: JsonState<ConfigListDocument>;
  /** Names chosen in the masthead; empty = all. */
  readonly namespaces: readonly string[];
  /** Those of them that there are not. */
  readonly absent: readonly string[];
  /** Namespaces in which something can be made. */
  readonly known: readonly string[];
  readonly onOpen: (href: string) => void;
  readonly onAllNamespaces: () => void;
}

const keyOf = (row: ConfigRow): string => configHref(row.ref);

export function ConfigListPage({ state, namespaces, absent, known, onOpen, onAllNamespaces }: Props): ReactNode {
  const [text, writeText] = useAddress('text');
  const [kindText, writeKind] = useAddress('kind');
  const [findingsText, writeFindings] = useAddress('findings');
  const [owner, writeOwner] = useAddress('owner');
  const [sortText, writeSort] = useAddress('order');
  const nowMs = useNow(30_000);
  const all = state.data?.rows;
  const kind: ConfigKind | null = isConfigKind(kindText) ? kindText : null;
  const findings = FINDING_CHOICES.find((one) => one === findingsText) ?? null;
  const shown = useMemo(
    () => (all === undefined ? [] : listRows(all, { text, kind, namespaces, findings, owner: owner === '' ? null : owner })),
    [all, text, kind, namespaces, findings, owner],
  );
  const choices = useMemo(() => countChoices(all ?? []), [all]);
  const [shownColumns, chooseColumns] = useColumns('config', STANDARD, decodeColumns);
  const columns = useMemo(() => buildColumns(nowMs).filter(({ key }) => shownColumns.includes(key)), [nowMs, shownColumns]);
  const sort = useMemo(() => {
    const [key = 'findings', direction] = sortText.split('.');
    return SORT_KEYS.has(key) ? { key, descending: direction === 'desc' } : { key: 'findings', descending: false };
  }, [sortText]);
  const clear = (): void => {
    writeText('');
    writeKind('');
    writeFindings('');
    writeOwner('');
    onAllNamespaces();
  };
  const chosen = [kind, findings, owner].filter((one) => one !== null && one !== '').length;
  const filtered = all !== undefined && shown.length < all.length;
  const wrong = shown.filter((row) => sumFindings(row) > 0).length;
  const entities = (state.data?.entities ?? []).filter(({ entity }) => namespaces.length === 0 || namespaces.includes(entity.namespace));
  const unserved = state.data?.kinds.filter((one) => one.apiVersion === null) ?? [];

  const empty = (
    <FilteredEmpty filtered={filtered} title={filtered ? 'No object passes the filters' : 'No configuration yet'} onClear={clear}>
      {absent.length > 0 ? `${wordAbsent(absent)} ` : ''}
      {filtered
        ? `${plural(all.length, 'object')} ${all.length === 1 ? 'is' : 'are'} hidden by the filters${namespaces.length === 0 ? '' : ' and the namespaces that are chosen above'}.`
        : 'No object of Istio or the Gateway API is in the namespaces that you may see. Create makes the first.'}
    </FilteredEmpty>
  );

  let body: ReactNode;
  if (all === undefined)
    body =
      state.problem === null ? (
        <div role="status" aria-label="The configuration is being read" className={styles['skeletons']}>
          {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key) => (
            <Skeleton key={key} height="2rem" />
          ))}
        </div>
      ) : (
        <ErrorState problem={state.problem} onRetry={state.reload} />
      );
  else if (shown.length === 0) body = empty;
  else
    body = (
      <DataTable
        name="Configuration"
        columns={columns}
        rows={shown}
        keyOf={keyOf}
        standardSort={sort}
        onSort={({ key, descending }) => writeSort(descending ? `${key}.desc` : key)}
        onSelect={onOpen}
        empty={empty}
      />
    );

  return (
    <Page
      title="Configuration"
      fill
      beside={
        all === undefined ? null : (
          <p role="status" className={styles['subtle']}>
            {filtered ? `${shown.length} of ${plural(all.length, 'object')}` : plural(all.length, 'object')}
            {wrong === 0 ? '' : `, ${wrong} with findings`}
          </p>
        )
      }
      end={
        <div className={styles['headEnd']}>
          <ListActions
            csv={() => encodeCsv(shown, CSV_COLUMNS)}
            file="configuration.csv"
            columns={COLUMNS}
            shown={shownColumns}
            onColumns={chooseColumns}
            fixed="name"
          />
          <CreateMenu kinds={state.data?.kinds ?? []} known={known} chosen={namespaces} />
        </div>
      }
    >
      {all !== undefined && state.problem !== null ? <ErrorAlert problem={state.problem} onRetry={state.reload} heading="h2" /> : null}
      <section className={styles['toolbar']} aria-label="Filters">
        <SearchBox
          className={styles['search']}
          name="Filter by name, label=value, kind, summary or owner"
          placeholder="Name, app=reviews, summary, owner …"
          text={text}
          onText={writeText}
        />
        <NarrowFold label={chosen === 0 ? 'More filters' : `More filters, ${chosen} chosen`}>
          <ChoiceSelect
            name="Kind"
            className={styles['select'] ?? ''}
            value={kind ?? ''}
            choices={[
              { value: '', label: 'All kinds' },
              ...choices.kinds.map(([one, count]) => ({ value: one, label: `${wordConfigKind(one)} (${count})` })),
              ...(kind === null || choices.kinds.some(([one]) => one === kind)
                ? []
                : [{ value: kind, label: `${wordConfigKind(kind)} (0)` }]),
            ]}
            onChoose={writeKind}
          />
          <ChoiceSelect
            name="Findings"
            className={styles['select'] ?? ''}
            value={findings ?? ''}
            choices={FINDING_OPTIONS}
            onChoose={writeFindings}
          />
          <ChoiceSelect
            name="Owner"
            className={styles['select'] ?? ''}
            value={owner}
            choices={[
              { value: '', label: 'Any owner' },
              { value: NO_OWNER, label: 'Nobody else' },
              ...choices.owners.map(([one, count]) => ({ value: one, label: `${one} (${count})` })),
              ...(owner === '' || owner === NO_OWNER || choices.owners.some(([one]) => one === owner)
                ? []
                : [{ value: owner, label: `${owner} (0)` }]),
            ]}
            onChoose={writeOwner}
          />
        </NarrowFold>
      </section>
      {body}
      <EntityFindings findings={entities} />
      {unserved.length === 0 ? null : (
        <details className={styles['absent']}>
          <summary>{plural(unserved.length, 'kind')} cannot be shown</summary>
          <ul>
            {unserved.map(({ kind: name, reason }) => (
              <li key={name}>
                <strong>{isConfigKind(name) ? wordConfigKind(name) : name}</strong>: {reason ?? 'the cluster does not serve it'}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Page>
  );
}
