'use client';
// One of a few short choices as buttons of which one is pressed. In: choices. Out: a toggle group.
import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import { type ReactNode, useId } from 'react';

export function PressedChoice<T extends string>(props: {
  readonly name: string;
  readonly choices: readonly { readonly key: T; readonly label: string }[];
  readonly chosen: T;
  readonly onChoose: (key: T) => void;
}): ReactNode {
  const id = useId();
  return (
    <ToggleGroup isCompact aria-label={props.name}>
      {props.choices.map(({ key, label }) => (
        <ToggleGroupItem
          key={key}
          text={label}
          buttonId={`${id}-${key}`}
          isSelected={key === props.chosen}
          onChange={() => props.onChoose(key)}
        />
      ))}
    </ToggleGroup>
  );
}
