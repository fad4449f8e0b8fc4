// Selectors: samples of the store as instant vectors and range vectors; subqueries as range vectors.
// In: a selector and the scope. Out: a matrix of instant values, or readers of each series' samples.
import type { Labels } from '../storage/labels';
import { SampleBuffer } from '../storage/sample-buffer';
import type { Series } from '../storage/series';
import type { SeriesStore } from '../store';
import { cell } from './float';
import { Matrix } from './matrix';
import { EXPIRY_CHECK_INTERVAL, firstInside, offsetOf, type RangeSource, type RangeVector, refuseWhenExpired, type Scope } from './scope';
import type { MatrixSelector, Subquery, VectorSelector } from './syntax';

/**
 * The last sample of each selected series within the lookback, at every step; a stale marker means none.
 * `wantsTimestamps`: the samples' own times in seconds instead of their values (the timestamp function).
 */
export function selectInstant(scope: Scope, selector: VectorSelector, wantsTimestamps: boolean): Matrix {
  const { rules, store, steps } = scope;
  // timestamp() re-reads a fixed time at every step and forgets the offset, as Prometheus 2.42 does.
  const isPinned = wantsTimestamps && selector.at?.kind === 'time';
  const pinnedMs = selector.at?.kind === 'time' ? selector.at.timestampMs : 0;
  const firstMs = isPinned ? pinnedMs : scope.startMs - offsetOf(scope, selector);
  const stepMs = isPinned ? 0 : scope.stepMs;
  const lastMs = firstMs + (steps - 1) * stepMs;
  const selected = store.select(selector.matchers);
  const matrix = new Matrix(steps, selected.length);
  const buffer = new SampleBuffer();
  selected.forEach((series, i) => {
    if (i % EXPIRY_CHECK_INTERVAL === 0) refuseWhenExpired(rules);
    store.read(series, firstInside(rules, firstMs - rules.lookbackMs), lastMs, buffer);
    if (buffer.count === 0) return;
    const base = matrix.addRow(series.labels);
    let next = 0;
    let found = false;
    for (let step = 0; step < steps; step++) {
      const referenceMs = firstMs + step * stepMs;
      while (next < buffer.count && cell(buffer.times, next) <= referenceMs) next++;
      if (next === 0 || cell(buffer.times, next - 1) < firstInside(rules, referenceMs - rules.lookbackMs)) continue;
      if (buffer.isStale(next - 1)) continue;
      matrix.put(base + step, wantsTimestamps ? cell(buffer.times, next - 1) / 1000 : cell(buffer.values, next - 1));
      found = true;
    }
    if (!found) matrix.dropLastRow();
  });
  return matrix;
}

class StoredRange implements RangeSource {
  readonly labels: Labels;
  private readonly store: SeriesStore;
  private readonly series: Series;
  private readonly newestMs: number;

  constructor(store: SeriesStore, series: Series, newestMs: number) {
    this.labels = series.labels;
    this.store = store;
    this.series = series;
    this.newestMs = newestMs;
  }

  read(fromMs: number, toMs: number, buffer: SampleBuffer): void {
    this.store.read(this.series, fromMs, Math.min(toMs, this.newestMs), buffer);
  }
}

function evaluateSubquery(scope: Scope, expr: Subquery): RangeVector {
  const stepMs = expr.stepMs === 0 ? scope.rules.subqueryStepMs : expr.stepMs;
  const offsetMs = offsetOf(scope, expr);
  // Steps of a subquery are aligned to multiples of its resolution, independent of the outer query.
  const startMs = Math.ceil(firstInside(scope.rules, scope.startMs - offsetMs - expr.rangeMs) / stepMs) * stepMs;
  const inner = scope.at(startMs, scope.endMs - offsetMs, stepMs).evaluate(expr.expr);
  const sources: RangeSource[] = [];
  inner.rows.forEach((labels, row) => {
    if (!inner.hasCells(row)) return;
    const read: RangeSource['read'] = (fromMs, toMs, buffer) => {
      buffer.clear();
      for (let step = 0; step < inner.steps; step++) {
        const timestampMs = startMs + step * stepMs;
        const index = row * inner.steps + step;
        if (inner.present[index] === 1 && timestampMs >= fromMs && timestampMs <= toMs) buffer.push(timestampMs, cell(inner.values, index));
      }
    };
    sources.push({ labels, read });
  });
  return { sources, rangeMs: expr.rangeMs, offsetMs };
}

/** The range vector of a range selector or subquery: which series, how wide, how far back. */
export function selectRange(scope: Scope, expr: MatrixSelector | Subquery): RangeVector {
  if (expr.kind === 'subquery') return evaluateSubquery(scope, expr);
  const { store } = scope;
  const { matchers, at, offsetMs } = expr.selector;
  // Prometheus loads no samples after a fixed time. It matters for predict_linear(x[5m] @ t), whose window moves on with
  // the steps because the function is never evaluated only once.
  const newestMs = at?.kind === 'time' ? at.timestampMs - offsetMs : Number.POSITIVE_INFINITY;
  const sources = store.select(matchers).map((series) => new StoredRange(store, series, newestMs));
  return { sources, rangeMs: expr.rangeMs, offsetMs: offsetOf(scope, expr.selector) };
}
