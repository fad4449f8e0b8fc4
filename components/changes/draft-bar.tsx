'use client';
// The draft at the foot of a page: since when, what is in it, what it would do, review or discard. In: DraftState, its preview. Out: a bar.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import TimesIcon from '@patternfly/react-icons/dist/esm/icons/times-icon';
import { type ReactNode, useState } from 'react';
import { formatInstant, plural } from '../ui/format';
import { canDrop } from './draft';
import styles from './draft-bar.module.css';
import { wordEdit } from './edit-words';
import type { DraftState } from './use-draft';
import type { PreviewState } from './use-preview';

interface Props {
  readonly state: DraftState;
  readonly preview: PreviewState;
  /** Objects that somebody changed since the draft was begun. */
  readonly changedObjects: readonly string[];
  readonly onReview: () => void;
}

/** What the plan says, in a few words. */
function wordPreview({ preview, problems, problem, loading }: PreviewState): { readonly text: string; readonly grave: boolean } {
  if (problems.length > 0) return { text: problems[0]?.message ?? 'An edit cannot be planned.', grave: true };
  if (problem !== null) return { text: `${problem.title}: ${problem.detail}`, grave: true };
  if (loading || preview === null) return { text: 'Planning…', grave: false };
  const errors = preview.findings.filter(({ origin, finding }) => origin === 'new' && finding.severity === 'error').length;
  const warnings = preview.findings.filter(({ origin, finding }) => origin === 'new' && finding.severity === 'warning').length;
  const moved = preview.effects.filter(({ kind }) => kind === 'moves').length;
  const hurt = preview.effects.filter(({ kind }) => kind === 'fails' || kind === 'cut' || kind === 'slower').length;
  const parts = [
    plural(preview.plan.steps.length, 'object'),
    errors + warnings === 0 ? 'no new finding' : `${plural(errors, 'new error')}, ${plural(warnings, 'new warning')}`,
    ...(moved === 0 ? [] : [`${plural(moved, 'caller')} ${moved === 1 ? 'moves' : 'move'}`]),
    ...(hurt === 0 ? [] : [`${plural(hurt, 'caller')} ${hurt === 1 ? 'is' : 'are'} hurt`]),
  ];
  return { text: parts.join(' · '), grave: errors > 0 || hurt > 0 };
}

export function DraftBar({ state, preview, changedObjects, onReview }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const [sure, setSure] = useState(false);
  const { draft } = state;
  if (draft === null) return null;
  const { text, grave } = wordPreview(preview);
  const count = draft.edits.length;
  return (
    <section className={styles['bar']} aria-label="Draft">
      {changedObjects.length === 0 ? null : (
        <p className={styles['warn']} role="status">
          ⚠ {changedObjects.join(', ')} changed since this draft was begun. Places of rules may mean others now: look at the plan.
        </p>
      )}
      {open ? (
        <ol className={styles['edits']} aria-label="Edits of the draft">
          {draft.edits.map((edit, i) => {
            const { title, on } = wordEdit(edit);
            const alone = canDrop(draft.edits, i);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: edits have no name but their place
              <li key={i}>
                <span className={styles['edit']}>
                  {title} <span className={styles['subtle']}>{on}</span>
                </span>
                <Button
                  variant="plain"
                  size="sm"
                  icon={<TimesIcon />}
                  aria-label={`Take out: ${title}`}
                  title={alone ? 'Take out' : 'Take out, with the edits after it that count on its place'}
                  onClick={() => state.drop(i)}
                />
              </li>
            );
          })}
        </ol>
      ) : null}
      <div className={styles['line']}>
        <span className={styles['words']}>
          <Button variant="link" isInline aria-expanded={open} onClick={() => setOpen(!open)}>
            Draft: {plural(count, 'edit')}
          </Button>{' '}
          <span className={styles['subtle']}>from {formatInstant(draft.startedAtMs)}</span>
          <span className={grave ? styles['bad'] : styles['subtle']} role="status">
            {text}
          </span>
        </span>
        <span className={styles['buttons']}>
          {sure ? (
            <>
              <Button
                variant="danger"
                onClick={() => {
                  setSure(false);
                  state.discard();
                }}
              >
                Discard {plural(count, 'edit')}
              </Button>
              <Button variant="link" onClick={() => setSure(false)}>
                Keep the draft
              </Button>
            </>
          ) : (
            <>
              <Button variant="link" onClick={() => setSure(true)}>
                Discard
              </Button>
              <Button variant="primary" onClick={onReview}>
                Review…
              </Button>
            </>
          )}
        </span>
      </div>
    </section>
  );
}
