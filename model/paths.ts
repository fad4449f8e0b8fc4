// All ways from one node of the graph to another, and where on them errors and time arise. In: nothing. Out: PathsPart.
import type { EdgeId } from './ids';

/** An edge on a path, and how much of what goes wrong on the way arises at its target. */
export interface PathEdge {
  readonly id: EdgeId;
  /** Edges between the start of the paths and this one, by the shortest way. */
  readonly hop: number;
  /** How many of `routes` pass it. */
  readonly routes: number;
  /** Errors per second of its target that the target's own calls do not explain; their share of all of them on the paths, null without any. */
  readonly ownErrorsPerSecond: number;
  readonly errorShare: number | null;
  /** Average time that its target adds to what its own calls take, ms; null while latency is not collected. */
  readonly addedLatencyMs: number | null;
}

export interface PathsPart {
  readonly from: string;
  readonly to: string;
  /** Paths without loops, the shortest first, as lists of edges; at most MAX_ROUTES. */
  readonly routes: readonly (readonly EdgeId[])[];
  /** False when there may be more paths; then the graph shows those that are listed. */
  readonly complete: boolean;
  /** In the order of the graph's edges. */
  readonly edges: readonly PathEdge[];
}

export const MAX_ROUTES = 50;
