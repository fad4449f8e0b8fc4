// Answer of GET /api/graph/find: what a find text matches in everything that a view looks at, folded or not. In: nothing. Out: FindDocument.
import type { NodeKind } from '../graph';
import type { HealthStatus } from '../health';

/** Longest list of hits; all are counted, and marked by `shown`. */
export const MAX_FOUND = 200;

export interface FindDocument {
  /** The text as it was understood. */
  readonly find: string;
  readonly atMs: number;
  readonly nodes: number;
  readonly edges: number;
  /** Nodes first, then edges; those that fail before others, then by name. */
  readonly hits: readonly FindHit[];
  /** Ids of what the view draws that matches or stands for what does. */
  readonly shown: readonly string[];
}

export interface FindHit {
  readonly kind: 'node' | 'edge';
  readonly id: string;
  readonly label: string;
  readonly nodeKind: NodeKind | null;
  readonly namespace: string;
  readonly health: HealthStatus;
  /** What of the view stands for it, itself or what it is folded into; null where nothing does. */
  readonly shownAs: string | null;
  /** What to add to the view's `open` to see it; null when nothing is folded over it. */
  readonly open: string | null;
}
