// One watched resource: list in pages, watch from there, resume where it broke, list anew on 410, back off on failure.
// In: ApiClient, a path, a decoder. Out: decoded objects by uid and a WatchState. Semantics: Kubernetes API concepts, "Efficient detection of changes".
import { Failure } from '../../model/failure';
import type { WatchState } from '../../model/inventory';
import { isAborted, pause } from '../pause';
import type { Clock } from '../ports';
import { type ApiClient, ApiStatusError } from './client';

const PAGE = 500;
const PARTIAL = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const PARTIAL_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const LIST_DEADLINE_MS = 30_000;
const WATCH_SECONDS = 290;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** A watch that delivered nothing but lived this long was healthy: the next one starts at once. */
const HEALTHY_WATCH_MS = 5_000;
/** Permissions and CRDs change rarely; look again at this interval. */
const REFUSED_RETRY_MS = 60_000;

export interface WatchedResource<T> {
  /** `pods`, `virtualservices.networking.istio.io` */
  readonly resource: string;
  /** `/api/v1/pods` */
  readonly path: string;
  /** `fieldSelector=metadata.name%3Distio`, or "" */
  readonly selector: string;
  /** Only metadata is asked for: the server leaves the rest out (Kubernetes API concepts, PartialObjectMetadata). */
  readonly metadataOnly?: boolean;
  /** null: not an object of this resource; it is counted and left out. */
  readonly decode: (object: unknown) => T | null;
}

const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);
const record = (x: unknown): Record<string, unknown> => (isRecord(x) ? x : {});
const text = (x: unknown): string => (typeof x === 'string' ? x : '');

const EXPIRED = Symbol('expired');

/** Keeps one resource current until the signal ends it. */
export class ResourceWatch<T> {
  readonly #resource: WatchedResource<T>;
  readonly #client: ApiClient;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #onChange: () => void;
  #objects = new Map<string, T>();
  #state: WatchState['state'] = 'listing';
  #cause: string | null = null;
  #currentAtMs: number | null = null;
  #version = '';

  constructor(options: { resource: WatchedResource<T>; client: ApiClient; clock: Clock; random: () => number; onChange: () => void }) {
    this.#resource = options.resource;
    this.#client = options.client;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#onChange = options.onChange;
  }

  /** Decoded objects by uid; the map changes in place. */
  get objects(): ReadonlyMap<string, T> {
    return this.#objects;
  }
  /** True once the first list ended, or was refused: an inventory need not wait for it. */
  get settled(): boolean {
    return this.#currentAtMs !== null || this.#state === 'forbidden' || this.#state === 'absent';
  }
  state(): WatchState {
    return {
      resource: this.#resource.resource,
      state: this.#state,
      objects: this.#objects.size,
      currentAtMs: this.#state === 'live' ? this.#clock.now() : this.#currentAtMs,
      cause: this.#cause,
    };
  }

