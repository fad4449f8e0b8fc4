// Aggregation operators that fold each group into one value per step (Prometheus' evaluator.aggregation).
// In: a matrix, the grouping, the parameter per step. Out: a matrix with one row per group.
import { cell, formatPlain, keepsInfiniteMean } from './float';
import { type Groups, groupRows } from './group-labels';
import { Matrix } from './matrix';
import { QueryError } from './query-error';
import { quantileOf } from './range-functions';

export interface Grouping {
  readonly labels: readonly string[];
  readonly without: boolean;
}

type Fold = (output: Matrix, index: number, value: number, isFirst: boolean) => void;

function foldRows(input: Matrix, groups: Groups, fold: Fold): Matrix {
  const { steps } = input;
  const output = new Matrix(steps, groups.labels.length);
  for (const labels of groups.labels) output.addRow(labels);
  for (let row = 0; row < input.rows.length; row++) {
    const from = row * steps;
    const to = (groups.ofRow[row] ?? 0) * steps;
    for (let step = 0; step < steps; step++) {
      if (input.present[from + step] !== 1) continue;
      const index = to + step;
      fold(output, index, cell(input.values, from + step), output.present[index] !== 1);
      output.present[index] = 1;
    }
  }
  return output;
}

function sum(input: Matrix, groups: Groups): Matrix {
  return foldRows(input, groups, (output, index, value, isFirst) => {
    output.values[index] = isFirst ? value : cell(output.values, index) + value;
  });
}

function count(input: Matrix, groups: Groups): Matrix {
  return foldRows(input, groups, (output, index) => {
    output.values[index] = cell(output.values, index) + 1;
  });
}

function group(input: Matrix, groups: Groups): Matrix {
  return foldRows(input, groups, (output, index) => {
    output.values[index] = 1;
  });
}

function max(input: Matrix, groups: Groups): Matrix {
  return foldRows(input, groups, (output, index, value, isFirst) => {
    const best = cell(output.values, index);
    if (isFirst || best < value || Number.isNaN(best)) output.values[index] = value;
  });
}

function min(input: Matrix, groups: Groups): Matrix {
  return foldRows(input, groups, (output, index, value, isFirst) => {
    const best = cell(output.values, index);
    if (isFirst || best > value || Number.isNaN(best)) output.values[index] = value;
  });
}

function average(input: Matrix, groups: Groups): Matrix {
  const counts = new Float64Array(groups.labels.length * input.steps);
  return foldRows(input, groups, (output, index, value, isFirst) => {
    const seen = cell(counts, index) + 1;
    counts[index] = seen;
    const mean = cell(output.values, index);
    if (isFirst) output.values[index] = value;
    else if (!keepsInfiniteMean(mean, value)) output.values[index] = mean + (value / seen - mean / seen);
  });
}

function variance(input: Matrix, groups: Groups, finish: (variance: number) => number): Matrix {
  const cells = groups.labels.length * input.steps;
  const counts = new Float64Array(cells);
  const means = new Float64Array(cells);
  const output = foldRows(input, groups, (target, index, value, isFirst) => {
    const seen = cell(counts, index) + 1;
    counts[index] = seen;
    if (isFirst) {
      means[index] = value;
      return;
    }
    const mean = cell(means, index);
    const delta = value - mean;
    const moved = mean + delta / seen;
    means[index] = moved;
    target.values[index] = cell(target.values, index) + delta * (value - moved);
  });
  for (let i = 0; i < cells; i++) {
    if (output.present[i] === 1) output.values[i] = finish(cell(output.values, i) / cell(counts, i));
  }
  return output;
}

/** Aggregations without a parameter. */
export function evaluateFold(
  operator: 'sum' | 'avg' | 'min' | 'max' | 'count' | 'group' | 'stddev' | 'stdvar',
  input: Matrix,
  grouping: Grouping,
): Matrix {
  const groups = groupRows(input.rows, grouping.labels, grouping.without);
  switch (operator) {
    case 'sum':
      return sum(input, groups);
    case 'avg':
      return average(input, groups);
    case 'min':
      return min(input, groups);
    case 'max':
      return max(input, groups);
    case 'count':
      return count(input, groups);
    case 'group':
      return group(input, groups);
    case 'stddev':
      return variance(input, groups, Math.sqrt);
    case 'stdvar':
      return variance(input, groups, (value) => value);
  }
}

/** quantile(φ, …): the values of a group at a step, interpolated. */
export function evaluateQuantile(input: Matrix, grouping: Grouping, parameter: Matrix): Matrix {
  const { steps } = input;
  const groups = groupRows(input.rows, grouping.labels, grouping.without);
  const output = new Matrix(steps, groups.labels.length);
  for (const labels of groups.labels) output.addRow(labels);
  const collected: number[][] = groups.labels.map(() => []);
  for (let step = 0; step < steps; step++) {
    for (let row = 0; row < input.rows.length; row++) {
      const index = row * steps + step;
      if (input.present[index] === 1) collected[groups.ofRow[row] ?? 0]?.push(cell(input.values, index));
    }
    collected.forEach((values, of) => {
      if (values.length > 0) output.put(of * steps + step, quantileOf(parameter.scalarAt(step), values));
      values.length = 0;
    });
  }
  return output;
}

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** count_values(label, …): how many elements of a group have each value; the value becomes a label. */
export function evaluateCountValues(input: Matrix, grouping: Grouping, valueLabel: string): Matrix {
  if (!LABEL_NAME.test(valueLabel)) throw new QueryError('execution', `invalid label name ${JSON.stringify(valueLabel)}`);
  const { steps } = input;
  const names = grouping.without ? grouping.labels : [...grouping.labels, valueLabel];
  // One row per element and distinct value; counting them is an ordinary aggregation.
  const valued = new Matrix(steps, input.rows.length);
  input.rows.forEach((labels, row) => {
    const baseByText = new Map<string, number>();
    for (let step = 0; step < steps; step++) {
      const index = row * steps + step;
      if (input.present[index] !== 1) continue;
      const text = formatPlain(cell(input.values, index));
      let base = baseByText.get(text);
      if (base === undefined) {
        base = valued.addRow(labels.with(valueLabel, text));
        baseByText.set(text, base);
      }
      valued.put(base + step, 1);
    }
  });
  return count(valued, groupRows(valued.rows, names, grouping.without));
}
