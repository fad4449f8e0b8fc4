// A page of logs: the last lines of several containers, or the last before an instant, by time. In: LogSourcePort, LogQuery. Out: LogPage.
// The API of Kubernetes reads logs forwards only: what came before an instant is found by asking from ever earlier on, and by leaving off there.
import { type LogRow, MAX_LINE_BYTES, type SourceReport, type SourceState } from '../../model/log';
import { LogPlace } from '../../model/log-place';
import type { LogQuery } from '../../model/log-query';
import type { ClusterCredential, LogRefusal, LogSourcePort } from '../ports';
import { drainRings, LineRing } from './line-ring';
import { instantOf, type LogLine, readLine } from './read-line';
import { LineSplitter } from './split-lines';

export interface PageParts {
  readonly port: LogSourcePort;
  readonly credential: ClusterCredential;
  readonly namespace: string;
  readonly nowMs: number;
}

export interface LogPage {
  readonly rows: readonly LogRow[];
  readonly complete: boolean;
  readonly reports: readonly SourceReport[];
  readonly refusals: readonly LogRefusal[];
  /** How far each source was read, shown or not. */
  readonly places: readonly LogPlace[];
}

/** Characters of a page, all sources together. */
const PAGE_SIZE = 4 * 1024 * 1024;
/** How long before the asked instant is looked at first, and then; last of all everything that is kept. */
const SPANS_SECONDS = [60, 3600, null] as const;
/** Requests under way for one page. */
const CONCURRENCY = 8;

interface Read {
  readonly ring: LineRing;
  readonly place: LogPlace;
  /** There are older lines that were not read or not kept. */
  readonly cut: boolean;
  readonly report: Omit<SourceReport, 'source'> | null;
  readonly refusal: LogRefusal | null;
}

const stateOf = (why: LogRefusal): SourceState =>
  why === 'waiting' || why === 'gone' || why === 'missing' ? why : why === 'forbidden' || why === 'unauthorized' ? 'refused' : 'retrying';

/** Reads one request to its end, or to the first line that `stop` names. */
async function readInto(
  parts: PageParts,
  source: { readonly pod: string; readonly container: string },
  asked: { readonly previous: boolean; readonly tailLines: number | null; readonly sinceTime: string | null },
  room: { readonly lines: number; readonly size: number; readonly before: string | null },
  signal: AbortSignal,
): Promise<Omit<Read, 'cut'> & { readonly total: number }> {
  const ring = new LineRing(room.lines, room.size);
  const place = new LogPlace();
  const enough = new AbortController();
  const request = { ...source, ...asked, namespace: parts.namespace, follow: false, limitBytes: null };
  const answer = await parts.port.openLog(request, parts.credential, AbortSignal.any([signal, enough.signal]));
  if (answer.outcome === 'refused')
    return { ring, place, total: 0, report: { state: stateOf(answer.why), detail: answer.detail }, refusal: answer.why };
  let total = 0;
  let notice = '';
  const take = (raw: string, cut: number): void => {
    const line = readLine(raw, cut);
    if (line === null) {
      if (raw.trim() !== '') notice = raw.slice(0, 500);
      return;
    }
    if (enough.signal.aborted) return;
    if (room.before !== null && line.at >= room.before) {
      enough.abort();
      return;
    }
    total++;
    place.note(line.at, line.text);
    ring.push(line);
  };
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  try {
    for await (const chunk of answer.chunks) {
      splitter.push(chunk, take);
      if (enough.signal.aborted) break;
    }
    if (!enough.signal.aborted) splitter.end(take);
  } catch (error) {
    notice = error instanceof Error ? error.message : 'the stream broke';
  }
  return { ring, place, total, report: notice === '' ? null : { state: 'retrying', detail: notice }, refusal: null };
}

async function readSource(parts: PageParts, source: LogQuery['sources'][number], query: LogQuery, signal: AbortSignal): Promise<Read> {
  const { tail, before, previous, sinceSeconds } = query;
  const room = { lines: Math.max(1, tail), size: Math.floor(PAGE_SIZE / query.sources.length), before };
  const floorMs = sinceSeconds === null ? null : parts.nowMs - sinceSeconds * 1000;
  if (before === null) {
    const sinceTime = floorMs === null ? null : instantOf(floorMs);
    const read = await readInto(parts, source, { previous, tailLines: tail, sinceTime }, room, signal);
    return { ...read, cut: read.total >= tail || read.ring.skipped > 0 };
  }
  const beforeMs = Date.parse(before);
  for (const span of SPANS_SECONDS) {
    const fromMs = span === null ? floorMs : Math.max(beforeMs - span * 1000, floorMs ?? Number.NEGATIVE_INFINITY);
    const isLast = span === null || (floorMs !== null && fromMs === floorMs);
    const sinceTime = fromMs === null ? null : instantOf(fromMs);
    const read = await readInto(parts, source, { previous, tailLines: null, sinceTime }, room, signal);
    if (read.refusal !== null || read.total >= tail || isLast || signal.aborted) return { ...read, cut: read.ring.skipped > 0 || !isLast };
  }
  throw new Error('the last span is everything');
}

/** Drops the first instant, of which only a part may be there; whole where it is the only one. The instant from which all is there. */
function dropPartial(ring: LineRing): string | null {
  const first = ring.peek();
  if (first === undefined) return null;
  const dropped: LogLine[] = [];
  for (let line = ring.peek(); line?.at === first.at; line = ring.peek()) {
    dropped.push(line);
    ring.shift();
  }
  if (ring.length === 0) for (const line of dropped) ring.push(line);
  return ring.peek()?.at ?? null;
}

export async function readPage(parts: PageParts, query: LogQuery, signal: AbortSignal): Promise<LogPage> {
  const reads: Read[] = [];
  const turns = query.sources.entries();
  const work = async (): Promise<void> => {
    for (const [i, source] of turns) reads[i] = await readSource(parts, source, query, signal);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  // Where one source was cut, what others wrote before that would stand there alone, as if it had been silent.
  const horizons = reads.map(({ ring, cut }) => (cut ? dropPartial(ring) : null));
  const horizon = horizons.reduce<string | null>((latest, at) => (at !== null && (latest === null || at > latest) ? at : latest), null);
  const all = drainRings(
    reads.map(({ ring }) => ring),
    Number.POSITIVE_INFINITY,
    false,
  ).filter(([, at, text]) => text !== null && (horizon === null || at >= horizon));
  let from = Math.max(0, all.length - query.tail);
  // Instants are shown whole, so that the next page ends where this one begins.
  if (from > 0) {
    const cutAt = all[from - 1]?.[1];
    const next = all.findIndex(([, at], i) => i >= from && at !== cutAt);
    if (next > 0) from = next;
  }
  return {
    rows: all.slice(from),
    complete: from === 0 && horizon === null,
    reports: reads.flatMap(({ report }, source) => (report === null ? [] : [{ source, ...report }])),
    refusals: reads.flatMap(({ refusal }) => (refusal === null ? [] : [refusal])),
    places: reads.map(({ place }) => place),
  };
}
