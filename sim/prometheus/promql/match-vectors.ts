// Binary operators between two instant vectors: arithmetic and comparison with on/ignoring and group_left/right, and the
// set operators (Prometheus' VectorBinop, VectorAnd, VectorOr, VectorUnless, resultMetric).
import { type Labels, METRIC_NAME } from '../storage/labels';
import { cell } from './float';
import { keyOfOthers, NamedGrouper } from './group-labels';
import { Matrix } from './matrix';
import { ARITHMETIC, COMPARISON } from './pointwise-functions';
import { QueryError, sameLabelsetError } from './query-error';
import type { ArithmeticOperator, ComparisonOperator, SetOperator, VectorMatching } from './syntax';
import { isComparison } from './syntax';

type ValueOperator = ArithmeticOperator | ComparisonOperator;

// As in Prometheus 2.x: atan2 and comparisons keep the name (unless `bool` or on() takes it away).
const NAME_DROPPING: ReadonlySet<string> = new Set(['+', '-', '*', '/', '^', '%']);

/** True when the operator's result is a new quantity, so that the metric name no longer fits. */
export function dropsMetricName(operator: ValueOperator): boolean {
  return NAME_DROPPING.has(operator);
}

interface Signatures {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly count: number;
}

function signRows(left: Matrix, right: Matrix, matching: VectorMatching): Signatures {
  if (matching.on) {
    const grouper = new NamedGrouper(matching.labels);
    const leftSigns = Int32Array.from(left.rows, (labels) => grouper.groupOf(labels));
    const rightSigns = Int32Array.from(right.rows, (labels) => grouper.groupOf(labels));
    return { left: leftSigns, right: rightSigns, count: grouper.size };
  }
  const numbers = new Map<string, number>();
  const sign = (labels: Labels): number => {
    const key = keyOfOthers(labels, matching.labels);
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(key, number);
    }
    return number;
  };
  return { left: Int32Array.from(left.rows, sign), right: Int32Array.from(right.rows, sign), count: numbers.size };
}

function presentCounts(matrix: Matrix): Int32Array {
  const counts = new Int32Array(matrix.steps);
  for (let row = 0; row < matrix.rows.length; row++) {
    for (let step = 0; step < matrix.steps; step++) {
      if (matrix.present[row * matrix.steps + step] === 1) counts[step] = (counts[step] ?? 0) + 1;
    }
  }
  return counts;
}

function buildResultLabels(many: Labels, one: Labels, operator: ValueOperator, matching: VectorMatching, returnBool: boolean): Labels {
  let labels = many;
  if (dropsMetricName(operator) || returnBool) labels = labels.withoutName();
  if (matching.cardinality === 'one-to-one') {
    if (matching.on) labels = labels.keeping(matching.labels);
    else if (matching.labels.length > 0) labels = labels.without(matching.labels);
  }
  for (const name of matching.include) labels = labels.with(name, one.value(name));
  return returnBool && matching.include.includes(METRIC_NAME) ? labels.withoutName() : labels;
}

class ValueMatcher {
  private readonly operator: ValueOperator;
  private readonly matching: VectorMatching;
  private readonly returnBool: boolean;
  private readonly isSwapped: boolean;
  private readonly many: Matrix;
  private readonly one: Matrix;
  private readonly manySigns: Int32Array;
  private readonly oneSigns: Int32Array;
  private readonly oneRowBySign: Int32Array;
  private readonly oneStepBySign: Int32Array;
  private readonly matchedStepBySign: Int32Array;
  private readonly output: Matrix;
  private readonly baseByPair = new Map<number, number>();
  private readonly baseByKey = new Map<string, number>();
  private readonly signByBase = new Map<number, number>();

  constructor(operator: ValueOperator, left: Matrix, right: Matrix, matching: VectorMatching, returnBool: boolean) {
    const signatures = signRows(left, right, matching);
    this.operator = operator;
    this.matching = matching;
    this.returnBool = returnBool;
    this.isSwapped = matching.cardinality === 'one-to-many';
    this.many = this.isSwapped ? right : left;
    this.one = this.isSwapped ? left : right;
    this.manySigns = this.isSwapped ? signatures.right : signatures.left;
    this.oneSigns = this.isSwapped ? signatures.left : signatures.right;
    this.oneRowBySign = new Int32Array(signatures.count);
    // Steps are numbered from 1 in these marks; 0 means never.
    this.oneStepBySign = new Int32Array(signatures.count);
    this.matchedStepBySign = new Int32Array(signatures.count);
    this.output = new Matrix(left.steps, this.many.rows.length);
  }

  evaluate(): Matrix {
    const manyCounts = presentCounts(this.many);
    const oneCounts = presentCounts(this.one);
    for (let step = 0; step < this.output.steps; step++) {
      // Nothing can match, and duplicates on one side are then no error.
      if (manyCounts[step] === 0 || oneCounts[step] === 0) continue;
      this.indexOneSide(step);
      this.matchStep(step);
    }
    return this.output;
  }

  private indexOneSide(step: number): void {
    for (let row = 0; row < this.one.rows.length; row++) {
      if (this.one.present[row * this.one.steps + step] !== 1) continue;
      const sign = this.oneSigns[row] ?? 0;
      if (this.oneStepBySign[sign] === step + 1) throw this.duplicateError(this.oneRowBySign[sign] ?? 0, row);
      this.oneStepBySign[sign] = step + 1;
      this.oneRowBySign[sign] = row;
    }
  }

