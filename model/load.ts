// What the console asks of the metrics backend, and who causes it. In: nothing. Out: LoadDocument, the answer of GET /api/load.
// It names windows and kinds of use, never a namespace or a user: everybody who is logged in may read it.

/** On whose behalf the backend is asked. */
export const QUERY_CAUSES = ['live', 'past', 'replay', 'compare', 'charts', 'element', 'overview', 'dashboard', 'probe', 'other'] as const;
export interface QueryCause {
  readonly kind: (typeof QUERY_CAUSES)[number];
  /** Null where no window tells one from another. */
  readonly windowSeconds: number | null;
}

/** What was asked in some time. */
export interface QueryUse {
  readonly queries: number;
  readonly failed: number;
  /** Time that queries took, waiting in line left out. */
  readonly seconds: number;
  /** Of answers, after decompression. */
  readonly bytes: number;
}

export interface CauseUse extends QueryUse {
  readonly cause: QueryCause;
}

/** Answer of GET /api/load. */
export interface LoadDocument {
  readonly atMs: number;
  /** The last minute, all and by cause, most time first. */
  readonly perMinute: QueryUse;
  readonly causes: readonly CauseUse[];
  /** Queries under way, in line, and how many may be under way (`prometheus.concurrency`). */
  readonly underWay: number;
  readonly waiting: number;
  readonly concurrency: number;
  /** Live windows: how often they are read, and how often they should be; more where the backend is slow. */
  readonly windows: readonly {
    readonly windowSeconds: number;
    readonly intervalSeconds: number;
    readonly wantedSeconds: number;
    readonly edges: number;
    /** Instant of the recording rules that it was read from, ms since the epoch; null: computed. */
    readonly recordedAtMs: number | null;
  }[];
  /** Queries that the backend refuses for their size, and in how many parts they are asked instead. */
  readonly splits: readonly { readonly query: string; readonly parts: number }[];
  /** Version of the backend, null where it does not say it. */
  readonly version: string | null;
  /** What the backend lacks, in words. */
  readonly notes: readonly string[];
}
