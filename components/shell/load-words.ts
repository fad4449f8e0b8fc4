// The load of the metrics backend in words, and the outline check of GET /api/load. In: LoadDocument, freshness. Out: texts. Pure.
import type { CauseUse, LoadDocument, QueryCause } from '../../model/load';
import type { Freshness } from '../../model/wire';
import { formatAge, formatWindow, plural } from '../ui/format';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isUse = (value: unknown): boolean =>
  isRecord(value) && typeof value['queries'] === 'number' && typeof value['seconds'] === 'number' && typeof value['bytes'] === 'number';

/** An older server or a proxy's page is caught, not every field. */
export const isLoadDocument = (body: unknown): body is LoadDocument =>
  isRecord(body) &&
  isUse(body['perMinute']) &&
  Array.isArray(body['causes']) &&
  body['causes'].every((own) => isUse(own) && isRecord(own) && isRecord(own['cause'])) &&
  Array.isArray(body['windows']) &&
  Array.isArray(body['splits']) &&
  Array.isArray(body['notes']);

const KINDS: Readonly<Record<QueryCause['kind'], string>> = {
  live: 'Live graph',
  past: 'Views of the past',
  replay: 'Replay',
  compare: 'Comparison',
  charts: 'Charts of an element',
  element: 'Panel of an element',
  overview: 'Overview',
  dashboard: 'Dashboards',
  probe: 'What the backend holds',
  other: 'Anything else',
};

/** "Live graph, last minute". */
export const wordCause = ({ kind, windowSeconds }: QueryCause): string =>
  windowSeconds === null ? KINDS[kind] : `${KINDS[kind]}, ${formatWindow(windowSeconds).toLowerCase()}`;

/** "0.42 s", "12 s". */
export const wordSeconds = (seconds: number): string =>
  `${seconds >= 10 ? seconds.toFixed(0) : seconds >= 1 ? seconds.toFixed(1) : seconds.toFixed(2)} s`;

/** Where the rates of the graph come from; null while that is not known. */
export function wordOrigin(freshness: Freshness | null, nowMs: number): string | null {
  const metrics = freshness?.metrics;
  if (metrics === undefined || metrics.atMs === null) return null;
  return metrics.recordedAtMs === undefined
    ? 'Computed from Istio’s metrics at each refresh.'
    : `Read from recording rules, evaluated ${formatAge(nowMs - metrics.recordedAtMs)} ago.`;
}

/** What is unusual: slower refreshes, queries in parts, what the backend lacks. */
export function listRemarks({ windows, splits, notes, waiting }: LoadDocument): readonly string[] {
  return [
    ...windows
      .filter(({ intervalSeconds, wantedSeconds }) => intervalSeconds > wantedSeconds)
      .map(
        ({ windowSeconds, intervalSeconds, wantedSeconds }) =>
          `The backend is slow: ${formatWindow(windowSeconds).toLowerCase()} is read every ${intervalSeconds} s instead of ${wantedSeconds} s.`,
      ),
    ...(waiting > 0 ? [`${plural(waiting, 'query waits', 'queries wait')} for a free place.`] : []),
    ...splits.map(({ query, parts }) => `The query “${query}” was refused for its size and is asked in ${parts} parts.`),
    ...notes,
  ];
}

/** Share of the time of all, 0..1. */
export const shareOf = (use: CauseUse, all: LoadDocument['perMinute']): number => (all.seconds > 0 ? use.seconds / all.seconds : 0);
