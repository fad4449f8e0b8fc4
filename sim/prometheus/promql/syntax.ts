// PromQL expressions as immutable trees (Prometheus' promql/parser/ast.go, without native histograms).
import type { Matcher } from '../storage/matcher';

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

/** The @ modifier: a fixed time, or the start or end of the query (resolved before evaluation). */
export type AtModifier = { readonly kind: 'time'; readonly timestampMs: number } | { readonly kind: 'start' } | { readonly kind: 'end' };

interface Positioned {
  /** Offset of the expression in the query text, for error messages. */
  readonly from: number;
}

export interface NumberLiteral extends Positioned {
  readonly kind: 'number';
  readonly value: number;
}

export interface StringLiteral extends Positioned {
  readonly kind: 'string';
  readonly value: string;
}

export interface VectorSelector extends Positioned {
  readonly kind: 'selector';
  /** Metric name written before the braces, '' when there is none. */
  readonly name: string;
  /** All matchers, the one for the name last. */
  readonly matchers: readonly Matcher[];
  readonly offsetMs: number;
  readonly at: AtModifier | undefined;
}

export interface MatrixSelector extends Positioned {
  readonly kind: 'range';
  readonly selector: VectorSelector;
  readonly rangeMs: number;
}

export interface Subquery extends Positioned {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly rangeMs: number;
  /** 0 means the default resolution. */
  readonly stepMs: number;
  readonly offsetMs: number;
  readonly at: AtModifier | undefined;
}

export interface Paren extends Positioned {
  readonly kind: 'paren';
  readonly expr: Expr;
}

export interface Unary extends Positioned {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly expr: Expr;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOperator = 'and' | 'or' | 'unless';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator;

export type Cardinality = 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';

export interface VectorMatching {
  readonly cardinality: Cardinality;
  readonly on: boolean;
  readonly labels: readonly string[];
  /** Labels that group_left / group_right copy from the "one" side. */
  readonly include: readonly string[];
}

export interface Binary extends Positioned {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  /** Offset of the operator in the query text. */
  readonly operatorFrom: number;
  readonly left: Expr;
  readonly right: Expr;
  readonly returnBool: boolean;
  readonly matching: VectorMatching;
}

export type AggregateOperator =
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'count'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'count_values'
  | 'quantile';

export interface Aggregate extends Positioned {
  readonly kind: 'aggregate';
  readonly operator: AggregateOperator;
  readonly expr: Expr;
  readonly parameter: Expr | undefined;
  readonly grouping: readonly string[];
  readonly without: boolean;
}

export interface Call extends Positioned {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
}

/** Evaluated once per query and repeated at every step. */
export interface StepInvariant extends Positioned {
  readonly kind: 'invariant';
  readonly expr: Expr;
}

export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Paren
  | Unary
  | Binary
  | Aggregate
  | Call
  | StepInvariant;

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
const SET_OPERATORS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return COMPARISONS.has(operator);
}

export function isSetOperator(operator: BinaryOperator): operator is SetOperator {
  return SET_OPERATORS.has(operator);
}

/** The expression inside parentheses and step-invariant wrappers. */
export function unwrap(expr: Expr): Exclude<Expr, Paren | StepInvariant> {
  return expr.kind === 'paren' || expr.kind === 'invariant' ? unwrap(expr.expr) : expr;
}
