// What the live flow asks of the telemetry: snapshots of one window at one instant. In: requests. Out: TrafficSnapshot.
// server/telemetry's TelemetryCollector is one.
import type { TrafficSnapshot } from '../../model/traffic';
import type { Asked } from '../../model/wire';
import type { MetricsCapabilities, QueryCause } from '../ports';
import type { FramesRequest, TrafficFrames } from '../telemetry/frames';

export interface CollectRequest {
  readonly windowSeconds: number;
  readonly atMs: number;
  /** Null = all. */
  readonly namespaces: readonly string[] | null;
  readonly overlays: readonly Asked[];
  /** On whose behalf; absent: told by `live`. */
  readonly cause?: QueryCause;
  /** Asked again and again as time goes on; otherwise a view of the past. */
  readonly live: boolean;
}

export interface Collector {
  /** @throws Failure when the base of the snapshot cannot be read. */
  collect(request: CollectRequest, signal: AbortSignal): Promise<TrafficSnapshot>;
  /** Many instants of the past by few queries. @throws Failure as collect, and badRequest for a range without frames */
  collectFrames(request: FramesRequest, signal: AbortSignal): Promise<TrafficFrames>;
  /** `refreshMs`, or more where collecting is slow. */
  recommendedIntervalMs(refreshMs: number): number;
  /** Null before the first collection. */
  capabilities(): MetricsCapabilities | null;
  /** Asks for them again; the last known ones where they cannot be had. Never rejects. */
  probe(): Promise<MetricsCapabilities | null>;
  close(): Promise<void>;
}

/** Called with a snapshot that was completed (by quantiles) after it was given out. */
export type LateSnapshot = (request: CollectRequest, snapshot: TrafficSnapshot) => void;
