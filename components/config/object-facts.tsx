'use client';
// What is known of an object beside its text: owners, services that it names, conditions of its status. In: ConfigObjectDocument. Out: the side of the page.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { readConditions } from '../../model/conditions';
import type { ConfigObjectDocument } from '../../model/steering';
import { routingHref } from '../ui/config-address';
import styles from './config.module.css';
import { readServices } from './object-words';

export function ObjectFacts({ document }: { readonly document: ConfigObjectDocument }): ReactNode {
  const { owners, status } = document;
  const conditions = readConditions(status);
  const services = readServices(document);
  return (
    <>
      {owners.map((owner) => (
        <Alert
          key={owner.name}
          isInline
          isPlain={!owner.locked}
          variant={owner.locked ? 'warning' : 'info'}
          component="h2"
          title={owner.locked ? `Owned by ${owner.name}` : `${owner.name} also writes it`}
        >
          <p>{owner.consequence}</p>
          {owner.locked ? <p>The review asks for a reason, and offers the change as a patch for its source instead.</p> : null}
        </Alert>
      ))}
      {services.length === 0 ? null : (
        <section className={styles['part']}>
          <h2>Services</h2>
          <ul className={styles['links']}>
            {services.map(({ namespace, name }) => (
              <li key={`${namespace}/${name}`}>
                <Link href={routingHref(namespace, name)} prefetch={false}>
                  {name}
                </Link>{' '}
                <span className={styles['subtle']}>{namespace}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className={styles['part']}>
        <h2>Status</h2>
        {conditions.length === 0 ? (
          <p className={styles['subtle']}>No controller wrote a status.</p>
        ) : (
          <ul className={styles['conditions']}>
            {conditions.map((condition) => (
              <li key={condition.key}>
                <p className={styles['condition']}>
                  <span
                    className={`${styles['dot']} ${condition.good === null ? '' : condition.good ? styles['good'] : styles['bad']}`}
                    aria-hidden
                  />
                  <strong>{condition.type}</strong>
                  <span>{condition.status}</span>
                  {condition.reason === '' ? null : <span className={styles['subtle']}>{condition.reason}</span>}
                </p>
                {condition.about === '' ? null : <p className={styles['subtle']}>{condition.about}</p>}
                {condition.message === '' ? null : <p className={styles['subtle']}>{condition.message}</p>}
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}