  private matchStep(step: number): void {
    const { steps } = this.output;
    for (let row = 0; row < this.many.rows.length; row++) {
      const from = row * steps + step;
      const sign = this.manySigns[row] ?? 0;
      if (this.many.present[from] !== 1 || this.oneStepBySign[sign] !== step + 1) continue;
      const oneRow = this.oneRowBySign[sign] ?? 0;
      const value = this.combine(cell(this.many.values, from), cell(this.one.values, oneRow * steps + step));
      if (value === undefined) continue;
      const base = this.baseOf(row, oneRow);
      const isTaken = this.output.present[base + step] === 1;
      if (this.matching.cardinality === 'one-to-one') {
        if (this.matchedStepBySign[sign] === step + 1) {
          throw new QueryError('execution', 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)');
        }
        this.matchedStepBySign[sign] = step + 1;
      } else if (isTaken && this.signByBase.get(base) === sign) {
        throw new QueryError('execution', 'multiple matches for labels: grouping labels must ensure unique matches');
      }
      if (isTaken) throw sameLabelsetError();
      this.signByBase.set(base, sign);
      this.output.put(base + step, value);
    }
  }

  private combine(manyValue: number, oneValue: number): number | undefined {
    const left = this.isSwapped ? oneValue : manyValue;
    const right = this.isSwapped ? manyValue : oneValue;
    if (!isComparison(this.operator)) return ARITHMETIC[this.operator](left, right);
    const holds = COMPARISON[this.operator](left, right);
    if (this.returnBool) return holds ? 1 : 0;
    return holds ? left : undefined;
  }

  private baseOf(manyRow: number, oneRow: number): number {
    const pair = manyRow * this.one.rows.length + oneRow;
    let base = this.baseByPair.get(pair);
    if (base !== undefined) return base;
    const many = this.many.rows[manyRow];
    const one = this.one.rows[oneRow];
    if (many === undefined || one === undefined) throw new RangeError(`no rows ${manyRow} and ${oneRow} to match`);
    const labels = buildResultLabels(many, one, this.operator, this.matching, this.returnBool);
    base = this.baseByKey.get(labels.key);
    if (base === undefined) {
      base = this.output.addRow(labels);
      this.baseByKey.set(labels.key, base);
    }
    this.baseByPair.set(pair, base);
    return base;
  }

  private duplicateError(knownRow: number, row: number): QueryError {
    const side = this.isSwapped ? 'left' : 'right';
    const duplicate = this.one.rows[row];
    const known = this.one.rows[knownRow];
    const group = this.matching.on ? duplicate?.keeping(this.matching.labels) : duplicate?.without([...this.matching.labels, METRIC_NAME]);
    return new QueryError(
      'execution',
      `found duplicate series for the match group ${String(group)} on the ${side} hand-side of the operation: ` +
        `[${String(duplicate)}, ${String(known)}];many-to-many matching not allowed: matching labels must be unique on one side`,
    );
  }
}

/** vector OP vector for arithmetic and comparison operators. */
export function matchValues(operator: ValueOperator, left: Matrix, right: Matrix, matching: VectorMatching, returnBool: boolean): Matrix {
  return new ValueMatcher(operator, left, right, matching, returnBool).evaluate();
}

// For every step: which signatures does the matrix have there?
function signaturesPresent(matrix: Matrix, signs: Int32Array, count: number): Uint8Array {
  const has = new Uint8Array(count * matrix.steps);
  for (let row = 0; row < matrix.rows.length; row++) {
    const sign = signs[row] ?? 0;
    for (let step = 0; step < matrix.steps; step++) {
      if (matrix.present[row * matrix.steps + step] === 1) has[sign * matrix.steps + step] = 1;
    }
  }
  return has;
}

// Clears the cells of `matrix` whose signature is (wanted = 0) or is not (wanted = 1) in `has`.
function keepMatching(matrix: Matrix, signs: Int32Array, has: Uint8Array, wanted: 0 | 1): Matrix {
  for (let row = 0; row < matrix.rows.length; row++) {
    const sign = signs[row] ?? 0;
    for (let step = 0; step < matrix.steps; step++) {
      if (has[sign * matrix.steps + step] !== wanted) matrix.present[row * matrix.steps + step] = 0;
    }
  }
  return matrix;
}

/** vector and/or/unless vector. */
export function matchSets(operator: SetOperator, left: Matrix, right: Matrix, matching: VectorMatching): Matrix {
  const signs = signRows(left, right, matching);
  switch (operator) {
    case 'and':
      return keepMatching(left, signs.left, signaturesPresent(right, signs.right, signs.count), 1);
    case 'unless':
      return keepMatching(left, signs.left, signaturesPresent(right, signs.right, signs.count), 0);
    case 'or': {
      keepMatching(right, signs.right, signaturesPresent(left, signs.left, signs.count), 0);
      if (right.rows.length === 0) return left;
      if (left.rows.length === 0) return right;
      const union = new Matrix(left.steps, left.rows.length + right.rows.length);
      for (const side of [left, right]) {
        side.rows.forEach((labels, row) => {
          const base = union.addRow(labels);
          const from = row * side.steps;
          union.values.set(side.values.subarray(from, from + side.steps), base);
          union.present.set(side.present.subarray(from, from + side.steps), base);
        });
      }
      return union.relabel((labels) => labels);
    }
  }
}
