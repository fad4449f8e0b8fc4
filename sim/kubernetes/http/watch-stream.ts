// Watch: one event a line, from a revision on, with selectors, bookmarks, initial events, and 410 for a revision that is compacted away.
// In: target + store. Out: a response that stays open until its time is over, the client goes or falls too far behind.
import type { ServerResponse } from 'node:http';
import { joinApiVersion, type KubeObject, withMetadata } from '../object';
import { decodeSelectors, type Predicate } from '../selectors';
import { badRequest, gone, invalid } from '../status-error';
import type { ObjectStore, StoreEvent } from '../store';
import { readResourceVersion, tooLargeVersion } from '../verbs/list-objects';
import type { Target } from '../verbs/target';
import type { ObjectEncoder } from './encoder';
import type { Faults } from './faults';
import type { View } from './negotiate';

export interface WatchContext {
  readonly store: ObjectStore;
  readonly encoder: ObjectEncoder;
  readonly faults: Faults;
  readonly bookmarkIntervalMs: number;
}

/** A watcher that lets this much pile up is cut off, as the API server's watch cache does with slow readers. */
const BACKLOG_LIMIT_BYTES = 64 * 1024 * 1024;
/** apiserver's default: between 30 and 60 minutes. */
const DEFAULT_TIMEOUT_SECONDS = 1800;

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';

interface WatchStart {
  /** Objects to show as ADDED before the changes. */
  readonly initial: readonly KubeObject[];
  readonly revision: number;
  readonly changes: readonly StoreEvent[];
  /** True where a bookmark must mark the end of the initial events. */
  readonly marksEnd: boolean;
}

/** Streams the events of a watch; settles when the stream has ended. Throws a StatusError before it starts. */
export async function streamWatch(target: Target, view: View, response: ServerResponse, context: WatchContext): Promise<void> {
  const { kind, namespace, query } = target;
  const selects = decodeSelectors(kind, query.get('labelSelector'), query.get('fieldSelector'));
  const chosen: Predicate = (object) => (namespace === undefined || object.metadata.namespace === namespace) && (selects?.(object) ?? true);
  const start = chooseStart(target, context.store);
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private', 'transfer-encoding': 'chunked' });
  response.flushHeaders();
  const stream = new WatchStream(target, view, response, context);
  if (start === undefined) {
    stream.sendExpired();
    response.end();
    return;
  }
  stream.begin(start, chosen);
  await stream.run(chosen);
}

