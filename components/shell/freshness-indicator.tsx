'use client';
// How old the shown data is, counting up. In: the page's status. Out: a dot with words, a button that shows what reading it costs; the tone
// is announced when it changes, the age is not.
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { Disclosure } from '../ui/disclosure';
import { useNow } from '../ui/use-now';
import { NO_STATUS, wordFreshness } from './freshness-words';
import styles from './masthead.module.css';
import { useStatus } from './shell-context';

const LoadCard = dynamic(() => import('./load-card').then((file) => file.LoadCard), { ssr: false });

const ANNOUNCED = {
  waiting: '',
  live: 'The data is live.',
  paused: 'Refreshing is paused.',
  stale: 'The data is not current any more.',
  error: 'There is no data.',
} as const;

export function FreshnessIndicator(): ReactNode {
  const status = useStatus();
  const nowMs = useNow(1_000);
  // A page that tells nothing of its data has no age.
  if (nowMs === null || status === NO_STATUS) return null;
  const { tone, text } = wordFreshness(status, nowMs);
  return (
    <div className={styles['load']}>
      <Disclosure
        name={`${text}: load of the metrics backend`}
        variant="plainText"
        align="end"
        label={
          <span className={styles['freshness']}>
            <span className={`${styles['dot']} ${styles[tone]}`} aria-hidden />
            <span className={styles['age']}>{text}</span>
          </span>
        }
      >
        {() => <LoadCard />}
      </Disclosure>
      <span role="status" className="pf-v6-screen-reader">
        {ANNOUNCED[tone]}
      </span>
    </div>
  );
}
