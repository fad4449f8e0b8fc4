'use client';
// "Create": kind, namespace, and on to the editor with a template. In: kinds that the cluster serves, namespaces. Out: a button with a panel.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import PlusIcon from '@patternfly/react-icons/dist/esm/icons/plus-icon';
import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import type { ConfigListDocument } from '../../model/steering';
import { ChoiceSelect } from '../ui/choice-select';
import { newConfigHref } from '../ui/config-address';
import { Disclosure } from '../ui/disclosure';
import styles from './config.module.css';
import { KIND_FACTS, wordConfigKind } from './config-kinds';
import { TEMPLATE_KINDS } from './templates';

interface Props {
  readonly kinds: ConfigListDocument['kinds'];
  readonly known: readonly string[];
  /** Namespaces chosen in the masthead: the first is where one most likely wants it. */
  readonly chosen: readonly string[];
}

export function CreateMenu({ kinds, known, chosen }: Props): ReactNode {
  const [picked, setPicked] = useState<string | null>(null);
  const namespace = picked ?? chosen[0] ?? known.find((one) => one === 'default') ?? known[0] ?? 'default';
  const reasonOf = (kind: string): string | null => {
    const row = kinds.find((one) => one.kind === kind);
    return row !== undefined && row.apiVersion === null ? (row.reason ?? 'The cluster does not serve it') : null;
  };
  return (
    <Disclosure label="Create" name="Create an object" icon={<PlusIcon />} align="end" className={styles['create'] ?? ''}>
      {(close) => (
        <div className={styles['createPanel']}>
          <div className={styles['createIn']}>
            <span>in</span>
            <ChoiceSelect
              name="Namespace of the new object"
              value={namespace}
              choices={[...new Set([...known, namespace])].sort().map((one) => ({ value: one, label: one }))}
              onChoose={setPicked}
            />
          </div>
          <ul>
            {TEMPLATE_KINDS.map((kind) => {
              const reason = reasonOf(kind);
              return (
                <li key={kind}>
                  {reason === null ? (
                    <Link className={styles['createKind']} href={newConfigHref(kind, namespace)} prefetch={false} onClick={close}>
                      <strong>{wordConfigKind(kind)}</strong>
                      <span className={styles['subtle']}>{KIND_FACTS[kind].hint}</span>
                    </Link>
                  ) : (
                    <span className={styles['createKind']} aria-disabled="true">
                      <strong className={styles['subtle']}>{wordConfigKind(kind)}</strong>
                      <span className={styles['subtle']}>{reason}</span>
                    </span>
                  )}
                </li>
              );
            })}
          </ul>
          <Button variant="link" isInline onClick={close}>
            Close
          </Button>
        </div>
      )}
    </Disclosure>
  );
}
