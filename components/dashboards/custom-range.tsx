'use client';
// A range with a start and an end of one's own. In: the range. Out: a panel with two instants.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { type ReactNode, useState } from 'react';
import type { PanelRange } from '../../model/dashboard-query';
import { MAX_WINDOW_SECONDS } from '../../model/wire';
import { Disclosure } from '../ui/disclosure';
import { InstantInput } from '../ui/instant-input';
import styles from './dashboards.module.css';

interface Props {
  readonly range: PanelRange;
  readonly onRange: (range: PanelRange) => void;
}

const LEAST_SECONDS = 60;

function Instants({ range, onRange, close }: Props & { readonly close: () => void }): ReactNode {
  const [until, setUntil] = useState(() => range.atSeconds ?? Math.floor(Date.now() / 1000));
  const [from, setFrom] = useState(until - range.rangeSeconds);
  const length = until - from;
  const fault =
    length < LEAST_SECONDS
      ? 'The end must be a minute after the start at least.'
      : length > MAX_WINDOW_SECONDS
        ? 'The range must not be longer than 30 days.'
        : null;
  return (
    <div className={styles['instants']}>
      <InstantInput name="Start of the range" seconds={from} onSeconds={setFrom} />
      <InstantInput name="End of the range" seconds={until} onSeconds={setUntil} />
      {fault === null ? null : <p role="alert">{fault}</p>}
      <Button
        isDisabled={fault !== null}
        onClick={() => {
          close();
          onRange({ rangeSeconds: length, atSeconds: until });
        }}
      >
        Show
      </Button>
    </div>
  );
}

export function CustomRange({ range, onRange }: Props): ReactNode {
  return (
    <Disclosure label="Custom" name="Range with start and end">
      {(close) => <Instants range={range} onRange={onRange} close={close} />}
    </Disclosure>
  );
}
