// Which entries of the journal are listed, and a page of them. In: a query string; records, newest first. Out: ChangeFilter, ChangePage. Pure.
import type { ChangeListDocument, ChangeRecord, ChangeState } from '../../model/change';
import { Failure } from '../../model/failure';

export interface ChangeFilter {
  /** Host that is touched, whole or without its last parts: `reviews.bookinfo` is `reviews.bookinfo.svc.cluster.local` too. */
  readonly host: string | null;
  /** Namespace of a touched object. */
  readonly namespace: string | null;
  /** Part of the name of who made it, in any case. */
  readonly who: string | null;
  /** Null: any. */
  readonly states: ReadonlySet<ChangeState> | null;
  /** Begun at this instant or after it, and before that one; ms. */
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  readonly limit: number;
  /** The last entry of the page before; null: from the newest on. */
  readonly after: { readonly createdAtMs: number; readonly id: string } | null;
  /** Without the objects before and after, the patches and the measures of the guard. */
  readonly brief: boolean;
}

const MAX_LISTED = 1000;
export const ALL_CHANGES: ChangeFilter = {
  host: null,
  namespace: null,
  who: null,
  states: null,
  sinceMs: null,
  untilMs: null,
  limit: 50,
  after: null,
  brief: false,
};

const STATES: readonly ChangeState[] = ['applying', 'waiting', 'kept', 'reverting', 'reverted', 'incomplete'];
/** Whatever may still change by itself, or needs somebody. */
const OPEN: readonly ChangeState[] = ['applying', 'waiting', 'reverting', 'incomplete'];

const refuse = (detail: string): Failure => new Failure('badRequest', detail, 'Correct the address; /api/openapi.json describes it.');

function decodeLimit(text: string | null): number {
  const limit = text === null ? ALL_CHANGES.limit : /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_LISTED) return limit;
  throw refuse(`limit is no whole number from 1 to ${MAX_LISTED}`);
}

function decodeStates(text: string | null): ReadonlySet<ChangeState> | null {
  if (text === null || text === '') return null;
  return new Set(
    text.split(',').flatMap((word) => {
      if (word === 'open') return OPEN;
      const state = STATES.find((one) => one === word);
      if (state === undefined) throw refuse(`state names none of ${[...STATES, 'open'].join(', ')}`);
      return state;
    }),
  );
}

function decodeInstant(name: string, text: string | null): number | null {
  if (text === null || text === '') return null;
  if (!/^\d{9,11}(?:\.\d{1,3})?$/.test(text)) throw refuse(`${name} is no instant in unix seconds`);
  return Number(text) * 1000;
}

function decodeCursor(text: string | null): ChangeFilter['after'] {
  if (text === null || text === '') return null;
  const found = /^(\d{1,16})_([a-z0-9-]{1,60})$/.exec(text);
  if (found === null) throw refuse('cursor is none that a page before has given');
  return { createdAtMs: Number(found[1]), id: found[2] ?? '' };
}

/** The host of `service=namespace/name`, as far as it is told. */
function hostOfService(text: string | null): string | null {
  if (text === null || text === '') return null;
  const found = /^([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)\/([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)$/.exec(text);
  if (found === null) throw refuse('service is not <namespace>/<name>');
  return `${found[2]}.${found[1]}.svc`;
}

const named = (text: string | null): string | null => (text === '' ? null : text);

/** @throws Failure badRequest */
export function decodeChangeFilter(query: URLSearchParams): ChangeFilter {
  const brief = query.get('brief') ?? 'false';
  if (brief !== 'true' && brief !== 'false') throw refuse('brief is neither true nor false');
  return {
    host: named(query.get('host')) ?? hostOfService(query.get('service')),
    namespace: named(query.get('namespace')),
    who: named(query.get('who')),
    states: decodeStates(query.get('state')),
    sinceMs: decodeInstant('since', query.get('since')),
    untilMs: decodeInstant('until', query.get('until')),
    limit: decodeLimit(query.get('limit')),
    after: decodeCursor(query.get('cursor')),
    brief: brief === 'true',
  };
}

export function matchesChange(change: ChangeRecord, filter: ChangeFilter): boolean {
  const { host, namespace, who, states, sinceMs, untilMs, after } = filter;
  return (
    (host === null || change.hosts.some((one) => one === host || one.startsWith(`${host}.`))) &&
    (namespace === null || change.steps.some(({ ref }) => ref.namespace === namespace)) &&
    (who === null || change.by.name.toLowerCase().includes(who.toLowerCase())) &&
    (states === null || states.has(change.state)) &&
    (sinceMs === null || change.createdAtMs >= sinceMs) &&
    (untilMs === null || change.createdAtMs < untilMs) &&
    (after === null || comesAfter(change, after))
  );
}

/** Newest first, of one instant the greater id first: the order of the journal. */
const comesAfter = (change: ChangeRecord, last: NonNullable<ChangeFilter['after']>): boolean =>
  change.createdAtMs < last.createdAtMs || (change.createdAtMs === last.createdAtMs && change.id < last.id);

/** The page of a filter. `next` asks for the one after it; null where there is none. */
export function pageOf(records: readonly ChangeRecord[], filter: ChangeFilter): ChangeListDocument {
  const found = records.filter((record) => matchesChange(record, filter));
  const page = found.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    changes: filter.brief ? page.map(inBrief) : page,
    next: last === undefined || found.length === page.length ? null : `${last.createdAtMs}_${last.id}`,
  };
}

const inBrief = (record: ChangeRecord): ChangeRecord => ({
  ...record,
  measures: [],
  steps: record.steps.map((step) => ({ ...step, before: null, after: null, patch: [] })),
});
