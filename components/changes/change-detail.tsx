'use client';
// One entry of the journal: who, why, what, what came of it, traffic before and after, and the way back. In: ChangeRecord. Out: sections.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { ChangeRecord, TrafficMeasure } from '../../model/change';
import { refText } from '../../model/edit';
import { routingHref } from '../ui/config-address';
import { Fact, Facts } from '../ui/facts';
import { formatInstant, formatLatency, formatRate, formatShare, NO_VALUE } from '../ui/format';
import { SimpleTable } from '../ui/simple-table';
import { ChangeCard } from './change-card';
import { wordPolicy } from './change-words';
import type { Sender } from './changes-api';
import styles from './journal.module.css';
import { shortHost } from './rule-words';

const ChangeSteps = dynamic(() => import('./change-steps').then((file) => file.ChangeSteps), {
  ssr: false,
  loading: () => <Skeleton height="10rem" />,
});
const MeasureCharts = dynamic(() => import('./measure-charts').then((file) => file.MeasureCharts), {
  ssr: false,
  loading: () => <Skeleton height="9rem" />,
});

/** `shop/cart` of `cart.shop.svc.cluster.local`. */
function hostHref(host: string): string | null {
  const [name, namespace, kind] = host.split('.');
  return kind === 'svc' && name !== undefined && namespace !== undefined ? routingHref(namespace, name) : null;
}

function Traffic({ change }: { readonly change: ChangeRecord }): ReactNode {
  const { before, after } = change;
  if (before === null && after === null) return <p className={styles['subtle']}>No traffic of the touched hosts was known.</p>;
  const workloads = [...new Set([before, after].flatMap((one) => one?.byDestination.map(({ workload }) => workload) ?? []))].sort();
  const rateOf = (measure: TrafficMeasure | null, workload: string): string =>
    measure === null
      ? NO_VALUE
      : formatRate(measure.byDestination.filter((one) => one.workload === workload).reduce((sum, one) => sum + one.requestsPerSecond, 0));
  const rows: readonly (readonly [string, string, string])[] = [
    ['Requests', formatRate(before?.requestsPerSecond ?? null), formatRate(after?.requestsPerSecond ?? null)],
    [
      'Errors',
      before === null ? NO_VALUE : formatShare(before.errorPercent / 100),
      after === null ? NO_VALUE : formatShare(after.errorPercent / 100),
    ],
    ['P95', formatLatency(before?.p95Ms ?? null), formatLatency(after?.p95Ms ?? null)],
    ...workloads.map((workload) => [workload, rateOf(before, workload), rateOf(after, workload)] as const),
  ];
  return (
    <SimpleTable name="Traffic before and after" heads={['Traffic', 'Before', 'After']} className={styles['traffic']}>
      {rows.map(([name, was, is]) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td>{was}</td>
          <td>{is}</td>
        </tr>
      ))}
    </SimpleTable>
  );
}

interface Props {
  readonly change: ChangeRecord;
  readonly sender: Sender;
  readonly onChanged: (change: ChangeRecord) => void;
  readonly onUndo: (change: ChangeRecord) => void;
}

export function ChangeDetail({ change, sender, onChanged, onUndo }: Props): ReactNode {
  const other = (id: string, word: string): ReactNode => (
    <Fact term={word}>
      <Link href={`/changes?entry=${encodeURIComponent(id)}`}>another entry</Link>
    </Fact>
  );
  const waits = change.state === 'waiting' || change.state === 'reverting' || change.state === 'applying';
  return (
    <article className={styles['detail']} aria-label="Entry of the journal">
      <ChangeCard change={change} sender={sender} onChanged={onChanged} onUndo={onUndo} />
      <Facts>
        <Fact term="Services">
          {change.hosts.map((host, i) => {
            const href = hostHref(host);
            return (
              <span key={host}>
                {i === 0 ? '' : ', '}
                {href === null ? host : <Link href={href}>{shortHost(host)}</Link>}
              </span>
            );
          })}
        </Fact>
        <Fact term="After it was applied">{wordPolicy(change.confirm)}</Fact>
        {change.confirmedBy === null ? null : <Fact term="Confirmed by">{change.confirmedBy}</Fact>}
        {change.endedAtMs === null ? null : <Fact term="Ended">{formatInstant(change.endedAtMs)}</Fact>}
        {change.override === null ? null : <Fact term="Written over another owner, because">{change.override}</Fact>}
        {change.undoes === null ? null : other(change.undoes, 'Undoes')}
        {change.undoneBy === null ? null : other(change.undoneBy, 'Undone by')}
      </Facts>
      <section className={styles['section']} aria-label="Traffic">
        <h3>Traffic</h3>
        <Traffic change={change} />
        {waits || change.measures.length === 0 ? null : <MeasureCharts change={change} />}
      </section>
      {change.acceptedFindings.length === 0 ? null : (
        <section className={styles['section']} aria-label="Accepted findings">
          <h3>Accepted findings</h3>
          <ul className={styles['plain']}>
            {change.acceptedFindings.map(({ code, object, message }) => (
              <li key={`${code} ${refText(object)} ${message}`}>
                <strong>{code}</strong> {message} <span className={styles['subtle']}>{refText(object)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className={styles['section']} aria-label="What was written">
        <h3>What was written</h3>
        <ChangeSteps change={change} />
      </section>
    </article>
  );
}
