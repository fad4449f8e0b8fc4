'use client';
// One of a few choices as the browser's own select: all keys, all screen readers, the phone's picker. In: choices. Out: a select.
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import type { ReactNode } from 'react';
import styles from './choice-select.module.css';

interface Props<T extends string> {
  readonly name: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChoose: (value: T) => void;
  readonly className?: string;
}

/** `name` is read by screen readers and shown as a tooltip. */
export function ChoiceSelect<T extends string>({ name, value, choices, onChoose, className }: Props<T>): ReactNode {
  return (
    <FormSelect
      className={`${styles['select']} ${className ?? ''}`}
      value={value}
      aria-label={name}
      title={name}
      onChange={(_event, text) => {
        const chosen = choices.find((choice) => choice.value === text);
        if (chosen !== undefined) onChoose(chosen.value);
      }}
    >
      {choices.map((choice) => (
        <FormSelectOption key={choice.value} value={choice.value} label={choice.label} />
      ))}
    </FormSelect>
  );
}
