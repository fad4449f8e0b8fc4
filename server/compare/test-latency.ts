// The latencies of an edge tested against noise. In: latencies of both windows with the spread behind them. Out: Tested. Pure.
import type { Measure } from '../../model/comparison';
import type { EdgeLatency } from '../../model/graph';
import { averageErrorMs, latencyDeviations, quantileErrorMs } from './noise';

/** What is known of how widely durations are spread, by the position of the edge in its graph; LatencySpread is one. */
export interface Spread {
  quantileMs(edge: number, q: number): number | null;
  deviationMs(edge: number): number | null;
}

interface LatencySide {
  readonly latency: EdgeLatency;
  /** Requests counted in the window. */
  readonly count: number;
  readonly edge: number;
  readonly spread: Spread;
}

/** A difference in standard deviations, before it is known how many there are. */
export interface Tested {
  readonly measure: Measure;
  readonly before: number | null;
  readonly after: number | null;
  readonly deviations: number | null;
}

const QUANTILES = [
  ['p50', 'p50Ms', 0.5],
  ['p95', 'p95Ms', 0.95],
] as const;

export function latencyTests(was: LatencySide, is: LatencySide): readonly Tested[] {
  const tests: Tested[] = [];
  const test = (measure: Measure, before: number | null, after: number | null, errorOf: ErrorOf): void => {
    if (before !== null || after !== null)
      tests.push({ measure, before, after, deviations: deviationsOf(before, after, errorOf, was, is) });
  };
  test('average', was.latency.averageMs, is.latency.averageMs, ({ spread, edge, count }, value) =>
    count <= 0 ? null : averageErrorMs(value, spread.deviationMs(edge), count),
  );
  for (const [measure, field, q] of QUANTILES)
    test(measure, was.latency[field], is.latency[field], ({ spread, edge, count }) =>
      quantileErrorMs(q, count, (at) => spread.quantileMs(edge, at)),
    );
  return tests;
}

/** Standard error of a latency of one side; null where its spread is not known. */
type ErrorOf = (side: LatencySide, valueMs: number) => number | null;

function deviationsOf(before: number | null, after: number | null, errorOf: ErrorOf, was: LatencySide, is: LatencySide): number | null {
  if (before === null || after === null) return null;
  // Nearly everything is nearly the same: the histograms are summed for the rest only.
  if (Math.abs(after - before) <= 0.05 * Math.max(before, after)) return 0;
  const [wasError, isError] = [errorOf(was, before), errorOf(is, after)];
  if (wasError === null || isError === null) return null;
  return latencyDeviations({ valueMs: before, errorMs: wasError }, { valueMs: after, errorMs: isError });
}
