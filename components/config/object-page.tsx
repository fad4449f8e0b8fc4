'use client';
// One object of the cluster: its YAML to edit, what is known of it, its deletion. In: which object, the session, the review. Out: the page.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import type { ChangeRecord } from '../../model/change';
import type { ConfigRef, Edit } from '../../model/edit';
import { type BackLink, newConfigHref } from '../ui/config-address';
import { ErrorAlert } from '../ui/error-alert';
import { ErrorState } from '../ui/error-state';
import { Page } from '../ui/page';
import { useJson } from '../ui/use-json';
import { AppliedNotice } from './applied-notice';
import styles from './config.module.css';
import { isConfigObject, isSchema } from './config-guards';
import { configApiPath, wordConfigKind, wordRef } from './config-kinds';
import { Crumbs } from './crumbs';
import { readDraft } from './editor/yaml-drafts';
import { ObjectFacts } from './object-facts';
import type { ReviewSlot } from './review-slot';
import { useWriteRight } from './use-write-right';
import { YamlWorkbench } from './yaml-workbench';

interface Props {
  readonly objectRef: ConfigRef;
  /** Of the user. */
  readonly owner: string;
  readonly csrfToken: string | null;
  readonly listHref: string;
  /** Field that the editor opens at; '': the top. */
  readonly openPath: string;
  /** The page that led here. */
  readonly back: BackLink | null;
  readonly refreshMs: number;
  readonly review: ReviewSlot;
  readonly onLeave: (href: string) => void;
  readonly fetch?: typeof globalThis.fetch;
}

export function ObjectPage({ listHref, back, ...editing }: Props): ReactNode {
  const { objectRef } = editing;
  return (
    <Page
      title={objectRef.name}
      fill
      above={<Crumbs listHref={listHref} kind={wordConfigKind(objectRef.kind)} where={objectRef.namespace} back={back} />}
    >
      <ObjectEditor {...editing} />
    </Page>
  );
}

/** The object's editor with all that belongs to it, wherever it stands. */
export function ObjectEditor(props: Omit<Props, 'listHref' | 'back'>): ReactNode {
  const { objectRef, owner, csrfToken, openPath, refreshMs, review, onLeave, fetch } = props;
  const given = fetch === undefined ? {} : { fetch };
  const refusal = useWriteRight(objectRef.kind, objectRef.namespace, false, fetch);
  const object = useJson(configApiPath(objectRef), { guard: isConfigObject, refreshMs, dropOnChange: true, ...given });
  const schema = useJson(`/api/config/schema/${objectRef.kind}`, { guard: isSchema, ...given });
  const [deleting, setDeleting] = useState<readonly Edit[] | null>(null);
  // Read once: from then on the text in the editor is the draft.
  const [draft] = useState(() => (typeof window === 'undefined' ? null : readDraft(window.localStorage, owner, objectRef)));
  const [change, setChange] = useState<ChangeRecord | null>(null);
  const showChange = (made: ChangeRecord): void => {
    setChange(made);
    object.reload();
  };
  const missing = object.problem?.status === 404;
  const current = missing ? null : object.data;

  if (object.data === null && !(missing && draft !== null))
    return object.problem === null ? (
      <div className={styles['skeletons']} role="status" aria-label="The object is being read">
        <Skeleton height="20rem" />
      </div>
    ) : (
      <ErrorState
        problem={object.problem}
        onRetry={object.reload}
        elsewhere={
          <Link className="pf-v6-c-button pf-m-primary" href="/config">
            All configuration
          </Link>
        }
      />
    );
  return (
    <>
      {/* What waits for a confirmation is said above every page. */}
      {change === null || change.state === 'waiting' ? null : <AppliedNotice change={change} onClose={() => setChange(null)} />}
      {object.problem === null || missing ? null : <ErrorAlert problem={object.problem} onRetry={object.reload} heading="h2" />}
      {schema.problem === null ? null : (
        <p className={styles['subtle']}>
          Without completion and schema checks: {schema.problem.detail} {schema.problem.next}
        </p>
      )}
      <YamlWorkbench
        editedRef={objectRef}
        subject={objectRef}
        owner={owner}
        csrfToken={csrfToken}
        schema={schema.data}
        start={{ text: object.data?.yaml ?? draft?.text ?? '', base: object.data }}
        draft={draft}
        current={current}
        findings={object.data?.findings}
        review={review}
        refusal={refusal}
        onLeave={onLeave}
        onApplied={showChange}
        title={wordRef(objectRef)}
        openPath={openPath}
        actions={() => (
          <>
            <Link
              href={`${newConfigHref(objectRef.kind, objectRef.namespace)}&like=${encodeURIComponent(objectRef.name)}`}
              prefetch={false}
            >
              Duplicate
            </Link>
            <Button
              variant="link"
              isInline
              isDanger
              size="sm"
              isDisabled={current === null}
              onClick={() => setDeleting([{ type: 'delete', ref: objectRef }])}
            >
              Delete…
            </Button>
          </>
        )}
        aside={object.data === null ? null : <ObjectFacts document={object.data} />}
        {...given}
      />
      {deleting === null
        ? null
        : review({
            title: wordRef(objectRef),
            edits: deleting,
            refusal,
            onClose: () => setDeleting(null),
            onApplied: (change) => {
              setDeleting(null);
              showChange(change);
            },
          })}
    </>
  );
}
