// Events of a namespace (core/v1), asked for when somebody looks, in somebody's name. In: ApiClient. Out: EventSource. Nothing is kept.
import { Failure } from '../../model/failure';
import type { ClusterEvent, EventSource } from '../ports';
import type { ApiClient } from './client';

const DEADLINE_MS = 10_000;
/** An API server keeps events for an hour; a namespace in trouble has thousands. */
const LIMIT = 1000;

type Raw = Readonly<Record<string, unknown>>;
const record = (value: unknown): Raw => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const instant = (value: unknown): number => {
  const found = Date.parse(text(value));
  return Number.isNaN(found) ? 0 : found;
};
const whole = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/** An Event of core/v1, whichever of its generations of fields were filled in; null for what is none. */
export function decodeEvent(object: unknown): ClusterEvent | null {
  const raw = record(object);
  const about = record(raw['involvedObject']);
  const series = record(raw['series']);
  const name = text(about['name']);
  const reason = text(raw['reason']);
  if (name === '' || reason === '') return null;
  const lastAtMs = Math.max(
    instant(series['lastObservedTime']),
    instant(raw['lastTimestamp']),
    instant(raw['eventTime']),
    instant(raw['firstTimestamp']),
    instant(record(raw['metadata'])['creationTimestamp']),
  );
  return {
    type: text(raw['type']) || 'Normal',
    reason,
    message: text(raw['message']),
    about: { kind: text(about['kind']), name },
    count: Math.max(1, whole(series['count']), whole(raw['count'])),
    lastAtMs,
  };
}

/** A source on one API server, connected when first needed. */
export const createEventSource = (open: () => ApiClient): EventSource => ({
  listEvents: async (namespace, credential, signal) => {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events?limit=${LIMIT}`;
    const { status, body } = await open().send({ method: 'GET', path }, credential, { signal, deadlineMs: DEADLINE_MS });
    if (status === 200) {
      const items = record(body)['items'];
      return Array.isArray(items) ? items.flatMap((item) => decodeEvent(item) ?? []) : [];
    }
    const said = text(record(body)['message']);
    const detail = said === '' ? `the API server answered ${status} to the list of events` : said;
    if (status === 401) throw new Failure('clusterUnauthorized', detail, 'Log in again.');
    if (status === 403) throw new Failure('forbidden', detail, 'Ask for the right to list events there; /account shows what you have.');
    throw new Failure('clusterUnreachable', detail, 'Try again in a moment.');
  },
});
