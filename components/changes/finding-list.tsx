'use client';
// Findings with severity by icon and word, their consequence and their fix. In: findings. Out: a list.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import InfoCircleIcon from '@patternfly/react-icons/dist/esm/icons/info-circle-icon';
import type { ReactNode } from 'react';
import { refText } from '../../model/edit';
import { type Finding, type FindingFix, findingKey } from '../../model/finding';
import styles from './findings.module.css';
import { ObjectLink } from './object-link';

const SEVERITIES = {
  error: ['Error', ExclamationCircleIcon],
  warning: ['Warning', ExclamationTriangleIcon],
  info: ['Note', InfoCircleIcon],
} as const;

interface Props {
  readonly name: string;
  readonly findings: readonly Finding[];
  /** Puts the edits of a fix into the draft; absent: fixes are not offered. */
  readonly onFix?: (fix: FindingFix) => void;
  /** Address of the page, to come back to from the YAML at the place of a finding; absent: places are not linked. */
  readonly back?: string | null;
  /** Beside a finding, e.g. a checkbox. */
  readonly aside?: (finding: Finding) => ReactNode;
}

export function FindingList({ name, findings, onFix, back = null, aside }: Props): ReactNode {
  return (
    <ul className={styles['list']} aria-label={name}>
      {findings.map((finding) => {
        const [word, Icon] = SEVERITIES[finding.severity];
        const { fix } = finding;
        return (
          <li key={findingKey(finding)} className={styles['finding']}>
            <span className={`${styles['icon']} ${styles[finding.severity]}`}>
              <Icon aria-hidden />
            </span>
            <div className={styles['text']}>
              <p>
                <strong>{word}</strong> <span className={styles['code']}>{[finding.code, ...finding.aliases].join(', ')}</span>{' '}
                {finding.message}
              </p>
              <p className={styles['subtle']}>
                {finding.consequence === '' ? '' : `${finding.consequence}. `}
                {back === null ? (
                  `${refText(finding.object)}${finding.path === '' ? '' : `, ${finding.path}`}`
                ) : (
                  <ObjectLink to={finding.object} path={finding.path} back={back}>
                    {refText(finding.object)}
                    {finding.path === '' ? '' : `, ${finding.path}`}
                  </ObjectLink>
                )}
              </p>
              {fix === null || onFix === undefined ? null : (
                <Button variant="secondary" size="sm" onClick={() => onFix(fix)}>
                  {fix.title}
                </Button>
              )}
              {aside?.(finding)}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
