// Where the data comes from, how old it is and why. In: state of a window, watches of the API server. Out: Freshness. Pure.
import { FAILURES, Failure } from '../../model/failure';
import type { Inventory, WatchState } from '../../model/inventory';
import type { TrafficSnapshot } from '../../model/traffic';
import type { SourceState } from '../../model/wire';

const WAITING: SourceState = { state: 'waiting', atMs: null, cause: null, next: null };

/**
 * State of the metrics behind a snapshot; `failure` is that of the last attempt, null if it succeeded. `quoted`: whether the backend's own
 * words may be repeated: they may name series of any namespace.
 */
export function metricsState(snapshot: TrafficSnapshot | null, failure: Failure | null, quoted: boolean): SourceState {
  const why = failure === null ? { cause: null, next: null } : whyFailed(failure, quoted);
  if (snapshot === null) return { ...WAITING, ...why };
  const recordedAtMs = snapshot.recorded?.edgesAtMs ?? null;
  const recorded = recordedAtMs === null ? {} : { recordedAtMs };
  if (failure !== null) return { state: 'stale', atMs: snapshot.atMs, ...why, ...recorded };
  if (snapshot.warnings.length === 0) return { state: 'live', atMs: snapshot.atMs, cause: null, next: null, ...recorded };
  return {
    state: 'partial',
    atMs: snapshot.atMs,
    cause: quoted ? `The metrics may be incomplete: ${snapshot.warnings.slice(0, 3).join('; ')}` : 'The metrics may be incomplete.',
    next: 'Look at the metrics backend; the graph shows what it answered.',
    ...recorded,
  };
}

const whyFailed = (failure: Failure, quoted: boolean): Pick<SourceState, 'cause' | 'next'> => {
  const { title } = FAILURES[failure.code];
  return quoted
    ? { cause: `${title}: ${failure.detail}`, next: failure.next }
    : { cause: `${title}.`, next: 'The console tries again by itself; the log of the console names the cause.' };
};

/** State of the inventory. A resource that the cluster does not serve is no fault. `quoted` as for the metrics. */
export function clusterState(inventory: Inventory | null, watches: readonly WatchState[], quoted: boolean): SourceState {
  const retrying = watches.filter((w) => w.state === 'retrying');
  const forbidden = watches.filter((w) => w.state === 'forbidden');
  const broken = retrying[0];
  if (inventory === null) {
    if (broken === undefined) return WAITING;
    return { state: 'waiting', atMs: null, ...whyRetrying(retrying, quoted) };
  }
  const atMs = oldest(watches.filter((w) => w.state !== 'absent' && w.state !== 'forbidden'));
  if (broken !== undefined) return { state: 'stale', atMs: oldest(retrying), ...whyRetrying(retrying, quoted) };
  if (forbidden.length > 0)
    return {
      state: 'partial',
      atMs,
      cause: `The Kubernetes API does not let the console read ${forbidden.map((w) => w.resource).join(', ')}.`,
      next: 'Give its service account get, list and watch on these resources (the Helm chart does).',
    };
  return { state: 'live', atMs, cause: null, next: null };
}

function whyRetrying(watches: readonly WatchState[], quoted: boolean): { readonly cause: string; readonly next: string } {
  const which = watches.length === 1 ? (watches[0]?.resource ?? '') : `${watches.length} resources`;
  const said = quoted ? (watches[0]?.cause ?? null) : null;
  const credentials = 'check that its credentials are valid, too.';
  return {
    cause: `${which} cannot be read: ${said ?? 'the watch was interrupted'}`,
    // What a watch says of itself tells what to do.
    next:
      said === null
        ? `The console tries again by itself; check that it can reach the API server, and ${credentials}`
        : `C${credentials.slice(1)}`,
  };
}

/** Why nothing of the cluster can be told yet: its API server does not answer, or was not read through so far. `quoted` as above. */
export function whyUnread(watches: readonly WatchState[], quoted: boolean): Failure {
  const retrying = watches.filter(({ state }) => state === 'retrying');
  if (retrying.length === 0) return new Failure('starting', 'the objects of the cluster were not read yet', 'Try again in a moment.');
  const { cause, next } = whyRetrying(retrying, quoted);
  return new Failure('clusterUnreachable', cause, next);
}

const oldest = (watches: readonly WatchState[]): number | null => {
  let atMs: number | null = null;
  for (const watch of watches) if (watch.currentAtMs !== null && (atMs === null || watch.currentAtMs < atMs)) atMs = watch.currentAtMs;
  return atMs;
};
