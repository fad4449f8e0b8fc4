// One container followed for as long as somebody reads: opened, and opened again where it broke, without doubling or losing a line.
// In: LogSourcePort, a place in the log, a clock. Out: lines and states, until the signal aborts or there is nothing more to come.
import { MAX_LINE_BYTES, type SourceState } from '../../model/log';
import type { LogPlace } from '../../model/log-place';
import { isAborted, pause } from '../pause';
import type { Clock, ClusterCredential, LogRefusal, LogRequest, LogSourcePort } from '../ports';
import { type LogLine, readLine } from './read-line';
import { LineSplitter } from './split-lines';

export interface FollowParts {
  readonly port: LogSourcePort;
  readonly credential: ClusterCredential;
  readonly clock: Clock;
  readonly onLine: (line: LogLine) => void;
  readonly onState: (state: SourceState, detail: string) => void;
  /** The API server takes the credential no more: another request may bring a renewed one. */
  readonly onUnauthorized: () => void;
}

export interface FollowStart {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly place: LogPlace;
  /** RFC 3339, where the place says nothing; null = from the beginning. */
  readonly sinceTime: string | null;
}

const WAITING_MS = 2_000;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;
/** A container that has ended is looked for again this often: it may be started anew. */
const ENDED_PAUSE_MS = 10_000;
/** A stream that ends this soon, twice, without a line: the container has ended. */
const SHORT_MS = 5_000;

/** What a refusal is to the reader; null: to be tried again as a stream that broke. */
function stateOf(why: LogRefusal): SourceState | null {
  switch (why) {
    case 'waiting':
      return 'waiting';
    case 'gone':
      return 'gone';
    case 'missing':
      return 'missing';
    case 'forbidden':
    case 'unauthorized':
      return 'refused';
    case 'busy':
    case 'unreachable':
      return null;
    default:
      return why satisfies never;
  }
}

export async function followLog(parts: FollowParts, start: FollowStart, signal: AbortSignal): Promise<void> {
  const { port, credential, clock, onLine, onState } = parts;
  const { namespace, pod, container, place } = start;
  let state = 'opening' as SourceState;
  let shortEnds = 0;
  let pauseMs = FIRST_PAUSE_MS;
  const show = (next: SourceState, detail = ''): void => {
    if (next !== state || detail !== '') onState(next, detail);
    state = next;
  };
  while (!isAborted(signal)) {
    const request: LogRequest = {
      ...{ namespace, pod, container, follow: true, previous: false, tailLines: null, limitBytes: null },
      sinceTime: place.at ?? start.sinceTime,
    };
    place.reopen();
    const answer = await port.openLog(request, credential, signal);
    if (isAborted(signal)) return;
    if (answer.outcome === 'refused' && answer.why === 'unauthorized') {
      parts.onUnauthorized();
      return;
    }
    if (answer.outcome === 'refused') {
      const next = stateOf(answer.why);
      show(next ?? 'retrying', answer.detail);
      if (next !== null && next !== 'waiting') return;
      await pause(clock, next === 'waiting' ? WAITING_MS : pauseMs, signal);
      if (next === null) pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
      continue;
    }
    if (state !== 'ended') show('live');
    const openedMs = clock.now();
    let lines = 0;
    let notice = '';
    const splitter = new LineSplitter(MAX_LINE_BYTES);
    const take = (raw: string, cut: number): void => {
      const line = readLine(raw, cut);
      if (line === null) {
        // The node speaks, not the container: `failed to create fsnotify watcher`, `unable to retrieve container logs`.
        if (raw.trim() !== '') notice = raw.slice(0, 500);
        return;
      }
      if (!place.take(line.at, line.text)) return;
      lines++;
      if (state !== 'live') show('live');
      onLine(line);
    };
    try {
      // A line that the end of the stream cut in two is read again whole.
      for await (const chunk of answer.chunks) splitter.push(chunk, take);
    } catch (error) {
      notice = error instanceof Error ? error.message : 'the stream broke';
    }
    if (isAborted(signal)) return;
    const isShort = clock.now() - openedMs < SHORT_MS && lines === 0;
    if (!isShort) pauseMs = FIRST_PAUSE_MS;
    if (notice !== '') {
      shortEnds = 0;
      show('retrying', notice);
      await pause(clock, pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
      continue;
    }
    shortEnds = isShort ? shortEnds + 1 : 0;
    if (shortEnds >= 2) show('ended');
    await pause(clock, shortEnds >= 2 ? ENDED_PAUSE_MS : FIRST_PAUSE_MS, signal);
  }
}
