// What can be set of the live flow. In: nothing. Out: LiveSettings and its defaults.
import type { HealthRule } from '../../model/health-rules';

export interface LiveSettings {
  /** Interval at which watched windows are read again; longer windows are read less often. */
  readonly refreshSeconds: number;
  /** Window whose freshness stands for the whole console. */
  readonly defaultWindowSeconds: number;
  /** Health rules before the defaults; the first that matches decides. */
  readonly tolerances: readonly HealthRule[];
  /** Views kept at the same time; more are refused while all are watched. */
  readonly maxViews: number;
  /** Edges kept of views that are asked for without a stream: the whole mesh of 2,000 services has 10,000 and takes some 20 MB. */
  readonly keptEdges: number;
  /** Snapshots of the past kept, and their observations together. */
  readonly historyEntries: number;
  readonly historyObservations: number;
  /** Who asked for a view this long ago no longer keeps its window refreshed. */
  readonly interestSeconds: number;
  readonly heartbeatSeconds: number;
  /** Deltas kept per view for readers that come back, and their bytes. */
  readonly ringDeltas: number;
  readonly ringBytes: number;
  /** Deadline of charts and principals. */
  readonly elementDeadlineMs: number;
}

export const DEFAULT_LIVE_SETTINGS: LiveSettings = {
  refreshSeconds: 15,
  defaultWindowSeconds: 60,
  tolerances: [],
  maxViews: 200,
  keptEdges: 20_000,
  historyEntries: 40,
  historyObservations: 400_000,
  interestSeconds: 60,
  heartbeatSeconds: 15,
  ringDeltas: 40,
  ringBytes: 8_000_000,
  elementDeadlineMs: 15_000,
};
