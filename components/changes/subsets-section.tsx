'use client';
// The versions of a service: subsets that are defined, and versions seen on pods that could be. In: the document. Out: a table that gives edits.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import { type ReactNode, useState } from 'react';
import type { Edit, Intent } from '../../model/edit';
import type { ServiceRoutingDocument } from '../../model/steering';
import { routingHref } from '../ui/config-address';
import { plural } from '../ui/format';
import { SimpleTable } from '../ui/simple-table';
import { wordAmount } from './change-words';
import { fromPairs, type Pair, PairsField, PartForm, TextField } from './form-parts';
import { ObjectLink } from './object-link';
import { protocolOf } from './prediction';
import styles from './routing.module.css';

interface Props {
  readonly document: ServiceRoutingDocument;
  readonly edits: readonly Edit[];
  readonly disabled: boolean;
  readonly onPut: (intent: Intent) => void;
}

const wordLabels = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');

/** Subsets that the draft defines. */
export const draftSubsets = (
  edits: readonly Edit[],
  host: string,
): readonly { readonly name: string; readonly labels: Readonly<Record<string, string>> }[] =>
  edits.flatMap((edit) => (edit.type === 'subsets' && edit.host === host ? edit.subsets : []));

export function SubsetsSection({ document, edits, disabled, onPut }: Props): ReactNode {
  const [adding, setAdding] = useState(false);
  const [name, setName] = useState('');
  const [labels, setLabels] = useState<readonly Pair[]>([['version', '']]);
  const drafted = draftSubsets(edits, document.host);
  const define = (one: { readonly name: string; readonly labels: Readonly<Record<string, string>> }): void =>
    onPut({ type: 'subsets', host: document.host, namespace: document.namespace, subsets: [one] });
  const given = fromPairs(labels);
  const known = new Set(document.versions.map(({ subset }) => subset));
  const fresh = drafted.filter((one) => !known.has(one.name) && !document.versions.some(({ labels: own }) => own['version'] === one.name));
  return (
    <section className={styles['section']} aria-labelledby="subsets-title">
      <div className={styles['sectionHead']}>
        <h2 id="subsets-title">Versions and subsets</h2>
        {disabled ? null : (
          <Button variant="link" isInline size="sm" aria-expanded={adding} onClick={() => setAdding(!adding)}>
            Define a subset
          </Button>
        )}
      </div>
      {adding && !disabled ? (
        <PartForm
          title="New subset"
          fault={
            !/^[a-z0-9A-Z]([-a-zA-Z0-9.]*[a-zA-Z0-9])?$/.test(name)
              ? 'A subset has a name: letters, digits, hyphens.'
              : Object.keys(given).length === 0
                ? 'A subset is chosen by labels of its pods.'
                : null
          }
          onCancel={() => setAdding(false)}
          onPut={() => {
            define({ name, labels: given });
            setAdding(false);
            setName('');
          }}
        >
          <TextField label="Name" value={name} placeholder="v2" onChange={setName} />
          <PairsField label="Label" add="Add a label" pairs={labels} onChange={setLabels} />
        </PartForm>
      ) : null}
      {document.versions.length === 0 && fresh.length === 0 ? (
        <p className={styles['sub']}>No pod of this service was seen, and no subset is defined.</p>
      ) : (
        <SimpleTable name="Versions and subsets" heads={['Version', 'Labels', 'Ready', 'Now', 'Defined by']} scroll>
          {document.versions.map((version) => {
            const word = version.subset ?? version.labels['version'] ?? wordLabels(version.labels);
            const inDraft = drafted.some((one) => one.name === word);
            return (
              <tr key={`${version.subset ?? ''} ${wordLabels(version.labels)}`}>
                <th scope="row">{word === '' ? 'all pods' : word}</th>
                <td>{wordLabels(version.labels)}</td>
                <td className={version.readyEndpoints === 0 ? styles['bad'] : undefined}>
                  {version.readyEndpoints === 0 ? 'none' : plural(version.readyEndpoints, 'endpoint')}
                </td>
                <td className={styles['amount']}>{wordAmount(version.requestsPerSecond, protocolOf(document))}</td>
                <td>
                  {version.definedBy !== null ? (
                    <ObjectLink to={version.definedBy} path="spec.subsets" back={routingHref(document.namespace, document.name)} />
                  ) : inDraft ? (
                    <Label isCompact color="blue" variant="outline">
                      in the draft
                    </Label>
                  ) : disabled || version.labels['version'] === undefined ? (
                    <span className={styles['sub']}>no subset</span>
                  ) : (
                    <Button variant="link" isInline size="sm" onClick={() => define({ name: word, labels: version.labels })}>
                      Define subset {word}
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
          {fresh.map((one) => (
            <tr key={`draft ${one.name}`}>
              <th scope="row">{one.name}</th>
              <td>{wordLabels(one.labels)}</td>
              <td />
              <td />
              <td>
                <Label isCompact color="blue" variant="outline">
                  in the draft
                </Label>
              </td>
            </tr>
          ))}
        </SimpleTable>
      )}
    </section>
  );
}
