// Writes an expression as text: one way for each meaning, so that equal expressions have equal texts. In: Expression. Out: text that parses to it.
import type { Condition, Expression } from './expression';
import { LABEL_PREFIX } from './operands';

const RANK: Readonly<Record<'or' | 'and' | 'not', number>> = { or: 0, and: 1, not: 2 };

export function printExpression(expression: Expression): string {
  return print(expression, 0);
}

function print(expression: Expression, around: number): string {
  switch (expression.kind) {
    case 'or':
    case 'and': {
      const rank = RANK[expression.kind];
      const text = expression.parts.map((part) => print(part, rank + 1)).join(expression.kind === 'or' ? ' OR ' : ' AND ');
      return rank < around ? `(${text})` : text;
    }
    case 'not':
      return `!${print(expression.part, RANK.not)}`;
    case 'flag':
    case 'text':
    case 'number':
    case 'label':
      return printCondition(expression);
    default:
      return expression satisfies never;
  }
}

function printCondition(condition: Condition): string {
  const side = condition.side === 'self' ? '' : `${condition.side}.`;
  switch (condition.kind) {
    case 'flag':
      return `${side}${condition.operand}`;
    case 'text':
      return `${side}${condition.operand} ${condition.operator} ${printValue(condition.value)}`;
    case 'number':
      return `${side}${condition.operand} ${condition.operator} ${condition.value ?? 'NaN'}`;
    case 'label':
      return `${side}${LABEL_PREFIX}${condition.key}${condition.operator === null ? '' : ` ${condition.operator} ${printValue(condition.value)}`}`;
    default:
      return condition satisfies never;
  }
}

/** Quoted only where it has to be. */
export const printValue = (value: string): string =>
  value !== '' && !/[\s()"'\\]|&&|\|\|/.test(value) && !/^(?:and|or)$/i.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
