'use client';
// The four steps of a review as tabs with what each has to say. In: where one is, the preview. Out: a tab list (arrow keys go along it).
import type { KeyboardEvent, ReactNode } from 'react';
import type { Preview } from '../../model/change';
import styles from './review.module.css';
import type { Obstacle } from './review-checks';

export type ReviewStep = 'plan' | 'findings' | 'effect' | 'apply';

export const STEP_NAMES: readonly { readonly key: ReviewStep; readonly name: string }[] = [
  { key: 'plan', name: 'Plan' },
  { key: 'findings', name: 'Findings' },
  { key: 'effect', name: 'Effect' },
  { key: 'apply', name: 'Apply' },
];

function countFor(step: ReviewStep, preview: Preview | null): string {
  if (preview === null) return '';
  switch (step) {
    case 'plan':
      return String(preview.plan.steps.length);
    case 'findings': {
      const fresh = preview.findings.filter(({ origin }) => origin === 'new').length;
      return fresh === 0 ? 'none new' : `${fresh} new`;
    }
    case 'effect': {
      const hit = preview.effects.filter(({ kind }) => kind !== 'kept').length;
      return hit === 0 ? '' : `${hit} affected`;
    }
    case 'apply':
      return '';
  }
}

interface Props {
  readonly step: ReviewStep;
  readonly preview: Preview | null;
  readonly obstacles: readonly Obstacle[];
  readonly onStep: (step: ReviewStep) => void;
}

export function ReviewSteps({ step, preview, obstacles, onStep }: Props): ReactNode {
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: (index + 1) % STEP_NAMES.length,
      ArrowLeft: (index + STEP_NAMES.length - 1) % STEP_NAMES.length,
      Home: 0,
      End: STEP_NAMES.length - 1,
    };
    const target = STEP_NAMES[targets[event.key] ?? -1];
    if (target === undefined) return;
    event.preventDefault();
    onStep(target.key);
    document.getElementById(`review-step-${target.key}`)?.focus();
  };
  return (
    <div className={styles['tabs']} role="tablist" aria-label="Steps of the review">
      {STEP_NAMES.map(({ key, name }, i) => {
        const count = countFor(key, preview);
        const blocked = obstacles.some((one) => one.step === key);
        return (
          <button
            key={key}
            id={`review-step-${key}`}
            type="button"
            role="tab"
            aria-selected={step === key}
            aria-controls="review-body"
            tabIndex={step === key ? 0 : -1}
            className={`${styles['tab']} ${step === key ? styles['current'] : ''} ${blocked ? styles['blocked'] : ''}`}
            onClick={() => onStep(key)}
            onKeyDown={(event) => onKeyDown(event, i)}
          >
            <span className={styles['count']} aria-hidden>
              {i + 1}
            </span>
            {name}
            {count === '' ? null : <span className={styles['subtle']}> {count}</span>}
            {blocked ? <span className="pf-v6-screen-reader">, something is in the way</span> : null}
          </button>
        );
      })}
    </div>
  );
}
