'use client';
// What is wrong with namespaces, services and workloads themselves, as a list that opens. In: EntityFindings. Out: the list, each with the way to its page.
import Link from 'next/link';
import type { ReactNode } from 'react';
import { buildEntityPath, type EntityRef } from '../../model/entity';
import type { EntityFinding } from '../../model/finding';
import { plural } from '../ui/format';
import styles from './config.module.css';
import { SeverityIcon } from './severity';

const WORDS: Readonly<Record<EntityRef['kind'], string>> = {
  namespace: 'Namespace',
  app: 'Application',
  workload: 'Workload',
  service: 'Service',
};

const wordEntity = ({ kind, namespace, name }: EntityRef): string =>
  `${WORDS[kind]} ${kind === 'namespace' ? namespace : `${namespace}/${name}`}`;

export function EntityFindings({ findings }: { readonly findings: readonly EntityFinding[] }): ReactNode {
  if (findings.length === 0) return null;
  return (
    <details className={styles['entities']}>
      <summary>{plural(findings.length, 'finding')} on namespaces, services and workloads</summary>
      <ul>
        {findings.map(({ code, severity, entity, message, consequence }) => (
          <li key={`${code} ${wordEntity(entity)}`}>
            <SeverityIcon severity={severity} />
            <p>
              <Link href={buildEntityPath(entity)} prefetch={false}>
                {wordEntity(entity)}
              </Link>{' '}
              <span className={styles['subtle']}>{code}</span> {message}
              {consequence === '' ? null : <span className={styles['subtle']}>. {consequence}</span>}
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}