/** Where a watch begins; undefined where its revision is too old. */
function chooseStart({ kind, query }: Target, store: ObjectStore): WatchStart | undefined {
  const version = readResourceVersion(query.get('resourceVersion'));
  const match = query.get('resourceVersionMatch') ?? '';
  const initialEvents = query.get('sendInitialEvents');
  if (initialEvents === null && match !== '')
    throw forbiddenOption('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  if (initialEvents !== null && match !== 'NotOlderThan') {
    throw forbiddenOption('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  if (version !== undefined && version > store.revision) throw tooLargeVersion(version, store.revision);
  const wantsInitial = initialEvents === null ? version === undefined || version === 0 : initialEvents === 'true';
  if (wantsInitial) {
    const { objects, revision } = store.snapshot(kind.resource);
    return { initial: objects, revision, changes: [], marksEnd: initialEvents !== null };
  }
  if (version === undefined || version === 0) return { initial: [], revision: store.revision, changes: [], marksEnd: false };
  const changes = store.changesAfter(kind.resource, version);
  return changes === undefined ? undefined : { initial: [], revision: version, changes, marksEnd: false };
}

function forbiddenOption(message: string): Error {
  return invalid('meta.k8s.io', 'ListOptions', '', [
    { reason: 'FieldValueForbidden', message: `Forbidden: ${message}`, field: 'sendInitialEvents' },
  ]);
}

class WatchStream {
  readonly #target: Target;
  readonly #view: View;
  readonly #response: ServerResponse;
  readonly #context: WatchContext;
  #columnsSent = false;

  constructor(target: Target, view: View, response: ServerResponse, context: WatchContext) {
    this.#target = target;
    this.#view = view;
    this.#response = response;
    this.#context = context;
  }

  begin(start: WatchStart, chosen: Predicate): void {
    for (const object of start.initial) if (chosen(object)) this.#send('ADDED', object);
    for (const change of start.changes) this.#sendChange(change, chosen);
    if (start.marksEnd && this.#wantsBookmarks()) this.#sendBookmark(start.revision, { 'k8s.io/initial-events-end': 'true' });
  }

  /** Sends changes until the stream ends. */
  async run(chosen: Predicate): Promise<void> {
    const { store, faults, bookmarkIntervalMs } = this.#context;
    const response = this.#response;
    const stops: (() => void)[] = [
      store.onResourceChange(this.#target.kind.resource, (change) => {
        this.#sendChange(change, chosen);
      }),
    ];
    const later = (milliseconds: number, act: () => void): void => {
      const timer = setTimeout(act, Math.min(milliseconds, 2_147_483_647));
      timer.unref();
      stops.push(() => {
        clearTimeout(timer);
      });
    };
    await new Promise<void>((resolve) => {
      response.once('close', resolve);
      later(readTimeoutSeconds(this.#target.query) * 1000, () => {
        if (this.#wantsBookmarks()) this.#sendBookmark(store.revision);
        response.end();
      });
      if (this.#wantsBookmarks()) {
        const timer = setInterval(() => {
          this.#sendBookmark(store.revision);
        }, bookmarkIntervalMs);
        timer.unref();
        stops.push(() => {
          clearInterval(timer);
        });
      }
      stops.push(
        faults.trackWatch(() => {
          response.destroy();
        }),
      );
      if (faults.cutWatchesAfterMs !== undefined)
        later(faults.cutWatchesAfterMs, () => {
          response.destroy();
        });
      if (response.destroyed) resolve();
    });
    for (const stop of stops) stop();
  }

  sendExpired(): void {
    const { store } = this.#context;
    const { status } = gone(`too old resource version: ${this.#target.query.get('resourceVersion') ?? ''} (${store.compactedRevision})`);
    this.#write(`{"type":"ERROR","object":${JSON.stringify(status)}}\n`);
  }

  /** A change as this watch sees it: an object that leaves the selection is deleted, one that enters it is added. */
  #sendChange({ type, object, previous, revision }: StoreEvent, chosen: Predicate): void {
    const isIn = type !== 'DELETED' && chosen(object);
    const wasIn = previous !== undefined && chosen(previous);
    if (isIn) this.#send(wasIn ? 'MODIFIED' : 'ADDED', object);
    else if (wasIn) this.#send('DELETED', type === 'DELETED' ? object : withMetadata(previous, { resourceVersion: String(revision) }));
  }

  #send(type: EventType, object: KubeObject): void {
    const { kind, version } = this.#target;
    const { encoder } = this.#context;
    if (this.#view !== 'table') {
      this.#write(`{"type":"${type}","object":${encoder.encodeObject(kind, version, object, this.#view)}}\n`);
      return;
    }
    const table = encoder.encodeTable(kind, [object], { resourceVersion: object.metadata.resourceVersion ?? '' }, !this.#columnsSent);
    this.#columnsSent = true;
    this.#write(`{"type":"${type}","object":${table}}\n`);
  }

  #sendBookmark(revision: number, annotations?: Readonly<Record<string, string>>): void {
    const { kind, version } = this.#target;
    const metadata = { resourceVersion: String(revision), creationTimestamp: null, ...(annotations === undefined ? {} : { annotations }) };
    const apiVersion = joinApiVersion(kind.group, version);
    const bare = { kind: kind.kind, apiVersion, metadata };
    const object =
      this.#view === 'table'
        ? { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: null, rows: [{ cells: [], object: bare }] }
        : bare;
    this.#write(`{"type":"BOOKMARK","object":${JSON.stringify(object)}}\n`);
  }

  #wantsBookmarks(): boolean {
    return ['true', '1'].includes(this.#target.query.get('allowWatchBookmarks') ?? '');
  }

  #write(line: string): void {
    const response = this.#response;
    if (response.destroyed || response.writableEnded) return;
    response.write(line);
    if (response.writableLength > BACKLOG_LIMIT_BYTES) response.destroy();
  }
}

function readTimeoutSeconds(query: URLSearchParams): number {
  const text = query.get('timeoutSeconds') ?? '';
  if (text === '' || text === '0') return DEFAULT_TIMEOUT_SECONDS * (1 + Math.random());
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 0) throw badRequest(`timeoutSeconds must be a non-negative integer, not "${text}"`);
  return seconds;
}
