'use client';
// What the console asks of the metrics backend in a minute, and on whose behalf. In: GET /api/load. Out: the content of the masthead's panel.
import type { ReactNode } from 'react';
import { ErrorAlert } from '../ui/error-alert';
import { formatBytes } from '../ui/format';
import { useJson } from '../ui/use-json';
import { useNow } from '../ui/use-now';
import styles from './load-card.module.css';
import { isLoadDocument, listRemarks, shareOf, wordCause, wordOrigin, wordSeconds } from './load-words';
import { useStatus } from './shell-context';

const EVERY_MS = 5000;

/** `fetch` stands in for the browser's. */
export function LoadCard({ fetch }: { readonly fetch?: typeof globalThis.fetch }): ReactNode {
  const { data, problem } = useJson('/api/load', { guard: isLoadDocument, refreshMs: EVERY_MS, ...(fetch === undefined ? {} : { fetch }) });
  const { freshness } = useStatus();
  const nowMs = useNow(1000);
  const origin = nowMs === null ? null : wordOrigin(freshness, nowMs);
  return (
    <div className={styles['card']}>
      <h2 className={styles['title']}>Load of the metrics backend</h2>
      {origin === null ? null : <p className={styles['origin']}>{origin}</p>}
      {data === null && problem === null ? <p>Being read…</p> : null}
      {problem === null ? null : <ErrorAlert problem={problem} heading="h3" />}
      {data === null ? null : (
        <>
          <table className={styles['table']}>
            <caption>
              In the last minute; {data.underWay} of {data.concurrency} queries under way
            </caption>
            <thead>
              <tr>
                <th scope="col">For</th>
                <th scope="col">Queries</th>
                <th scope="col">Time</th>
                <th scope="col">Data</th>
              </tr>
            </thead>
            <tbody>
              {data.causes.map((use) => (
                <tr key={wordCause(use.cause)}>
                  <th scope="row">
                    {wordCause(use.cause)}
                    <span
                      className={styles['bar']}
                      style={{ inlineSize: `${Math.round(shareOf(use, data.perMinute) * 100)}%` }}
                      aria-hidden
                    />
                  </th>
                  <td>
                    {use.queries}
                    {use.failed > 0 ? ` (${use.failed} failed)` : ''}
                  </td>
                  <td>{wordSeconds(use.seconds)}</td>
                  <td>{formatBytes(use.bytes)}</td>
                </tr>
              ))}
              <tr className={styles['sum']}>
                <th scope="row">{data.causes.length === 0 ? 'Nothing was asked' : 'All'}</th>
                <td>{data.perMinute.queries}</td>
                <td>{wordSeconds(data.perMinute.seconds)}</td>
                <td>{formatBytes(data.perMinute.bytes)}</td>
              </tr>
            </tbody>
          </table>
          {listRemarks(data).map((text) => (
            <p key={text} className={styles['remark']}>
              {text}
            </p>
          ))}
        </>
      )}
    </div>
  );
}
