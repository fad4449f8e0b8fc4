// Cuts a find or hide expression into words, operators and parentheses, one at a time. In: the text. Out: Token. Values are read apart:
// where one is expected, anything up to the next blank or parenthesis is one, or anything between quotes.

export type Token =
  | { readonly kind: 'word' | 'operator' | 'open' | 'close'; readonly text: string; readonly at: number }
  /** Combines: `and`, `or`, `not` in whatever form they were written. */
  | { readonly kind: 'and' | 'or' | 'not'; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly text: ''; readonly at: number };

export interface Value {
  readonly text: string;
  readonly at: number;
  readonly length: number;
  readonly quoted: boolean;
  /** False for a quote that is never closed. */
  readonly closed: boolean;
}

/** Longest first. */
const OPERATORS = ['!*=', '!^=', '!$=', '!=', '>=', '<=', '==', '*=', '^=', '$=', '=', '>', '<'] as const;
const BLANK = /\s/;

export class Scanner {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Where the next token begins, or the end of the text. */
  get at(): number {
    while (this.#at < this.text.length && BLANK.test(this.text[this.#at] ?? '')) this.#at++;
    return this.#at;
  }

  peek(): Token {
    const { at } = this;
    return this.#read(at);
  }

  next(): Token {
    const token = this.peek();
    this.#at = token.at + token.text.length;
    return token;
  }

  /** The token after the next. */
  peekSecond(): Token {
    const from = this.at;
    this.next();
    const token = this.peek();
    this.#at = from;
    return token;
  }

  /** What stands where a value is expected; null where nothing does. */
  nextValue(): Value | null {
    const { at, text } = this;
    const first = text[at];
    if (first === undefined || first === '(' || first === ')') return null;
    if (first === '"' || first === "'") return this.#nextQuoted(at, first);
    let end = at;
    while (end < text.length && !BLANK.test(text[end] ?? '') && text[end] !== '(' && text[end] !== ')' && !this.#joins(end)) end++;
    if (end === at) return null;
    this.#at = end;
    return { text: text.slice(at, end), at, length: end - at, quoted: false, closed: true };
  }

  #nextQuoted(at: number, quote: string): Value {
    let value = '';
    let end = at + 1;
    for (; end < this.text.length && this.text[end] !== quote; end++) {
      if (this.text[end] === '\\' && end + 1 < this.text.length) end++;
      value += this.text[end] ?? '';
    }
    const closed = end < this.text.length;
    this.#at = closed ? end + 1 : end;
    return { text: value, at, length: this.#at - at, quoted: true, closed };
  }

  #joins(at: number): boolean {
    const two = this.text.slice(at, at + 2);
    return two === '&&' || two === '||';
  }

  #read(at: number): Token {
    const { text } = this;
    const first = text[at];
    if (first === undefined) return { kind: 'end', text: '', at: text.length };
    if (first === '(') return { kind: 'open', text: first, at };
    if (first === ')') return { kind: 'close', text: first, at };
    if (this.#joins(at)) return { kind: first === '&' ? 'and' : 'or', text: first + first, at };
    const operator = OPERATORS.find((one) => text.startsWith(one, at));
    if (operator !== undefined) return { kind: 'operator', text: operator, at };
    if (first === '!') return { kind: 'not', text: first, at };
    let end = at + 1;
    while (end < text.length && !this.#endsWord(end)) end++;
    const word = text.slice(at, end);
    switch (word.toLowerCase()) {
      case 'and':
        return { kind: 'and', text: word, at };
      case 'or':
        return { kind: 'or', text: word, at };
      case 'not':
        return { kind: 'not', text: word, at };
      default:
        return { kind: 'word', text: word, at };
    }
  }

  #endsWord(at: number): boolean {
    const char = this.text[at] ?? '';
    return BLANK.test(char) || '()=<>!'.includes(char) || ('*^$'.includes(char) && this.text[at + 1] === '=') || this.#joins(at);
  }
}
