'use client';
// The severity of a finding as icon and word, and counts of findings. In: severities. Out: marked-up content.
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import InfoCircleIcon from '@patternfly/react-icons/dist/esm/icons/info-circle-icon';
import type { ReactNode } from 'react';
import type { FindingSeverity } from '../../model/finding';
import type { ConfigRow } from '../../model/steering';
import { plural } from '../ui/format';
import styles from './config.module.css';
import { wordFindings } from './config-rows';

export const SEVERITY_WORDS: Readonly<Record<FindingSeverity, string>> = { error: 'Error', warning: 'Warning', info: 'Remark' };
const ICONS = { error: ExclamationCircleIcon, warning: ExclamationTriangleIcon, info: InfoCircleIcon } as const;

/** The icon alone; the word beside it is for screen readers. */
export function SeverityIcon({ severity }: { readonly severity: FindingSeverity }): ReactNode {
  const Icon = ICONS[severity];
  return (
    <span className={`${styles['severity']} ${styles[severity]}`} title={SEVERITY_WORDS[severity]}>
      <Icon aria-hidden />
      <span className="pf-v6-screen-reader">{SEVERITY_WORDS[severity]}: </span>
    </span>
  );
}

/** Counts by severity, with words. */
export function FindingCounts({ findings }: Pick<ConfigRow, 'findings'>): ReactNode {
  const shown = (['error', 'warning', 'info'] as const).filter((severity) => findings[severity] > 0);
  if (shown.length === 0) return <span className={styles['subtle']}>None</span>;
  return (
    <span className={styles['counts']} title={wordFindings({ findings })}>
      {shown.map((severity) => {
        const Icon = ICONS[severity];
        return (
          <span key={severity} className={`${styles['severity']} ${styles[severity]}`}>
            <Icon aria-hidden />
            <span className={styles['regular']}>{plural(findings[severity], SEVERITY_WORDS[severity].toLowerCase())}</span>
          </span>
        );
      })}
    </span>
  );
}
