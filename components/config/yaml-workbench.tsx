'use client';
// The editor of one object with all that belongs to it: text, comparison, problems, draft, review. In: what it began with, what the cluster has.
// Out: edits to the review. Whatever happens to the object meanwhile, the text stays.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ChangeRecord } from '../../model/change';
import type { ConfigRef, Edit } from '../../model/edit';
import type { Finding } from '../../model/finding';
import { withBase } from '../ui/base-path';
import { CopyButton } from '../ui/copy-button';
import { NARROW, useMediaQuery } from '../ui/use-media-query';
import styles from './config.module.css';
import type { EditorMark } from './editor/editor-marks';
import { refusesText } from './editor/editor-marks';
import { createMeshNamesSource } from './editor/mesh-names-source';
import { locatePath } from './editor/text-report';
import { useTextChecks } from './editor/use-text-checks';
import { type DraftSubject, type ObjectVersion, removeDraft, writeDraft, type YamlDraft } from './editor/yaml-drafts';
import type { YamlEditorApi } from './editor/yaml-editor';
import { LeaveGuard } from './leave-guard';
import { MarkList } from './mark-list';
import { MergeConflicts } from './merge-conflicts';
import type { ReviewSlot } from './review-slot';
import { StaleNotice } from './stale-notice';

const YamlEditor = dynamic(() => import('./editor/yaml-editor').then((file) => file.YamlEditor), {
  ssr: false,
  loading: () => <Skeleton height="100%" screenreaderText="The editor is being loaded" />,
});
const YamlCompare = dynamic(() => import('./editor/yaml-compare').then((file) => file.YamlCompare), {
  ssr: false,
  loading: () => <Skeleton height="100%" screenreaderText="The comparison is being loaded" />,
});

export interface WorkbenchProps {
  /** Null: a new object. */
  readonly editedRef: ConfigRef | null;
  readonly subject: DraftSubject;
  /** Of the user, who alone gets the draft back. */
  readonly owner: string;
  readonly csrfToken: string | null;
  readonly schema: unknown;
  /** What the text begins with: the object of the cluster, a template. */
  readonly start: { readonly text: string; readonly base: ObjectVersion | null };
  /** Text that was kept, of this user. */
  readonly draft: YamlDraft | null;
  /** The object as the cluster has it now; null where it is not there (any more). */
  readonly current: ObjectVersion | null;
  /** Of the object as it stands in the cluster. */
  readonly findings?: readonly Finding[] | undefined;
  readonly review: ReviewSlot;
  readonly onLeave: (href: string) => void;
  /** The change was applied: the newest version is to be fetched. */
  readonly onApplied: (change: ChangeRecord) => void;
  /** Why this reader may not write it; null: may, or it is not known. */
  readonly refusal: string | null;
  /** What is changed, for the heading of the review. */
  readonly title: string;
  /** Field that the editor opens at, `spec.http[0].match`; '': the top. */
  readonly openPath?: string;
  /** Beside the buttons; told whether the text was changed. */
  readonly actions?: (dirty: boolean) => ReactNode;
  readonly aside?: ReactNode;
  readonly fetch?: typeof globalThis.fetch;
}

type Mode = 'edit' | 'compare';

/** Line of an offset, from 1. */
function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

