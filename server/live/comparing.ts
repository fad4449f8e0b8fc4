// A view compared with itself at another instant: both windows as one reader sees them, the comparison encoded. In: ViewSpec, Baseline, how
// to project. Out: ComparisonDocument as JSON. Two projections are compared once.
import type { Baseline, ComparedWindow, ComparisonDocument } from '../../model/comparison';
import { Failure } from '../../model/failure';
import type { Freshness, ViewSpec } from '../../model/wire';
import { type Comparison, compareGraphs, type Side } from '../compare/compare-graphs';
import { LatencySpread } from '../compare/latency-spread';
import { countedSeconds } from '../compare/noise';
import { foldedLike } from '../graph/fold-plan';
import type { Projection } from '../graph/project';

/** A view as somebody sees it now. */
export interface Seen {
  readonly projection: Projection;
  readonly freshness: Freshness;
}

export interface ComparingParts {
  /** Projects a view for the reader that the comparison is for. */
  readonly see: (view: ViewSpec) => Promise<Seen>;
  /** Begins to read a past window, whoever will look at it. */
  readonly prepare: (view: ViewSpec, atSeconds: number) => void;
  readonly nowMs: number;
  readonly scrapeIntervalSeconds: number | null;
}

/** Distances are counted from instants on this grid, so that many readers and refreshes share one past window. */
const GRID_SECONDS = 30;
const ENCODER = new TextEncoder();

export class Comparing {
  /** By what is, then by what was: forgotten with the projections. */
  readonly #kept = new WeakMap<Projection, WeakMap<Projection, Comparison>>();
  /** Comparisons that were computed, not answered from what is kept. */
  computed = 0;

  /** @throws Failure badRequest where the baseline is not in the past; that of the metrics backend */
  async fetch(view: ViewSpec, baseline: Baseline, parts: ComparingParts): Promise<Uint8Array> {
    const atSeconds = instantOf(view, baseline, parts.nowMs);
    const past = { ...view, atSeconds };
    // Both windows are read side by side; how both are folded depends on the first.
    parts.prepare(past, atSeconds);
    const drawn = await parts.see(view);
    const { folded, graph } = drawn.projection;
    const fixed = view.level !== 'auto' ? {} : folded ? foldedLike(graph) : { level: 'full' as const };
    const now = view.level === 'auto' && folded ? await parts.see({ ...view, ...fixed }) : drawn;
    const was = await parts.see({ ...past, ...fixed });
    const [before, after] = [was.projection, now.projection];
    const comparison = this.#compare(before, after, parts.scrapeIntervalSeconds);
    const document: ComparisonDocument = {
      view,
      baseline,
      windowSeconds: view.windowSeconds,
      before: windowOf(before),
      after: windowOf(after),
      ...comparison,
      freshness: now.freshness,
    };
    return ENCODER.encode(JSON.stringify(document));
  }

  #compare(before: Projection, after: Projection, scrapeIntervalSeconds: number | null): Comparison {
    const others = this.#kept.get(after) ?? new WeakMap<Projection, Comparison>();
    this.#kept.set(after, others);
    const kept = others.get(before);
    if (kept !== undefined) return kept;
    const sideOf = (projection: Projection): Side => ({
      graph: projection.graph,
      seconds: countedSeconds(projection.view.windowSeconds, scrapeIntervalSeconds),
      spread: new LatencySpread(projection),
    });
    const comparison = compareGraphs(sideOf(before), sideOf(after));
    this.computed++;
    others.set(before, comparison);
    return comparison;
  }
}

function instantOf(view: ViewSpec, baseline: Baseline, nowMs: number): number {
  const shownSeconds = view.atSeconds ?? Math.floor(nowMs / 1000);
  if (baseline.kind === 'ago') {
    const seconds = shownSeconds - baseline.seconds;
    return view.atSeconds === null ? Math.floor(seconds / GRID_SECONDS) * GRID_SECONDS : seconds;
  }
  if (baseline.atSeconds * 1000 <= nowMs) return baseline.atSeconds;
  throw new Failure('badRequest', `with=${baseline.atSeconds} lies in the future`, 'Compare with an instant in the past.');
}

const windowOf = ({ totals, trace }: Projection): ComparedWindow => ({
  atMs: trace.traffic.index.snapshot.atMs,
  requestsPerSecond: totals.requestsPerSecond,
  errorsPerSecond: totals.errorsPerSecond,
  tcpBytesPerSecond: totals.tcpBytesPerSecond,
});
