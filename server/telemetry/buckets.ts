// The duration histograms of all edges at one instant, kept apart from the rates because they are collected less often.
// In: the answers of the bucket queries. Out: BucketBook, and observations that carry its buckets. Pure but for the memories.
import type { Observation } from '../../model/traffic';
import { decodeEdgeIdentity, protocolOf } from './edge-identity';
import type { EdgeRegistry, EdgeRow } from './edge-registry';
import { type QueryAnswer, SeriesMemory } from './series-memory';

export interface BucketBook {
  readonly atMs: number;
  /** Upper bounds in ms, ascending, the last is Infinity. */
  readonly boundsMs: readonly number[];
  /** By observation key: cumulative rate at each bound, NaN where the series has no such bound. */
  readonly byKey: ReadonlyMap<number, Float64Array>;
}

interface BucketSeries {
  readonly row: EdgeRow | null;
  readonly boundMs: number;
}

/** Memory of the bucket queries of one stream, first to last. */
export class BucketMemory {
  readonly #memories: SeriesMemory<BucketSeries>[] = [];
  of(query: number): SeriesMemory<BucketSeries> {
    const own = this.#memories[query] ?? new SeriesMemory<BucketSeries>();
    this.#memories[query] = own;
    return own;
  }
}

const boundOf = (le: string): number => (le === '+Inf' ? Number.POSITIVE_INFINITY : le === '' ? Number.NaN : Number(le));

/**
 * The histograms of all edges at `at.atMs`; of an edge that several answers report, the first one counts. Buckets that are missing below an edge's first
 * one are empty (the queries leave empty buckets out); missing ones above it do not exist there (other bounds by annotation): NaN.
 */
export function buildBucketBook(
  answers: readonly QueryAnswer[],
  at: { readonly atMs: number; readonly nowMs: number },
  homeCluster: string | null,
  registry: EdgeRegistry,
  memory: BucketMemory,
): BucketBook {
  const seen = new Map<EdgeRow, { readonly answer: number; readonly bounds: number[]; readonly rates: number[] }>();
  const bounds = new Set<number>([Number.POSITIVE_INFINITY]);
  answers.forEach((answer, number) => {
    memory.of(number).forEach(
      answer,
      (read) => {
        const identity = decodeEdgeIdentity(read, protocolOf(read('request_protocol'), ''), homeCluster);
        return { row: identity === null ? null : registry.rowOf(identity, at.nowMs), boundMs: boundOf(read('le')) };
      },
      ({ row, boundMs }, rate) => {
        if (row === null || Number.isNaN(boundMs)) return;
        let own = seen.get(row);
        if (own === undefined) {
          own = { answer: number, bounds: [], rates: [] };
          seen.set(row, own);
          row.lastSeenMs = Math.max(row.lastSeenMs, at.nowMs);
        }
        if (own.answer !== number) return;
        own.bounds.push(boundMs);
        own.rates.push(rate);
        bounds.add(boundMs);
      },
    );
  });
  const boundsMs = [...bounds].sort((a, b) => a - b);
  const places = new Map(boundsMs.map((bound, i) => [bound, i]));
  const byKey = new Map<number, Float64Array>();
  for (const [row, own] of seen) {
    const rates = new Float64Array(boundsMs.length).fill(Number.NaN);
    let first = boundsMs.length;
    own.bounds.forEach((bound, i) => {
      const place = places.get(bound) ?? 0;
      // The same bound written twice (`1` and `1.0`) is one bucket of two groups of series.
      const before = rates[place] ?? Number.NaN;
      rates[place] = (Number.isNaN(before) ? 0 : before) + (own.rates[i] ?? 0);
      first = Math.min(first, place);
    });
    rates.fill(0, 0, first);
    byKey.set(row.key, rates);
  }
  return { atMs: at.atMs, boundsMs, byKey };
}

/** The observations with their buckets; those that the book does not know keep null. */
export const attachBuckets = (observations: readonly Observation[], book: BucketBook): readonly Observation[] =>
  observations.map((observation) => {
    const durationBuckets = book.byKey.get(observation.key);
    return durationBuckets === undefined ? observation : { ...observation, durationBuckets };
  });
