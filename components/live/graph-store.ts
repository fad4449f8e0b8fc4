// The graph of one view as the screen sees it: follows the stream, keeps the last good graph on every failure, says how old it is.
// In: a view, an EventSource, fetch, a clock, visibility (all injected). Out: GraphState by subscription. Knows no framework.
import { applyDelta } from '../../model/delta';
import type { Freshness, GraphDocument, ViewSpec } from '../../model/wire';
import { REOPEN_EVENT, viewKey } from '../../model/wire';
import { decodeProblem, decodeStreamEvent, type LiveProblem } from './stream-event';

/**
 * `connecting`: nothing of this view yet; `live`: following; `paused`: nothing arrives by itself (paused by hand, hidden tab, a past instant);
 * `stale`: the last good graph is shown while the connection or a data source is down; `error`: there is nothing to show.
 */
export type GraphStatus = 'connecting' | 'live' | 'paused' | 'stale' | 'error';

export interface GraphState {
  readonly status: GraphStatus;
  /** The last good graph, possibly of the view before (its `view` says which); null before the first. */
  readonly document: GraphDocument | null;
  readonly freshness: Freshness | null;
  /** When the last event arrived, ms since the epoch by the browser's clock. */
  readonly lastEventAtMs: number | null;
  readonly problem: LiveProblem | null;
}

/** The part of EventSource that is used. */
export interface StreamSource {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: Event) => void): void;
  close(): void;
}

/** The outside world of the store; `browserEnvironment` is the real one. */
export interface LiveEnvironment {
  openStream(url: string): StreamSource;
  /** Answers the parsed body; rejects when there is no answer or it is not JSON. */
  fetchJson(url: string, signal: AbortSignal): Promise<{ readonly status: number; readonly body: unknown }>;
  nowMs(): number;
  /** Calls back once after `delayMs`; returns the cancellation. */
  startTimer(delayMs: number, callback: () => void): () => void;
  isHidden(): boolean;
  watchHidden(callback: () => void): () => void;
}

/** Seconds between two drawings of new data; 0 = as it arrives. */
export type RefreshSeconds = number;

const HIDDEN_GRACE_MS = 30_000;
/** Events come with every tick of the server; after this silence the connection is taken for dead (a proxy may hold it open). */
const SILENCE_MS = 90_000;
const RETRY_MS = [1000, 2000, 4000, 8000, 15_000, 30_000] as const;
/** EventSource.CLOSED: the browser gave up (an HTTP error), it will not retry by itself. */
const CLOSED = 2;

const RETRYING: LiveProblem = {
  title: 'The live connection is interrupted',
  detail: 'The console does not answer; the last graph received is shown.',
  next: 'It reconnects by itself; check that the console is running and the network.',
};

const EMPTY: GraphState = { status: 'connecting', document: null, freshness: null, lastEventAtMs: null, problem: null };

/** A delta proves that the metrics are as new as itself; a change of state comes by a status event. */
const advanced = (freshness: Freshness | null, atMs: number): Freshness | null =>
  freshness && freshness.metrics.state !== 'stale' ? { ...freshness, metrics: { ...freshness.metrics, atMs } } : freshness;

export class GraphStore {
  readonly #base: string;
  readonly #environment: LiveEnvironment;
  readonly #listeners = new Set<() => void>();
  #state: GraphState = EMPTY;
  #view: ViewSpec | null = null;
  /** Newest document received; published at once or at the next refresh. */
  #received: GraphDocument | null = null;
  #stream: StreamSource | null = null;
  #request: AbortController | null = null;
  #paused = false;
  #refreshSeconds: RefreshSeconds = 0;
  #failures = 0;
  #suspended = false;
  #publishedAtMs = Number.NEGATIVE_INFINITY;
  readonly #timers = new Map<'retry' | 'silence' | 'hidden' | 'publish', () => void>();
  #unwatchHidden: (() => void) | null = null;

  /** `base`: the path under which the console is served, without a trailing slash ('' at the root). */
  constructor(base: string, environment: LiveEnvironment) {
    this.#base = base;
    this.#environment = environment;
  }

