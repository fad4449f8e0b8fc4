// Function calls: finds the arguments, evaluates them, applies the function at every step.
// In: a call and the scope. Out: a matrix.
import { Labels } from '../storage/labels';
import { callOverRange, complement } from './call-over-range';
import { cell, maxOf, minOf } from './float';
import { evaluateHistogramQuantile } from './histogram-quantile';
import { evaluateLabelJoin, evaluateLabelReplace, labelsOfAbsent } from './label-functions';
import { buildScalar, Matrix } from './matrix';
import { datePartFunction, POINTWISE_FUNCTIONS, rounded } from './pointwise-functions';
import { QueryError } from './query-error';
import type { Scope } from './scope';
import { selectInstant } from './select';
import { type Call, type Expr, unwrap } from './syntax';

function argOf(call: Call, index: number): Expr {
  const arg = call.args[index];
  if (arg === undefined) throw new QueryError('execution', `argument ${index + 1} of ${call.name}() is missing`);
  return arg;
}

function matrixArg(scope: Scope, call: Call, index: number): Matrix {
  return scope.evaluate(argOf(call, index));
}

function stringArg(call: Call, index: number): string {
  const arg = unwrap(argOf(call, index));
  if (arg.kind !== 'string') throw new QueryError('execution', `argument ${index + 1} of ${call.name}() must be a string`);
  return arg.value;
}

/** Applies a function to every value, in place; the metric name is dropped. */
function mapValues(input: Matrix, transform: (value: number, step: number) => number): Matrix {
  const { steps } = input;
  for (let i = 0; i < input.rows.length * steps; i++) {
    if (input.present[i] === 1) input.values[i] = transform(cell(input.values, i), i % steps);
  }
  return input.dropNames();
}

function mapWithParameter(scope: Scope, call: Call, transform: (value: number, parameter: number) => number): Matrix {
  const input = matrixArg(scope, call, 0);
  const parameter = matrixArg(scope, call, 1);
  return mapValues(input, (value, step) => transform(value, parameter.scalarAt(step)));
}

function clamp(scope: Scope, call: Call): Matrix {
  const input = matrixArg(scope, call, 0);
  const least = matrixArg(scope, call, 1);
  const most = matrixArg(scope, call, 2);
  for (let i = 0; i < input.rows.length * input.steps; i++) {
    // An empty interval clamps everything away.
    if (most.scalarAt(i % input.steps) < least.scalarAt(i % input.steps)) input.present[i] = 0;
  }
  return mapValues(input, (value, step) => maxOf(least.scalarAt(step), minOf(most.scalarAt(step), value)));
}

// The value of the only element at a step, NaN when there is none or more than one.
function onlyValueAt(input: Matrix, step: number): number {
  let only = Number.NaN;
  let count = 0;
  for (let row = 0; row < input.rows.length; row++) {
    const index = row * input.steps + step;
    if (input.present[index] !== 1) continue;
    only = cell(input.values, index);
    if (++count > 1) return Number.NaN;
  }
  return only;
}

// Order is only visible in the result of a single step; NaN comes last in both directions.
function sorted(input: Matrix, direction: 1 | -1): Matrix {
  if (input.steps !== 1) return input;
  const rows = [...input.rows.keys()].filter((row) => input.present[row] === 1);
  rows.sort((a, b) => {
    const x = cell(input.values, a);
    const y = cell(input.values, b);
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return direction * (x - y) || 0;
  });
  const output = new Matrix(1, rows.length);
  for (const row of rows) output.put(output.addRow(input.rows[row] ?? Labels.empty), cell(input.values, row));
  return output;
}

function timestamps(scope: Scope, call: Call): Matrix {
  const arg = unwrap(argOf(call, 0));
  if (arg.kind === 'selector') return selectInstant(scope, arg, true).dropNames();
  return mapValues(matrixArg(scope, call, 0), (_, step) => (scope.startMs + step * scope.stepMs) / 1000);
}

