'use client';
// What was changed lately of what the graph shows: of one service, a namespace, or everywhere. In: a host or namespaces. Out: links into the journal.
import Link from 'next/link';
import type { ReactNode } from 'react';
import { formatInstant } from '../ui/format';
import { ChangeStateLabel } from './change-state';
import { wordChange, wordObjects } from './change-words';
import styles from './graph-changes.module.css';
import { useChanges } from './use-changes';

const SHOWN = 5;

interface Props {
  /** Fully qualified host of what is selected; null: nothing, or nothing that has one. */
  readonly host: string | null;
  /** Namespaces of the view; none: all. */
  readonly namespaces: readonly string[];
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

export function GraphChanges({ host, namespaces, fetch }: Props): ReactNode {
  const [only] = namespaces;
  const about =
    host !== null
      ? { host }
      : only !== undefined && namespaces.length === 1
        ? { namespace: only }
        : ({} as Readonly<Record<string, string>>);
  const { changes } = useChanges({ ...about, limit: String(SHOWN) }, fetch);
  // Nobody came for the journal: without one there is nothing to say.
  if (changes === null || changes.length === 0) return null;
  return (
    <section className={styles['section']} aria-labelledby="graph-changes-title">
      <h3 id="graph-changes-title" className={styles['title']}>
        Latest changes
      </h3>
      <ul className={styles['list']}>
        {changes.slice(0, SHOWN).map((change) => (
          <li key={change.id}>
            <div className={styles['head']}>
              <ChangeStateLabel state={change.state} />
              <span className={styles['when']}>
                {formatInstant(change.createdAtMs)} by {change.by.name}
              </span>
            </div>
            <Link href={`/changes?entry=${encodeURIComponent(change.id)}`}>
              {wordObjects(change.steps)}: {wordChange(change)}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
