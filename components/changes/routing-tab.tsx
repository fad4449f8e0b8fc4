'use client';
// The routing of a service: as it is, as the draft would have it, what waits, and the way to review. In: the document, the session. Out: the tab.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { type ReactNode, useMemo, useState } from 'react';
import type { ChangeRecord } from '../../model/change';
import { type Intent, refText } from '../../model/edit';
import type { ServiceRoutingDocument } from '../../model/steering';
import { formatRate, plural } from '../ui/format';
import { ChangeCard } from './change-card';
import { announceChange } from './change-signal';
import { isOpen } from './change-words';
import type { Sender } from './changes-api';
import { findChangedBasis } from './draft';
import { DraftBar } from './draft-bar';
import { projectRouting } from './draft-rules';
import { EditProblems } from './edit-problems';
import { ExposureSection } from './exposure-section';
import { FindingList } from './finding-list';
import { PolicySection } from './policy-section';
import { indexForecast, predictRates } from './prediction';
import styles from './routing.module.css';
import { RuleList } from './rule-list';
import { SubsetsSection } from './subsets-section';
import { useChanges } from './use-changes';
import { useDraft } from './use-draft';
import type { EditRight } from './use-edit-right';
import { usePreview } from './use-preview';

/** The review brings YAML and a focus trap: only who reviews pays for them. */
const ReviewPanel = dynamic(() => import('./review-panel').then((file) => file.ReviewPanel), { ssr: false });

interface Props {
  readonly document: ServiceRoutingDocument;
  readonly user: string;
  readonly sender: Sender;
  readonly right: EditRight;
  readonly onReload: () => void;
}

const SHOWN_ENDED = 1;

function Changes({
  changes,
  host,
  sender,
  onChanged,
}: {
  readonly changes: readonly ChangeRecord[];
  readonly host: string;
  readonly sender: Sender;
  readonly onChanged: () => void;
}): ReactNode {
  const open = changes.filter((one) => isOpen(one) || one.state === 'incomplete');
  const ended = changes.filter((one) => !open.includes(one)).slice(0, SHOWN_ENDED);
  if (open.length + ended.length === 0) return null;
  return (
    <section className={styles['section']} aria-labelledby="changes-title">
      <div className={styles['sectionHead']}>
        <h2 id="changes-title">{open.length === 0 ? 'Last change' : 'Changes under way'}</h2>
        <Link href={`/changes?host=${encodeURIComponent(host)}`}>All changes of this service</Link>
      </div>
      {[...open, ...ended].map((change) => (
        <ChangeCard key={change.id} change={change} sender={sender} onChanged={onChanged} />
      ))}
    </section>
  );
}

export function RoutingTab({ document, user, sender, right, onReload }: Props): ReactNode {
  const [reviewing, setReviewing] = useState(false);
  const basis = useMemo(
    () => Object.fromEntries(document.objects.map((one) => [refText(one.ref), one.resourceVersion])),
    [document.objects],
  );
  const draft = useDraft(user, `service/${document.namespace}/${document.name}`, basis);
  const edits = useMemo(() => draft.draft?.edits ?? [], [draft.draft]);
  const preview = usePreview(edits, sender);
  const changes = useChanges({ host: document.host, limit: '20' }, sender.fetch);
  const routing = useMemo(() => projectRouting(document, edits), [document, edits]);
  const local = useMemo(
    () => (edits.length === 0 ? new Map<string, number | null>() : predictRates(document, routing.rules)),
    [document, routing.rules, edits],
  );
  const predicted = useMemo(() => {
    if (preview.loading || preview.preview === null) return local;
    const forecast = indexForecast(preview.preview.forecast);
    return new Map([...local].map(([key, rate]) => [key, forecast.has(key) ? (forecast.get(key)?.predictedPerSecond ?? null) : rate]));
  }, [local, preview]);
  const disabled = right.refusal !== null;
  const put = (...intents: readonly Intent[]): void => draft.putAll(intents);
  const changed = (): void => {
    announceChange();
    changes.reload();
    onReload();
  };
  const errors = document.findings.filter(({ severity }) => severity === 'error').length;
  return (
    <div className={styles['tab']}>
      {right.refusal === null ? null : (
        <Alert isInline variant="info" title={right.refusal} component="h2">
          <p>
            Everything can be read, and nothing is lost. <Link href={`/account?namespace=${document.namespace}`}>Your account</Link> says
            what to ask an administrator for.
          </p>
        </Alert>
      )}
      <p className={styles['summary']}>
        <code>{document.host}</code>
        <span>{document.ports.map(({ port, name }) => `${port} ${name}`).join(', ')}</span>
        <span>{document.requestsPerSecond === null ? 'no traffic known' : `${formatRate(document.requestsPerSecond)} now`}</span>
      </p>
      {document.findings.length === 0 ? null : (
        <details className={styles['findings']} open={errors > 0}>
          <summary>
            {plural(document.findings.length, 'finding')} in the configuration as it is{errors === 0 ? '' : `, ${plural(errors, 'error')}`}
          </summary>
          <FindingList
            name="Findings in the configuration as it is"
            findings={document.findings}
            {...(disabled ? {} : { onFix: ({ edits: fix }) => draft.putAll(fix) })}
          />
        </details>
      )}
      {changes.changes === null ? null : <Changes changes={changes.changes} host={document.host} sender={sender} onChanged={changed} />}
      <EditProblems problems={preview.problems} edits={edits} />
      <RuleList document={document} edits={edits} routing={routing} predicted={predicted} disabled={disabled} onPut={put} />
      <SubsetsSection document={document} edits={edits} disabled={disabled} onPut={put} />
      <PolicySection document={document} edits={edits} disabled={disabled} onPut={put} />
      <ExposureSection document={document} disabled={disabled} onPut={put} />
      <DraftBar
        state={draft}
        preview={preview}
        changedObjects={draft.draft === null ? [] : findChangedBasis(draft.draft, document.objects)}
        onReview={() => setReviewing(true)}
      />
      {reviewing && draft.draft !== null ? (
        <ReviewPanel
          title={document.name}
          edits={edits}
          state={preview}
          sender={sender}
          refusal={right.refusal}
          onFix={(fix) => draft.putAll(fix.edits)}
          onClose={() => setReviewing(false)}
          onApplied={() => {
            setReviewing(false);
            draft.discard();
            changed();
          }}
        />
      ) : null}
    </div>
  );
}
