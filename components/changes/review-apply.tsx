'use client';
// Step 4 of the review: why, kept at once or confirmed within a time, who sets it back, what trips the guard. In: choices. Out: a form.
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { type ReactNode, useId } from 'react';
import type { Preview } from '../../model/change';
import { Option } from '../ui/choice-group';
import { ChoiceSelect } from '../ui/choice-select';
import { formatInstant } from '../ui/format';
import { wordSpan } from './change-words';
import styles from './review.module.css';
import { MAX_TIMER_SECONDS, MIN_TIMER_SECONDS } from './review-checks';

export interface ApplyChoices {
  readonly reason: string;
  readonly keepNow: boolean;
  readonly seconds: number;
  /** Null: not watched. */
  readonly errorPoints: number | null;
  readonly latencyFactor: number | null;
}

export const STANDARD_CHOICES: ApplyChoices = { reason: '', keepNow: false, seconds: 300, errorPoints: 5, latencyFactor: 2 };

const TIMERS = [30, 60, 120, 300, 600, 900, 1800, 3600, 14_400, 86_400] as const;
const OTHER = 'other';

function wordReverter({ revertBy }: Preview): string {
  switch (revertBy.identity) {
    case 'console':
      return 'Heddle’s own service account sets it back, also when this browser is closed.';
    case 'user':
      return `Heddle sets it back in your name, also when this browser is closed${
        revertBy.validUntilMs === null ? '' : `; your login is good until ${formatInstant(revertBy.validUntilMs)}`
      }.`;
    case null:
      return `Not on offer: ${revertBy.why}`;
  }
}

function Watch(props: {
  readonly label: string;
  readonly unit: string;
  readonly value: number | null;
  readonly standard: number;
  readonly step: number;
  readonly min: number;
  readonly onChange: (value: number | null) => void;
}): ReactNode {
  const { label, unit, value, standard, step, min, onChange } = props;
  return (
    <div className={styles['watch']}>
      <label className={styles['check']}>
        <input type="checkbox" checked={value !== null} onChange={(event) => onChange(event.currentTarget.checked ? standard : null)} />
        {label}
      </label>
      <input
        type="number"
        className={styles['number']}
        aria-label={`${label}, ${unit}`}
        min={min}
        step={step}
        disabled={value === null}
        value={value ?? standard}
        onChange={(event) => {
          const next = event.currentTarget.valueAsNumber;
          if (Number.isFinite(next) && next >= min) onChange(next);
        }}
      />
      <span>{unit}</span>
    </div>
  );
}

interface Props {
  readonly preview: Preview;
  readonly choices: ApplyChoices;
  /** Said in the journal where no reason is given. */
  readonly summary: string;
  readonly onChange: (change: Partial<ApplyChoices>) => void;
}

export function ReviewApply({ preview, choices, summary, onChange }: Props): ReactNode {
  const id = useId();
  const timed = preview.revertBy.identity !== null;
  const listed = TIMERS.some((seconds) => seconds === choices.seconds);
  const keepNow = choices.keepNow || !timed;
  return (
    <div className={styles['part']}>
      <div className={styles['field']}>
        <label htmlFor={`${id}-reason`}>Why (for the journal)</label>
        <TextInput id={`${id}-reason`} value={choices.reason} placeholder={summary} onChange={(_event, reason) => onChange({ reason })} />
      </div>
      <fieldset className={styles['group']}>
        <legend>After it is applied</legend>
        <Option
          type="radio"
          name={`${id}-keep`}
          checked={!keepNow}
          onChange={() => {
            if (timed) onChange({ keepNow: false });
          }}
          label="Revert by itself unless I confirm"
          hint={wordReverter(preview)}
        />
        {keepNow ? null : (
          <div className={styles['timed']}>
            <div className={styles['watch']}>
              <span>Confirm within</span>
              <ChoiceSelect
                name="Time to confirm"
                value={listed ? String(choices.seconds) : OTHER}
                choices={[
                  ...TIMERS.map((seconds) => ({ value: String(seconds), label: wordSpan(seconds) })),
                  { value: OTHER, label: 'Another time' },
                ]}
                onChoose={(text) => onChange({ seconds: text === OTHER ? 45 : Number(text) })}
              />
              {listed ? null : (
                <>
                  <input
                    type="number"
                    className={styles['number']}
                    aria-label="Time to confirm in seconds"
                    min={MIN_TIMER_SECONDS}
                    max={MAX_TIMER_SECONDS}
                    value={choices.seconds}
                    onChange={(event) => {
                      const seconds = event.currentTarget.valueAsNumber;
                      if (Number.isFinite(seconds)) onChange({ seconds: Math.round(seconds) });
                    }}
                  />
                  <span>seconds</span>
                </>
              )}
            </div>
            <p className={styles['subtle']}>It is reverted earlier when the touched callers fare worse than before:</p>
            <Watch
              label="Errors rise by more than"
              unit="percentage points"
              value={choices.errorPoints}
              standard={5}
              step={0.5}
              min={0.1}
              onChange={(errorPoints) => onChange({ errorPoints })}
            />
            <Watch
              label="P95 grows to more than"
              unit="times what it was"
              value={choices.latencyFactor}
              standard={2}
              step={0.1}
              min={1}
              onChange={(latencyFactor) => onChange({ latencyFactor })}
            />
          </div>
        )}
        <Option
          type="radio"
          name={`${id}-keep`}
          checked={keepNow}
          onChange={() => onChange({ keepNow: true })}
          label="Keep it at once"
          hint="It can be undone from the journal at any time."
        />
      </fieldset>
    </div>
  );
}
