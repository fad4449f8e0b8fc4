'use client';
// Changes of the reader that revert by themselves unless confirmed, above every page. In: the session, /api/changes. Out: a banner, or nothing.
import dynamic from 'next/dynamic';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { ChangeRecord } from '../../model/change';
import { announceChange, watchChanges } from '../changes/change-signal';
import { useJson } from '../ui/use-json';
import styles from './masthead.module.css';
import { useSession } from './session-context';

// Most of the time nothing waits: the lines are not part of the first load.
const WaitingList = dynamic(() => import('../changes/waiting-list').then((file) => file.WaitingList), { ssr: false });

/** Who applies a change here is told at once; these are for changes of other tabs, and for the end of those that wait. */
const REST_MS = 60_000;
const WAITING_MS = 15_000;

interface Changes {
  readonly changes: readonly ChangeRecord[];
}
const isChanges = (body: unknown): body is Changes =>
  typeof body === 'object' && body !== null && 'changes' in body && Array.isArray(body.changes);

export function WaitingBanner(): ReactNode {
  const { me, status } = useSession();
  const known = status === 'open' && me !== null && me.sees !== 'none';
  const [waits, setWaits] = useState(false);
  const { data, reload } = useJson(known ? '/api/changes?state=waiting&limit=20&brief=true' : null, {
    guard: isChanges,
    refreshMs: waits ? WAITING_MS : REST_MS,
  });
  useEffect(() => watchChanges(reload), [reload]);
  const csrfToken = me?.csrfToken ?? null;
  const sender = useMemo(() => ({ csrfToken }), [csrfToken]);
  const name = me?.user?.name ?? null;
  const mine = (data?.changes ?? []).filter(({ state, by }) => state === 'waiting' && (name === null || by.name === name));
  if (waits !== mine.length > 0) setWaits(mine.length > 0);
  return (
    <div className={styles['banner']}>
      {mine.length === 0 ? null : <WaitingList changes={mine} sender={sender} onChanged={announceChange} />}
    </div>
  );
}
