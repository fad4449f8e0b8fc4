'use client';
// The first tab of a page: what it is, why it fares as it does, how it is in the mesh, its graph, pods, parts, ports, mutual TLS, events.
// In: the page's document. Out: sections.
import { Label, LabelGroup } from '@patternfly/react-core/dist/esm/components/Label';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { DetailDocument } from '../../model/detail';
import { buildEntityPath, ENTITY_KINDS } from '../../model/entity';
import { EntityFindings } from '../config/entity-findings';
import { Fact, Facts } from '../ui/facts';
import { formatAge, formatInstant, NO_VALUE } from '../ui/format';
import { HealthStatusText } from '../ui/health-status';
import { wordHealthReason } from '../ui/health-words';
import { MODE_WORDS } from '../ui/node-words';
import { useNow } from '../ui/use-now';
import styles from './detail-page.module.css';
import { EventList } from './event-list';
import { MemberList } from './member-list';
import { Part } from './part';
import { PodTable } from './pod-table';
import { MtlsWords, PortTable } from './port-table';
import type { DetailTabProps } from './tab-props';
import { TrafficSummary } from './traffic-summary';

const MiniGraph = dynamic(() => import('./mini-graph').then((file) => file.MiniGraph), {
  ssr: false,
  loading: () => <Skeleton height="18rem" screenreaderText="The graph is being loaded" />,
});

const texts = (values: readonly string[]): ReactNode => (values.length === 0 ? NO_VALUE : values.join(', '));

function Pairs({ name, pairs }: { readonly name: string; readonly pairs: Readonly<Record<string, string>> }): ReactNode {
  const entries = Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return NO_VALUE;
  return (
    <LabelGroup numLabels={6} aria-label={name} className={styles['labels'] ?? ''}>
      {entries.map(([key, value]) => (
        <Label key={key} isCompact variant="outline" textMaxWidth="24rem" title={`${key}: ${value}`}>
          {key}: {value}
        </Label>
      ))}
    </LabelGroup>
  );
}

function WhatItIs({ document }: { readonly document: DetailDocument }): ReactNode {
  const { entity, facts, cluster } = document;
  const { kind, createdAtMs, host, addresses } = facts;
  const nowMs = useNow(10_000);
  return (
    <Facts>
      {kind === null ? null : <Fact term={entity.kind === 'service' ? 'Type' : 'Kind'}>{kind}</Fact>}
      <Fact term="Cluster">{cluster === '' ? NO_VALUE : cluster}</Fact>
      {createdAtMs === null ? null : (
        <Fact term="Created">
          <span title={formatInstant(createdAtMs)}>
            {formatAge(Math.max(0, (document.atMs ?? nowMs ?? createdAtMs) - createdAtMs))} ago
          </span>
        </Fact>
      )}
      {host === null ? null : <Fact term="Host">{host}</Fact>}
      {addresses.length === 0 ? null : <Fact term="Addresses">{texts(addresses)}</Fact>}
      {facts.versions.length === 0 ? null : <Fact term="Versions">{texts(facts.versions)}</Fact>}
      {facts.serviceAccounts.length === 0 || entity.kind === 'namespace' ? null : (
        <Fact term="Service account">{texts(facts.serviceAccounts)}</Fact>
      )}
      {entity.kind !== 'service' ? null : (
        <Fact term="Selector" wide>
          <Pairs name="Selector" pairs={facts.selector} />
        </Fact>
      )}
      {entity.kind === 'app' ? null : (
        <Fact term="Labels" wide>
          <Pairs name="Labels" pairs={facts.labels} />
        </Fact>
      )}
      {Object.keys(facts.annotations).length === 0 ? null : (
        <Fact term="Annotations" wide>
          <Pairs name="Annotations" pairs={facts.annotations} />
        </Fact>
      )}
    </Facts>
  );
}

function HealthPart({ document }: { readonly document: DetailDocument }): ReactNode {
  const { health, remarks } = document;
  return (
    <>
      <HealthStatusText status={health.status} />
      {health.reasons.length === 0 ? null : (
        <ul className={styles['reasons']}>
          {health.reasons.map((reason) => {
            const words = wordHealthReason(reason);
            return <li key={words}>{words}</li>;
          })}
        </ul>
      )}
      <EntityFindings findings={remarks} />
    </>
  );
}

function MeshPart({ document }: { readonly document: DetailDocument }): ReactNode {
  const { mesh, mtls, entity } = document;
  return (
    <>
      <p>
        <strong>{mesh.mode === null ? (entity.kind === 'namespace' ? 'By its labels' : 'Different modes') : MODE_WORDS[mesh.mode]}</strong>
        {mesh.revision === null || mesh.revision === '' ? '' : `, revision ${mesh.revision}`}
      </p>
      <ul className={styles['reasons']}>
        {mesh.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {mtls === null ? null : (
        <>
          <h3 className={styles['group']}>Mutual TLS</h3>
          <MtlsWords mtls={mtls} back={null} />
        </>
      )}
    </>
  );
}

export function OverviewTab(props: DetailTabProps): ReactNode {
  const { document } = props;
  const { entity, pods, podsMore, ports, members, membersMore } = document;
  const kinds = ENTITY_KINDS.filter((kind) => members.some((member) => member.entity.kind === kind));
  return (
    <div className={styles['overview']}>
      <div className={styles['columns']}>
        <Part title="What it is">
          <WhatItIs document={document} />
        </Part>
        <div className={styles['overview']}>
          <Part title="Health">
            <HealthPart document={document} />
          </Part>
          <Part title="Traffic">
            <TrafficSummary document={document} />
          </Part>
        </div>
        {document.inCluster ? (
          <Part title="In the mesh">
            <MeshPart document={document} />
          </Part>
        ) : null}
      </div>
      {document.traffic === null ? null : (
        <Part title="Who talks to it">
          <MiniGraph {...props} />
        </Part>
      )}
      {kinds.length === 0 ? null : (
        <Part title="Related">
          <MemberList members={members} more={membersMore} of={entity} />
        </Part>
      )}
      {ports.length === 0 ? null : (
        <Part title="Ports and mutual TLS">
          <PortTable ports={ports} entity={entity} />
        </Part>
      )}
      {document.inCluster ? (
        <Part title={entity.kind === 'service' ? 'Endpoints' : 'Pods'}>
          {pods.length === 0 ? (
            <p className={styles['subtle']}>
              {entity.kind === 'service' ? 'No pod is behind it: its selector matches none, or it has none.' : 'It has no pods now.'}
            </p>
          ) : (
            <PodTable pods={pods} more={podsMore} namespace={entity.namespace} nowMs={document.atMs} />
          )}
        </Part>
      ) : null}
      {document.inCluster ? (
        <Part title="Events">
          <EventList {...props} />
        </Part>
      ) : null}
      {document.objects.length === 0 ? null : (
        <p>
          <Link
            href={`${buildEntityPath(entity, 'configuration')}${props.query === '' ? '' : `&${props.query}`}`}
            prefetch={false}
            scroll={false}
          >
            {document.objects.length + document.objectsMore} configuration objects apply here
          </Link>
        </p>
      )}
    </div>
  );
}
