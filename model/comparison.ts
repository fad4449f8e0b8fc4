// Two windows of one view compared: what is asked (the baseline) and what is answered. In: texts of an address. Out: Baseline,
// ComparisonDocument. "Before" is always the baseline, "after" what the view itself shows.
import { Failure } from './failure';
import type { GraphBox, GraphEdge, GraphNode } from './graph';
import type { EdgeId, NodeId } from './ids';
import type { Protocol } from './traffic';
import { decodeDurationSeconds, encodeDuration, type Freshness, MAX_WINDOW_SECONDS, type ViewSpec } from './wire';

/** What a view is compared with: the same view at an instant, or so long before whatever it shows. */
export type Baseline = { readonly kind: 'instant'; readonly atSeconds: number } | { readonly kind: 'ago'; readonly seconds: number };

/** Shortest distance of a baseline. */
export const MIN_AGO_SECONDS = 60;

/** `1700000000` is an instant, `1h`, `1d`, `7d` a distance; null if it is neither. */
export function decodeBaseline(text: string): Baseline | null {
  if (/^\d{9,11}$/.test(text)) return { kind: 'instant', atSeconds: Number(text) };
  const seconds = /[smhd]$/.test(text) ? decodeDurationSeconds(text) : null;
  return seconds !== null && seconds >= MIN_AGO_SECONDS && seconds <= MAX_WINDOW_SECONDS ? { kind: 'ago', seconds } : null;
}

/** Inverse of decodeBaseline. */
export const encodeBaseline = (baseline: Baseline): string =>
  baseline.kind === 'instant' ? String(baseline.atSeconds) : encodeDuration(baseline.seconds);

/** The parameter `with` of a query. @throws Failure badRequest */
export function readBaseline(query: URLSearchParams): Baseline {
  const text = query.get('with') ?? '';
  const baseline = decodeBaseline(text);
  if (baseline !== null) return baseline;
  throw new Failure(
    'badRequest',
    `with=${JSON.stringify(text.slice(0, 80))} (expected an instant in unix seconds, or how long before: 1m to 30d)`,
    'Correct the parameters; /api/openapi.json describes them.',
  );
}

/** What is compared of an edge; of a node `rate` and `errors` of what comes in (of a source, of what goes out). */
export const MEASURES = ['rate', 'errors', 'average', 'p50', 'p95', 'mtls', 'bytes'] as const;
/** `rate` in requests per second, `errors` and `mtls` as shares 0..1, latencies in ms, `bytes` (TCP) in bytes per second. */
export type Measure = (typeof MEASURES)[number];

export interface MeasureChange {
  readonly measure: Measure;
  /** Null: not known there. */
  readonly before: number | null;
  readonly after: number | null;
  /** After minus before; null where one of them is not known. */
  readonly change: number | null;
  /** Change as a part of what was before; null where that is zero or not known. */
  readonly relative: number | null;
  /** The change in multiples of what chance alone could bring: above 1 it exceeds noise. Null: it cannot be judged. */
  readonly weight: number | null;
}

/** What became of an element; `changed` also where the change is noise. */
export type ChangeKind = 'added' | 'removed' | 'changed';
/** How it is shown. `changed`: beyond noise, neither good nor bad by itself; `noise`: nothing that chance could not have done. */
export type ChangeTone = 'added' | 'removed' | 'worse' | 'better' | 'changed' | 'noise';

interface ElementChange {
  readonly kind: ChangeKind;
  readonly tone: ChangeTone;
  /** Largest weight of its measures; 0 where none can be judged. */
  readonly weight: number;
  /** Those that are known on either side. */
  readonly measures: readonly MeasureChange[];
}

export interface EdgeChange extends ElementChange {
  readonly id: EdgeId;
  readonly source: NodeId;
  readonly target: NodeId;
  readonly protocol: Protocol;
}

export interface NodeChange extends ElementChange {
  readonly id: NodeId;
}

/** How many edges there are of each tone. */
export type ToneCounts = Readonly<Record<ChangeTone, number>>;

/** A compared window. */
export interface ComparedWindow {
  /** Instant at which it ends, ms since the epoch. */
  readonly atMs: number;
  readonly requestsPerSecond: number;
  readonly errorsPerSecond: number;
  readonly tcpBytesPerSecond: number;
}

/** Answer of GET /api/graph/compare. */
export interface ComparisonDocument {
  readonly view: ViewSpec;
  readonly baseline: Baseline;
  readonly windowSeconds: number;
  readonly before: ComparedWindow;
  readonly after: ComparedWindow;
  /** Heaviest first: everything beyond noise, and the heaviest of the rest. */
  readonly edges: readonly EdgeChange[];
  readonly nodes: readonly NodeChange[];
  readonly edgeCounts: ToneCounts;
  readonly nodeCounts: ToneCounts;
  /** Differences that were tested, and by how many standard deviations one must differ to exceed noise. */
  readonly tests: { readonly count: number; readonly deviations: number };
  /** What is there before only, beyond noise: with what stands around it, to be drawn. */
  readonly ghosts: { readonly nodes: readonly GraphNode[]; readonly boxes: readonly GraphBox[]; readonly edges: readonly GraphEdge[] };
  readonly freshness: Freshness;
}

/** Changes within noise that a comparison lists at most, of edges and of nodes. */
export const MAX_NOISE_LISTED = 200;
