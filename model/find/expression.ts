// A find or hide expression as data. In: nothing. Out: types; see parse.ts for how it is written and evaluate.ts for what it means.

/** Of which node a condition speaks: the element itself, or, on an edge, the node at its start or end. */
export type Side = 'self' | 'source' | 'target';

export const TEXT_OPERATORS = ['=', '!=', 'contains', 'not contains', 'startswith', 'not startswith', 'endswith', 'not endswith'] as const;
export type TextOperator = (typeof TEXT_OPERATORS)[number];

export const NUMBER_OPERATORS = ['=', '!=', '>', '>=', '<', '<='] as const;
export type NumberOperator = (typeof NUMBER_OPERATORS)[number];

export type Condition =
  | { readonly kind: 'flag'; readonly side: Side; readonly operand: string }
  | { readonly kind: 'text'; readonly side: Side; readonly operand: string; readonly operator: TextOperator; readonly value: string }
  /** `value` null is written NaN: `=` asks for none or zero, `!=` for some. */
  | {
      readonly kind: 'number';
      readonly side: Side;
      readonly operand: string;
      readonly operator: NumberOperator;
      readonly value: number | null;
    }
  /** A label of a workload or service; without an operator: it exists. */
  | { readonly kind: 'label'; readonly side: Side; readonly key: string; readonly operator: TextOperator | null; readonly value: string };

/** `and`, `or` have at least two parts, none of their own kind. */
export type Expression =
  | Condition
  | { readonly kind: 'not'; readonly part: Expression }
  | { readonly kind: 'and'; readonly parts: readonly Expression[] }
  | { readonly kind: 'or'; readonly parts: readonly Expression[] };

/** What is wrong with a text, where, and what would be right. */
export interface FindError {
  readonly code:
    | 'unknownOperand'
    | 'operatorExpected'
    | 'operatorUnfit'
    | 'valueExpected'
    | 'valueUnfit'
    | 'termExpected'
    | 'unexpected'
    | 'unclosed'
    | 'tooDeep'
    | 'tooLong';
  /** Position and length in the text, in UTF-16 units. */
  readonly at: number;
  readonly length: number;
  /** What is wrong, in words that quote the text. */
  readonly message: string;
  /** What to write instead; '' where the message says it all. */
  readonly hint: string;
  /** Words that may have been meant. */
  readonly suggestions: readonly string[];
}

export const conjunction = (parts: readonly Expression[]): Expression => join('and', parts);
export const disjunction = (parts: readonly Expression[]): Expression => join('or', parts);

/** One part is itself; parts of the same kind are taken in. */
function join(kind: 'and' | 'or', parts: readonly Expression[]): Expression {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  const [only, ...more] = flat;
  return only !== undefined && more.length === 0 ? only : { kind, parts: flat };
}

/** Every condition of an expression, from left to right. */
export function listConditions(expression: Expression): readonly Condition[] {
  switch (expression.kind) {
    case 'not':
      return listConditions(expression.part);
    case 'and':
    case 'or':
      return expression.parts.flatMap(listConditions);
    case 'flag':
    case 'text':
    case 'number':
    case 'label':
      return [expression];
    default:
      return expression satisfies never;
  }
}
