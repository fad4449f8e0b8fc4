'use client';
// Rates by protocol in each direction, one direction at a time or together. In: traffic by direction. Out: a choice and a table.
import { type ReactNode, useState } from 'react';
import { errorShare, formatByteRate, formatRate, formatShare } from '../ui/format';
import { PressedChoice } from '../ui/pressed-choice';
import styles from './panel.module.css';
import type { FlowSum } from './panel-sums';
import { ErrorsCell, RateHeads } from './rate-cells';

export interface TrafficTab {
  readonly key: string;
  readonly label: string;
  readonly traffic: FlowSum;
}

const hasTraffic = ({ http, grpc, tcpBytes }: FlowSum): boolean => http > 0 || grpc > 0 || tcpBytes > 0;

function Rates({ name, traffic }: { readonly name: string; readonly traffic: FlowSum }): ReactNode {
  const rows = [
    { key: 'HTTP', rate: traffic.http, errors: traffic.httpErrors },
    { key: 'gRPC', rate: traffic.grpc, errors: traffic.grpcErrors },
  ].filter(({ rate }) => rate > 0);
  if (!hasTraffic(traffic)) return <p className={styles['subtle']}>No traffic {name} in the window.</p>;
  return (
    <table className={styles['table']} aria-label={`Traffic ${name}`}>
      <thead>
        <tr>
          <th scope="col">Protocol</th>
          <RateHeads />
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, rate, errors }) => {
          const share = errorShare(rate, errors);
          return (
            <tr key={key}>
              <th scope="row">{key}</th>
              <td className={styles['right']}>{formatRate(rate)}</td>
              <ErrorsCell share={share} />
            </tr>
          );
        })}
        {traffic.tcpBytes > 0 ? (
          <tr>
            <th scope="row">TCP</th>
            <td className={styles['right']}>{formatByteRate(traffic.tcpBytes)}</td>
            <td className={styles['right']}>{formatShare(null)}</td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

/** The direction with traffic is open first. */
export function TrafficTabs({ tabs }: { readonly tabs: readonly TrafficTab[] }): ReactNode {
  const [choice, setChoice] = useState<string | null>(null);
  const first = tabs.find(({ traffic }) => hasTraffic(traffic)) ?? tabs[0];
  const shown = tabs.find(({ key }) => key === choice) ?? first;
  if (shown === undefined) return null;
  return (
    <>
      <PressedChoice name="Direction of the traffic" choices={tabs} chosen={shown.key} onChoose={setChoice} />
      <Rates name={shown.label.toLowerCase()} traffic={shown.traffic} />
    </>
  );
}
