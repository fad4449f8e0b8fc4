'use client';
// Step 2 of the review: what the change breaks, what it mends, what was wrong before. In: judged findings. Out: lists, fixes, acceptance.
import type { ReactNode } from 'react';
import type { Preview } from '../../model/change';
import { type FindingFix, findingKey, type JudgedFinding } from '../../model/finding';
import { plural } from '../ui/format';
import { FindingList } from './finding-list';
import styles from './review.module.css';

interface Props {
  readonly preview: Preview;
  readonly accepted: ReadonlySet<string>;
  readonly onAccept: (key: string, accepted: boolean) => void;
  readonly onFix?: (fix: FindingFix) => void;
}

const PARTS: readonly { readonly origin: JudgedFinding['origin']; readonly title: string; readonly none: string }[] = [
  { origin: 'new', title: 'Brought by this change', none: 'The change brings no finding.' },
  { origin: 'mended', title: 'Mended by this change', none: '' },
  { origin: 'existing', title: 'There before, untouched', none: '' },
];
const GRAVITY = { error: 0, warning: 1, info: 2 } as const;

export function ReviewFindings({ preview, accepted, onAccept, onFix }: Props): ReactNode {
  return (
    <div className={styles['part']}>
      {PARTS.map(({ origin, title, none }) => {
        const findings = preview.findings
          .filter((one) => one.origin === origin)
          .map(({ finding }) => finding)
          .sort((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity]);
        if (findings.length === 0 && none === '') return null;
        return (
          <section key={origin} className={styles['section']} aria-label={title}>
            <h2>
              {title} <span className={styles['subtle']}>{findings.length === 0 ? '' : plural(findings.length, 'finding')}</span>
            </h2>
            {findings.length === 0 ? <p className={styles['good']}>✓ {none}</p> : null}
            <FindingList
              name={title}
              findings={findings}
              {...(origin === 'mended' || onFix === undefined ? {} : { onFix })}
              aside={(finding) => {
                if (origin !== 'new' || finding.severity !== 'error') return null;
                const key = findingKey(finding);
                return (
                  <label className={styles['check']}>
                    <input type="checkbox" checked={accepted.has(key)} onChange={(event) => onAccept(key, event.currentTarget.checked)} />
                    Accept it: I know what it does
                  </label>
                );
              }}
            />
          </section>
        );
      })}
    </div>
  );
}
