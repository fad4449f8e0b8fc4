'use client';
// The filters of a list. In: filter, rows, of which the choices are counted. Out: the toolbar.
import { type ReactNode, useMemo } from 'react';
import type { EntityKind } from '../../model/entity';
import type { ListRow } from '../../model/list';
import { countChoices } from '../../model/list-filter';
import { FINDING_OPTIONS } from '../config/finding-options';
import { ChoiceSelect } from '../ui/choice-select';
import { NarrowFold } from '../ui/narrow-fold';
import { SearchBox } from '../ui/search-box';
import { countedOptions, HEALTH_OPTIONS, modeOptions } from './list-words';
import styles from './lists.module.css';
import type { useListFilter } from './use-list-filter';

interface Props {
  readonly kind: EntityKind;
  readonly all: readonly ListRow[];
  readonly state: ReturnType<typeof useListFilter>;
}

export function ListToolbar({ kind, all, state }: Props): ReactNode {
  const { filter, write } = state;
  const choices = useMemo(() => countChoices(all), [all]);
  const select = styles['select'] ?? '';
  const chosen = [filter.health, filter.mode, filter.kind, filter.findings, filter.cluster].filter((one) => one !== null).length;
  return (
    <section className={styles['toolbar']} aria-label="Filters">
      <SearchBox
        className={styles['search']}
        name="Filter by name, label=value or key:value"
        placeholder="Name, app=reviews, version:v2 …"
        text={filter.text}
        onText={write.text}
      />
      <NarrowFold label={chosen === 0 ? 'More filters' : `More filters, ${chosen} chosen`}>
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
        <ChoiceSelect
          name="Findings"
          className={select}
          value={filter.findings ?? ''}
          choices={FINDING_OPTIONS}
          onChoose={write.findings}
        />
        {choices.clusters.length > 1 || filter.cluster !== null ? (
          <ChoiceSelect
            name="Cluster"
            className={select}
            value={filter.cluster ?? ''}
            choices={countedOptions('All clusters', choices.clusters, filter.cluster ?? '')}
            onChoose={write.cluster}
          />
        ) : null}
      </NarrowFold>
    </section>
  );
}
