'use client';
// The values of one variable: one of them, or several with "all". In: definition, what is offered. Out: a select, or a list of boxes to tick.
import { type ReactNode, useState } from 'react';
import type { DashboardDocument, DashboardVariable } from '../../model/dashboard';
import { CheckGroup } from '../ui/choice-group';
import { ChoiceSelect } from '../ui/choice-select';
import { Disclosure } from '../ui/disclosure';
import { plural } from '../ui/format';
import { SearchBox } from '../ui/search-box';
import styles from './dashboards.module.css';

interface Props {
  readonly variable: DashboardVariable;
  readonly offered: DashboardDocument['variables'][number];
  readonly onChoose: (values: readonly string[]) => void;
}

/** More values than this get a box to filter them. */
const FILTERED_ABOVE = 8;

function Several({ variable, offered, onChoose }: Props): ReactNode {
  const [text, setText] = useState('');
  const { values, chosen, cut } = offered;
  const shown = values.filter((value) => value.toLowerCase().includes(text.toLowerCase()));
  const label = chosen.length === 0 ? 'All' : chosen.length === 1 ? (chosen[0] ?? '') : plural(chosen.length, 'value');
  const toggle = (value: string): void => onChoose(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  return (
    <Disclosure label={label} name={`${variable.title}: ${label}`}>
      {() => (
        <div className={styles['options']}>
          {values.length > FILTERED_ABOVE ? (
            <SearchBox name={`Filter ${variable.title}`} placeholder="Filter" text={text} onText={setText} />
          ) : null}
          <CheckGroup legend={variable.title} choices={shown.map((value) => ({ value, label: value }))} chosen={chosen} onToggle={toggle} />
          {shown.length === 0 ? <p className={styles['subtle']}>No values.</p> : null}
          {cut ? <p className={styles['subtle']}>There are more: only the first are listed.</p> : null}
        </div>
      )}
    </Disclosure>
  );
}

export function VariableSelect(props: Props): ReactNode {
  const { variable, offered, onChoose } = props;
  const chosen = offered.chosen[0] ?? '';
  // What has no traffic now may still be asked for.
  const values = offered.values.includes(chosen) ? offered.values : [chosen, ...offered.values];
  return (
    <div className={styles['variable']}>
      <span className={styles['variableName']} aria-hidden>
        {variable.title}
      </span>
      {variable.several ? (
        <Several {...props} />
      ) : (
        <ChoiceSelect
          name={variable.title}
          value={chosen}
          choices={values.map((value) => ({ value, label: value === '-' ? 'none' : value }))}
          onChoose={(value) => onChoose([value])}
        />
      )}
    </div>
  );
}
