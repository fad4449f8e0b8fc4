'use client';
// The configuration that applies to an entity, with findings; a chosen object is edited in place. In: the page's document, the session. Out: the tab.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import type { DetailObject } from '../../model/detail';
import { type ConfigRef, refText } from '../../model/edit';
import { buildEntityPath, type EntityRef } from '../../model/entity';
import { FindingList } from '../changes/finding-list';
import { decodeConfigAddress, wordConfigKind } from '../config/config-kinds';
import type { ReviewSlot } from '../config/review-slot';
import { FindingCounts } from '../config/severity';
import { TEMPLATE_KINDS } from '../config/templates';
import { configHref, newConfigHref } from '../ui/config-address';
import { DataTable, type TableColumn } from '../ui/data-table';
import { Disclosure } from '../ui/disclosure';
import { plural } from '../ui/format';
import { useAddress } from '../ui/use-address';
import styles from './detail-page.module.css';
import { Part } from './part';
import type { DetailTabProps } from './tab-props';

const ObjectEditor = dynamic(() => import('../config/object-page').then((file) => file.ObjectEditor), {
  ssr: false,
  loading: () => <Skeleton height="20rem" screenreaderText="The editor is being loaded" />,
});
const ConfigReview = dynamic(() => import('../config/config-review').then((file) => file.ConfigReview), { ssr: false });

/** Somebody edits: often enough to hear of changes of others, seldom enough for the API server. */
const MIN_REFRESH_MS = 5_000;

const RELATION_WORDS: Readonly<Record<DetailObject['how'], string>> = {
  routes: 'Routes',
  exposes: 'Exposes',
  delegate: 'Delegate',
  traffic: 'Traffic policy',
  selects: 'Selects pods',
  namespace: 'Whole namespace',
  mesh: 'Whole mesh',
  target: 'Attached',
  waypoint: 'Waypoint',
  in: 'In the namespace',
};

function readChosen(text: string): ConfigRef | null {
  const [kind = '', namespace = '', ...name] = text.split('/');
  return text === '' ? null : decodeConfigAddress(kind, namespace === '' ? '-' : namespace, name.join('/'));
}

function CreateList({ namespace }: { readonly namespace: string }): ReactNode {
  return (
    <Disclosure label="Create from a template" name="Create an object" align="end">
      {(close) => (
        <ul className={styles['create']}>
          {TEMPLATE_KINDS.map((kind) => (
            <li key={kind}>
              <Link href={newConfigHref(kind, namespace)} prefetch={false} onClick={close}>
                {wordConfigKind(kind)}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Disclosure>
  );
}

const columnsOf = (onChoose: (ref: ConfigRef) => void): readonly TableColumn<DetailObject>[] => [
  {
    key: 'name',
    title: 'Object',
    value: ({ ref }) => ref.name,
    cell: ({ ref }) => (
      <Link
        href={configHref(ref)}
        prefetch={false}
        title={refText(ref)}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onChoose(ref);
        }}
      >
        {ref.name}
      </Link>
    ),
  },
  { key: 'kind', title: 'Kind', value: ({ ref }) => wordConfigKind(ref.kind), cell: ({ ref }) => wordConfigKind(ref.kind) },
  { key: 'namespace', title: 'Namespace', value: ({ ref }) => ref.namespace, cell: ({ ref }) => ref.namespace },
  {
    key: 'how',
    title: 'What it does here',
    value: ({ how }) => RELATION_WORDS[how],
    cell: ({ how, text, effective }) => (
      <span title={text}>
        {RELATION_WORDS[how]}
        {effective ? '' : ' (does not act)'}
      </span>
    ),
  },
  { key: 'why', title: 'Why', value: ({ text }) => text, cell: ({ text }) => <span className={styles['why']}>{text}</span> },
  {
    key: 'findings',
    title: 'Findings',
    numeric: true,
    value: ({ findings }) => findings.error * 1e6 + findings.warning * 1e3 + findings.info,
    cell: ({ findings }) => <FindingCounts findings={findings} />,
  },
];

export function ConfigurationTab({ document, entity, session, refreshSeconds, fetch }: DetailTabProps): ReactNode {
  const router = useRouter();
  const [text, choose] = useAddress('object');
  const chosen = readChosen(text);
  const { objects, objectsMore, findings } = document;
  const csrfToken = session.me?.csrfToken ?? null;
  const review: ReviewSlot = (request) => <ConfigReview {...request} csrfToken={csrfToken} />;
  return (
    <div className={styles['overview']}>
      {findings.length === 0 ? null : (
        <Part title={plural(findings.length, 'finding')}>
          <FindingList name="Findings" findings={findings.slice(0, 50)} back={backOf(entity)} />
          {findings.length > 50 ? (
            <p className={styles['subtle']}>and {findings.length - 50} more: open an object to see its own.</p>
          ) : null}
        </Part>
      )}
      <Part title="Objects that apply here" end={<CreateList namespace={entity.namespace} />}>
        <DataTable
          name="Objects that apply here"
          columns={columnsOf((ref) => choose(refText(ref)))}
          rows={objects}
          keyOf={({ ref }) => refText(ref)}
          standardSort={{ key: 'findings', descending: true }}
          selected={chosen === null ? null : refText(chosen)}
          onSelect={choose}
          empty={
            document.inCluster
              ? 'No object of Istio or the Gateway API applies here: the mesh does what it does by default.'
              : 'The Kubernetes API cannot be read.'
          }
          plain
        />
        {objectsMore > 0 ? (
          <p className={styles['subtle']}>
            and {objectsMore} more: <Link href={`/config?namespaces=${encodeURIComponent(entity.namespace)}`}>all of the namespace</Link>.
          </p>
        ) : null}
      </Part>
      {chosen === null || session.me === null ? null : (
        <Part
          title={`${wordConfigKind(chosen.kind)} ${chosen.name}`}
          end={
            <>
              <Link href={configHref(chosen)} prefetch={false}>
                On a page of its own
              </Link>
              <button type="button" className="pf-v6-c-button pf-m-link pf-m-inline" onClick={() => choose('')}>
                Close
              </button>
            </>
          }
        >
          <div className={styles['editor']}>
            <ObjectEditor
              key={refText(chosen)}
              objectRef={chosen}
              owner={session.me.user?.name ?? 'anonymous'}
              csrfToken={csrfToken}
              openPath=""
              refreshMs={refreshSeconds === 0 ? 0 : Math.max(MIN_REFRESH_MS, refreshSeconds * 1000)}
              review={review}
              onLeave={(href) => router.push(href)}
              {...(fetch === undefined ? {} : { fetch })}
            />
          </div>
        </Part>
      )}
    </div>
  );
}

/** Only services are gone back to. */
const backOf = (entity: EntityRef): string => (entity.kind === 'service' ? buildEntityPath(entity, 'configuration') : '');
