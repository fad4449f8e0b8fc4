// What a search over the whole unfolded mesh finds. In: nothing. Out: SearchDocument, the answer of GET /api/graph/search.
import type { GraphNode } from './graph';
import type { HealthStatus } from './health';
import type { NodeId } from './ids';

export const MAX_HITS = 50;
/** Longest text to search for. */
export const MAX_SEARCH_TEXT = 200;

export interface SearchDocument {
  readonly query: string;
  readonly atMs: number;
  /** Best first, at most MAX_HITS. */
  readonly hits: readonly SearchHit[];
  /** How many more there are. */
  readonly more: number;
}

export interface SearchHit {
  readonly id: NodeId;
  readonly kind: GraphNode['kind'];
  readonly label: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly app: string | null;
  readonly health: HealthStatus;
  /** Of its edges, in and out together. */
  readonly requestsPerSecond: number;
  /** Node of the view that stands for it: itself, its folded app or namespace; null where the view does not show it. */
  readonly shownAs: string | null;
  /** What to add to the view's `open` to see it: `shop`; null when nothing is folded over it. */
  readonly open: string | null;
}
