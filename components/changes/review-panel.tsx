'use client';
// Walks somebody from a draft to its writing: plan, findings, effect, apply. Nothing is written before the last button.
// In: edits and their preview, who writes. Out: the change, once it is applied; the draft is the caller's and is never touched here.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import type { ApplyRequest, ChangeRecord, Preview } from '../../model/change';
import type { Edit } from '../../model/edit';
import { type FindingFix, findingKey } from '../../model/finding';
import { ErrorAlert } from '../ui/error-alert';
import { plural } from '../ui/format';
import { useNow } from '../ui/use-now';
import { wordChange } from './change-words';
import { applyChange, type Sender } from './changes-api';
import { EditProblems } from './edit-problems';
import styles from './review.module.css';
import { type ApplyChoices, ReviewApply, STANDARD_CHOICES } from './review-apply';
import { listObstacles, newErrors } from './review-checks';
import { ReviewEffect } from './review-effect';
import { ReviewFindings } from './review-findings';
import { ReviewPlan } from './review-plan';
import { type ReviewStep, ReviewSteps, STEP_NAMES } from './review-steps';
import type { PreviewState } from './use-preview';
import { useSend } from './use-send';

interface Props {
  /** What is changed, for the heading: "reviews". */
  readonly title: string;
  readonly edits: readonly Edit[];
  readonly state: PreviewState;
  readonly sender: Sender;
  /** Why this reader may not write it; null: may, or the server will say. */
  readonly refusal: string | null;
  /** Adds the edits of a fix to the draft, which is planned anew; absent: there is no draft that could take them. */
  readonly onFix?: (fix: FindingFix) => void;
  readonly onApplied: (change: ChangeRecord) => void;
  readonly onClose: () => void;
  /** Instead of POST /api/changes. */
  readonly apply?: (request: ApplyRequest, sender: Sender, signal: AbortSignal) => Promise<ChangeRecord>;
}

function buildRequest(edits: readonly Edit[], preview: Preview, choices: ApplyChoices, override: string, summary: string): ApplyRequest {
  const keep = choices.keepNow || preview.revertBy.identity === null;
  return {
    edits,
    digest: preview.plan.digest,
    reason: choices.reason.trim() === '' ? summary : choices.reason.trim(),
    confirm: keep
      ? { revertAfterSeconds: null, guard: null }
      : {
          revertAfterSeconds: choices.seconds,
          guard:
            choices.errorPoints === null && choices.latencyFactor === null
              ? null
              : { errorPercentPoints: choices.errorPoints, latencyFactor: choices.latencyFactor },
        },
    override: override.trim() === '' ? null : override.trim(),
  };
}

