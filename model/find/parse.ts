// The parser of find and hide expressions, by hand. In: text. Out: Expression, or what is wrong with it, where and what would be right.
// NOT binds tighter than AND, AND tighter than OR; parentheses group; `is` and `has` say nothing. Grammar:
//   or = and { OR and }    and = not { AND not }    not = { NOT } ( "(" or ")" | condition )    condition = operand [ operator value ]
import {
  conjunction,
  disjunction,
  type Expression,
  type FindError,
  NUMBER_OPERATORS,
  type NumberOperator,
  type Side,
  TEXT_OPERATORS,
  type TextOperator,
} from './expression';
import { closestWords, LABEL_PREFIX, NODE_WORD_ALIASES, type NumberOperand, type Operand, operandOf, type TextOperand } from './operands';
import { Scanner, type Token, type Value } from './scan';

export type Parsed = { readonly expression: Expression; readonly error: null } | { readonly expression: null; readonly error: FindError };

/** Longest text that is read. */
export const MAX_FIND_LENGTH = 1000;
const MAX_DEPTH = 40;
const SIDES: Readonly<Record<string, Side>> = { source: 'source', src: 'source', target: 'target', destination: 'target', dest: 'target' };
const SYMBOLS: Readonly<Record<string, TextOperator | NumberOperator>> = {
  '==': '=',
  '*=': 'contains',
  '!*=': 'not contains',
  '^=': 'startswith',
  '!^=': 'not startswith',
  '$=': 'endswith',
  '!$=': 'not endswith',
};
const NEGATED: Readonly<Record<string, TextOperator>> = {
  '=': '!=',
  '==': '!=',
  '*=': 'not contains',
  '^=': 'not startswith',
  '$=': 'not endswith',
  contains: 'not contains',
  startswith: 'not startswith',
  endswith: 'not endswith',
};
const isFiller = (token: Token): boolean => token.kind === 'word' && /^(?:is|has)$/i.test(token.text);
const isTextOperator = (word: string): word is TextOperator => TEXT_OPERATORS.some((one) => one === word);
const isNumberOperator = (word: string): word is NumberOperator => NUMBER_OPERATORS.some((one) => one === word);

export function parseExpression(text: string): Parsed {
  const parser = new Parser(text);
  const expression = parser.parse();
  if (expression !== null) return { expression, error: null };
  return { expression: null, error: parser.error };
}

interface Written {
  readonly word: TextOperator | NumberOperator;
  /** As it stands in the text. */
  readonly text: string;
  readonly at: number;
}

