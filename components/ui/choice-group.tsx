'use client';
// Groups of checkboxes and of radio buttons with a heading, for the panels of toolbars. In: choices. Out: a fieldset.
import type { ReactNode } from 'react';
import styles from './choice-group.module.css';

interface Choice<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
  readonly hint?: string;
}

interface Group<T extends string> {
  readonly legend: string;
  readonly choices: readonly Choice<T>[];
}

interface Option {
  readonly checked: boolean;
  readonly onChange: () => void;
  readonly type: 'checkbox' | 'radio';
  readonly name?: string;
  readonly label: ReactNode;
  readonly hint?: string | undefined;
}

/** One checkbox or radio button with its text and, below, a hint. */
export function Option({ checked, onChange, type, name, label, hint }: Option): ReactNode {
  return (
    <label className={styles['option']}>
      <input type={type} name={name} checked={checked} onChange={onChange} className={styles['input']} />
      <span>
        {label}
        {hint === undefined ? null : <span className={styles['hint']}>{hint}</span>}
      </span>
    </label>
  );
}

export function CheckGroup<T extends string>(
  props: Group<T> & { readonly chosen: readonly T[]; readonly onToggle: (value: T) => void },
): ReactNode {
  return (
    <fieldset className={styles['group']}>
      <legend className={styles['legend']}>{props.legend}</legend>
      {props.choices.map(({ value, label, hint }) => (
        <Option
          key={value}
          type="checkbox"
          checked={props.chosen.includes(value)}
          onChange={() => props.onToggle(value)}
          label={label}
          hint={hint}
        />
      ))}
    </fieldset>
  );
}

export function RadioGroup<T extends string>(props: Group<T> & { readonly chosen: T; readonly onChoose: (value: T) => void }): ReactNode {
  return (
    <fieldset className={styles['group']}>
      <legend className={styles['legend']}>{props.legend}</legend>
      {props.choices.map(({ value, label, hint }) => (
        <Option
          key={value}
          type="radio"
          name={props.legend}
          checked={props.chosen === value}
          onChange={() => props.onChoose(value)}
          label={label}
          hint={hint}
        />
      ))}
    </fieldset>
  );
}
