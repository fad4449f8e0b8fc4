// Every outside system as an interface. Adapters (server/prometheus, server/kubernetes) implement them, the runtime chooses them,
// everybody else sees only these. In: model. Out: Clock, MetricsSource, ClusterReader, ClusterWriter, JournalStore, LeaseStore, CaseStore.
// Every call has a deadline and takes an AbortSignal; every failure is a Failure with a code of model/failure.
import type { Deed, Sight, User } from '../model/account';
import type { ChangeRecord, Manifest } from '../model/change';
import type { ConfigRef } from '../model/edit';
import type { ConfigObject, Inventory, JsonObject, WatchState } from '../model/inventory';
import type { CauseUse, QueryCause } from '../model/load';
import type { SavedCase } from '../model/steering';
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
  /** Some of `labels` that every selector may be narrowed by, coarsest first: a query refused for its size is asked in parts then. Absent: never. */
  readonly splitBy?: readonly string[];
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

/** The series of a range query in columns: series i has `labels[i]`, and at step k the value `values[i * steps + k]`. */
export interface RangeColumns {
  readonly steps: number;
  /** In the order of VectorQuery.labels. */
  readonly labels: readonly (readonly string[])[];
  /** In single precision, for there are millions; NaN where a series has no point. */
  readonly values: Float32Array;
  /** What makes the result doubtful or incomplete, in the backend's words. */
  readonly warnings: readonly string[];
  readonly wallMs: number;
  /** Bytes of JSON after decompression. */
  readonly bytes: number;
}

export interface QueryOptions {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  /** For the account of what is asked; absent: `other`. */
  readonly cause?: QueryCause;
}

/** Steps from start to end, both included. */
export interface RangeRequest {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepSeconds: number;
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

export type { QueryCause };

/** What is asked now and was asked of late. */
export interface QueryLoad {
  /** The last minute by cause, most time first. */
  readonly lastMinute: readonly CauseUse[];
  /** Since the start, by cause. */
  readonly totals: readonly CauseUse[];
  readonly underWay: number;
  readonly waiting: number;
  readonly concurrency: number;
  /** Queries that are asked in parts because of their size. */
  readonly splits: readonly { readonly query: string; readonly parts: number }[];
}

export const NO_LOAD: QueryLoad = { lastMinute: [], totals: [], underWay: 0, waiting: 0, concurrency: 0, splits: [] };

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
  /** The same of a query with exactly the labels that it groups by, for ranges of a whole mesh. */
  fetchRangeColumns(query: VectorQuery, range: RangeRequest, options: QueryOptions): Promise<RangeColumns>;
  fetchCapabilities(options: QueryOptions): Promise<MetricsCapabilities>;
  /** MetricsCapabilities.clusters alone: a look into the index, cheap enough to wait for. @throws Failure also where it is not offered */
  fetchClusters(options: QueryOptions): Promise<readonly string[]>;
  stats(): readonly QueryStats[];
  load(): QueryLoad;
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

/** Who set which fields, as the API server keeps it (meta/v1 ManagedFieldsEntry). */
export interface FieldManager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  /** "" for the object itself, `status` for its status. */
  readonly subresource: string;
  readonly timeMs: number | null;
  /** FieldsV1: a set of paths as nested objects, `{"f:spec": {"f:http": {}}}`. */
  readonly fields: JsonObject;
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly controller: boolean;
}

/** A configuration object as the API server holds it this moment, every annotation included, with what tells whose it is. */
export interface ManagedObject {
  readonly ref: ConfigRef;
  readonly object: ConfigObject;
  readonly manifest: Manifest;
  readonly managedFields: readonly FieldManager[];
  readonly ownerReferences: readonly OwnerReference[];
}

/** What the API server says now of an object that a change touches; it stands in for what the inventory holds of it. */
export interface FreshObject {
  readonly ref: ConfigRef;
  /** Null: there is none. */
  readonly object: ConfigObject | null;
}

/** What came of a write. Only `done` is known to have been written; `unknown` may have been: read again before deciding. */
export type WriteAnswer =
  | { readonly outcome: 'done' /** As stored; null after a removal. */; readonly object: ManagedObject | null }
  /** The object has another resourceVersion or uid than was said, or exists already. */
  | { readonly outcome: 'conflict'; readonly detail: string }
  | { readonly outcome: 'missing'; readonly detail: string }
  | { readonly outcome: 'unauthorized' | 'forbidden'; readonly detail: string }
  /** Refused for what it says. */
  | {
      readonly outcome: 'invalid';
      readonly detail: string;
      readonly problems: readonly { readonly path: string | null; readonly message: string }[];
    }
  /** Not taken for now; to be tried again after so long. */
  | { readonly outcome: 'busy'; readonly detail: string; readonly retryAfterMs: number }
  | { readonly outcome: 'unknown'; readonly detail: string };

