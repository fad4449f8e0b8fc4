'use client';
// One line whole, with its fields in words: response flags with their causes, clusters by their parts, JSON by its keys. In: a line. Out: a panel.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import TimesIcon from '@patternfly/react-icons/dist/esm/icons/times-icon';
import { type ReactNode, useEffect, useRef } from 'react';
import { ACCESS_FIELDS, type AccessLog, isTcp, readCluster } from '../../model/access-log';
import { listFlagWords, wordCode } from '../panel/response-words';
import { CodeBlock } from '../ui/code-block';
import { decodeKept } from './line-words';
import type { NamedSource } from './log-choice';
import type { KeptLine } from './log-store';
import styles from './logs.module.css';

function Flags({ flags }: { readonly flags: string }): ReactNode {
  const words = listFlagWords(flags);
  if (words.length === 0) return 'None: nothing happened beside the status.';
  return words.map(({ flag, meaning, cause }) => (
    <p key={flag} className={styles['flag']}>
      <strong>
        {flag}: {meaning}.
      </strong>{' '}
      {cause}
    </p>
  ));
}

function clusterWords(name: string): string {
  const cluster = readCluster(name);
  if (cluster === null) return '';
  const { direction, port, subset, host } = cluster;
  if (direction === 'inbound') return `To the program of this pod, port ${port}.`;
  return `To ${host}, port ${port}${subset === '' ? '' : `, subset ${subset} of its DestinationRule`}.`;
}

function wordsOf(field: string, value: string, log: AccessLog): ReactNode {
  switch (field) {
    case 'response_flags':
      return <Flags flags={value} />;
    case 'response_code':
      return isTcp(log) ? 'A TCP connection has none.' : wordCode(value, 'http');
    case 'upstream_cluster':
      return clusterWords(value);
    default:
      return '';
  }
}

function FieldTable({ fields, log }: { readonly fields: ReadonlyMap<string, string>; readonly log: AccessLog | null }): ReactNode {
  const titles: ReadonlyMap<string, readonly [string, string]> = new Map(
    log === null ? [] : ACCESS_FIELDS.map(([name, title, about]) => [name, [title, about]]),
  );
  return (
    <table className={styles['fields']}>
      <tbody>
        {[...fields].map(([name, value]) => (
          <tr key={name}>
            <th scope="row" title={titles.get(name)?.[1]}>
              {titles.get(name)?.[0] ?? name}
            </th>
            <td>
              <code>{value}</code>
            </td>
            {log === null ? null : (
              <td className={styles['about']}>
                {wordsOf(name, value, log)} <span className={styles['subtle']}>{titles.get(name)?.[1]}</span>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Props {
  readonly line: KeptLine;
  readonly source: NamedSource | undefined;
  readonly onClose: () => void;
}

export function LineDetails({ line, source, onClose }: Props): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, [line]);
  const { access, fields, kind } = decodeKept(line);
  const text = line.text ?? '';
  return (
    <section
      className={styles['details']}
      aria-label="The chosen line"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div className={styles['detailsHead']}>
        <h2 ref={heading} tabIndex={-1}>
          {access !== null ? 'Access log of the proxy' : kind === 'json' ? 'JSON' : 'Line'}
        </h2>
        <span className={styles['subtle']}>
          {line.at} {source === undefined ? '' : `${source.pod} ${source.container}`}
        </span>
        <Button variant="plain" icon={<TimesIcon />} aria-label="Close the line" title="Close the line" onClick={onClose} />
      </div>
      {fields.size === 0 ? null : <FieldTable fields={fields} log={access} />}
      <CodeBlock text={text} what="the line" />
    </section>
  );
}
