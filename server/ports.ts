// Every outside system as an interface. Adapters (server/prometheus, server/kubernetes) implement them, the runtime chooses them,
// everybody else sees only these. In: model. Out: Clock, MetricsSource, ClusterReader.
// Every call has a deadline and takes an AbortSignal; every failure is a Failure with a code of model/failure.
import type { Deed, Sight, User } from '../model/account';
import type { Inventory, WatchState } from '../model/inventory';
import type { Secret } from './secret';

/** The only source of time. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Calls back once after `delayMs`; returns a cancel. Never keeps the process alive by itself. */
  after(delayMs: number, run: () => void): () => void;
}

/** An instant query whose result has exactly the labels that it groups by. */
export interface VectorQuery {
  /** Names the query in statistics: few values (`requests`, `tcp`, ...). */
  readonly name: string;
  /** What is asked again and again under one text but for its time: slots are stable per name and stream. Absent: asked once. */
  readonly stream?: string;
  readonly promql: string;
  /** Labels of the result, in the order in which `labelsOf` returns them; a series without one has "" there. */
  readonly labels: readonly string[];
}

/** An instant vector in columns. Row i is series `slots[i]` with value `values[i]`; NaN and infinite values are left out. */
export interface InstantVector {
  readonly count: number;
  /**
   * Mostly the same number for the same series in later results of the same name and stream; small, dense, given to another series
   * once a series is gone. A slot still means what it meant if `labelsOf` returns the very same array as before.
   */
  readonly slots: Int32Array;
  readonly values: Float64Array;
  /** Label values of a slot of this vector, in the order of VectorQuery.labels. The array is shared: never change it. */
  labelsOf(slot: number): readonly string[];
  /** What makes the result doubtful or incomplete, in the backend's words. */
  readonly warnings: readonly string[];
  /** Remarks on the query itself, in the backend's words. */
  readonly infos: readonly string[];
  readonly wallMs: number;
  /** Bytes of JSON after decompression. */
  readonly bytes: number;
}

/** One series of a range query. */
export interface RangeSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** Unix seconds, value; NaN where the backend said NaN. */
  readonly points: readonly (readonly [number, number])[];
}

export interface QueryOptions {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

/** What the backend can do, found out by asking; what it lacks is said in words in `notes`. */
export interface MetricsCapabilities {
  /** Version as the backend reports it, null where it does not. */
  readonly version: string | null;
  readonly scrapeIntervalSeconds: number | null;
  /** Istio's standard metrics that exist now. */
  readonly metrics: ReadonlySet<string>;
  /** Values of source_cluster and destination_cluster, `unknown` left out, sorted; more than one: queries must tell them apart. */
  readonly clusters: readonly string[];
  readonly notes: readonly string[];
}

/** Totals since start, for /metrics. */
export interface QueryStats {
  readonly name: string;
  readonly sent: number;
  readonly failed: number;
  readonly wallMs: number;
  readonly bytes: number;
}

/** A backend that speaks the Prometheus HTTP API. */
export interface MetricsSource {
  fetchVector(query: VectorQuery, atMs: number, options: QueryOptions): Promise<InstantVector>;
  /** Series of `promql` at every step from start to end, both included. */
  fetchRange(promql: string, startMs: number, endMs: number, stepSeconds: number, options: QueryOptions): Promise<readonly RangeSeries[]>;
  fetchCapabilities(options: QueryOptions): Promise<MetricsCapabilities>;
  stats(): readonly QueryStats[];
  close(): Promise<void>;
}

/** One cluster's Kubernetes API, read by watches that resume by themselves. */
export interface ClusterReader {
  readonly cluster: string;
  /** Starts the watches. `onChange` is called with the first complete inventory, then after changes (coalesced, at most every 250 ms). */
  start(onChange: (inventory: Inventory) => void): void;
  /** The newest inventory, null until every readable resource was listed once. */
  inventory(): Inventory | null;
  watches(): readonly WatchState[];
  close(): Promise<void>;
}

/** In whose name the Kubernetes API is asked for a user: the console's own, by the user's token, or by impersonation. */
export type ClusterCredential =
  | { readonly kind: 'console' }
  | { readonly kind: 'token'; readonly token: Secret }
  | { readonly kind: 'impersonate'; readonly user: string; readonly groups: readonly string[] };

/** The API server as far as it is asked who somebody is and what he may do; server/kubernetes' client is one. */
export interface ReviewPort {
  /**
   * Creates a review (TokenReview, SelfSubjectRulesReview, ...) in the name of a credential, never with the console's client certificate beside
   * a token; whatever HTTP status the server gives is the answer, body null where it is not JSON.
   * @throws Failure clusterUnreachable, clusterTimeout, clusterUnauthorized (no way to send a token)
   */
  postReview(
    path: string,
    body: unknown,
    credential: ClusterCredential,
    options: { readonly signal: AbortSignal; readonly deadlineMs: number },
  ): Promise<{ readonly status: number; readonly body: unknown }>;
}

/** Who sent a request. */
export interface Caller {
  readonly user: User;
  readonly credential: ClusterCredential;
  /** Address of the browser, as far as trusted proxies tell it. */
  readonly address: string;
  /** Null without a session. Never secret by itself. */
  readonly sessionId: string | null;
}

/** What a caller may see and do, decided once and kept for a while. */
export interface Access {
  readonly sight: Sight;
  readonly isAdmin: boolean;
  /** Whether RBAC (or the configured roles) allows a deed; asks nobody. */
  allows(deed: Deed): boolean;
}

/** Decides what callers may see and do. Equal questions under way are asked once. */
export interface AccessDesk {
  /** @throws Failure when RBAC cannot be asked; never more than was allowed before. */
  accessOf(caller: Caller, signal: AbortSignal): Promise<Access>;
  /** Forgets what is kept of a caller, at logout or when rules changed. */
  forget(subject: string): void;
}
