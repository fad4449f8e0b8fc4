'use client';
// The range of a dashboard: how long, until when, compared with what. In: the address. Out: controls.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import AngleLeftIcon from '@patternfly/react-icons/dist/esm/icons/angle-left-icon';
import AngleRightIcon from '@patternfly/react-icons/dist/esm/icons/angle-right-icon';
import type { ReactNode } from 'react';
import { RANGES_SECONDS } from '../../model/dashboard-query';
import { ChoiceSelect } from '../ui/choice-select';
import { formatInstant, formatWindow } from '../ui/format';
import { COMPARISON_LABELS, COMPARISONS } from './comparisons';
import { CustomRange } from './custom-range';
import styles from './dashboards.module.css';
import type { DashboardAddress } from './use-dashboard-address';

interface Props extends Pick<DashboardAddress, 'range' | 'comparison'> {
  readonly write: (change: Partial<Pick<DashboardAddress, 'range' | 'comparison'>>) => void;
  readonly comparable?: boolean;
}

export function RangeSelect({ range, comparison, write, comparable = true }: Props): ReactNode {
  const { rangeSeconds, atSeconds } = range;
  const known: readonly number[] = RANGES_SECONDS;
  const lengths = known.includes(rangeSeconds) ? known : [...known, rangeSeconds].sort((a, b) => a - b);
  const move = (parts: number): void => {
    const now = Math.floor(Date.now() / 1000);
    const at = Math.round((atSeconds ?? now) + (parts * rangeSeconds) / 2);
    write({ range: { rangeSeconds, atSeconds: at >= now ? null : at } });
  };
  return (
    <>
      <div className={styles['variable']}>
        <span className={styles['variableName']} aria-hidden>
          {atSeconds === null ? 'Range' : `Until ${formatInstant(atSeconds * 1000)}`}
        </span>
        <span className={styles['range']}>
          <Button variant="plain" icon={<AngleLeftIcon />} aria-label="Earlier" title="Earlier" onClick={() => move(-1)} />
          <ChoiceSelect
            name="Range"
            value={String(rangeSeconds)}
            choices={lengths.map((seconds) => ({ value: String(seconds), label: formatWindow(seconds) }))}
            onChoose={(text) => write({ range: { rangeSeconds: Number(text), atSeconds } })}
          />
          <Button
            variant="plain"
            icon={<AngleRightIcon />}
            aria-label="Later"
            title="Later"
            isDisabled={atSeconds === null}
            onClick={() => move(1)}
          />
          {atSeconds === null ? null : (
            <Button variant="link" size="sm" onClick={() => write({ range: { rangeSeconds, atSeconds: null } })}>
              Now
            </Button>
          )}
          <CustomRange range={range} onRange={(next) => write({ range: next })} />
        </span>
      </div>
      {comparable ? (
        <div className={styles['variable']}>
          <span className={styles['variableName']} aria-hidden>
            Compare
          </span>
          <ChoiceSelect
            name="Compare"
            value={comparison}
            choices={COMPARISONS.map((value) => ({ value, label: COMPARISON_LABELS[value] }))}
            onChoose={(chosen) => write({ comparison: chosen })}
          />
        </div>
      ) : null}
    </>
  );
}
