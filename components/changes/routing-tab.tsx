'use client';
// The routing of a service: as it is, as the draft would have it, what waits, and the way to review. In: the document, the session. Out: the tab.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { type ReactNode, useMemo, useState } from 'react';
import { type Intent, refText } from '../../model/edit';
import type { ServiceRoutingDocument } from '../../model/steering';
import { routingHref } from '../ui/config-address';
import { plural } from '../ui/format';
import { announceChange } from './change-signal';
import { wordAmount } from './change-words';
import type { Sender } from './changes-api';
import { findChangedBasis } from './draft';
import { DraftBar } from './draft-bar';
import { projectRouting } from './draft-rules';
import { EditProblems } from './edit-problems';
import { ExposureSection } from './exposure-section';
import { FindingList } from './finding-list';
import { PolicySection } from './policy-section';
import { indexForecast, predictRates, protocolOf } from './prediction';
import styles from './routing.module.css';
import { RuleList } from './rule-list';
import { ServiceChanges } from './service-changes';
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

export function RoutingTab({ document, user, sender, right, onReload }: Props): ReactNode {
  const [reviewing, setReviewing] = useState(false);
  const [applied, setApplied] = useState<string | null>(null);
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
    // Where nothing moves, the forecast speaks of the destinations as they are, which the draft may name anew.
    if (preview.loading || preview.preview?.effects.some(({ kind }) => kind !== 'kept') !== true) return local;
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
        <span>
          {document.requestsPerSecond === null ? 'no traffic known' : `${wordAmount(document.requestsPerSecond, protocolOf(document))} now`}
        </span>
      </p>
      {document.findings.length === 0 ? null : (
        <details className={styles['findings']} open={errors > 0}>
          <summary>
            {plural(document.findings.length, 'finding')} in the configuration as it is{errors === 0 ? '' : `, ${plural(errors, 'error')}`}
          </summary>
          <FindingList
            name="Findings in the configuration as it is"
            findings={document.findings}
            back={routingHref(document.namespace, document.name)}
            {...(disabled ? {} : { onFix: ({ edits: fix }) => draft.putAll(fix) })}
          />
        </details>
      )}
      {changes.changes === null ? null : (
        <ServiceChanges
          changes={changes.changes}
          host={document.host}
          sender={sender}
          mayUndo={!disabled}
          applied={applied}
          onChanged={changed}
        />
      )}
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
          onApplied={({ id }) => {
            setReviewing(false);
            setApplied(id);
            draft.discard();
            changed();
          }}
        />
      ) : null}
    </div>
  );
}
