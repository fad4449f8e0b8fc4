'use client';
// The filters of a list, its columns, and the way of its rows into a file. In: filter, choices, columns, rows. Out: the toolbar.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import DownloadIcon from '@patternfly/react-icons/dist/esm/icons/download-icon';
import { type ReactNode, useMemo } from 'react';
import { ENTITY_PATHS, type EntityKind } from '../../model/entity';
import type { ListRow } from '../../model/list';
import { columnKeysOf, csvColumnsOf, LIST_COLUMN_FACTS, type ListColumnKey } from '../../model/list-columns';
import { countChoices } from '../../model/list-filter';
import { ChoiceSelect } from '../ui/choice-select';
import { ColumnChooser } from '../ui/column-chooser';
import { CopyButton } from '../ui/copy-button';
import { downloadText } from '../ui/download-file';
import { SearchBox } from '../ui/search-box';
import { encodeCsv } from '../ui/table-rows';
import { countedOptions, FINDING_OPTIONS, HEALTH_OPTIONS, modeOptions } from './list-words';
import styles from './lists.module.css';
import type { useListFilter } from './use-list-filter';

interface Props {
  readonly kind: EntityKind;
  readonly all: readonly ListRow[];
  readonly shown: readonly ListRow[];
  readonly state: ReturnType<typeof useListFilter>;
  readonly columns: readonly ListColumnKey[];
  readonly onColumns: (keys: readonly ListColumnKey[] | null) => void;
}

export function ListToolbar({ kind, all, shown, state, columns, onColumns }: Props): ReactNode {
  const { filter, write } = state;
  const choices = useMemo(() => countChoices(all), [all]);
  const csv = (): string => encodeCsv(shown, csvColumnsOf(kind));
  const select = styles['select'] ?? '';
  return (
    <section className={styles['toolbar']} aria-label="Filters">
      <SearchBox
        className={styles['search']}
        name="Filter by name, label=value or key:value"
        placeholder="Name, app=reviews, version:v2 …"
        text={filter.text}
        onText={write.text}
      />
      <ChoiceSelect name="Health" className={select} value={filter.health ?? ''} choices={HEALTH_OPTIONS} onChoose={write.health} />
      <ChoiceSelect
        name="Mode"
        className={select}
        value={filter.mode ?? ''}
        choices={modeOptions(choices, filter.mode)}
        onChoose={write.mode}
      />
      {kind === 'workload' || kind === 'service' ? (
        <ChoiceSelect
          name="Kind"
          className={select}
          value={filter.kind ?? ''}
          choices={countedOptions('All kinds', choices.kinds, filter.kind ?? '')}
          onChoose={write.kind}
        />
      ) : null}
      <ChoiceSelect name="Findings" className={select} value={filter.findings ?? ''} choices={FINDING_OPTIONS} onChoose={write.findings} />
      {choices.clusters.length > 1 || filter.cluster !== null ? (
        <ChoiceSelect
          name="Cluster"
          className={select}
          value={filter.cluster ?? ''}
          choices={countedOptions('All clusters', choices.clusters, filter.cluster ?? '')}
          onChoose={write.cluster}
        />
      ) : null}
      <span className={styles['toolbarEnd']}>
        <CopyButton text={csv} what="the list as CSV">
          Copy as CSV
        </CopyButton>
        <Button
          variant="link"
          isInline
          size="sm"
          icon={<DownloadIcon />}
          onClick={() => downloadText(`${ENTITY_PATHS[kind]}.csv`, 'text/csv', csv())}
        >
          Download
        </Button>
        <ColumnChooser
          columns={columnKeysOf(kind).map((key) => ({ key, title: LIST_COLUMN_FACTS[key].title }))}
          shown={columns}
          onChoose={onColumns}
          fixed="name"
        />
      </span>
    </section>
  );
}
