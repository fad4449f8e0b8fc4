// Calls whose argument is a range vector: the window slides over each series once, for all steps.
// In: a call and the scope. Out: a matrix; series without a result at any step are left out.
import { Labels } from '../storage/labels';
import { SampleBuffer } from '../storage/sample-buffer';
import { cell } from './float';
import { labelsOfAbsent } from './label-functions';
import { Matrix } from './matrix';
import { QueryError } from './query-error';
import { RANGE_FUNCTIONS, type RangeFunction, type Window } from './range-functions';
import { EXPIRY_CHECK_INTERVAL, firstInside, type RangeVector, refuseWhenExpired, type Scope } from './scope';
import { selectRange } from './select';
import { type Call, type MatrixSelector, type Subquery, unwrap } from './syntax';

/** A matrix of 1 at the steps at which none of the rows has a value. */
export function complement(rows: Matrix, labels: Labels): Matrix {
  const output = new Matrix(rows.steps, 1);
  output.addRow(labels);
  for (let step = 0; step < rows.steps; step++) {
    let isAbsent = true;
    for (let row = 0; row < rows.rows.length && isAbsent; row++) isAbsent = rows.present[row * rows.steps + step] !== 1;
    if (isAbsent) output.put(step, 1);
  }
  return output;
}

function slide(scope: Scope, range: RangeVector, fn: RangeFunction, scalars: readonly Matrix[], keepsName: boolean): Matrix {
  const { rules, steps } = scope;
  const { sources, rangeMs, offsetMs } = range;
  const output = new Matrix(steps, sources.length);
  const buffer = new SampleBuffer();
  const firstEndMs = scope.startMs - offsetMs;
  const lastEndMs = firstEndMs + (steps - 1) * scope.stepMs;
  const window: Window = {
    ...{ times: buffer.times, values: buffer.values, from: 0, to: 0, rangeStartMs: 0, rangeEndMs: 0 },
    ...{ evaluationMs: 0, scalars: [], result: 0 },
  };
  const names = new Set<string>();
  sources.forEach((source, i) => {
    if (i % EXPIRY_CHECK_INTERVAL === 0) refuseWhenExpired(rules);
    source.read(firstInside(rules, firstEndMs - rangeMs), lastEndMs, buffer);
    buffer.dropStale();
    if (buffer.count === 0) return;
    const base = output.addRow(keepsName ? source.labels : source.labels.withoutName());
    window.times = buffer.times;
    window.values = buffer.values;
    window.from = 0;
    window.to = 0;
    let found = false;
    for (let step = 0; step < steps; step++) {
      const endMs = firstEndMs + step * scope.stepMs;
      const firstMs = firstInside(rules, endMs - rangeMs);
      while (window.to < buffer.count && cell(buffer.times, window.to) <= endMs) window.to++;
      while (window.from < window.to && cell(buffer.times, window.from) < firstMs) window.from++;
      if (window.from === window.to) continue;
      window.rangeStartMs = endMs - rangeMs;
      window.rangeEndMs = endMs;
      window.evaluationMs = scope.startMs + step * scope.stepMs;
      for (let s = 0; s < scalars.length; s++) window.scalars[s] = scalars[s]?.scalarAt(step) ?? Number.NaN;
      if (!fn(window)) continue;
      output.put(base + step, window.result);
      found = true;
    }
    if (found) names.add(source.labels.name);
    else output.dropLastRow();
  });
  // Only series of different names can become equal by losing the name.
  if (!keepsName && names.size > 1) output.refuseEqualRows();
  return output;
}

/** Evaluates a function of a range vector. */
export function callOverRange(scope: Scope, call: Call, range: MatrixSelector | Subquery): Matrix {
  const fn = RANGE_FUNCTIONS.get(call.name);
  if (fn === undefined) throw new QueryError('execution', `function ${JSON.stringify(call.name)} takes no range vector`);
  const scalars = call.args.filter((arg) => unwrap(arg) !== range).map((arg) => scope.evaluate(arg));
  if (call.name !== 'absent_over_time') return slide(scope, selectRange(scope, range), fn, scalars, call.name === 'last_over_time');
  // Names are kept here because nothing but presence is asked.
  const found = slide(scope, selectRange(scope, range), fn, scalars, true);
  return complement(found, range.kind === 'range' ? labelsOfAbsent(range.selector.matchers) : Labels.empty);
}
