'use client';
// A new object: a template for its kind and a service, or a copy of another object, in the same editor. In: kind, namespace. Out: the page.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import { type ReactNode, useMemo, useState } from 'react';
import type { ChangeRecord } from '../../model/change';
import type { ConfigKind } from '../../model/inventory';
import { ChoiceSelect } from '../ui/choice-select';
import { ErrorState } from '../ui/error-state';
import { Page } from '../ui/page';
import { useAddress } from '../ui/use-address';
import { useJson } from '../ui/use-json';
import styles from './config.module.css';
import { isConfigList, isConfigObject, isSchema } from './config-guards';
import { configApiPath, wordConfigKind } from './config-kinds';
import { copyText } from './copy-text';
import { Crumbs } from './crumbs';
import { readDraft } from './editor/yaml-drafts';
import type { ReviewSlot } from './review-slot';
import { buildTemplate, isTemplateKind } from './templates';
import { useMeshNames, usePorts } from './use-mesh-names';
import { useWriteRight } from './use-write-right';
import { YamlWorkbench } from './yaml-workbench';

interface Props {
  readonly kind: ConfigKind;
  readonly namespace: string;
  readonly owner: string;
  readonly csrfToken: string | null;
  readonly listHref: string;
  readonly review: ReviewSlot;
  readonly onLeave: (href: string) => void;
  readonly onCreated: (change: ChangeRecord) => void;
  readonly fetch?: typeof globalThis.fetch;
}

export function NewPage({ kind, namespace, owner, csrfToken, listHref, review, onLeave, onCreated, fetch }: Props): ReactNode {
  const given = fetch === undefined ? {} : { fetch };
  const refusal = useWriteRight(kind, namespace, true, fetch);
  const [like] = useAddress('like');
  const [serviceText, writeService] = useAddress('service');
  const schema = useJson(`/api/config/schema/${kind}`, { guard: isSchema, ...given });
  // Only for the version that the cluster serves.
  const list = useJson(`/api/config?kinds=${kind}&namespaces=${encodeURIComponent(namespace)}`, { guard: isConfigList, ...given });
  const original = useJson(like === '' ? null : configApiPath({ kind, namespace, name: like }), { guard: isConfigObject, ...given });
  const names = useMeshNames(namespace, fetch);
  const service = names.services.find(({ name }) => name === serviceText)?.name ?? names.services[0]?.name ?? '';
  const { ports, loading: portsLoading } = usePorts(namespace, service, fetch);
  const subject = useMemo(() => ({ kind, namespace, name: null, ...(like === '' ? {} : { like }) }), [kind, namespace, like]);
  const [draft] = useState(() => (typeof window === 'undefined' ? null : readDraft(window.localStorage, owner, subject)));
  const apiVersion = list.data?.kinds.find((one) => one.kind === kind)?.apiVersion ?? null;
  const port = (ports.find((one) => /http|grpc/i.test(one.protocol)) ?? ports[0])?.port ?? 80;
  const text = useMemo(() => {
    if (like !== '') return original.data === null ? null : copyText(original.data.yaml, like);
    return isTemplateKind(kind)
      ? buildTemplate({ kind, namespace, service: service === '' ? null : { name: service, port }, apiVersion })
      : '';
  }, [kind, namespace, like, original.data, service, port, apiVersion]);
  // Once somebody writes, nothing that arrives late may put another template in the place of the text.
  const waiting = names.loading || list.loading || portsLoading;
  const kept = serviceText === '' ? draft : null;

  let body: ReactNode;
  if (like !== '' && original.problem !== null && original.data === null)
    body = <ErrorState problem={original.problem} onRetry={original.reload} />;
  else if (text === null || (waiting && kept === null))
    body = (
      <div className={styles['skeletons']} role="status" aria-label="The template is being prepared">
        <Skeleton height="20rem" />
      </div>
    );
  else
    body = (
      <YamlWorkbench
        // Another service is another template; it can be chosen as long as nothing is written.
        key={kept !== null ? 'draft' : like === '' ? `${service} ${port}` : like}
        editedRef={null}
        subject={subject}
        owner={owner}
        csrfToken={csrfToken}
        schema={schema.data}
        start={{ text, base: null }}
        draft={kept}
        current={null}
        review={review}
        refusal={refusal}
        onLeave={onLeave}
        onApplied={onCreated}
        title={`a new ${wordConfigKind(kind)}`}
        actions={(dirty) =>
          like === '' && names.services.length > 1 && !dirty ? (
            <ChoiceSelect
              name="Service that the template is for"
              value={service}
              choices={names.services.map(({ name }) => ({ value: name, label: `for ${name}` }))}
              onChoose={writeService}
            />
          ) : null
        }
        {...given}
      />
    );
  return (
    <Page title={`New ${wordConfigKind(kind)}`} fill above={<Crumbs listHref={listHref} kind={wordConfigKind(kind)} where={namespace} />}>
      {body}
    </Page>
  );
}
