// What is asked of logs, as parameters of an address: both sides read and write it here. In: LogQuery or URLSearchParams. Out: the other.
// Pods and containers are named as `pod/container`, which no name of Kubernetes can be mistaken for.
import { Failure } from './failure';
import { type LogSource, MAX_PAGE_LINES, MAX_SOURCES } from './log';

/** Where a reader of a live tail stands in one container: the last instant that it has, and hashes of the lines of that instant. */
export interface LogCursor {
  readonly at: string;
  readonly hashes: readonly string[];
}

export interface LogQuery {
  readonly sources: readonly LogSource[];
  /** Lines at most; of a live tail: those before it begins. */
  readonly tail: number;
  /** Nothing older than so many seconds; null = all that is kept. */
  readonly sinceSeconds: number | null;
  /** Only lines before this instant; null = up to now. */
  readonly before: string | null;
  /** The container before the last restart. */
  readonly previous: boolean;
  /** By `pod/container`: go on after this. */
  readonly after: ReadonlyMap<string, LogCursor>;
}

export const DEFAULT_TAIL = 500;
/** 31 days. */
const MAX_SINCE_SECONDS = 2_678_400;
const MAX_HASHES = 64;
const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;
/** As lines carry them. */
export const LOG_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;

export const sourceKey = ({ pod, container }: LogSource): string => `${pod}/${container}`;

function refuse(what: string, next: string): never {
  throw new Failure('badRequest', what, next);
}

function decodeCount(query: URLSearchParams, name: string, most: number): number | null {
  const text = query.get(name);
  if (text === null || text === '') return null;
  if (/^\d{1,9}$/.test(text) && Number(text) <= most) return Number(text);
  return refuse(`${name}=${text.slice(0, 40)} is not a whole number from 0 to ${most}`, 'Correct the parameter.');
}

function decodeSource(text: string): LogSource {
  const [pod = '', container = '', more] = text.split('/');
  if (more === undefined && NAME.test(pod) && NAME.test(container)) return { pod, container };
  return refuse(`source=${JSON.stringify(text.slice(0, 120))} is not pod/container`, 'Name a pod and one of its containers.');
}

/** `pod/container@instant~hash~hash` */
function decodeCursor(text: string): readonly [string, LogCursor] {
  const [key = '', rest = ''] = text.split('@');
  const [at = '', ...hashes] = rest.split('~');
  if (LOG_INSTANT.test(at) && hashes.length <= MAX_HASHES && hashes.every((hash) => /^[0-9a-z]{1,7}$/.test(hash)))
    return [sourceKey(decodeSource(key)), { at, hashes }];
  return refuse(`after=${JSON.stringify(text.slice(0, 120))} is not a place in a log`, 'Leave it out to begin anew.');
}

/** @throws Failure badRequest */
export function decodeLogQuery(query: URLSearchParams): LogQuery {
  const named = query.getAll('source');
  if (named.length === 0 || named.length > MAX_SOURCES)
    refuse(`${named.length} containers are named, and 1 to ${MAX_SOURCES} can be read at once`, 'Choose fewer pods or containers.');
  const sources = new Map(named.map(decodeSource).map((source) => [sourceKey(source), source]));
  const before = query.get('before');
  if (before !== null && !LOG_INSTANT.test(before))
    refuse(`before=${before.slice(0, 60)} is not an instant of a line`, 'Give one as lines carry it.');
  return {
    sources: [...sources.values()],
    tail: decodeCount(query, 'tail', MAX_PAGE_LINES) ?? DEFAULT_TAIL,
    sinceSeconds: decodeCount(query, 'since', MAX_SINCE_SECONDS),
    before,
    previous: query.get('previous') === 'true',
    after: new Map(query.getAll('after').slice(0, MAX_SOURCES).map(decodeCursor)),
  };
}

/** The same as parameters; what is as by default is left out. */
export function encodeLogQuery(asked: Pick<LogQuery, 'sources'> & Partial<LogQuery>): URLSearchParams {
  const query = new URLSearchParams();
  for (const source of asked.sources) query.append('source', sourceKey(source));
  if (asked.tail !== undefined && asked.tail !== DEFAULT_TAIL) query.set('tail', String(asked.tail));
  if (asked.sinceSeconds !== undefined && asked.sinceSeconds !== null) query.set('since', String(asked.sinceSeconds));
  if (asked.before !== undefined && asked.before !== null) query.set('before', asked.before);
  if (asked.previous === true) query.set('previous', 'true');
  for (const [key, { at, hashes }] of asked.after ?? []) query.append('after', [`${key}@${at}`, ...hashes].join('~'));
  return query;
}
