'use client';
// Requests per second of each version now and predicted, beside its ready endpoints. In: forecast. Out: a table with bars.
import type { ReactNode } from 'react';
import type { VersionForecast } from '../../model/change';
import type { Protocol } from '../../model/traffic';
import { plural } from '../ui/format';
import { SimpleTable } from '../ui/simple-table';
import { wordAmount } from './change-words';
import styles from './effects.module.css';
import { targetKey } from './prediction';
import { shortHost } from './rule-words';

const width = (value: number | null, most: number): string => `${most === 0 || value === null ? 0 : (value / most) * 100}%`;

interface Props {
  readonly forecast: readonly VersionForecast[];
  /** Hosts whose traffic is counted in bytes. */
  readonly tcpHosts: ReadonlySet<string>;
}

export function ForecastBars({ forecast, tcpHosts }: Props): ReactNode {
  const most = Math.max(0, ...forecast.flatMap(({ nowPerSecond, predictedPerSecond }) => [nowPerSecond, predictedPerSecond ?? 0]));
  return (
    <SimpleTable
      name="Traffic by version, now and predicted"
      heads={['Version', 'Ready', 'Now', 'Predicted', '']}
      className={`${styles['table']} ${styles['forecast']}`}
    >
      {forecast.map(({ host, subset, workloads, readyEndpoints, nowPerSecond, predictedPerSecond }) => {
        const protocol: Protocol = tcpHosts.has(host) ? 'tcp' : 'http';
        const starves = readyEndpoints === 0 && (predictedPerSecond ?? 0) > 0;
        return (
          <tr key={targetKey(host, subset)}>
            <th scope="row">
              <span className={styles['name']}>{subset === null ? shortHost(host) : `${shortHost(host)} ${subset}`}</span>
              <span className={styles['subtle']}>{workloads.join(', ')}</span>
            </th>
            <td data-label="Ready" className={starves ? styles['bad'] : undefined}>
              {readyEndpoints === 0 ? 'no endpoint' : plural(readyEndpoints, 'endpoint')}
            </td>
            <td data-label="Now" className={styles['amount']}>
              {wordAmount(nowPerSecond, protocol)}
            </td>
            <td data-label="Predicted" className={styles['amount']}>
              {predictedPerSecond === null ? 'not known' : wordAmount(predictedPerSecond, protocol)}
            </td>
            <td aria-hidden className={styles['bars']}>
              <span className={styles['barNow']} style={{ width: width(nowPerSecond, most) }} />
              <span className={styles['barThen']} style={{ width: width(predictedPerSecond, most) }} />
            </td>
          </tr>
        );
      })}
    </SimpleTable>
  );
}
