// Walks a resolved tree over all steps of a query at once; every node yields a Matrix (Prometheus' evaluator.eval).
// In: the store, rules, start, end and step. Out: a scope whose `evaluate` gives the value of an expression at every step.
import type { SeriesStore } from '../store';
import { evaluateCountValues, evaluateFold, evaluateQuantile } from './aggregate';
import { evaluateCall } from './call';
import { typeOf } from './check-types';
import { cell } from './float';
import { dropsMetricName, matchSets, matchValues } from './match-vectors';
import { buildScalar, Matrix } from './matrix';
import { ARITHMETIC, COMPARISON } from './pointwise-functions';
import { QueryError } from './query-error';
import { type EvaluationRules, refuseWhenExpired, type Scope } from './scope';
import { selectInstant } from './select';
import {
  type Aggregate,
  type ArithmeticOperator,
  type Binary,
  type ComparisonOperator,
  type Expr,
  isComparison,
  isSetOperator,
  unwrap,
} from './syntax';
import { evaluateTopK } from './top-k';

type ValueOperator = ArithmeticOperator | ComparisonOperator;

// One evaluation for the first step, its values repeated at the others.
function repeat(scope: Scope, expr: Expr): Matrix {
  const once = scope.at(scope.startMs, scope.startMs, 1).evaluate(expr);
  if (scope.steps === 1) return once;
  const repeated = new Matrix(scope.steps, once.rows.length);
  once.rows.forEach((labels, row) => {
    if (once.present[row] !== 1) return;
    const base = repeated.addRow(labels);
    for (let step = 0; step < scope.steps; step++) repeated.put(base + step, cell(once.values, row));
  });
  return repeated;
}

function negate(operand: Matrix): Matrix {
  operand.rows.forEach((labels, row) => {
    operand.rows[row] = labels.withoutName();
  });
  for (let i = 0; i < operand.rows.length * operand.steps; i++) operand.values[i] = -cell(operand.values, i);
  operand.refuseEqualRows();
  return operand;
}

function combineScalars(operator: ValueOperator, left: Matrix, right: Matrix): Matrix {
  return buildScalar(left.steps, (step) => {
    const x = left.scalarAt(step);
    const y = right.scalarAt(step);
    return isComparison(operator) ? Number(COMPARISON[operator](x, y)) : ARITHMETIC[operator](x, y);
  });
}

interface ScalarSide {
  readonly scalar: Matrix;
  readonly isLeft: boolean;
}

function combineWithScalar(operator: ValueOperator, vector: Matrix, { scalar, isLeft }: ScalarSide, returnBool: boolean): Matrix {
  const { steps } = vector;
  for (let index = 0; index < vector.rows.length * steps; index++) {
    if (vector.present[index] !== 1) continue;
    const element = cell(vector.values, index);
    const x = isLeft ? scalar.scalarAt(index % steps) : element;
    const y = isLeft ? element : scalar.scalarAt(index % steps);
    if (!isComparison(operator)) vector.values[index] = ARITHMETIC[operator](x, y);
    else if (returnBool) vector.values[index] = Number(COMPARISON[operator](x, y));
    // A filter keeps the vector's value, whichever side the scalar is on.
    else if (!COMPARISON[operator](x, y)) vector.present[index] = 0;
  }
  return dropsMetricName(operator) || returnBool ? vector.dropNames() : vector;
}

function evaluateBinary(scope: Scope, expr: Binary): Matrix {
  const { operator, matching, returnBool } = expr;
  const left = scope.evaluate(expr.left);
  const right = scope.evaluate(expr.right);
  if (isSetOperator(operator)) return matchSets(operator, left, right, matching);
  const leftIsVector = typeOf(expr.left) === 'vector';
  const rightIsVector = typeOf(expr.right) === 'vector';
  if (leftIsVector && rightIsVector) return matchValues(operator, left, right, matching, returnBool);
  if (leftIsVector) return combineWithScalar(operator, left, { scalar: right, isLeft: false }, returnBool);
  if (rightIsVector) return combineWithScalar(operator, right, { scalar: left, isLeft: true }, returnBool);
  return combineScalars(operator, left, right);
}

function evaluateAggregate(scope: Scope, expr: Aggregate): Matrix {
  const grouping = { labels: expr.grouping, without: expr.without };
  const { operator, parameter } = expr;
  switch (operator) {
    case 'count_values': {
      const label = parameter === undefined ? undefined : unwrap(parameter);
      if (label?.kind !== 'string') throw new QueryError('execution', 'count_values needs a label name');
      return evaluateCountValues(scope.evaluate(expr.expr), grouping, label.value);
    }
    case 'topk':
    case 'bottomk':
    case 'quantile': {
      if (parameter === undefined) throw new QueryError('execution', `${operator} needs a parameter`);
      const limits = scope.evaluate(parameter);
      const input = scope.evaluate(expr.expr);
      if (operator === 'quantile') return evaluateQuantile(input, grouping, limits);
      return evaluateTopK(operator, input, grouping, limits);
    }
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'count':
    case 'group':
    case 'stddev':
    case 'stdvar':
      return evaluateFold(operator, scope.evaluate(expr.expr), grouping);
  }
}

function evaluateExpr(scope: Scope, expr: Expr): Matrix {
  refuseWhenExpired(scope.rules);
  switch (expr.kind) {
    case 'number':
      return buildScalar(scope.steps, () => expr.value);
    case 'selector':
      return selectInstant(scope, expr, false);
    case 'paren':
      return evaluateExpr(scope, expr.expr);
    case 'invariant':
      return repeat(scope, expr.expr);
    case 'unary':
      return expr.operator === '+' ? evaluateExpr(scope, expr.expr) : negate(evaluateExpr(scope, expr.expr));
    case 'binary':
      return evaluateBinary(scope, expr);
    case 'aggregate':
      return evaluateAggregate(scope, expr);
    case 'call':
      return evaluateCall(scope, expr);
    case 'string':
    case 'range':
    case 'subquery':
      throw new QueryError('execution', `a ${typeOf(expr)} has no value per step`);
  }
}

/** Builds the scope of an evaluation at startMs, startMs + stepMs, … ≤ endMs (all in milliseconds). */
export function buildScope(store: SeriesStore, rules: EvaluationRules, startMs: number, endMs: number, stepMs: number): Scope {
  const scope: Scope = {
    ...{ store, rules, startMs, endMs, stepMs },
    steps: Math.max(0, Math.floor((endMs - startMs) / stepMs) + 1),
    evaluate: (expr) => evaluateExpr(scope, expr),
    at: (otherStartMs, otherEndMs, otherStepMs) => buildScope(store, rules, otherStartMs, otherEndMs, otherStepMs),
  };
  return scope;
}
