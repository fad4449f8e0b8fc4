'use client';
// The changes of one service: those under way, else the last one, with the way back. In: journal entries. Out: cards; the one that was just applied has the focus.
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ChangeRecord } from '../../model/change';
import { ChangeCard } from './change-card';
import { isOpen } from './change-words';
import type { Sender } from './changes-api';
import styles from './routing.module.css';

const UndoReview = dynamic(() => import('./undo-review').then((file) => file.UndoReview), { ssr: false });

interface Props {
  /** Newest first. */
  readonly changes: readonly ChangeRecord[];
  readonly host: string;
  readonly sender: Sender;
  readonly mayUndo: boolean;
  /** The change that was applied from this page; null: none yet. */
  readonly applied: string | null;
  readonly onChanged: () => void;
}

export function ServiceChanges({ changes, host, sender, mayUndo, applied, onChanged }: Props): ReactNode {
  const [undoing, setUndoing] = useState<ChangeRecord | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const open = changes.filter((one) => isOpen(one) || one.state === 'incomplete');
  const ended = changes.filter((one) => !open.includes(one)).slice(0, 1);
  const shown = [...open, ...ended];
  const isShown = shown.some(({ id }) => id === applied);
  // The review that had the focus is gone with its button.
  useEffect(() => {
    if (isShown) title.current?.focus();
  }, [isShown]);
  if (shown.length === 0) return null;
  return (
    <section className={styles['section']} aria-labelledby="changes-title">
      <div className={styles['sectionHead']}>
        <h2 id="changes-title" ref={title} tabIndex={-1}>
          {open.length === 0 ? 'Last change' : 'Changes under way'}
        </h2>
        <Link href={`/changes?host=${encodeURIComponent(host)}`}>All changes of this service</Link>
      </div>
      {shown.map((change) => (
        <ChangeCard key={change.id} change={change} sender={sender} onChanged={onChanged} {...(mayUndo ? { onUndo: setUndoing } : {})} />
      ))}
      {undoing === null ? null : (
        <UndoReview
          change={undoing}
          sender={sender}
          onClose={() => setUndoing(null)}
          onApplied={() => {
            setUndoing(null);
            onChanged();
          }}
        />
      )}
    </section>
  );
}
