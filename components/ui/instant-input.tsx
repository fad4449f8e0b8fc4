'use client';
// An instant of the past, typed or picked, in the reader's time zone. In: seconds. Out: seconds, when what stands there is an instant.
import { type ReactNode, useState } from 'react';
import styles from './instant-input.module.css';
import { decodeLocal, encodeLocal } from './local-instant';

interface Props {
  readonly name: string;
  readonly seconds: number;
  readonly onSeconds: (seconds: number) => void;
}

export function InstantInput({ name, seconds, onSeconds }: Props): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  const commit = (): void => {
    const next = typed === null ? null : decodeLocal(typed);
    if (next !== null && next !== seconds) onSeconds(next);
    setTyped(null);
  };
  return (
    <input
      className={styles['instant']}
      type="datetime-local"
      step={1}
      aria-label={name}
      value={typed ?? encodeLocal(seconds)}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}