  readonly state = (): GraphState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Shows a view; the graph of the one before stays until the first answer. Calling it again with an equal view does nothing. */
  show(view: ViewSpec): void {
    if (this.#view && viewKey(this.#view) === viewKey(view)) return;
    this.#view = view;
    this.#unwatchHidden ??= this.#environment.watchHidden(() => this.#followVisibility());
    this.#received = null;
    this.#failures = 0;
    this.#set({ status: 'connecting', problem: null });
    this.#connect();
  }

  /** Stops everything; `show` starts again. */
  stop(): void {
    this.#disconnect();
    this.#cancel('hidden');
    this.#cancel('publish');
    this.#unwatchHidden?.();
    this.#unwatchHidden = null;
    this.#view = null;
    this.#suspended = false;
  }

  /** Freezes the picture until `resume`. */
  pause(): void {
    this.#paused = true;
    this.#disconnect();
    this.#cancel('publish');
    this.#set({ status: 'paused' });
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#received = null;
    this.#set({ status: 'connecting' });
    this.#connect();
  }

  /** Reads the view once, now; also while paused. */
  refresh(): void {
    if (this.#view) void this.#read(this.#view);
  }

  setRefreshSeconds(seconds: RefreshSeconds): void {
    this.#refreshSeconds = seconds;
    this.#publish();
  }

  #url(path: string, view: ViewSpec): string {
    const query = viewKey(view);
    return `${this.#base}${path}${query === '' ? '' : `?${query}`}`;
  }

  #connect(): void {
    this.#disconnect();
    const view = this.#view;
    if (!view) return;
    if (view.atSeconds !== null) {
      void this.#read(view);
      return;
    }
    if (this.#paused) {
      if (this.#state.document === null || viewKey(this.#state.document.view) !== viewKey(view)) void this.#read(view);
      return;
    }
    if (this.#environment.isHidden() && this.#suspended) return;
    const stream = this.#environment.openStream(this.#url('/api/graph/stream', view));
    this.#stream = stream;
    const listen = (name: string): void =>
      stream.addEventListener(name, (event) => {
        if (this.#stream === stream) this.#receive(name, event);
      });
    for (const name of ['snapshot', 'delta', 'status']) listen(name);
    let reopens = false;
    stream.addEventListener(REOPEN_EVENT, () => {
      reopens = true;
    });
    stream.addEventListener('open', () => {
      if (this.#stream === stream && this.#state.problem === RETRYING) {
        this.#set({ problem: null, status: this.#statusOf(this.#state.freshness) });
      }
    });
    stream.addEventListener('error', () => {
      if (this.#stream !== stream) return;
      // The end was announced: the browser is back in a moment, and the picture is as good as before.
      const announced = reopens && stream.readyState !== CLOSED;
      reopens = false;
      if (announced) this.#armSilence();
      else this.#fail(stream, view);
    });
    this.#armSilence();
  }

  #disconnect(): void {
    this.#stream?.close();
    this.#stream = null;
    this.#request?.abort();
    this.#request = null;
    this.#cancel('retry');
    this.#cancel('silence');
  }

  #receive(name: string, event: Event): void {
    const decoded = decodeStreamEvent(name, 'data' in event ? event.data : undefined);
    if (decoded === null) {
      this.#restart();
      return;
    }
    this.#armSilence();
    const lastEventAtMs = this.#environment.nowMs();
    switch (decoded.event) {
      case 'snapshot':
        this.#failures = 0;
        this.#received = decoded.data;
        this.#set({ lastEventAtMs, freshness: decoded.data.freshness });
        this.#publish();
        return;
      case 'delta': {
        const before = this.#received;
        // A hole in the revisions (a slow reader was skipped, the server restarted): only a snapshot helps.
        if (!before || decoded.data.from !== before.revision) {
          this.#restart();
          return;
        }
        try {
          this.#received = applyDelta(before, decoded.data);
        } catch {
          // The delta refers to something this document does not have: same remedy as for a hole.
          this.#restart();
          return;
        }
        this.#set({ lastEventAtMs, freshness: advanced(this.#state.freshness, decoded.data.atMs) });
        this.#publish();
        return;
      }
      case 'status':
        this.#set({ lastEventAtMs, freshness: decoded.data, status: this.#statusOf(decoded.data) });
        return;
    }
  }

  #statusOf(freshness: Freshness | null): GraphStatus {
    if (this.#paused || (this.#view?.atSeconds ?? null) !== null) return 'paused';
    if (freshness?.metrics.state === 'stale') return 'stale';
    return this.#state.document === null && this.#received === null ? 'connecting' : 'live';
  }

  /** Hands the newest document to the screen, not more often than the refresh setting allows; a new view at once. */
  #publish(): void {
    const document = this.#received;
    if (!document) return;
    const shown = this.#state.document;
    const sameView = shown !== null && viewKey(shown.view) === viewKey(document.view);
    const waitMs = sameView ? this.#publishedAtMs + this.#refreshSeconds * 1000 - this.#environment.nowMs() : 0;
    this.#cancel('publish');
    if (waitMs > 0) {
      this.#timers.set(
        'publish',
        this.#environment.startTimer(waitMs, () => this.#publish()),
      );
      return;
    }
    this.#publishedAtMs = this.#environment.nowMs();
    this.#set({ document, status: this.#statusOf(this.#state.freshness), problem: null });
  }