export function ReviewPanel({ title, edits, state, sender, refusal, onFix, onApplied, onClose, apply = applyChange }: Props): ReactNode {
  const [step, setStep] = useState<ReviewStep>('plan');
  const [accepted, setAccepted] = useState<ReadonlySet<string>>(new Set());
  const [override, setOverride] = useState('');
  const [choices, setChoices] = useState<ApplyChoices>(STANDARD_CHOICES);
  const [seen, setSeen] = useState<Preview | null>(null);
  const { busy, problem, clear, send } = useSend();
  const nowMs = useNow(10_000) ?? 0;
  const { preview, problems } = state;
  const summary =
    preview === null
      ? ''
      : wordChange({ steps: preview.plan.steps.map((one) => ({ ...one, state: 'pending', written: null })), reason: '' });
  const obstacles =
    preview === null
      ? []
      : listObstacles(preview, {
          accepted,
          override,
          revertAfterSeconds: choices.keepNow || preview.revertBy.identity === null ? null : choices.seconds,
          nowMs,
        });
  const ready = preview !== null && !state.loading && state.problem === null && problems.length === 0 && refusal === null;
  const planAgain = (): void => {
    setSeen(preview);
    clear();
    setStep('plan');
    state.again();
  };
  const run = async (): Promise<void> => {
    if (preview === null) return;
    const request = buildRequest(edits, preview, choices, override, summary);
    const change = await send((signal) => apply(request, sender, signal));
    if (change !== null) onApplied(change);
  };
  const at = STEP_NAMES.findIndex(({ key }) => key === step);
  const next = STEP_NAMES[at + 1];
  const back = STEP_NAMES[at - 1];
  const conflict = problem?.code === 'conflict' || problem?.status === 409 || problem?.status === 412;
  return (
    <Modal
      isOpen
      variant="large"
      className={styles['modal'] ?? ''}
      aria-labelledby="review-title"
      onClose={busy ? () => undefined : onClose}
      elementToFocus="#review-step-plan"
    >
      <ModalHeader
        title={`Review the change of ${title}`}
        labelId="review-title"
        description={<ReviewSteps step={step} preview={preview} obstacles={obstacles} onStep={setStep} />}
      />
      <ModalBody className={styles['body'] ?? ''} tabIndex={0} aria-label={STEP_NAMES[at]?.name ?? 'Review'} id="review-body">
        {refusal === null ? null : (
          <p className={styles['refusal']} role="note">
            {refusal} <Link href="/account">What to ask for</Link>
          </p>
        )}
        {state.problem === null ? null : <ErrorAlert problem={state.problem} onRetry={state.again} heading="h2" />}
        <EditProblems problems={problems} edits={edits} />
        {preview === null && state.loading ? <Skeleton height="16rem" screenreaderText="The change is being planned" /> : null}
        {preview === null || problems.length > 0 ? null : (
          <div className={state.loading ? styles['old'] : undefined} aria-busy={state.loading}>
            {step === 'plan' ? <ReviewPlan preview={preview} seen={seen} override={override} onOverride={setOverride} /> : null}
            {step === 'findings' ? (
              <ReviewFindings
                preview={preview}
                accepted={accepted}
                {...(onFix === undefined ? {} : { onFix })}
                onAccept={(key, on) => setAccepted((old) => new Set(on ? [...old, key] : [...old].filter((one) => one !== key)))}
              />
            ) : null}
            {step === 'effect' ? <ReviewEffect preview={preview} /> : null}
            {step === 'apply' ? (
              <ReviewApply
                preview={preview}
                choices={choices}
                summary={summary}
                onChange={(change) => setChoices((old) => ({ ...old, ...change }))}
              />
            ) : null}
          </div>
        )}
      </ModalBody>
      <ModalFooter className={styles['footer'] ?? ''}>
        <div className={styles['messages']} aria-live="polite">
          {state.loading ? <p className={styles['subtle']}>Planning…</p> : null}
          {problem === null ? null : (
            <ErrorAlert
              problem={{ ...problem, next: conflict && onFix !== undefined ? `${problem.next} Your draft is kept.` : problem.next }}
              heading="h2"
            />
          )}
          {problem?.code === 'forbidden' ? (
            <p>
              <Link href="/account">Your account</Link> says what to ask an administrator for.
              {onFix === undefined ? '' : ' The draft is kept.'}
            </p>
          ) : null}
          {step !== 'apply' || obstacles.length === 0 ? null : (
            <ul className={styles['obstacles']} aria-label="Before it can be applied">
              {obstacles.map(({ step: where, text }) => (
                <li key={text}>
                  {text}{' '}
                  {where === 'apply' ? null : (
                    <Button variant="link" isInline onClick={() => setStep(where)}>
                      Go there
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
          {preview !== null &&
          step !== 'apply' &&
          newErrors(preview).some(({ finding }) => !accepted.has(findingKey(finding))) &&
          step !== 'findings' ? (
            <p className={styles['warn']}>This change brings {plural(newErrors(preview).length, 'error')}: see Findings.</p>
          ) : null}
        </div>
        <div className={styles['buttons']}>
          {conflict ? (
            <Button variant="primary" onClick={planAgain}>
              Plan again
            </Button>
          ) : next === undefined ? (
            <Button
              variant={obstacles.length > 0 ? 'secondary' : 'primary'}
              isLoading={busy}
              isDisabled={busy || !ready || obstacles.length > 0}
              onClick={() => void run()}
            >
              {busy ? 'Applying…' : choices.keepNow || preview?.revertBy.identity === null ? 'Apply and keep' : 'Apply'}
            </Button>
          ) : (
            <Button variant="primary" isDisabled={preview === null || problems.length > 0} onClick={() => setStep(next.key)}>
              Next: {next.name}
            </Button>
          )}
          {back === undefined ? null : (
            <Button variant="secondary" isDisabled={busy} onClick={() => setStep(back.key)}>
              Back
            </Button>
          )}
          <Button variant="link" isDisabled={busy} onClick={onClose}>
            {onFix === undefined ? 'Close' : 'Back to the draft'}
          </Button>
        </div>
      </ModalFooter>
    </Modal>
  );
}