class Parser {
  error: FindError = {
    code: 'termExpected',
    at: 0,
    length: 0,
    message: 'There is nothing to look for',
    hint: 'Write a condition, such as !healthy.',
    suggestions: [],
  };
  readonly #scanner: Scanner;

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  parse(): Expression | null {
    const { text } = this.#scanner;
    if (text.length > MAX_FIND_LENGTH)
      return this.#fail(
        'tooLong',
        MAX_FIND_LENGTH,
        text.length - MAX_FIND_LENGTH,
        `The expression has ${text.length} characters`,
        `Shorten it to ${MAX_FIND_LENGTH}.`,
      );
    const expression = this.#or(0);
    if (expression === null) return null;
    const rest = this.#scanner.peek();
    if (rest.kind === 'end') return expression;
    if (rest.kind === 'close') return this.#failAt(rest, 'unexpected', 'This parenthesis closes nothing', 'Remove it, or open one before.');
    return this.#failAt(rest, 'unexpected', `AND or OR is missing before '${rest.text}'`, `A value with blanks needs quotes: "two words".`);
  }

  #or(depth: number): Expression | null {
    return this.#list('or', () => this.#list('and', () => this.#not(depth), conjunction), disjunction);
  }

  #list(kind: 'and' | 'or', read: () => Expression | null, join: (parts: readonly Expression[]) => Expression): Expression | null {
    const parts: Expression[] = [];
    for (;;) {
      const part = read();
      if (part === null) return null;
      parts.push(part);
      if (this.#scanner.peek().kind !== kind) return join(parts);
      this.#scanner.next();
    }
  }

  #not(depth: number): Expression | null {
    const token = this.#scanner.peek();
    if (isFiller(token)) {
      this.#scanner.next();
      return this.#not(depth);
    }
    if (token.kind === 'not') {
      this.#scanner.next();
      if (depth >= MAX_DEPTH) return this.#tooDeep(token);
      const part = this.#not(depth + 1);
      return part === null ? null : { kind: 'not', part };
    }
    if (token.kind !== 'open') return this.#condition();
    this.#scanner.next();
    if (depth >= MAX_DEPTH) return this.#tooDeep(token);
    const inner = this.#or(depth + 1);
    if (inner === null) return null;
    const close = this.#scanner.peek();
    if (close.kind === 'end') return this.#failAt(token, 'unclosed', 'This parenthesis is never closed', 'Write ) where the group ends.');
    if (close.kind !== 'close')
      return this.#failAt(
        close,
        'unexpected',
        `AND, OR or ) is missing before '${close.text}'`,
        'A value with blanks needs quotes: "two words".',
      );
    this.#scanner.next();
    return inner;
  }

  #condition(): Expression | null {
    const token = this.#scanner.next();
    if (token.kind === 'end')
      return this.#failAt(
        token,
        'termExpected',
        'A condition is missing at the end',
        'Write one, such as !healthy, or take away what stands before.',
      );
    if (token.kind !== 'word')
      return this.#failAt(
        token,
        'termExpected',
        `A condition is missing before '${token.text}'`,
        'A condition is an operand such as app, rt or healthy, mostly with an operator and a value.',
      );
    const dot = token.text.indexOf('.');
    const side = dot > 0 ? SIDES[token.text.slice(0, dot).toLowerCase()] : undefined;
    const word = side === undefined ? token.text : token.text.slice(dot + 1);
    const written = { text: token.text, at: token.at };
    if (word.toLowerCase().startsWith(LABEL_PREFIX)) return this.#label(side ?? 'self', word.slice(LABEL_PREFIX.length), written);
    const operand = operandOf(word);
    if (operand === null) return this.#unknown(word, written);
    if (side !== undefined && operand.on === 'edge')
      return this.#failAt(written, 'unknownOperand', `'${operand.name}' is of edges: it has no ${side}`, `Write ${operand.name} alone.`);
    return this.#asked(side ?? 'self', operand, written);
  }

  #unknown(word: string, written: Pick<Token, 'at' | 'text'>): null {
    const suggestions = closestWords(word);
    const alone = this.#scanner.peek().kind !== 'operator';
    const meant = suggestions.length === 0 ? '' : `Did you mean ${suggestions.join(' or ')}? `;
    return this.#failAt(
      written,
      'unknownOperand',
      `Unknown operand '${written.text}'`,
      `${meant}${alone ? `To look for a name, write name contains ${written.text}.` : ''}`.trim(),
      suggestions,
    );
  }

  #label(side: Side, key: string, written: Pick<Token, 'at' | 'text'>): Expression | null {
    if (key === '')
      return this.#failAt(written, 'unknownOperand', 'label: needs the key of a label', 'Write it without a blank: label:team = payments.');
    const operator = this.#operator();
    if (operator === null) return { kind: 'label', side, key, operator: null, value: '' };
    if (!isTextOperator(operator.word))
      return this.#failAt(
        operator,
        'operatorUnfit',
        `'${operator.text}' does not compare labels`,
        'Use =, !=, contains, startswith or endswith.',
      );
    const value = this.#value(operator);
    return value === null ? null : { kind: 'label', side, key, operator: operator.word, value: value.text };
  }

  #asked(side: Side, operand: Operand, written: Pick<Token, 'at' | 'text'>): Expression | null {
    const operator = this.#operator();
    switch (operand.takes) {
      case 'nothing':
        if (operator !== null)
          return this.#failAt(operator, 'operatorUnfit', `'${operand.name}' takes no value`, `Write ${operand.name} or !${operand.name}.`);
        return { kind: 'flag', side, operand: operand.name };
      case 'text':
      case 'number': {
        const example = operand.takes === 'text' ? `${operand.name} = ${operand.values?.[0] ?? 'reviews'}` : `${operand.name} > 10`;
        if (operator === null)
          return this.#failAt(written, 'operatorExpected', `'${written.text}' needs an operator and a value`, `For example ${example}.`);
        return operand.takes === 'text' ? this.#text(side, operand, operator) : this.#number(side, operand, operator);
      }
      default:
        return operand satisfies never;
    }
  }

  #text(side: Side, operand: TextOperand, operator: Written): Expression | null {
    const { word } = operator;
    const { name, values } = operand;
    if (!isTextOperator(word))
      return this.#failAt(
        operator,
        'operatorUnfit',
        `'${operator.text}' does not compare text`,
        `Use =, !=, contains, startswith or endswith with ${name}.`,
      );
    if (values !== null && word !== '=' && word !== '!=')
      return this.#failAt(
        operator,
        'operatorUnfit',
        `'${operator.text}' does not fit ${name}`,
        `Use = or != with one of ${values.join(', ')}.`,
      );
    const value = this.#value(operator);
    if (value === null) return null;
    if (values === null) return { kind: 'text', side, operand: name, operator: word, value: value.text };
    const lower = value.text.toLowerCase();
    const known = name === 'node' ? (NODE_WORD_ALIASES[lower] ?? lower) : lower;
    if (values.includes(known)) return { kind: 'text', side, operand: name, operator: word, value: known };
    return this.#failAt(
      { at: value.at, text: ' '.repeat(value.length) },
      'valueUnfit',
      `${name} is never '${value.text}'`,
      `It is one of ${values.join(', ')}.`,
      closestWords(value.text, values),
    );
  }

  #number(side: Side, { name, range, unit }: NumberOperand, operator: Written): Expression | null {
    const { word } = operator;
    if (!isNumberOperator(word))
      return this.#failAt(
        operator,
        'operatorUnfit',
        `'${operator.text}' does not compare numbers`,
        `Use =, !=, >, >=, < or <= with ${name}.`,
      );
    const value = this.#value(operator);
    if (value === null) return null;
    const at = { at: value.at, text: ' '.repeat(value.length) };
    if (value.text.toLowerCase() === 'nan') {
      if (word === '=' || word === '!=') return { kind: 'number', side, operand: name, operator: word, value: null };
      return this.#failAt(
        at,
        'valueUnfit',
        'NaN is neither more nor less than anything',
        `${name} = NaN asks for no value, ${name} != NaN for some.`,
      );
    }
    const amount = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?$/i.test(value.text) ? Number(value.text) : Number.NaN;
    if (!Number.isFinite(amount))
      return this.#failAt(
        at,
        'valueUnfit',
        `'${value.text}' is no number`,
        `${name} is compared with a number${unit === '' ? '' : ` of ${unit}`}; decimals have a point.`,
      );
    if (range !== undefined && (amount < range[0] || amount > range[1]))
      return this.#failAt(at, 'valueUnfit', `${name} is never ${value.text}`, `It goes from ${range[0]} to ${range[1]}.`);
    return { kind: 'number', side, operand: name, operator: word, value: amount + 0 };
  }

  /** The operator that comes next, null where none does. */
  #operator(): Written | null {
    const first = this.#scanner.peek();
    const wordOf = (token: Token): string => (token.kind === 'word' || token.kind === 'operator' ? token.text.toLowerCase() : '');
    if (first.kind === 'not') {
      const second = this.#scanner.peekSecond();
      const word = NEGATED[wordOf(second)];
      if (word === undefined) return null;
      this.#scanner.next();
      this.#scanner.next();
      return { word, text: this.#scanner.text.slice(first.at, second.at + second.text.length), at: first.at };
    }
    const plain = wordOf(first);
    const word = SYMBOLS[plain] ?? plain;
    if (!isTextOperator(word) && !isNumberOperator(word)) return null;
    this.#scanner.next();
    return { word, text: first.text, at: first.at };
  }

  #value(operator: Written): Value | null {
    const value = this.#scanner.nextValue();
    const combines = value !== null && !value.quoted && /^(?:and|or)$/i.test(value.text);
    if (value === null || combines)
      return this.#fail(
        'valueExpected',
        operator.at,
        operator.text.length,
        `A value is missing after '${operator.text}'`,
        'A value with blanks or parentheses needs quotes: "two words".',
      );
    if (!value.closed)
      return this.#fail('unclosed', value.at, value.length, 'This quote is never closed', 'Write the same quote where the value ends.');
    return value;
  }

  #tooDeep(token: Token): null {
    return this.#failAt(token, 'tooDeep', `More than ${MAX_DEPTH} groups stand in each other`, 'Write it with fewer parentheses.');
  }

  #failAt(
    { at, text }: Pick<Token, 'at' | 'text'>,
    code: FindError['code'],
    message: string,
    hint: string,
    suggestions: readonly string[] = [],
  ): null {
    return this.#fail(code, at, text.length, message, hint, suggestions);
  }

  #fail(code: FindError['code'], at: number, length: number, message: string, hint: string, suggestions: readonly string[] = []): null {
    this.error = { code, at, length, message, hint, suggestions };
    return null;
  }
}