export interface WriteOptions {
  /** The API server does everything but store it. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/** Writes Istio's and the Gateway API's objects in somebody's name, as field manager `heddle`. Each call has a deadline of its own. */
export interface ClusterWriter {
  /** Null where there is none, or the cluster does not serve the kind. @throws Failure forbidden, cluster* */
  readObject(ref: ConfigRef, credential: ClusterCredential, signal: AbortSignal): Promise<ManagedObject | null>;
  create(ref: ConfigRef, manifest: Manifest, credential: ClusterCredential, options: WriteOptions): Promise<WriteAnswer>;
  /** Brings what differs between `before` and `after` to an object that still has this resourceVersion; everything else of it stays. */
  update(
    ref: ConfigRef,
    change: { readonly before: Manifest; readonly after: Manifest; readonly resourceVersion: string },
    credential: ClusterCredential,
    options: WriteOptions,
  ): Promise<WriteAnswer>;
  /** Removes an object that still has this uid and resourceVersion. */
  remove(
    ref: ConfigRef,
    is: { readonly uid: string; readonly resourceVersion: string },
    credential: ClusterCredential,
    options: WriteOptions,
  ): Promise<WriteAnswer>;
  /** JSON schema of a kind from the cluster's OpenAPI v3, references resolved into `definitions`; null where it is not served. @throws Failure cluster* */
  fetchSchema(kind: ConfigRef['kind'], signal: AbortSignal): Promise<JsonObject | null>;
}

/** A journal entry with the version of its stored form, by which writes are guarded. */
export interface JournalEntry {
  readonly record: ChangeRecord;
  readonly version: string;
}

/** Where changes are kept. Survives this process; shared by all replicas. */
export interface JournalStore {
  /** Newest first; entries that cannot be read are left out. @throws Failure forbidden, cluster* */
  list(signal: AbortSignal): Promise<readonly JournalEntry[]>;
  /** Those that are not at an end. @throws Failure as list */
  listOpen(signal: AbortSignal): Promise<readonly JournalEntry[]>;
  /** @throws Failure as list */
  read(id: string, signal: AbortSignal): Promise<JournalEntry | null>;
  /** @throws Failure as list; tooLarge; conflict where it exists already */
  create(record: ChangeRecord, signal: AbortSignal): Promise<JournalEntry>;
  /** @throws Failure as list; tooLarge; conflict where it has another version by now; notFound */
  update(record: ChangeRecord, version: string, signal: AbortSignal): Promise<JournalEntry>;
  remove(id: string, signal: AbortSignal): Promise<void>;
}

/** Who looks after something for a while, over all replicas (coordination.k8s.io Lease). */
export interface LeaseStore {
  /** Null where nobody ever held it. `version` changes with each renewal. @throws Failure forbidden, cluster* */
  read(name: string, signal: AbortSignal): Promise<{ readonly holder: string; readonly version: string } | null>;
  /** Takes or renews it, if it still has this version (null: nobody ever held it); null where somebody else was faster. @throws Failure as read */
  hold(name: string, holder: string, version: string | null, durationSeconds: number, signal: AbortSignal): Promise<string | null>;
  /** All of this program. @throws Failure as read */
  list(signal: AbortSignal): Promise<readonly { readonly name: string; readonly version: string }[]>;
  /** Ends it, if it still has this version. @throws Failure as read */
  remove(name: string, version: string, signal: AbortSignal): Promise<void>;
}

/** An event of the cluster (core/v1 Event). */
export interface ClusterEvent {
  /** Normal or Warning. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly about: { readonly kind: string; readonly name: string };
  readonly count: number;
  readonly lastAtMs: number;
}

/** Events, read when somebody looks. */
export interface EventSource {
  /** At most as many as one answer holds. @throws Failure forbidden, cluster* */
  listEvents(namespace: string, credential: ClusterCredential, signal: AbortSignal): Promise<readonly ClusterEvent[]>;
}

/** What is asked of one container's log (PodLogOptions); lines always carry their instants. */
export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Goes on with what is written later. */
  readonly follow: boolean;
  /** The container before its last restart. */
  readonly previous: boolean;
  /** Null: from the beginning of what is kept. */
  readonly tailLines: number | null;
  /** RFC 3339; the API server passes on whole seconds only. */
  readonly sinceTime: string | null;
  /** Null: no limit. */
  readonly limitBytes: number | null;
}

/** Why a log is not there. `waiting`: the container has not started; `gone`: there is no such pod; `missing`: no such container, or none before. */
export type LogRefusal = 'waiting' | 'gone' | 'missing' | 'forbidden' | 'unauthorized' | 'busy' | 'unreachable';

export type LogAnswer =
  | {
      readonly outcome: 'open' /** Bytes as they come; ends with the log, throws Failure where it breaks. */;
      readonly chunks: AsyncIterable<Uint8Array>;
    }
  | { readonly outcome: 'refused'; readonly why: LogRefusal; readonly detail: string };

/** Logs of containers in somebody's name. */
export interface LogSourcePort {
  /** Never rejects for what the API server says; the signal ends it at any time. */
  openLog(request: LogRequest, credential: ClusterCredential, signal: AbortSignal): Promise<LogAnswer>;
}

/** Questions to the evaluator that are asked again at every plan. */
export interface CaseStore {
  /** @throws Failure forbidden, cluster* */
  list(signal: AbortSignal): Promise<readonly SavedCase[]>;
  /** Adds it, or replaces the one of the same id. @throws Failure as list; tooLarge */
  save(value: SavedCase, signal: AbortSignal): Promise<void>;
  remove(id: string, signal: AbortSignal): Promise<void>;
}
