// The duration histograms of all edges at one instant, kept apart from the rates because they are collected less often.
// In: the answers of the bucket queries. Out: BucketBook, and observations that carry its buckets. Pure but for the memories.
import type { Observation } from '../../model/traffic';
import { decodeEdgeIdentity, protocolOf } from './edge-identity';
import type { EdgeRegistry, EdgeRow } from './edge-registry';
import { readJoined } from './edge-sums';
import { SUM_BUCKET } from './rules';
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

/** Stands for the pseudo bucket with the sum of durations. */
const SUM = -1;
const boundOf = (le: string): number =>
  le === '+Inf' ? Number.POSITIVE_INFINITY : le === SUM_BUCKET ? SUM : le === '' ? Number.NaN : Number(le);

/** Bounds of Envoy's histograms, unless an annotation says otherwise. */
const STANDARD_BOUNDS_MS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000,
] as const;

/** Fills in what rules leave out (see latencyRules): above the last bucket that holds some lies one that holds all. Returns the first of all. */
function restoreFull(rates: Float64Array, boundsMs: readonly number[], first: number, sumMs: number | undefined): number {
  const end = boundsMs.length - 1;
  const all = rates[end] ?? Number.NaN;
  let from = end;
  while (from > 0 && Number.isNaN(rates[from - 1] ?? Number.NaN)) from--;
  if (from === 0) {
    if (sumMs === undefined || !(all > 0)) return 0;
    // The average of what lies in one bucket lies in it, but for what is lost in the last digit.
    const averageMs = (sumMs / all) * (1 - 1e-9);
    from = boundsMs.findIndex((bound) => bound >= averageMs);
  }
  rates.fill(all, from, end);
  return Math.min(from, first);
}

/**
 * The histograms of all edges at `at.atMs`; of an edge that several answers report, the first one counts. Buckets that are missing below an edge's first
 * one are empty (the queries leave empty buckets out); missing ones above it do not exist there (other bounds by annotation): NaN.
 * `recorded`: the first answer is that of the rules.
 */
export function buildBucketBook(
  answers: readonly QueryAnswer[],
  at: { readonly atMs: number; readonly nowMs: number },
  homeCluster: string | null,
  registry: EdgeRegistry,
  memory: BucketMemory,
  recorded = false,
): BucketBook {
  const seen = new Map<EdgeRow, { readonly answer: number; readonly bounds: number[]; readonly rates: number[] }>();
  const bounds = new Set<number>([Number.POSITIVE_INFINITY, ...(recorded ? STANDARD_BOUNDS_MS : [])]);
  answers.forEach((answer, number) => {
    memory.of(number).forEach(
      answer,
      (plain) => {
        const read = recorded && number === 0 ? readJoined(plain) : plain;
        const identity = read === null ? null : decodeEdgeIdentity(read, protocolOf(read('request_protocol'), ''), homeCluster);
        return { row: identity === null ? null : registry.rowOf(identity, at.nowMs), boundMs: boundOf(plain('le')) };
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
        if (boundMs !== SUM) bounds.add(boundMs);
      },
    );
  });
  const boundsMs = [...bounds].sort((a, b) => a - b);
  const places = new Map(boundsMs.map((bound, i) => [bound, i]));
  const byKey = new Map<number, Float64Array>();
  for (const [row, own] of seen) {
    const rates = new Float64Array(boundsMs.length).fill(Number.NaN);
    let first = boundsMs.length;
    let sumMs: number | undefined;
    own.bounds.forEach((bound, i) => {
      if (bound === SUM) {
        sumMs = (sumMs ?? 0) + (own.rates[i] ?? 0);
        return;
      }
      const place = places.get(bound) ?? 0;
      // The same bound written twice (`1` and `1.0`) is one bucket of two groups of series.
      const before = rates[place] ?? Number.NaN;
      rates[place] = (Number.isNaN(before) ? 0 : before) + (own.rates[i] ?? 0);
      first = Math.min(first, place);
    });
    if (recorded && own.answer === 0) first = restoreFull(rates, boundsMs, first, sumMs);
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
