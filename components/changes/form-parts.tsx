'use client';
// Fields of the editors: text, number, choice, condition, pairs of names and values. In: a value and a setter. Out: labelled inputs.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import PlusCircleIcon from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import TimesIcon from '@patternfly/react-icons/dist/esm/icons/times-icon';
import { type ReactNode, type SubmitEvent, useId } from 'react';
import type { TextCondition } from '../../model/edit';
import { ChoiceSelect } from '../ui/choice-select';
import styles from './form.module.css';

export function TextField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly hint?: string;
  readonly wide?: boolean;
}): ReactNode {
  const id = useId();
  const { label, value, onChange, placeholder, hint, wide = false } = props;
  return (
    <div className={`${styles['field']} ${wide ? styles['wide'] : ''}`}>
      <label htmlFor={id}>{label}</label>
      <TextInput
        id={id}
        value={value}
        placeholder={placeholder ?? ''}
        autoComplete="off"
        spellCheck={false}
        {...(hint === undefined ? {} : { 'aria-describedby': `${id}-hint` })}
        onChange={(_event, text) => onChange(text)}
      />
      {hint === undefined ? null : (
        <span id={`${id}-hint`} className={styles['hint']}>
          {hint}
        </span>
      )}
    </div>
  );
}

/** Empty is null. */
export function NumberField(props: {
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number | 'any';
  readonly placeholder?: string;
}): ReactNode {
  const id = useId();
  const { label, value, onChange, unit, min = 0, max, step = 1, placeholder } = props;
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <span className={styles['united']}>
        <TextInput
          id={id}
          type="number"
          value={value ?? ''}
          min={min}
          {...(max === undefined ? {} : { max })}
          step={step}
          placeholder={placeholder ?? ''}
          onChange={(_event, text) => {
            const next = Number(text);
            if (text === '') onChange(null);
            else if (Number.isFinite(next)) onChange(max === undefined ? next : Math.min(max, next));
          }}
        />
        {unit === undefined ? null : <span>{unit}</span>}
      </span>
    </div>
  );
}

export function SelectField<T extends string>(props: {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChoose: (value: T) => void;
}): ReactNode {
  const { label, value, choices, onChoose } = props;
  return (
    <div className={styles['field']}>
      <span aria-hidden className={styles['label']}>
        {label}
      </span>
      <ChoiceSelect name={label} value={value} choices={choices} onChoose={onChoose} className={styles['select'] ?? ''} />
    </div>
  );
}

export function CheckField(props: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (on: boolean) => void;
}): ReactNode {
  return (
    <label className={styles['check']}>
      <input type="checkbox" checked={props.checked} onChange={(event) => props.onChange(event.currentTarget.checked)} />
      {props.label}
    </label>
  );
}

const CONDITIONS = [
  { value: 'none', label: 'anything' },
  { value: 'exact', label: 'is' },
  { value: 'prefix', label: 'starts with' },
  { value: 'regex', label: 'matches (RE2)' },
  { value: 'present', label: 'is there' },
] as const;
type ConditionType = (typeof CONDITIONS)[number]['value'];

/** `optional`: "anything" is offered and means no condition. */
export function ConditionField(props: {
  readonly label: string;
  readonly condition: TextCondition | undefined;
  readonly optional?: boolean;
  readonly canBePresent?: boolean;
  readonly onChange: (condition: TextCondition | undefined) => void;
}): ReactNode {
  const { label, condition, optional = false, canBePresent = false, onChange } = props;
  const type: ConditionType = condition?.type ?? 'none';
  const value = condition === undefined || condition.type === 'present' ? '' : condition.value;
  const offered = CONDITIONS.filter((one) => (one.value === 'none' ? optional : one.value !== 'present' || canBePresent));
  const choose = (next: ConditionType): void => {
    if (next === 'none') onChange(undefined);
    else onChange(next === 'present' ? { type: 'present' } : { type: next, value });
  };
  return (
    <span className={styles['condition']}>
      <ChoiceSelect name={`${label}: condition`} value={type} choices={offered} onChoose={choose} />
      {type === 'none' || type === 'present' ? null : (
        <TextInput
          aria-label={`${label}: value`}
          value={value}
          autoComplete="off"
          spellCheck={false}
          onChange={(_event, text) => onChange({ type, value: text })}
        />
      )}
    </span>
  );
}

