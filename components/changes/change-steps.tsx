'use client';
// What a change wrote, object by object, with its diff. In: ChangeRecord. Out: a list (brings YAML: load lazily).
import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import type { ReactNode } from 'react';
import type { ChangeRecord, StepState } from '../../model/change';
import { refText } from '../../model/edit';
import { encodeManifest } from './manifest-text';
import styles from './review.module.css';
import { YamlDiff } from './yaml-diff';

const STATES: Readonly<Record<StepState, readonly [string, 'green' | 'grey' | 'red' | 'blue']>> = {
  pending: ['not written yet', 'blue'],
  written: ['written', 'green'],
  undone: ['set back', 'grey'],
  failed: ['failed', 'red'],
};

export function ChangeSteps({ change }: { readonly change: ChangeRecord }): ReactNode {
  return (
    <ol className={styles['steps']}>
      {change.steps.map((step, i) => {
        const [word, colour] = STATES[step.state];
        const text = refText(step.ref);
        return (
          <li key={`${text} ${step.action}`} className={styles['step']}>
            <h3 className={styles['stepTitle']}>
              <span className={styles['count']} aria-hidden>
                {i + 1}
              </span>
              <span className={styles['name']}>{text}</span>
              <Label isCompact color={colour}>
                {word}
              </Label>
            </h3>
            <ul className={styles['words']}>
              {step.words.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
            <YamlDiff
              name={`${text}: YAML before and after`}
              before={step.before === null ? '' : encodeManifest(step.before)}
              after={step.after === null ? '' : encodeManifest(step.after)}
            />
          </li>
        );
      })}
    </ol>
  );
}