export function YamlWorkbench(props: WorkbenchProps): ReactNode {
  const {
    editedRef,
    subject,
    owner,
    csrfToken,
    schema,
    start,
    draft,
    current,
    findings,
    review,
    onLeave,
    onApplied,
    refusal,
    title,
    openPath = '',
    actions,
    aside,
    fetch,
  } = props;
  const narrow = useMediaQuery(NARROW);
  const editor = useRef<YamlEditorApi>(null);
  const [base, setBase] = useState<ObjectVersion | null>(draft?.base ?? start.base);
  const [restored, setRestored] = useState(draft !== null && draft.text !== start.text ? draft : null);
  const [kept, setKept] = useState(true);
  const [mode, setMode] = useState<Mode>('edit');
  const [reviewed, setReviewed] = useState<readonly Edit[] | null>(null);
  const [gone, setGone] = useState(false);
  // Our own write: what the cluster made of the text takes its place.
  const [adopting, setAdopting] = useState(false);
  const initialText = draft?.text ?? start.text;
  const original = base?.yaml ?? start.text;
  const [mesh] = useState(() => ({
    names: createMeshNamesSource(() => Date.now(), fetch),
    namespace: editedRef?.namespace ?? subject.namespace,
  }));
  const [openAt] = useState(() => (openPath === '' ? null : locatePath(initialText, openPath)));

  const writesNew = editedRef === null || gone;
  const makeEdit = useCallback(
    (text: string): Edit => ({
      type: 'yaml',
      ref: writesNew ? null : editedRef,
      yaml: text,
      resourceVersion: writesNew ? null : (base?.resourceVersion ?? null),
    }),
    [writesNew, editedRef, base],
  );
  const keep = useCallback(
    (text: string) => {
      if (text === original) {
        removeDraft(window.localStorage, owner, subject);
        setKept(true);
      } else setKept(writeDraft(window.localStorage, owner, subject, { text, base, atMs: Date.now() }));
    },
    [original, owner, subject, base],
  );
  // By what it says: every poll brings an equal list of its own.
  const findingsText = JSON.stringify(findings ?? []);
  const standing = useMemo(
    () => (editedRef === null ? null : { text: original, findings: JSON.parse(findingsText) as readonly Finding[] }),
    [editedRef, original, findingsText],
  );
  const { state, marks, onEdit, refresh } = useTextChecks({
    initialText,
    editedRef,
    schema,
    csrfToken,
    makeEdit,
    standing,
    keep,
    ...(fetch === undefined ? {} : { fetch }),
  });
  const dirty = state.text !== original;
  const unplannable = state.report === null || refusesText(state.report, editedRef);
  const lines = useMemo(
    () => new Map(marks.map((mark) => [mark.key, mark.range === null ? null : lineAt(state.text, mark.range.from)])),
    [marks, state.text],
  );

  const replace = (text: string): void => {
    // Through the editor, so that it can be undone; it is there whenever something can be pressed.
    editor.current?.replace(text);
    refresh(text);
  };
  const startReview = (): void => {
    const text = editor.current?.text() ?? state.text;
    if (unplannable || (editedRef !== null && text === original && !gone)) return;
    setReviewed([makeEdit(text)]);
  };
  const discard = (): void => {
    replace(current?.yaml ?? start.text);
    if (current !== null) setBase(current);
    removeDraft(window.localStorage, owner, subject);
    setRestored(null);
  };
  const fix = (mark: EditorMark): void => {
    if (mark.fix === null) return;
    const text = editor.current?.text() ?? state.text;
    setReviewed(text === original && editedRef !== null ? mark.fix.edits : [makeEdit(text), ...mark.fix.edits]);
  };
  const latestFix = useRef(fix);
  useEffect(() => {
    latestFix.current = fix;
  });
  const onFix = useCallback((mark: EditorMark) => latestFix.current(mark), []);
  const jump = useCallback((mark: EditorMark) => {
    setMode('edit');
    // A hidden editor takes no focus: once it is shown.
    requestAnimationFrame(() => editor.current?.jumpTo(mark));
  }, []);
  const applied = (change: ChangeRecord): void => {
    removeDraft(window.localStorage, owner, subject);
    setReviewed(null);
    setAdopting(true);
    setRestored(null);
    onApplied(change);
  };

  return (
    <div className={styles['workbench']}>
      <LeaveGuard
        active={dirty && !adopting}
        kept={kept}
        base={withBase('')}
        onDiscard={() => removeDraft(window.localStorage, owner, subject)}
        onLeave={onLeave}
      />
      {refusal === null ? null : (
        <Alert isInline variant="info" component="h2" title={refusal}>
          A change can be written and reviewed here, and copied for somebody who may apply it. <Link href="/account">Your account</Link>{' '}
          says what to ask an administrator for.
        </Alert>
      )}
      <StaleNotice
        editedRef={editedRef}
        base={base}
        current={current}
        text={state.text}
        dirty={dirty}
        restored={restored}
        gone={gone}
        adopting={adopting}
        onAdopted={() => setAdopting(false)}
        onText={replace}
        onBase={setBase}
        onGone={setGone}
        onDiscard={discard}
        onCompare={() => setMode('compare')}
        onSeen={() => setRestored(null)}
      />
      <MergeConflicts text={state.text} onText={replace} />
      {openPath !== '' && openAt === null ? (
        <p role="status" className={styles['subtle']}>
          Nothing of {openPath} is in this text (any more).
        </p>
      ) : null}
      <div className={styles['bar']}>
        <ToggleGroup aria-label="How the text is shown">
          <ToggleGroupItem text="Edit" buttonId="mode-edit" isSelected={mode === 'edit'} onChange={() => setMode('edit')} />
          <ToggleGroupItem text="Compare" buttonId="mode-compare" isSelected={mode === 'compare'} onChange={() => setMode('compare')} />
        </ToggleGroup>
        <span role="status" className={styles['subtle']}>
          {dirty
            ? kept
              ? 'Changed; kept as a draft in this browser'
              : 'Changed; this browser keeps no drafts'
            : editedRef === null
              ? 'A new object'
              : 'As in the cluster'}
        </span>
        <span className={styles['barEnd']}>
          {actions?.(dirty)}
          <CopyButton text={() => editor.current?.text() ?? state.text} what="the YAML" />
          {dirty ? (
            <Button variant="secondary" size="sm" onClick={discard}>
              {editedRef === null ? 'Start over' : 'Discard changes'}
            </Button>
          ) : null}
          <Button
            variant="primary"
            size="sm"
            isDisabled={unplannable || (!dirty && editedRef !== null && !gone)}
            title="Ctrl+Enter"
            onClick={startReview}
          >
            Review…
          </Button>
        </span>
      </div>
      <div className={styles['split']}>
        <div className={styles['texts']}>
          <div className={styles['textBox']} hidden={mode !== 'edit'}>
            <YamlEditor
              ref={editor}
              initialText={initialText}
              openAt={openAt}
              schema={schema}
              mesh={mesh}
              marks={marks}
              readOnly={false}
              name={editedRef === null ? 'YAML of the new object' : `YAML of ${editedRef.name}`}
              onEdit={onEdit}
              onSubmit={startReview}
            />
          </div>
          {mode === 'compare' ? (
            <div className={styles['textBox']}>
              {state.text === (current?.yaml ?? original) ? (
                <p className={styles['nothing']}>
                  The text is {editedRef === null ? 'as the template made it' : 'as the cluster has it'}: there is nothing to compare.
                </p>
              ) : (
                <YamlCompare
                  before={current?.yaml ?? original}
                  after={state.text}
                  beforeName={editedRef === null ? 'The template' : 'In the cluster'}
                  afterName="Your text"
                  narrow={narrow}
                />
              )}
            </div>
          ) : null}
          <MarkList marks={marks} lines={lines} checking={state.checking} failure={state.failure} onJump={jump} onFix={onFix} />
        </div>
        <section className={styles['aside']} aria-label="About the object">
          {aside}
          <section className={styles['part']}>
            <h2>Keys</h2>
            <dl className={styles['keys']}>
              <div>
                <dt>Ctrl+Space</dt>
                <dd>what fits here</dd>
              </div>
              <div>
                <dt>Ctrl+Enter</dt>
                <dd>review the change</dd>
              </div>
              <div>
                <dt>F8</dt>
                <dd>next problem</dd>
              </div>
              <div>
                <dt>Ctrl+F</dt>
                <dd>find and replace</dd>
              </div>
              <div>
                <dt>Esc, Tab</dt>
                <dd>leave the editor</dd>
              </div>
            </dl>
          </section>
        </section>
      </div>
      {reviewed === null ? null : review({ title, edits: reviewed, refusal, onClose: () => setReviewed(null), onApplied: applied })}
    </div>
  );
}
