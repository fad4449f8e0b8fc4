'use client';
// Verbs by resources: what is allowed in a namespace, by icon and word. In: rows. Out: a table that scrolls in itself.
import CheckIcon from '@patternfly/react-icons/dist/esm/icons/check-icon';
import TimesIcon from '@patternfly/react-icons/dist/esm/icons/times-icon';
import type { ReactNode } from 'react';
import { NO_VALUE } from '../ui/format';
import { SimpleTable } from '../ui/simple-table';
import { type AccessRow, VERBS } from './access-rows';
import styles from './account.module.css';

function Verdict({ allowed }: { readonly allowed: boolean | null }): ReactNode {
  if (allowed === null)
    return (
      <span className={styles['unasked']}>
        <span aria-hidden>{NO_VALUE}</span>
        <span className="pf-v6-screen-reader">not used</span>
      </span>
    );
  return (
    <span className={`${styles['verdict']} ${allowed ? styles['yes'] : styles['no']}`}>
      {allowed ? <CheckIcon /> : <TimesIcon />}
      {allowed ? 'yes' : 'no'}
    </span>
  );
}

export function AccessTable({ namespace, rows }: { readonly namespace: string; readonly rows: readonly AccessRow[] }): ReactNode {
  const name = `What you may do in ${namespace}`;
  return (
    <SimpleTable name={name} heads={['Resource', ...VERBS]} scroll>
      {rows.map(({ group, resource, allowed }) => (
        <tr key={`${group}/${resource}`}>
          <th scope="row">
            {resource}
            <span className={styles['subtle']}>{group === '' ? 'core' : group}</span>
          </th>
          {VERBS.map((verb) => (
            <td key={verb}>
              <Verdict allowed={allowed[verb]} />
            </td>
          ))}
        </tr>
      ))}
    </SimpleTable>
  );
}
