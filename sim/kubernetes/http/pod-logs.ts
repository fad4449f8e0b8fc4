// pods/<name>/log: options read and checked, then lines streamed at the reader's pace.

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { isRecord, listOf, textOf, valueAt } from '../json';
import type { KubeObject } from '../object';
import { badRequest, internalError } from '../status-error';

export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly sinceTime?: string;
  readonly timestamps: boolean;
  readonly previous: boolean;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** Yields a container's lines without line ends (several at a time, joined by line breaks, where there are very many), honouring every option of the request; ends at once when the signal aborts. */
export type LogReader = (request: LogRequest) => AsyncIterable<string>;

/** Streams a pod's log. Throws 400 for a container the pod does not have, or none named among several. */
export async function streamLog(
  pod: KubeObject,
  query: URLSearchParams,
  response: ServerResponse,
  readLogs: LogReader | undefined,
): Promise<void> {
  if (readLogs === undefined)
    throw internalError(`no logs are kept for pod ${pod.metadata.name}: the server was started without a log reader`);
  const container = chooseContainer(pod, query.get('container'));
  checkStarted(pod, container, readFlag(query, 'previous'));
  const stop = new AbortController();
  response.once('close', () => {
    stop.abort();
  });
  const options = {
    namespace: pod.metadata.namespace ?? '',
    pod: pod.metadata.name,
    container,
    timestamps: readFlag(query, 'timestamps'),
    previous: readFlag(query, 'previous'),
    follow: readFlag(query, 'follow'),
    ...optional('tailLines', readCount(query, 'tailLines')),
    ...optional('sinceSeconds', readCount(query, 'sinceSeconds')),
    ...optional('sinceTime', readTime(query)),
    signal: stop.signal,
  };
  let left = readCount(query, 'limitBytes') ?? Number.POSITIVE_INFINITY;
  response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  for await (const line of readLogs(options)) {
    if (response.destroyed || left <= 0) break;
    const bytes = Buffer.from(`${line}\n`).subarray(0, Math.min(left, 1_000_000_000));
    left -= bytes.length;
    if (!response.write(bytes)) await waitForReader(response);
  }
  response.end();
}

/** Waits until the reader took what was written, or went away. */
async function waitForReader(response: ServerResponse): Promise<void> {
  const waited = new AbortController();
  const quiet = (): void => {
    // The loser of the race is aborted; that it then rejects says nothing.
  };
  const drained = once(response, 'drain', { signal: waited.signal });
  const closed = once(response, 'close', { signal: waited.signal });
  drained.catch(quiet);
  closed.catch(quiet);
  await Promise.race([drained, closed]);
  waited.abort();
}

function chooseContainer(pod: KubeObject, asked: string | null): string {
  const names = (field: string): readonly string[] =>
    listOf(valueAt(pod, 'spec', field))
      .filter(isRecord)
      .map((container) => textOf(container['name']) ?? '');
  const containers = names('containers');
  const inits = names('initContainers');
  if (asked !== null && asked !== '') {
    if ([...containers, ...inits, ...names('ephemeralContainers')].includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
  }
  const [only] = containers;
  if (only !== undefined && containers.length === 1 && inits.length === 0) return only;
  const initText = inits.length === 0 ? '' : ` or one of the init containers: [${inits.join(' ')}]`;
  throw badRequest(`a container name must be specified for pod ${pod.metadata.name}, choose one of: [${containers.join(' ')}]${initText}`);
}

/** The kubelet's words for images that do not come (kubelet_pods.go, validateContainerLogStatus). */
const PULL_WORDS: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
};

/** As registry/core/pod/strategy.go and the kubelet say it. */
function checkStarted(pod: KubeObject, container: string, previous: boolean): void {
  const status = listOf(valueAt(pod, 'status', 'containerStatuses'))
    .filter(isRecord)
    .find(({ name }) => name === container);
  const reason = textOf(valueAt(status, 'state', 'waiting', 'reason'));
  // Of a container that waits to be started again there is the log of before.
  if (reason !== undefined && !previous && valueAt(status, 'lastState', 'terminated') === undefined)
    throw badRequest(`container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${PULL_WORDS[reason] ?? reason}`);
  if (previous && (status === undefined || status['restartCount'] === 0))
    throw badRequest(`previous terminated container "${container}" in pod "${pod.metadata.name}" not found`);
}

function readFlag(query: URLSearchParams, name: string): boolean {
  return ['true', '1'].includes(query.get(name) ?? '');
}

function readCount(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text))
    throw badRequest(`PodLogOptions "" is invalid: ${name}: Invalid value: ${JSON.stringify(text)}: must be greater than or equal to 0`);
  return Number(text);
}

function readTime(query: URLSearchParams): string | undefined {
  const text = query.get('sinceTime');
  if (text === null || text === '') return undefined;
  if (Number.isNaN(Date.parse(text))) throw badRequest(`sinceTime is not an RFC 3339 time: ${text}`);
  return text;
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  const result: { [key in K]?: V } = {};
  if (value !== undefined) result[key] = value;
  return result;
}
