// One label matcher of a selector: = != =~ !~. Regular expressions are RE2 and fully anchored, as Prometheus compiles them.
// In: label name, operator, operand. Out: a predicate on the label's value ('' stands for an absent label).
import { RE2JS } from 're2js';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly operand: string;
  readonly matches: (value: string) => boolean;
}

// The only metacharacter left is "|": the expression lists literals.
const LITERAL_ALTERNATIVES = /^[^\\^$.[\]{}()*+?]*$/;

function buildAnchoredTest(expression: string): (value: string) => boolean {
  if (LITERAL_ALTERNATIVES.test(expression)) {
    const literals = new Set(expression.split('|'));
    return (value) => literals.has(value);
  }
  if (expression === '.*') return (value) => !value.includes('\n');
  if (expression === '.+') return (value) => value !== '' && !value.includes('\n');
  const compiled = RE2JS.compile(`^(?:${expression})$`);
  const known = new Map<string, boolean>();
  return (value) => {
    let matched = known.get(value);
    if (matched === undefined) {
      matched = compiled.matcher(value).find();
      known.set(value, matched);
    }
    return matched;
  };
}

/** Compiles one matcher; throws re2js' RE2JSSyntaxException on a bad regular expression. */
export function buildMatcher(name: string, operator: MatchOperator, operand: string): Matcher {
  switch (operator) {
    case '=':
      return { name, operator, operand, matches: (value) => value === operand };
    case '!=':
      return { name, operator, operand, matches: (value) => value !== operand };
    case '=~':
      return { name, operator, operand, matches: buildAnchoredTest(operand) };
    case '!~': {
      const test = buildAnchoredTest(operand);
      return { name, operator, operand, matches: (value) => !test(value) };
    }
  }
}
