'use client';
// What both somebody else and the editor changed differently, side by side, each decided by a button. In: the merged text. Out: the text decided.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import type { ReactNode } from 'react';
import { plural } from '../ui/format';
import styles from './config.module.css';
import { type Decision, decideConflict, listConflicts } from './editor/conflicts';

const CHOICES: readonly { readonly decision: Decision; readonly word: string }[] = [
  { decision: 'mine', word: 'Keep mine' },
  { decision: 'theirs', word: 'Take the cluster’s' },
  { decision: 'both', word: 'Keep both' },
];

const Side = ({ title, lines }: { readonly title: string; readonly lines: readonly string[] }): ReactNode => (
  <div className={styles['side']}>
    <span className={styles['subtle']}>{title}</span>
    {lines.length === 0 ? <em className={styles['subtle']}>taken out</em> : <pre>{lines.join('\n')}</pre>}
  </div>
);

export function MergeConflicts({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }): ReactNode {
  const conflicts = listConflicts(text);
  if (conflicts.length === 0) return null;
  return (
    <section className={styles['conflicts']} aria-labelledby="conflicts-title">
      <h2 id="conflicts-title">Decide {plural(conflicts.length, 'place')} that you and somebody else changed differently</h2>
      <ul>
        {conflicts.map(({ line, mine, theirs }) => (
          <li key={line}>
            <div className={styles['sides']}>
              <Side title="Yours" lines={mine} />
              <Side title="In the cluster" lines={theirs} />
            </div>
            <div className={styles['decisions']}>
              {CHOICES.map(({ decision, word }) => (
                <Button
                  key={decision}
                  variant="secondary"
                  size="sm"
                  aria-label={`${word}, line ${line}`}
                  onClick={() => onText(decideConflict(text, line, decision))}
                >
                  {word}
                </Button>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
