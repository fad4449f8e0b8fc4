'use client';
// Health as icon and word: never colour alone. In: HealthStatus. Out: an icon with its word, visible or for screen readers.
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import InProgressIcon from '@patternfly/react-icons/dist/esm/icons/in-progress-icon';
import MinusCircleIcon from '@patternfly/react-icons/dist/esm/icons/minus-circle-icon';
import type { ComponentType, ReactNode } from 'react';
import type { HealthStatus } from '../../model/health';
import styles from './health-status.module.css';
import { HEALTH_ORDER, HEALTH_WORDS } from './health-words';

const ICONS: Readonly<Record<HealthStatus, ComponentType>> = {
  failure: ExclamationCircleIcon,
  degraded: ExclamationTriangleIcon,
  notReady: InProgressIcon,
  healthy: CheckCircleIcon,
  na: MinusCircleIcon,
};

/** The icon with its word for screen readers and as a tooltip. */
export function HealthIcon({ status }: { readonly status: HealthStatus }): ReactNode {
  const Icon = ICONS[status];
  return (
    <span className={`${styles['icon']} ${styles[status]}`} title={HEALTH_WORDS[status]}>
      <Icon aria-hidden />
      <span className="pf-v6-screen-reader">{HEALTH_WORDS[status]}</span>
    </span>
  );
}

/** Icon and word. */
export function HealthStatusText({ status }: { readonly status: HealthStatus }): ReactNode {
  const Icon = ICONS[status];
  return (
    <span className={styles['text']}>
      <span className={`${styles['icon']} ${styles[status]}`}>
        <Icon aria-hidden />
      </span>
      {HEALTH_WORDS[status]}
    </span>
  );
}

/** Counts by status, worst first, without the empty ones: ● 2 ▲ 1 ✓ 9. */
export function HealthCounts({
  counts,
  name,
}: {
  readonly counts: Readonly<Record<HealthStatus, number>>;
  readonly name: string;
}): ReactNode {
  const shown = HEALTH_ORDER.filter((status) => counts[status] > 0);
  if (shown.length === 0) return <span className={styles['none']}>none</span>;
  return (
    <ul className={styles['counts']} aria-label={`${name} by health`}>
      {shown.map((status) => {
        const Icon = ICONS[status];
        return (
          <li key={status} className={styles['count']} title={`${counts[status]} ${HEALTH_WORDS[status].toLowerCase()}`}>
            <span className={`${styles['icon']} ${styles[status]}`}>
              <Icon aria-hidden />
            </span>
            <span>{counts[status]}</span>
            <span className="pf-v6-screen-reader"> {HEALTH_WORDS[status].toLowerCase()}</span>
          </li>
        );
      })}
    </ul>
  );
}
