'use client';
// The states of a log in which there is less to read: not allowed, broken, waiting, ended. In: state, reports. Out: words, and the Role to ask for.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import type { ReactNode } from 'react';
import type { LogPod, SourceReport, SourceState } from '../../model/log';
import { CodeBlock } from '../ui/code-block';
import { asSentence } from '../ui/format';
import type { NamedSource } from './log-choice';
import { stringifyRole } from './log-role';
import styles from './logs.module.css';
import type { TailState } from './tail-client';

const REPORT_WORDS: Readonly<Record<SourceState, string>> = {
  opening: 'is being opened',
  live: 'is followed',
  waiting: 'has not started yet; its log is opened as soon as it does',
  retrying: 'is out of reach; it is tried again',
  ended: 'has ended; its log goes on when it is started again',
  gone: 'is gone: the pod was removed',
  refused: 'may not be read by you',
  missing: 'has no such log',
};

/** What became of containers that are not simply followed. */
export function SourceNotes({
  reports,
  sources,
}: {
  readonly reports: ReadonlyMap<number, SourceReport>;
  readonly sources: readonly NamedSource[];
}): ReactNode {
  const told = [...reports.values()].filter(({ state }) => state !== 'live' && state !== 'opening');
  if (told.length === 0) return null;
  return (
    <div className={styles['notes']} role="status">
      <ul>
        {told.slice(0, 6).map(({ source, state, detail }) => (
          <li key={source}>
            <strong>
              {sources[source]?.short} {sources[source]?.container}
            </strong>{' '}
            {state === 'ended' && sources[source]?.finished === true ? 'has run to its end' : REPORT_WORDS[state]}
            {detail === '' ? '.' : `: ${asSentence(detail)}`}
          </li>
        ))}
        {told.length > 6 ? <li>and {told.length - 6} more.</li> : null}
      </ul>
    </div>
  );
}

/** Pods come and go while their logs are read. */
export function PodsChanged({
  shown,
  now,
  onTake,
}: {
  readonly shown: readonly LogPod[];
  readonly now: readonly LogPod[];
  readonly onTake: () => void;
}): ReactNode {
  const fresh = now.filter(({ name }) => !shown.some((pod) => pod.name === name)).length;
  const gone = shown.filter(({ name }) => !now.some((pod) => pod.name === name)).length;
  if (fresh === 0 && gone === 0) return null;
  const words = [fresh === 0 ? '' : `${fresh} new`, gone === 0 ? '' : `${gone} gone`].filter((word) => word !== '').join(', ');
  return (
    <p className={styles['notes']} role="status">
      The pods have changed: {words}.{' '}
      <Button variant="link" isInline onClick={onTake}>
        Begin anew with the pods of now
      </Button>
    </p>
  );
}

/** The right that is missing by its name, and the Role that has it. */
export function Forbidden({
  namespace,
  user,
  detail,
}: {
  readonly namespace: string;
  readonly user: string | null;
  /** What the API server says of it; '' where it was not asked. */
  readonly detail: string;
}): ReactNode {
  return (
    <Alert isInline variant="warning" title="You may not read logs here" component="h2">
      <p>
        It takes the right to <code>get</code> <code>pods/log</code> in the namespace <code>{namespace}</code>.{' '}
        {detail === '' ? '' : asSentence(detail)}
      </p>
      <p>
        Ask an administrator of the cluster for this Role, or, where the configuration of Heddle gives roles, for the role viewer there:
      </p>
      <CodeBlock text={stringifyRole(namespace, user)} what="the Role" />
    </Alert>
  );
}

export function TailWord({
  state,
  previous,
  reports,
  count,
}: {
  readonly state: TailState;
  readonly previous: boolean;
  readonly reports: ReadonlyMap<number, SourceReport>;
  /** Containers that were asked for. */
  readonly count: number;
}): ReactNode {
  // The connection stands, but nothing can come: none of the containers has begun, or all of them are done.
  const told = [...reports.values()];
  const all = (states: readonly SourceState[]): boolean => told.length === count && told.every((report) => states.includes(report.state));
  const silence = all(['waiting'])
    ? 'Waiting for the containers'
    : all(['waiting', 'missing', 'gone', 'ended'])
      ? 'Nothing is written now'
      : null;
  const word = ((): string => {
    switch (state.kind) {
      case 'opening':
        return 'Opening…';
      case 'live':
        return silence ?? 'Live';
      case 'reconnecting':
        return `Reconnecting: ${state.why} Nothing is lost: lines written meanwhile follow.`;
      case 'ended':
        return previous ? 'Of the container before the last restart' : 'Ended: no more lines will come';
      case 'failed':
        return state.problem.title;
      default:
        return state satisfies never;
    }
  })();
  return (
    <span role="status" className={styles['state']} data-state={state.kind === 'live' && silence !== null ? 'silent' : state.kind}>
      {word}
    </span>
  );
}
