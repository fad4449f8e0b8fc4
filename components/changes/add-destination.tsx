'use client';
// One more destination for a rule: a version of the service, or any other host with a port. In: what is offered. Out: a choice that gives it.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { type ReactNode, useState } from 'react';
import { type Target, targetKey } from './prediction';
import styles from './weights.module.css';

const OTHER = 'other';

interface Props {
  readonly targets: readonly Target[];
  readonly onAdd: (target: { readonly host: string; readonly subset: string | null; readonly port: number | null }) => void;
}

export function AddDestination({ targets, onAdd }: Props): ReactNode {
  const [other, setOther] = useState(false);
  const [host, setHost] = useState('');
  const [port, setPort] = useState('');
  const portNumber = port === '' ? null : Number(port);
  const bad = host.trim() === '' || (portNumber !== null && !(Number.isInteger(portNumber) && portNumber >= 1 && portNumber <= 65_535));
  return (
    <>
      <label className={styles['add']}>
        <span>Add a destination</span>
        <select
          className={styles['select']}
          value={other ? OTHER : ''}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setOther(value === OTHER);
            const chosen = targets.find((one) => targetKey(one.host, one.subset) === value);
            if (chosen !== undefined) onAdd({ host: chosen.host, subset: chosen.subset, port: null });
          }}
        >
          <option value="">choose…</option>
          {targets.map((one) => (
            <option key={targetKey(one.host, one.subset)} value={targetKey(one.host, one.subset)}>
              {one.label}
            </option>
          ))}
          <option value={OTHER}>another host…</option>
        </select>
      </label>
      {!other ? null : (
        <span className={styles['other']}>
          <TextInput
            aria-label="Host of the destination"
            placeholder="reviews-canary.bookinfo.svc.cluster.local"
            value={host}
            spellCheck={false}
            onChange={(_event, text) => setHost(text)}
          />
          <TextInput
            aria-label="Port of the destination"
            type="number"
            placeholder="port"
            value={port}
            onChange={(_event, text) => setPort(text)}
          />
          <Button
            variant="secondary"
            size="sm"
            isDisabled={bad}
            onClick={() => {
              onAdd({ host: host.trim(), subset: null, port: portNumber });
              setOther(false);
              setHost('');
              setPort('');
            }}
          >
            Add
          </Button>
        </span>
      )}
    </>
  );
}