/** Rows that can be added and taken out. */
export function RowsField<T>(props: {
  readonly label: string;
  readonly rows: readonly T[];
  readonly blank: T;
  readonly add: string;
  /** The inputs of a row; `name` is unique for screen readers. */
  readonly row: (row: T, change: (row: T) => void, name: string) => ReactNode;
  readonly onChange: (rows: readonly T[]) => void;
}): ReactNode {
  const { label, rows, blank, add, row, onChange } = props;
  return (
    <fieldset className={styles['rows']}>
      <legend>{label}</legend>
      {rows.map((one, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place while they are typed
        <div key={i} className={styles['row']}>
          {row(one, (next) => onChange(rows.map((old, k) => (k === i ? next : old))), `${label} ${i + 1}`)}
          <Button
            variant="plain"
            size="sm"
            icon={<TimesIcon />}
            aria-label={`Remove ${label} ${i + 1}`}
            title="Remove"
            onClick={() => onChange(rows.filter((_, k) => k !== i))}
          />
        </div>
      ))}
      <Button variant="link" isInline size="sm" icon={<PlusCircleIcon />} onClick={() => onChange([...rows, blank])}>
        {add}
      </Button>
    </fieldset>
  );
}

export type Pair = readonly [name: string, value: string];
export const toPairs = (record: Readonly<Record<string, string>> | undefined): readonly Pair[] => Object.entries(record ?? {});
/** Pairs without a name are left out. */
export const fromPairs = (pairs: readonly Pair[]): Readonly<Record<string, string>> =>
  Object.fromEntries(pairs.map(([name, value]) => [name.trim(), value] as const).filter(([name]) => name !== ''));

export function PairsField(props: {
  readonly label: string;
  readonly pairs: readonly Pair[];
  readonly add: string;
  readonly onChange: (pairs: readonly Pair[]) => void;
}): ReactNode {
  return (
    <RowsField<Pair>
      label={props.label}
      rows={props.pairs}
      blank={['', '']}
      add={props.add}
      onChange={props.onChange}
      row={([name, value], change, text) => (
        <>
          <TextInput
            aria-label={`${text}: name`}
            placeholder="name"
            value={name}
            spellCheck={false}
            onChange={(_event, next) => change([next, value])}
          />
          <TextInput
            aria-label={`${text}: value`}
            placeholder="value"
            value={value}
            spellCheck={false}
            onChange={(_event, next) => change([name, next])}
          />
        </>
      )}
    />
  );
}

/** "a, b" as a list; empty words are left out. */
export const splitWords = (text: string): readonly string[] =>
  text
    .split(/[\s,]+/)
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** A form within a card: what it holds, into the draft, out of the rule, or away. */
export function PartForm(props: {
  readonly title: string;
  readonly children: ReactNode;
  readonly onPut: () => void;
  /** Takes the part out of the rule; absent where there is nothing to take out. */
  readonly onRemove?: (() => void) | undefined;
  readonly onCancel: () => void;
  /** Why it cannot be put so; null: it can. */
  readonly fault?: string | null;
  readonly put?: string;
}): ReactNode {
  const { title, children, onPut, onRemove, onCancel, fault = null, put = 'Put into the draft' } = props;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (fault === null) onPut();
  };
  return (
    <form className={styles['form']} aria-label={title} onSubmit={submit}>
      <div className={styles['fields']}>{children}</div>
      {fault === null ? null : (
        <p className={styles['fault']} role="status">
          {fault}
        </p>
      )}
      <div className={styles['buttons']}>
        <Button type="submit" variant="secondary" size="sm" isDisabled={fault !== null}>
          {put}
        </Button>
        {onRemove === undefined ? null : (
          <Button variant="secondary" size="sm" isDanger onClick={onRemove}>
            Remove
          </Button>
        )}
        <Button variant="link" size="sm" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