function absent(scope: Scope, call: Call): Matrix {
  const arg = unwrap(argOf(call, 0));
  return complement(matrixArg(scope, call, 0), arg.kind === 'selector' ? labelsOfAbsent(arg.matchers) : Labels.empty);
}

function labelReplace(scope: Scope, call: Call): Matrix {
  const [target, replacement, source, expression] = [1, 2, 3, 4].map((index) => stringArg(call, index));
  return evaluateLabelReplace(matrixArg(scope, call, 0), target ?? '', replacement ?? '', source ?? '', expression ?? '');
}

function labelJoin(scope: Scope, call: Call): Matrix {
  const sources = call.args.slice(3).map((_, i) => stringArg(call, i + 3));
  return evaluateLabelJoin(matrixArg(scope, call, 0), stringArg(call, 1), stringArg(call, 2), sources);
}

// These look at native histograms only, and the store holds none; their arguments may still fail.
function nothing(scope: Scope, call: Call): Matrix {
  for (const arg of call.args) scope.evaluate(arg);
  return new Matrix(scope.steps, 0);
}

const NAMED_FUNCTIONS: ReadonlyMap<string, (scope: Scope, call: Call) => Matrix> = new Map([
  ['time', (scope: Scope) => buildScalar(scope.steps, (step) => (scope.startMs + step * scope.stepMs) / 1000)],
  ['pi', (scope: Scope) => buildScalar(scope.steps, () => Math.PI)],
  ['vector', (scope: Scope, call: Call) => matrixArg(scope, call, 0)],
  [
    'scalar',
    (scope: Scope, call: Call) => {
      const input = matrixArg(scope, call, 0);
      return buildScalar(scope.steps, (step) => onlyValueAt(input, step));
    },
  ],
  ['absent', absent],
  ['timestamp', timestamps],
  ['clamp', clamp],
  ['clamp_max', (scope: Scope, call: Call) => mapWithParameter(scope, call, (value, most) => minOf(most, value))],
  ['clamp_min', (scope: Scope, call: Call) => mapWithParameter(scope, call, (value, least) => maxOf(least, value))],
  [
    'round',
    (scope: Scope, call: Call) =>
      call.args.length === 1 ? mapValues(matrixArg(scope, call, 0), (value) => rounded(value, 1)) : mapWithParameter(scope, call, rounded),
  ],
  ['sort', (scope: Scope, call: Call) => sorted(matrixArg(scope, call, 0), 1)],
  ['sort_desc', (scope: Scope, call: Call) => sorted(matrixArg(scope, call, 0), -1)],
  ['histogram_quantile', (scope: Scope, call: Call) => evaluateHistogramQuantile(matrixArg(scope, call, 0), matrixArg(scope, call, 1))],
  ['histogram_count', nothing],
  ['histogram_sum', nothing],
  ['histogram_fraction', nothing],
  ['label_replace', labelReplace],
  ['label_join', labelJoin],
]);

/** Evaluates a function call at every step. */
export function evaluateCall(scope: Scope, call: Call): Matrix {
  for (const arg of call.args) {
    const inner = unwrap(arg);
    if (inner.kind === 'range' || inner.kind === 'subquery') return callOverRange(scope, call, inner);
  }
  const pointwise = POINTWISE_FUNCTIONS.get(call.name);
  if (pointwise !== undefined) return mapValues(matrixArg(scope, call, 0), pointwise);
  const datePart = datePartFunction(call.name);
  if (datePart !== undefined) {
    if (call.args.length > 0) return mapValues(matrixArg(scope, call, 0), datePart);
    return buildScalar(scope.steps, (step) => datePart(Math.floor((scope.startMs + step * scope.stepMs) / 1000)));
  }
  const named = NAMED_FUNCTIONS.get(call.name);
  if (named === undefined) throw new QueryError('execution', `function ${JSON.stringify(call.name)} is not implemented`);
  return named(scope, call);
}
