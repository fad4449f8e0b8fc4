// Comparisons of what was read with what was asked. In: an operator and a value. Out: a test; null = what is not known fits nothing.
import type { NumberOperator, TextOperator } from './expression';

/** One value that fits is enough; negated forms want none that does. Case does not matter. No value is like the empty text. */
export function compareText(operator: TextOperator, value: string): (values: readonly string[] | null) => boolean | null {
  const wanted = value.toLowerCase();
  const negated = operator === '!=' || operator.startsWith('not ');
  const fits = fitOf(operator, wanted);
  return (values) => {
    if (values === null) return null;
    let found = values.length === 0 && fits('');
    for (let i = 0; i < values.length && !found; i++) found = fits((values[i] ?? '').toLowerCase());
    return found !== negated;
  };
}

function fitOf(operator: TextOperator, wanted: string): (text: string) => boolean {
  switch (operator) {
    case '=':
    case '!=':
      return (text) => text === wanted;
    case 'contains':
    case 'not contains':
      return (text) => text.includes(wanted);
    case 'startswith':
    case 'not startswith':
      return (text) => text.startsWith(wanted);
    case 'endswith':
    case 'not endswith':
      return (text) => text.endsWith(wanted);
    default:
      return operator satisfies never;
  }
}

export function compareNumber(operator: NumberOperator, value: number | null): (amount: number | null) => boolean | null {
  // As in Kiali, NaN stands for no value, and none for zero.
  if (value === null) return (amount) => (amount === null || amount === 0) === (operator === '=');
  return (amount) => {
    if (amount === null) return null;
    switch (operator) {
      case '=':
        return amount === value;
      case '!=':
        return amount !== value;
      case '>':
        return amount > value;
      case '>=':
        return amount >= value;
      case '<':
        return amount < value;
      case '<=':
        return amount <= value;
      default:
        return operator satisfies never;
    }
  };
}
