'use client';
// What is chosen of an entity's metrics. In: the choice. Out: controls that write it.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import type { ReactNode } from 'react';
import type { EntityKind } from '../../model/entity';
import {
  DEFAULT_STATISTICS,
  GROUPING_WORDS,
  GROUPINGS,
  type Grouping,
  groupingsOf,
  METRIC_REPORTERS,
  STATISTIC_WORDS,
  STATISTICS,
  TOPS,
} from '../../model/entity-metrics';
import styles from '../dashboards/dashboards.module.css';
import { RangeSelect } from '../dashboards/range-select';
import { CheckGroup } from '../ui/choice-group';
import { ChoiceSelect } from '../ui/choice-select';
import { Disclosure } from '../ui/disclosure';
import { plural } from '../ui/format';
import { PressedChoice } from '../ui/pressed-choice';
import type { MetricsAddress, ShownDirection } from './use-metrics-address';

const DIRECTIONS: readonly { readonly key: ShownDirection; readonly label: string }[] = [
  { key: 'both', label: 'Both' },
  { key: 'inbound', label: 'Inbound' },
  { key: 'outbound', label: 'Outbound' },
];
const REPORTERS = { both: 'Best, as the graph', source: 'Source', destination: 'Destination' } as const;

function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className={styles['variable']}>
      <span className={styles['variableName']} aria-hidden>
        {label}
      </span>
      {children}
    </div>
  );
}

/** Those chosen and one more, or without one, in the order of all. */
const toggled = <T extends string>(all: readonly T[], chosen: readonly T[], value: T): readonly T[] =>
  all.filter((one) => (one === value ? !chosen.includes(one) : chosen.includes(one)));

const wordChosen = (chosen: readonly string[], none: string): string =>
  chosen.length === 0 ? none : chosen.length <= 2 ? chosen.join(', ') : plural(chosen.length, 'label');

interface Props extends Pick<MetricsAddress, 'choice' | 'write'> {
  readonly kind: EntityKind;
  /** Back to the range of before a zoom; null: there was none. */
  readonly onReset: (() => void) | null;
}

export function MetricsToolbar({ kind, choice, write, onReset }: Props): ReactNode {
  const { direction, reporter, by, statistics, top, range, comparison } = choice;
  const offered: readonly Grouping[] = GROUPINGS.filter((one) =>
    direction === 'both'
      ? groupingsOf(kind, 'inbound').includes(one) || groupingsOf(kind, 'outbound').includes(one)
      : groupingsOf(kind, direction).includes(one),
  );
  const grouped = wordChosen(
    by.map((one) => GROUPING_WORDS[one]),
    'Nothing',
  );
  const measured = statistics.map((one) => STATISTIC_WORDS[one]).join(', ');
  const wordOptions = `${plural(statistics.length, 'measure')}${reporter === 'both' ? '' : `, ${REPORTERS[reporter].toLowerCase()}`}`;
  return (
    <section className={styles['toolbar']} aria-label="What is shown">
      <Labelled label="Direction">
        <PressedChoice name="Direction" choices={DIRECTIONS} chosen={direction} onChoose={(key) => write({ direction: key })} />
      </Labelled>
      <RangeSelect range={range} comparison={comparison} write={write} />
      {onReset === null ? null : (
        <Button variant="secondary" onClick={onReset}>
          Reset zoom
        </Button>
      )}
      <Labelled label="Group by">
        <Disclosure label={grouped} name={`Group by: ${grouped}`}>
          {() => (
            <div className={styles['options']}>
              <CheckGroup
                legend="Group by"
                choices={offered.map((value) => ({ value, label: GROUPING_WORDS[value] }))}
                chosen={by}
                onToggle={(value) => write({ by: toggled(GROUPINGS, by, value) })}
              />
            </div>
          )}
        </Disclosure>
      </Labelled>
      {by.length === 0 ? null : (
        <Labelled label="Drawn each">
          <ChoiceSelect
            name="Groups that are drawn each"
            value={String(top)}
            choices={[...new Set([...TOPS, top])]
              .sort((a, b) => a - b)
              .map((count) => ({ value: String(count), label: `Largest ${count}` }))}
            onChoose={(text) => write({ top: Number(text) })}
          />
        </Labelled>
      )}
      <Labelled label="Options">
        <Disclosure label={wordOptions} name={`Options: ${measured}; reported by ${REPORTERS[reporter]}`} align="end">
          {() => (
            <div className={styles['options']}>
              <CheckGroup
                legend="Durations and sizes"
                choices={STATISTICS.map((value) => ({ value, label: STATISTIC_WORDS[value] }))}
                chosen={statistics}
                onToggle={(value) => {
                  const next = toggled(STATISTICS, statistics, value);
                  write({ statistics: next.length === 0 ? DEFAULT_STATISTICS : next });
                }}
              />
              <Labelled label="Reported by">
                <ChoiceSelect
                  name="Reported by"
                  value={reporter}
                  choices={METRIC_REPORTERS.map((value) => ({ value, label: REPORTERS[value] }))}
                  onChoose={(value) => write({ reporter: value })}
                />
              </Labelled>
            </div>
          )}
        </Disclosure>
      </Labelled>
    </section>
  );
}
