'use client';
// Which namespaces the pages show. In: the namespaces of the mesh, the choice. Out: a filterable list of checkboxes; none chosen = all.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { type ReactNode, useState } from 'react';
import type { HealthStatus } from '../../model/health';
import { Option } from '../ui/choice-group';
import { Disclosure } from '../ui/disclosure';
import { HealthIcon } from '../ui/health-status';
import { SearchBox } from '../ui/search-box';
import styles from './masthead.module.css';

interface Props {
  readonly namespaces: readonly { readonly name: string; readonly health: HealthStatus }[];
  readonly chosen: readonly string[];
  readonly onToggle: (namespace: string) => void;
  readonly onAll: () => void;
  /** Why there is no list, in words; null when there is. */
  readonly missing: string | null;
}

/** Sorted, with what is chosen but not (any more) in the mesh, so that it can be taken away. */
export function listOptions(
  namespaces: readonly { readonly name: string; readonly health: HealthStatus }[],
  chosen: readonly string[],
  filter: string,
): readonly { readonly name: string; readonly health: HealthStatus | null }[] {
  const byName = new Map<string, HealthStatus | null>(chosen.map((name) => [name, null]));
  for (const { name, health } of namespaces) byName.set(name, health);
  const wanted = filter.trim().toLowerCase();
  return [...byName]
    .filter(([name]) => name.includes(wanted))
    .map(([name, health]) => ({ name, health }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** "All namespaces", "bookinfo", "bookinfo and 2 more". */
export function wordChoice(chosen: readonly string[]): string {
  const first = chosen[0];
  if (first === undefined) return 'All namespaces';
  return chosen.length === 1 ? first : `${first} and ${chosen.length - 1} more`;
}

export function NamespaceSelect({ namespaces, chosen, onToggle, onAll, missing }: Props): ReactNode {
  const [filter, setFilter] = useState('');
  const options = listOptions(namespaces, chosen, filter);
  return (
    <Disclosure
      label={<span className={styles['chosen']}>{wordChoice(chosen)}</span>}
      name={`Namespaces: ${wordChoice(chosen)}`}
      className={styles['namespaces'] ?? ''}
      onOpen={() => setFilter('')}
    >
      {(close) => (
        <div className={styles['picker']}>
          <SearchBox
            focusAtOnce
            name="Filter namespaces"
            placeholder="Filter namespaces"
            text={filter}
            onText={setFilter}
            onKeyDown={(event) => {
              const only = options.length === 1 ? options[0] : undefined;
              if (event.key === 'Enter' && only !== undefined) onToggle(only.name);
            }}
          />
          {missing === null ? null : <p className={styles['subtle']}>{missing}</p>}
          <fieldset className={styles['options']}>
            <legend className="pf-v6-screen-reader">Namespaces</legend>
            {options.map(({ name, health }) => (
              <Option
                key={name}
                type="checkbox"
                checked={chosen.includes(name)}
                onChange={() => onToggle(name)}
                label={
                  <span className={styles['namespace']}>
                    <span className={styles['name']}>{name}</span>
                    {health === null ? <span className={styles['subtle']}>not in the mesh</span> : <HealthIcon status={health} />}
                  </span>
                }
              />
            ))}
            {options.length === 0 && filter !== '' ? <p className={styles['subtle']}>No namespace has “{filter}” in its name.</p> : null}
          </fieldset>
          <div className={styles['pickerFooter']}>
            <Button variant="link" isInline isDisabled={chosen.length === 0} onClick={onAll}>
              Show all
            </Button>
            <Button variant="secondary" size="sm" onClick={close}>
              Done
            </Button>
          </div>
        </div>
      )}
    </Disclosure>
  );
}
