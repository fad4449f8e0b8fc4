'use client';
// Which columns a table shows, as a button with checkboxes. In: columns, those shown. Out: the choice.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Checkbox } from '@patternfly/react-core/dist/esm/components/Checkbox';
import ColumnsIcon from '@patternfly/react-icons/dist/esm/icons/columns-icon';
import { type ReactNode, useId } from 'react';
import styles from './column-chooser.module.css';
import { Disclosure } from './disclosure';

interface Props<K extends string> {
  readonly columns: readonly { readonly key: K; readonly title: string }[];
  readonly shown: readonly K[];
  /** Null: the standard again. */
  readonly onChoose: (keys: readonly K[] | null) => void;
  /** The column that always stands. */
  readonly fixed: K;
}

export function ColumnChooser<K extends string>({ columns, shown, onChoose, fixed }: Props<K>): ReactNode {
  const id = useId();
  const toggle = (key: K): void => {
    const has = shown.includes(key);
    onChoose(columns.map((column) => column.key).filter((one) => (one === key ? !has : shown.includes(one))));
  };
  return (
    <Disclosure label="Columns" name="Choose columns" icon={<ColumnsIcon />} align="end">
      {(close) => (
        <div className={styles['panel']}>
          {columns.map(({ key, title }) => (
            <Checkbox
              key={key}
              id={`${id}-${key}`}
              label={title}
              isChecked={shown.includes(key)}
              isDisabled={key === fixed}
              onChange={() => toggle(key)}
            />
          ))}
          <div className={styles['end']}>
            <Button variant="link" isInline onClick={() => onChoose(null)}>
              Standard columns
            </Button>
            <Button variant="link" isInline onClick={close}>
              Close
            </Button>
          </div>
        </div>
      )}
    </Disclosure>
  );
}