  /** After a failure the browser retries by itself (with Last-Event-ID) unless it closed the source: then ask by GET what is wrong. */
  #fail(stream: StreamSource, view: ViewSpec): void {
    this.#cancel('silence');
    if (stream.readyState !== CLOSED) {
      this.#set({ status: this.#state.document ? 'stale' : 'connecting', problem: RETRYING });
      this.#armSilence();
      return;
    }
    this.#stream = null;
    void this.#read(view);
  }

  #restart(): void {
    this.#received = null;
    this.#connect();
  }

  #retryLater(): void {
    const delayMs = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)] ?? 30_000;
    this.#failures++;
    this.#cancel('retry');
    this.#timers.set(
      'retry',
      this.#environment.startTimer(delayMs, () => this.#connect()),
    );
  }

  /** One plain GET: for the past, while paused, and as the voice of a stream that was refused. */
  async #read(view: ViewSpec): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    const isCurrent = (): boolean => this.#request === request;
    let problem: LiveProblem;
    let refused = false;
    try {
      const { status, body } = await this.#environment.fetchJson(this.#url('/api/graph', view), request.signal);
      if (!isCurrent()) return;
      const decoded = status === 200 ? decodeStreamEvent('snapshot', body) : null;
      if (decoded?.event === 'snapshot') {
        this.#request = null;
        this.#received = decoded.data;
        this.#publishedAtMs = Number.NEGATIVE_INFINITY;
        this.#set({ lastEventAtMs: this.#environment.nowMs(), freshness: decoded.data.freshness });
        this.#publish();
        if (this.#stream === null && !this.#paused && view.atSeconds === null) this.#retryLater();
        return;
      }
      problem = decodeProblem(body);
      refused = status === 401;
    } catch {
      if (!isCurrent()) return;
      problem = RETRYING;
    }
    this.#request = null;
    this.#set({ status: this.#state.document ? 'stale' : 'error', problem });
    // Logged out: asking on would only be refused again. `refresh` asks once more, when somebody logged in or says so.
    if (this.#stream === null && !refused) this.#retryLater();
  }

  #armSilence(): void {
    this.#cancel('silence');
    this.#timers.set(
      'silence',
      this.#environment.startTimer(SILENCE_MS, () => this.#restart()),
    );
  }

  /** A tab that nobody sees costs the server nothing after a grace period, and is current again when it is shown. */
  #followVisibility(): void {
    this.#cancel('hidden');
    if (this.#environment.isHidden()) {
      this.#timers.set(
        'hidden',
        this.#environment.startTimer(HIDDEN_GRACE_MS, () => {
          this.#suspended = true;
          this.#disconnect();
          this.#set({ status: 'paused' });
        }),
      );
      return;
    }
    if (!this.#suspended) return;
    this.#suspended = false;
    this.#received = null;
    if (this.#paused || (this.#view?.atSeconds ?? null) !== null) return;
    this.#set({ status: this.#state.document ? 'live' : 'connecting' });
    this.#connect();
  }

  #cancel(name: 'retry' | 'silence' | 'hidden' | 'publish'): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }

  #set(change: Partial<GraphState>): void {
    const next = { ...this.#state, ...change };
    const same = (Object.keys(change) as (keyof GraphState)[]).every((k) => Object.is(this.#state[k], next[k]));
    if (same) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}
