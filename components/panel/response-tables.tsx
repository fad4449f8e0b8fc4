'use client';
// The code, flag and host tables of an element. In: EdgeResponse rows. Out: three small tables, flags explained in words.
import { Tab, Tabs, TabTitleText } from '@patternfly/react-core/dist/esm/components/Tabs';
import { Fragment, type ReactNode, useId, useState } from 'react';
import type { EdgeResponse } from '../../model/graph';
import type { Protocol } from '../../model/traffic';
import { formatRate, formatShare } from '../ui/format';
import styles from './panel.module.css';
import { sumFlags, sumResponses } from './response-sums';
import { isErrorCode, listFlagWords, wordCode } from './response-words';

interface Props {
  /** e.g. "Received"; names the tables. */
  readonly name: string;
  readonly rows: readonly EdgeResponse[];
  readonly protocol: Protocol;
}

function Head({ first }: { readonly first: string }): ReactNode {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        <th scope="col" className={styles['right']}>
          Rate
        </th>
        <th scope="col" className={styles['right']}>
          Share
        </th>
      </tr>
    </thead>
  );
}

function Numbers({ requestsPerSecond, share }: { readonly requestsPerSecond: number; readonly share: number }): ReactNode {
  return (
    <>
      <td className={styles['right']}>{formatRate(requestsPerSecond)}</td>
      <td className={styles['right']}>{formatShare(share)}</td>
    </>
  );
}

function Codes({ name, rows, protocol }: Props): ReactNode {
  return (
    <table className={styles['table']} aria-label={`${name}: codes`}>
      <Head first="Code" />
      <tbody>
        {sumResponses(rows, 'code').map(({ key, requestsPerSecond, share }) => (
          <tr key={key}>
            <th scope="row">
              <span className={isErrorCode(key, protocol) ? styles['errors'] : undefined}>{key}</span>{' '}
              <span className={styles['subtle']}>{wordCode(key, protocol)}</span>
            </th>
            <Numbers requestsPerSecond={requestsPerSecond} share={share} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Flags({ name, rows }: Props): ReactNode {
  const sums = sumFlags(rows);
  if (sums.length === 0)
    return (
      <p className={styles['subtle']}>No request carried an Envoy response flag: the proxies themselves had nothing to complain about.</p>
    );
  return (
    <table className={styles['table']} aria-label={`${name}: response flags`}>
      <Head first="Flags" />
      <tbody>
        {sums.map(({ key, requestsPerSecond, share, codes }) => (
          <Fragment key={key}>
            <tr className={styles['open']}>
              <th scope="row">
                <span className={styles['errors']}>{key}</span> <span className={styles['subtle']}>with code {codes.join(', ')}</span>
              </th>
              <Numbers requestsPerSecond={requestsPerSecond} share={share} />
            </tr>
            <tr>
              <td colSpan={3}>
                {listFlagWords(key).map(({ flag, meaning, cause }) => (
                  <p key={flag}>
                    <strong>
                      {flag}: {meaning}.
                    </strong>{' '}
                    {cause}
                  </p>
                ))}
              </td>
            </tr>
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function Hosts({ name, rows }: Props): ReactNode {
  return (
    <table className={styles['table']} aria-label={`${name}: hosts`}>
      <Head first="Host" />
      <tbody>
        {sumResponses(rows, 'host').map(({ key, requestsPerSecond, share }) => (
          <tr key={key}>
            <th scope="row" className={styles['break']}>
              {key === '' ? 'unknown' : key}
            </th>
            <Numbers requestsPerSecond={requestsPerSecond} share={share} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function ResponseTables(props: Props): ReactNode {
  const [tab, setTab] = useState<string | number>('codes');
  const flags = sumFlags(props.rows).length;
  const hosts = sumResponses(props.rows, 'host').length;
  const panelId = useId();
  return (
    <div>
      <Tabs activeKey={tab} onSelect={(_event, key) => setTab(key)} aria-label={`${props.name} by code, flags or host`} isSubtab>
        <Tab eventKey="codes" tabContentId={panelId} title={<TabTitleText>Codes</TabTitleText>} />
        <Tab eventKey="flags" tabContentId={panelId} title={<TabTitleText>Flags{flags > 0 ? ` (${flags})` : ''}</TabTitleText>} />
        <Tab eventKey="hosts" tabContentId={panelId} title={<TabTitleText>Hosts ({hosts})</TabTitleText>} />
      </Tabs>
      {/* One panel of our own: PatternFly's would be landmarks of the same name in every table of the page. */}
      <div
        id={panelId}
        role="tabpanel"
        aria-label={`${props.name}: ${tab}`}
        className={styles['scroll']}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys (WCAG 2.1.1), and nothing in it has the focus
        tabIndex={0}
      >
        {tab === 'codes' ? <Codes {...props} /> : tab === 'flags' ? <Flags {...props} /> : <Hosts {...props} />}
      </div>
    </div>
  );
}
