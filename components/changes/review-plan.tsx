'use client';
// Step 1 of the review: what will be written, in words and as a diff, whose it is, what the API server says of it. In: Preview. Out: sections.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { type ReactNode, useId } from 'react';
import type { DryRun, PlanStep, Preview } from '../../model/change';
import { refText } from '../../model/edit';
import { CopyButton } from '../ui/copy-button';
import { plural } from '../ui/format';
import { encodeAfter, encodeKubectl, encodeManifest } from './manifest-text';
import styles from './review.module.css';
import { findMoved, lockedBy } from './review-checks';
import { shortHost } from './rule-words';
import { YamlDiff } from './yaml-diff';

const ACTIONS = { create: ['Create', 'green'], update: ['Change', 'blue'], delete: ['Delete', 'red'] } as const;

function wordWaits(step: PlanStep): readonly string[] {
  return [...(step.waitAfter === null ? [] : [step.waitAfter]), ...(step.waitAlso ?? [])].map(
    ({ host, subset, readyPods }) =>
      `Then wait until ${subset === null ? shortHost(host) : `${shortHost(host)} ${subset}`} has ${plural(readyPods, 'ready pod')}.`,
  );
}

function Rehearsed({ answer }: { readonly answer: DryRun | undefined }): ReactNode {
  if (answer === undefined) return null;
  if (answer.ok) return <p className={styles['good']}>✓ The API server took it in a dry run.</p>;
  return (
    <Alert isInline variant="danger" title="The API server refuses it" component="h3">
      <ul>
        {answer.problems.map(({ path, message }) => (
          <li key={`${path ?? ''} ${message}`}>
            {path === null ? null : <code>{path}: </code>}
            {message}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

function Step({ step, index, preview }: { readonly step: PlanStep; readonly index: number; readonly preview: Preview }): ReactNode {
  const [word, colour] = ACTIONS[step.action];
  const text = refText(step.ref);
  const title = `${word} ${text}`;
  return (
    <li className={styles['step']}>
      <h2 className={styles['stepTitle']}>
        <span className={styles['count']} aria-hidden>
          {index + 1}
        </span>
        <Label color={colour} isCompact>
          {word}
        </Label>
        <span className={styles['name']}>{text}</span>
        {step.after === null ? null : (
          <CopyButton text={() => (step.after === null ? '' : encodeManifest(step.after))} what={`the YAML of ${text}`} />
        )}
      </h2>
      <ul className={styles['words']}>
        {step.words.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Rehearsed answer={preview.dryRun?.find(({ ref }) => refText(ref) === text)} />
      <YamlDiff
        name={`${title}: YAML before and after`}
        before={step.before === null ? '' : encodeManifest(step.before)}
        after={step.after === null ? '' : encodeManifest(step.after)}
      />
      {wordWaits(step).map((wait) => (
        <p key={wait} className={styles['wait']}>
          ⏸ {wait}
        </p>
      ))}
    </li>
  );
}

function Owners({
  preview,
  override,
  onOverride,
}: {
  readonly preview: Preview;
  readonly override: string;
  readonly onOverride: (reason: string) => void;
}): ReactNode {
  const id = useId();
  if (preview.ownership.length === 0) return null;
  const locked = lockedBy(preview).length > 0;
  return (
    <Alert
      isInline
      variant={locked ? 'warning' : 'info'}
      title={locked ? 'Somebody else owns what is changed' : 'Somebody else manages parts of these objects'}
      component="h2"
    >
      <ul className={styles['owners']}>
        {preview.ownership.map(({ ref, name, consequence, paths, locked: lock }) => (
          <li key={`${refText(ref)} ${name}`}>
            <strong>{refText(ref)}</strong>: {name}. {consequence}.{lock ? ' Locked.' : ''}
            {paths.length === 0 ? null : <span className={styles['subtle']}> ({paths.join(', ')})</span>}
          </li>
        ))}
      </ul>
      <p className={styles['inline']}>
        <CopyButton text={() => encodeAfter(preview.plan.steps)} what="the YAML of all objects">
          Copy as YAML
        </CopyButton>
        <CopyButton text={() => encodeKubectl(preview.plan.steps)} what="the commands for kubectl">
          Copy as patch
        </CopyButton>
        <span>and bring it to where they are kept.</span>
      </p>
      {locked ? (
        <p className={styles['field']}>
          <label htmlFor={id}>Edit anyway, because</label>
          <TextInput
            id={id}
            value={override}
            onChange={(_event, text) => onOverride(text)}
            placeholder="incident 4711, the pipeline is down"
          />
        </p>
      ) : null}
    </Alert>
  );
}

interface Props {
  readonly preview: Preview;
  /** The plan that was shown when somebody else was faster; null: nobody was. */
  readonly seen: Preview | null;
  readonly override: string;
  readonly onOverride: (reason: string) => void;
}

export function ReviewPlan({ preview, seen, override, onOverride }: Props): ReactNode {
  const { steps } = preview.plan;
  const moved = seen === null ? [] : findMoved(seen, preview);
  return (
    <div className={styles['part']}>
      {seen === null ? null : (
        <Alert
          isInline
          variant="warning"
          component="h2"
          title={
            moved.length === 0 ? 'The plan was made anew' : 'Somebody else changed it meanwhile: your edits are planned on top of theirs'
          }
        >
          <p>Nothing was written. What is shown now is what will be written; look at it again.</p>
        </Alert>
      )}
      {moved.map(({ ref, seen: was, now }) => (
        <section key={refText(ref)} className={styles['step']}>
          <h2 className={styles['stepTitle']}>What changed in {refText(ref)} since you looked</h2>
          <YamlDiff
            name={`${refText(ref)}: as you saw it and as it is now`}
            before={was === null ? '' : encodeManifest(was)}
            after={now === null ? '' : encodeManifest(now)}
            titles={['As you saw it', 'As it is now']}
          />
        </section>
      ))}
      <Owners preview={preview} override={override} onOverride={onOverride} />
      {preview.dryRunFault === null ? null : (
        <Alert isInline variant="info" title="The API server could not be asked for a dry run" component="h2">
          <p>{preview.dryRunFault}</p>
        </Alert>
      )}
      {steps.length === 0 ? (
        <p>Everything is so already: there is nothing to write.</p>
      ) : (
        <>
          <p className={styles['subtle']}>
            {steps.length === 1
              ? 'One object is written.'
              : `${steps.length} objects are written in this order, each only after the one before.`}
          </p>
          <ol className={styles['steps']}>
            {steps.map((step, i) => (
              <Step key={`${refText(step.ref)} ${step.action} ${JSON.stringify(step.words)}`} step={step} index={i} preview={preview} />
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
