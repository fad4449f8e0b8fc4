'use client';
// One namespace of the overview as a card; the whole card leads to its graph. In: a summary. Out: the card.
import '@patternfly/react-styles/css/components/Label/label.css';
import { Card, CardBody, CardHeader, CardTitle } from '@patternfly/react-core/dist/esm/components/Card';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { NamespaceSummary } from '../../model/wire';
import { formatByteRate, formatRate, formatShare } from '../ui/format';
import { HealthCounts, HealthIcon } from '../ui/health-status';
import { HEALTH_WORDS } from '../ui/health-words';
import { MtlsLock } from '../ui/mtls-lock';
import { Sparkline } from '../ui/sparkline';
import { NAMESPACE_MODE_WORDS } from './namespace-words';
import styles from './overview.module.css';

const MODE_COLOURS = { sidecar: 'pf-m-blue', ambient: 'pf-m-teal', controlPlane: 'pf-m-purple', none: '' } as const;

/** PatternFly's markup without its Label, which brings Tooltip and Popper along. */
export function ModeLabel({ mode, revision }: { readonly mode: NamespaceSummary['mode']; readonly revision: string | null }): ReactNode {
  const words = NAMESPACE_MODE_WORDS[mode];
  return (
    <span className={`pf-v6-c-label pf-m-outline pf-m-compact ${MODE_COLOURS[mode]}`}>
      <span className="pf-v6-c-label__content">
        <span className="pf-v6-c-label__text">{revision === null ? words : `${words} · ${revision}`}</span>
      </span>
    </span>
  );
}

/** Fewer errors than one in a thousand are told, not stressed. */
const TOLD_SHARE = 0.001;

function Direction({ name, traffic }: { readonly name: string; readonly traffic: NamespaceSummary['inbound'] }): ReactNode {
  const failing = (traffic.errorShare ?? 0) >= TOLD_SHARE;
  return (
    <div className={styles['direction']}>
      <dt>{name}</dt>
      <dd>
        <span className={styles['rate']}>{formatRate(traffic.requestsPerSecond)}</span>
        {traffic.requestsPerSecond > 0 ? (
          <span className={failing ? styles['errors'] : styles['subtle']}>{formatShare(traffic.errorShare)} errors</span>
        ) : null}
        {traffic.tcpBytesPerSecond > 0 ? <span className={styles['subtle']}>TCP {formatByteRate(traffic.tcpBytesPerSecond)}</span> : null}
      </dd>
    </div>
  );
}

interface Props {
  readonly summary: NamespaceSummary;
  readonly href: string;
  /** Named only where the mesh has several clusters. */
  readonly showCluster: boolean;
}

export function NamespaceCard({ summary, href, showCluster }: Props): ReactNode {
  return (
    <Card isFullHeight isCompact className={`${styles['card']} ${styles[`card-${summary.health}`]}`} component="li">
      <CardHeader
        actions={{
          actions: summary.mtlsShare === null ? null : <MtlsLock share={summary.mtlsShare} iconOnly={summary.mtlsShare >= 1} />,
          hasNoOffset: true,
        }}
      >
        <CardTitle component="h2" className={styles['title'] ?? ''}>
          <HealthIcon status={summary.health} />
          <Link className={styles['link']} href={href} aria-label={`${summary.name}: ${HEALTH_WORDS[summary.health]}. Open its graph`}>
            {summary.name}
          </Link>
        </CardTitle>
      </CardHeader>
      <CardBody className={styles['body'] ?? ''}>
        <p className={styles['labels']}>
          <ModeLabel mode={summary.mode} revision={summary.revision} />
          {showCluster ? <span className={styles['subtle']}>{summary.cluster}</span> : null}
        </p>
        <dl className={styles['counts']}>
          {(['apps', 'workloads', 'services'] as const).map((kind) => (
            <div key={kind}>
              <dt>{kind}</dt>
              <dd>
                <HealthCounts counts={summary[kind]} name={kind} />
              </dd>
            </div>
          ))}
        </dl>
        <dl className={styles['traffic']}>
          <Direction name="In" traffic={summary.inbound} />
          <Direction name="Out" traffic={summary.outbound} />
        </dl>
        <Sparkline points={summary.recent} name={`Requests per second into ${summary.name}`} />
      </CardBody>
    </Card>
  );
}
