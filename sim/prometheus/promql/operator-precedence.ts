// Operators by precedence: a flat run of operands and operators becomes a tree.
// The lezer grammar leaves it open whether `a + b offset 5m` moves b or the sum, and reads -1 ^ 2 as (-1) ^ 2; the rules here
// are those of Prometheus' own grammar (promql/parser/generated_parser.y).
// In: items in the order of the text. Out: one expression.
import type { BinaryOperator, Expr, VectorMatching } from './syntax';

export interface OperandItem {
  readonly kind: 'operand';
  readonly expr: Expr;
}

export interface SignItem {
  readonly kind: 'sign';
  readonly operator: '+' | '-';
  readonly from: number;
}

export interface OperatorItem {
  readonly kind: 'operator';
  readonly operator: BinaryOperator;
  readonly from: number;
  readonly returnBool: boolean;
  readonly matching: VectorMatching;
}

export type Item = OperandItem | SignItem | OperatorItem;

const BINDING: Readonly<Record<BinaryOperator, number>> = {
  ...{ or: 1, and: 2, unless: 2, '==': 3, '!=': 3, '>': 3, '<': 3, '>=': 3, '<=': 3 },
  ...{ '+': 4, '-': 4, '*': 5, '/': 5, '%': 5, atan2: 5, '^': 6 },
};
// A sign binds like a multiplication: weaker than ^, so -1 ^ 2 is -(1 ^ 2).
const SIGN_OPERAND_BINDING = BINDING['^'];

// Prometheus folds the sign into a number, so that -1 may stand where a literal must.
function applySign({ operator, from }: SignItem, expr: Expr): Expr {
  if (expr.kind === 'number') return { ...expr, value: operator === '-' ? -expr.value : expr.value, from };
  return { kind: 'unary', operator, expr, from };
}

class Climber {
  private readonly items: readonly Item[];
  private at = 0;

  constructor(items: readonly Item[]) {
    this.items = items;
  }

  expression(weakest: number): Expr {
    let left = this.operand();
    for (;;) {
      const next = this.items[this.at];
      if (next?.kind !== 'operator' || BINDING[next.operator] < weakest) return left;
      this.at++;
      const { operator, from: operatorFrom, returnBool, matching } = next;
      // Equal operators group from the left, ^ from the right.
      const right = this.expression(operator === '^' ? BINDING[operator] : BINDING[operator] + 1);
      left = { kind: 'binary', operator, operatorFrom, left, right, returnBool, matching, from: left.from };
    }
  }

  private operand(): Expr {
    const item = this.items[this.at++];
    if (item?.kind === 'operand') return item.expr;
    if (item?.kind === 'sign') return applySign(item, this.expression(SIGN_OPERAND_BINDING));
    throw new RangeError('an operand was expected: the grammar lets operators stand between operands only');
  }
}

/** Builds the tree of a run of operands, signs and operators. */
export function buildOperatorTree(items: readonly Item[]): Expr {
  return new Climber(items).expression(0);
}