  /** Runs until `signal` is aborted; never throws. */
  async run(signal: AbortSignal): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (!isAborted(signal)) {
      const startedMs = this.#clock.now();
      try {
        if (this.#version === '') await this.#list(signal);
        backoffMs = FIRST_BACKOFF_MS;
        const ended = await this.#watch(signal);
        if (isAborted(signal)) return;
        if (ended === EXPIRED) this.#version = '';
        // A server (or a proxy) that closes watches at once must not be hammered.
        if (this.#clock.now() - startedMs < HEALTHY_WATCH_MS) await pause(this.#clock, FIRST_BACKOFF_MS, signal);
      } catch (error) {
        if (isAborted(signal)) return;
        const status = error instanceof ApiStatusError ? error.status : 0;
        if (status === 410) {
          this.#version = '';
          continue;
        }
        this.#cause = error instanceof Failure ? `${error.detail}. ${error.next}` : 'an unexpected error';
        if (status === 403 || status === 404) {
          this.#drop(status === 403 ? 'forbidden' : 'absent');
          await pause(this.#clock, REFUSED_RETRY_MS, signal);
          continue;
        }
        if (this.#state === 'live') this.#currentAtMs = this.#clock.now();
        this.#state = 'retrying';
        this.#onChange();
        await pause(this.#clock, backoffMs * (1 + this.#random()), signal);
        backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
      }
    }
  }

  #drop(state: 'forbidden' | 'absent'): void {
    this.#objects = new Map();
    this.#version = '';
    this.#state = state;
    this.#currentAtMs = null;
    this.#onChange();
  }

  async #list(signal: AbortSignal): Promise<void> {
    if (this.#state !== 'retrying') this.#state = 'listing';
    const found = new Map<string, T>();
    let token = '';
    let version = '';
    do {
      const query = [`limit=${PAGE}`, this.#resource.selector, token && `continue=${encodeURIComponent(token)}`].filter(Boolean).join('&');
      const page = await this.#client.fetchJson(`${this.#resource.path}?${query}`, {
        signal,
        deadlineMs: LIST_DEADLINE_MS,
        ...(this.#resource.metadataOnly === true ? { accept: PARTIAL_LIST } : {}),
      });
      const body = record(page);
      const items = body['items'];
      if (!Array.isArray(items) && items !== null)
        throw new Failure(
          'clusterMalformed',
          `the list of ${this.#resource.resource} has no items`,
          'Check that the address is a Kubernetes API server.',
        );
      for (const item of items ?? []) this.#take(found, item);
      const meta = record(body['metadata']);
      token = text(meta['continue']);
      version = text(meta['resourceVersion']);
    } while (token !== '');
    this.#objects = found;
    this.#version = version;
    this.#live();
  }

  #live(): void {
    this.#state = 'live';
    this.#cause = null;
    this.#currentAtMs = this.#clock.now();
    this.#onChange();
  }

  #take(into: Map<string, T>, object: unknown): void {
    const uid = text(record(record(object)['metadata'])['uid']);
    const decoded = uid === '' ? null : this.#resource.decode(object);
    if (decoded !== null) into.set(uid, decoded);
  }

  async #watch(signal: AbortSignal): Promise<typeof EXPIRED | 'ended'> {
    // resourceVersion="" would replay everything as ADDED without telling what vanished: an empty version (a broken server) means list again.
    if (this.#version === '') return EXPIRED;
    const query = [
      'watch=true',
      'allowWatchBookmarks=true',
      `timeoutSeconds=${WATCH_SECONDS}`,
      this.#resource.selector,
      `resourceVersion=${encodeURIComponent(this.#version)}`,
    ]
      .filter(Boolean)
      .join('&');
    const lines = await this.#client.openWatch(`${this.#resource.path}?${query}`, {
      signal,
      deadlineMs: LIST_DEADLINE_MS,
      ...(this.#resource.metadataOnly === true ? { accept: PARTIAL } : {}),
    });
    if (this.#state !== 'live') this.#live();
    for await (const line of lines) {
      let event: Record<string, unknown>;
      try {
        event = record(JSON.parse(line));
      } catch {
        throw new Failure(
          'clusterMalformed',
          `an event of ${this.#resource.resource} is not JSON: ${JSON.stringify(line.slice(0, 80))}`,
          'Heddle resumes the watch by itself.',
        );
      }
      const object = record(event['object']);
      if (event['type'] === 'ERROR') {
        if (object['code'] === 410) return EXPIRED;
        throw new Failure(
          'clusterUnreachable',
          `the watch of ${this.#resource.resource} ended: ${text(object['message']).slice(0, 200)}`,
          'Heddle resumes it by itself.',
        );
      }
      const meta = record(object['metadata']);
      const version = text(meta['resourceVersion']);
      if (version !== '') this.#version = version;
      if (event['type'] === 'BOOKMARK') continue;
      if (event['type'] === 'DELETED') this.#objects.delete(text(meta['uid']));
      else this.#take(this.#objects, object);
      this.#onChange();
    }
    return 'ended';
  }
}
