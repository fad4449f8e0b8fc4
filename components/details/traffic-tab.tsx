'use client';
// Traffic in and out by peer, with latencies, which only this tab asks for. In: the page's document, the session. Out: the tab.
import type { ReactNode } from 'react';
import { ErrorAlert } from '../ui/error-alert';
import { formatWindow } from '../ui/format';
import { useJson } from '../ui/use-json';
import { isDetailDocument } from './detail-guards';
import styles from './detail-page.module.css';
import { buildDetailPath, graphHrefOf } from './detail-words';
import { Part } from './part';
import { PeerTable } from './peer-table';
import type { DetailTabProps } from './tab-props';

export function TrafficTab({ document, entity, query, refreshSeconds, refreshCount, fetch }: DetailTabProps): ReactNode {
  const asked = new URLSearchParams(query);
  asked.set('overlays', 'latency,quantiles');
  const { data, problem, reload } = useJson(buildDetailPath(entity, asked.toString()), {
    guard: isDetailDocument,
    refreshCount,
    refreshMs: refreshSeconds * 1000,
    dropOnChange: true,
    ...(fetch === undefined ? {} : { fetch }),
  });
  // Rates are there before latencies.
  const { traffic, node, windowSeconds } = data ?? document;
  if (traffic === null) return <p className={styles['subtle']}>No traffic is known: the metrics cannot be read.</p>;
  const edgeHref = ({ edge }: { readonly edge: string }): string | null =>
    entity.kind === 'namespace' ? null : graphHrefOf(entity, node, windowSeconds, edge);
  return (
    <div className={styles['overview']}>
      {problem === null ? null : <ErrorAlert problem={problem} onRetry={reload} heading="h2" />}
      <p className={styles['subtle']}>
        Rates of the {formatWindow(windowSeconds).toLowerCase()}
        {entity.kind === 'namespace' ? ', by the namespace at the other end; what stays inside is not counted' : ''}
        {entity.kind === 'service' ? '; out is what it sends on to its workloads' : ''}.
      </p>
      <Part title="In">
        <PeerTable direction="inbound" peers={traffic.inbound} edgeHref={edgeHref} />
      </Part>
      <Part title="Out">
        <PeerTable direction="outbound" peers={traffic.outbound} edgeHref={edgeHref} />
      </Part>
    </div>
  );
}
