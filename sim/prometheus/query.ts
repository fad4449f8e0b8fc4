// PromQL over the store: one query text at one time, or over a range of steps.
// In: store, query, times in milliseconds. Out: a QueryResult with Prometheus' result types, or a thrown QueryError.
import { documentedType, typeOf } from './promql/check-types';
import { buildScope } from './promql/evaluate';
import type { Matrix } from './promql/matrix';
import { parseQuery } from './promql/parse';
import { QueryError } from './promql/query-error';
import { resolveAt } from './promql/resolve-at';
import { type EvaluationRules, firstInside } from './promql/scope';
import { selectRange } from './promql/select';
import { unwrap } from './promql/syntax';
import { compareLabels, type Labels } from './storage/labels';
import { SampleBuffer } from './storage/sample-buffer';
import type { SeriesStore } from './store';

export { QueryError, type QueryErrorKind } from './promql/query-error';

export interface QuerySample {
  readonly labels: Labels;
  readonly value: number;
}

/** Timestamps in milliseconds and values of one series, position by position. */
export interface QuerySeries {
  readonly labels: Labels;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

export type QueryResult =
  | { readonly type: 'vector'; readonly timestampMs: number; readonly samples: readonly QuerySample[] }
  | { readonly type: 'matrix'; readonly series: readonly QuerySeries[] }
  | { readonly type: 'scalar'; readonly timestampMs: number; readonly value: number }
  | { readonly type: 'string'; readonly timestampMs: number; readonly value: string };

export interface QueryOptions {
  /** Default 5 minutes. */
  readonly lookbackMs?: number;
  /** Resolution of subqueries without one; Prometheus uses its rule evaluation interval, 1 minute by default. */
  readonly subqueryStepMs?: number;
  /** Prometheus 3 semantics of ranges, (t-d, t]; the default is 2.x, [t-d, t]. */
  readonly leftOpenRanges?: boolean;
  /** Asked now and then during evaluation; true ends the query with a timeout error. */
  readonly isExpired?: () => boolean;
}

function fillRules(options: QueryOptions): EvaluationRules {
  return {
    lookbackMs: options.lookbackMs ?? 300_000,
    subqueryStepMs: options.subqueryStepMs ?? 60_000,
    leftOpenRanges: options.leftOpenRanges ?? false,
    isExpired: options.isExpired ?? (() => false),
  };
}

function collectSeries(matrix: Matrix, startMs: number, stepMs: number): QuerySeries[] {
  const collected: QuerySeries[] = [];
  matrix.rows.forEach((labels, row) => {
    const from = row * matrix.steps;
    let count = 0;
    for (let i = from; i < from + matrix.steps; i++) count += matrix.present[i] ?? 0;
    if (count === 0) return;
    const timesMs = new Float64Array(count);
    const values = new Float64Array(count);
    let at = 0;
    for (let step = 0; step < matrix.steps; step++) {
      if (matrix.present[from + step] !== 1) continue;
      timesMs[at] = startMs + step * stepMs;
      values[at++] = matrix.values[from + step] ?? Number.NaN;
    }
    collected.push({ labels, timesMs, values });
  });
  return collected;
}

/** Evaluates a query at one time; throws QueryError. */
export function evaluateInstant(store: SeriesStore, query: string, timeMs: number, options: QueryOptions = {}): QueryResult {
  const expr = resolveAt(parseQuery(query), timeMs, timeMs);
  const rules = fillRules(options);
  const scope = buildScope(store, rules, timeMs, timeMs, 1);
  const type = typeOf(expr);
  const inner = unwrap(expr);
  if (inner.kind === 'string') return { type: 'string', timestampMs: timeMs, value: inner.value };
  if (inner.kind === 'range' || inner.kind === 'subquery') {
    const { sources, rangeMs, offsetMs } = selectRange(scope, inner);
    const buffer = new SampleBuffer();
    const series: QuerySeries[] = [];
    for (const source of sources) {
      const endMs = timeMs - offsetMs;
      source.read(firstInside(rules, endMs - rangeMs), endMs, buffer);
      buffer.dropStale();
      if (buffer.count === 0) continue;
      series.push({ labels: source.labels, timesMs: buffer.times.slice(0, buffer.count), values: buffer.values.slice(0, buffer.count) });
    }
    return { type: 'matrix', series };
  }
  const matrix = scope.evaluate(expr);
  if (type === 'scalar') return { type: 'scalar', timestampMs: timeMs, value: matrix.scalarAt(0) };
  const samples: QuerySample[] = [];
  matrix.rows.forEach((labels, row) => {
    if (matrix.present[row] === 1) samples.push({ labels, value: matrix.values[row] ?? Number.NaN });
  });
  return { type: 'vector', timestampMs: timeMs, samples };
}

/** Evaluates a query at start, start + step, … up to end; always a matrix, sorted by labels; throws QueryError. */
export function evaluateRange(
  store: SeriesStore,
  query: string,
  startMs: number,
  endMs: number,
  stepMs: number,
  options: QueryOptions = {},
): QueryResult {
  const parsed = parseQuery(query);
  const type = typeOf(parsed);
  if (type !== 'scalar' && type !== 'vector') {
    const got = JSON.stringify(documentedType(type));
    throw new QueryError('bad_data', `invalid expression type ${got} for range query, must be Scalar or instant Vector`);
  }
  const expr = resolveAt(parsed, startMs, endMs);
  const matrix = buildScope(store, fillRules(options), startMs, endMs, stepMs).evaluate(expr);
  const series = collectSeries(matrix, startMs, stepMs);
  return { type: 'matrix', series: series.sort((a, b) => compareLabels(a.labels, b.labels)) };
}
