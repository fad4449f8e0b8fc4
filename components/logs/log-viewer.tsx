'use client';
// The viewer of logs: toolbar, one list or two, the chosen line. In: pods with their containers. Out: all of it; what is chosen is in the address.
import { type ReactNode, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { ACCESS_FIELDS } from '../../model/access-log';
import type { LogPodsDocument } from '../../model/log';
import { encodeLogQuery } from '../../model/log-query';
import { withBase } from '../ui/base-path';
import { downloadText } from '../ui/download-file';
import { ErrorAlert } from '../ui/error-alert';
import { checkExpression } from './find-ranges';
import { LineDetails } from './line-details';
import { LineView } from './line-view';
import { decodeKept } from './line-words';
import { chooseSources, type NamedSource } from './log-choice';
import { LogPane } from './log-pane';
import { Forbidden, PodsChanged, SourceNotes, TailWord } from './log-states';
import { KEPT_LINES, type KeptLine, type LogStore } from './log-store';
import { LogToolbar } from './log-toolbar';
import styles from './logs.module.css';
import { useLogOptions } from './use-log-options';
import { useLogSession } from './use-log-session';

interface Props {
  readonly document: LogPodsDocument;
  readonly user: string | null;
  readonly fetch?: typeof fetch;
}

const ENVIRONMENT = {
  startWorker: (): Worker => new Worker(new URL('./regex-worker.ts', import.meta.url), { type: 'module' }),
  startTimer: (delayMs: number, callback: () => void): (() => void) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
/** Lines that are looked at for the names of their fields. */
const SAMPLED = 200;
/** Shown beside each line already. */
const TOLD: ReadonlySet<string> = new Set(['timestamp', 'ts', 'time', 'severity', 'level', '@timestamp']);
const ACCESS_COLUMNS = ['method', 'path', 'response_code', 'response_flags', 'duration', 'authority', 'upstream_cluster'];

/** Lines of the store that a pane shows, kept for as long as the store is. */
function useLineView(store: LogStore, accepts: (source: NamedSource) => boolean, sources: readonly NamedSource[]): LineView {
  const view = useMemo(
    () =>
      new LineView(
        store,
        (source) => {
          const named = sources[source];
          return named !== undefined && accepts(named);
        },
        ENVIRONMENT,
      ),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a store has its sources for good
    [store, accepts],
  );
  useEffect(() => view.open(), [view]);
  return view;
}

const useTooSlow = (view: LineView): boolean =>
  useSyncExternalStore(
    view.subscribe,
    () => view.tooSlow,
    () => false,
  );

/** Names of fields in what was written last, most of them first. */
function listFields(lines: readonly KeptLine[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of lines.slice(-SAMPLED))
    for (const name of decodeKept(line).fields.keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

/** Of requests what a table has room for; of programs the message and what is said most. */
const standardFields = (fields: readonly string[]): readonly string[] => {
  const names: ReadonlySet<string> = new Set(ACCESS_FIELDS.map(([name]) => name));
  const own = fields.filter((name) => !names.has(name) && !TOLD.has(name));
  const message: readonly string[] = own.filter((name) => name === 'message' || name === 'msg');
  const rest = own.filter((name) => !message.includes(name)).slice(0, 5);
  return [...message, ...rest, ...(fields.includes('response_flags') ? ACCESS_COLUMNS : [])];
};

const wordPods = (count: number): string => (count === 1 ? 'one pod' : `${count} pods`);
const everything = (): boolean => true;
const isProxy = ({ role }: NamedSource): boolean => role === 'proxy';
const isProgram = ({ role }: NamedSource): boolean => role !== 'proxy';

export function LogViewer({ document, user, fetch }: Props): ReactNode {
  const options = useLogOptions();
  const { namespace } = document;
  // Others would begin anew, and what is shown of pods that are gone would go with them: that is the reader's to say.
  const [pods, setPods] = useState(document.pods);
  const { sources, left } = useMemo(
    () => chooseSources(pods, { pods: options.pods, containers: options.containers, previous: options.previous }),
    [pods, options.pods, options.containers, options.previous],
  );
  const sinceSeconds = options.since === '' ? null : Number(options.since);
  const key = JSON.stringify([namespace, sources.map(({ pod, container }) => [pod, container]), sinceSeconds, options.previous]);
  const session = useLogSession({ namespace, sources, sinceSeconds, previous: options.previous }, key, fetch);
  const { store, state } = session;
  const isSplit = options.layout === 'split';
  const merged = useLineView(store, isSplit ? isProgram : everything, sources);
  const proxies = useLineView(store, isProxy, sources);
  const slow = [useTooSlow(merged), useTooSlow(proxies)];
  const [chosen, setChosen] = useState<KeptLine | null>(null);
  const [fields, setFields] = useState<readonly string[]>([]);
  const fault = options.isExpression && options.find !== '' ? checkExpression(options.find) : null;
  const { find, isExpression, hides, shape } = options;
  useEffect(() => {
    const filter = { text: fault === null ? find : '', isExpression, hides };
    merged.setFilter(filter);
    proxies.setFilter(filter);
  }, [merged, proxies, find, isExpression, hides, fault]);
  useEffect(() => {
    if (shape !== 'table') return undefined;
    const look = (): void => setFields(listFields([...merged.shown.slice(-SAMPLED)]));
    look();
    const timer = setInterval(look, 2000);
    return () => clearInterval(timer);
  }, [shape, merged]);
  const open = useCallback((line: KeptLine) => setChosen(line), []);

  const textOf = (lines: readonly KeptLine[]): string =>
    lines
      .map(({ at, source, text, cut }) => {
        const named = sources[source];
        const whose = named === undefined || sources.length === 1 ? '' : `${named.pod}/${named.container} `;
        return `${at} ${whose}${text ?? `… ${cut} lines were skipped here`}`;
      })
      .join('\n');
  const passing = (): readonly KeptLine[] => (isSplit ? [...merged.shown, ...proxies.shown].sort((a, b) => a.id - b.id) : merged.shown);
  const download = (what: 'filtered' | 'kept'): void =>
    downloadText(`${namespace}-${pods[0]?.workload ?? 'logs'}.log`, 'text/plain', `${textOf(what === 'kept' ? store.lines : passing())}\n`);

  if (state.kind === 'failed' && state.problem.code === 'forbidden')
    return <Forbidden namespace={namespace} user={user} detail={state.problem.detail} />;
  const refused = [...session.reports.values()].filter((report) => report.state === 'refused');
  if (sources.length > 0 && refused.length === sources.length)
    return <Forbidden namespace={namespace} user={user} detail={refused[0]?.detail ?? ''} />;
  const look = {
    wrap: options.wrap,
    utc: options.utc,
    fields: shape === 'table' ? (options.fields.length > 0 ? options.fields : standardFields(fields)) : null,
    names: sources.length > 1,
  };
  const head =
    session.loadOlder === null && store.complete
      ? 'The beginning of what is kept'
      : store.dropped > 0 || !store.hasRoom
        ? `The newest ${KEPT_LINES.toLocaleString('en')} lines are kept here`
        : '';
  const empty =
    state.kind === 'opening'
      ? 'The log is being opened…'
      : find !== ''
        ? 'No line passes the filter.'
        : options.previous
          ? 'There is no log of these containers from before a restart.'
          : 'Nothing was written yet. New lines come here by themselves.';
  const pane = { sources, look, onOpen: open, onOlder: session.loadOlder, isLoadingOlder: session.isLoadingOlder, head, empty };
  return (
    <div className={styles['viewer']}>
      <LogToolbar
        options={options}
        pods={pods}
        fields={fields}
        expressionFault={fault}
        isTooSlow={slow.includes(true)}
        copy={() => textOf(passing())}
        onDownload={download}
        wholeHref={withBase(
          `/api/logs/${encodeURIComponent(namespace)}/text?${encodeLogQuery({ sources, sinceSeconds, previous: options.previous }).toString()}`,
        )}
      />
      <div className={styles['words']}>
        <TailWord state={state} previous={options.previous} reports={session.reports} count={sources.length} />
        <span>
          {sources.length === 1
            ? `${sources[0]?.pod} ${sources[0]?.container}`
            : `${sources.length} containers of ${wordPods(new Set(sources.map(({ pod }) => pod)).size)}`}
          {left > 0 ? `; ${left} more are left out, choose pods to see them` : ''}
        </span>
      </div>
      {state.kind === 'failed' ? <ErrorAlert problem={state.problem} heading="h2" /> : null}
      <PodsChanged shown={pods} now={document.pods} onTake={() => setPods(document.pods)} />
      <SourceNotes reports={session.reports} sources={sources} />
      <div className={styles['panes']} data-layout={options.layout}>
        <LogPane key={`${key} main`} name={isSplit ? 'Application' : 'Application and proxy'} view={merged} {...pane} />
        {isSplit ? <LogPane key={`${key} proxy`} name="Proxy" view={proxies} {...pane} /> : null}
      </div>
      {chosen === null ? null : <LineDetails line={chosen} source={sources[chosen.source]} onClose={() => setChosen(null)} />}
    </div>
  );
}
