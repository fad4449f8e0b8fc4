// The syntax of Go templates as far as the chart uses it: text, actions with trimming, if/else if/else, range, with, define, include by
// pipelines. In: text. Out: a tree, or an Error with the line. Source: https://pkg.go.dev/text/template

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'dot' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'field'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly value: Expression }
  | { readonly kind: 'assign'; readonly name: string; readonly declares: boolean; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly test: Expression; readonly body: readonly Node[] }[];
      readonly otherwise: readonly Node[];
    }
  | { readonly kind: 'with'; readonly value: Expression; readonly body: readonly Node[]; readonly otherwise: readonly Node[] }
  | {
      readonly kind: 'range';
      readonly names: readonly string[];
      readonly value: Expression;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    };

export interface Template {
  readonly body: readonly Node[];
  readonly defined: ReadonlyMap<string, readonly Node[]>;
}

interface Piece {
  readonly action: boolean;
  readonly text: string;
  readonly line: number;
}

/** Text and actions; `{{-` and `-}}` take the white space beside them, comments vanish. */
function splitPieces(source: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  const lineAt = (index: number): number => source.slice(0, index).split('\n').length;
  const pushText = (text: string, trimEnd: boolean): void => {
    let kept = trimNext ? text.trimStart() : text;
    if (trimEnd) kept = kept.trimEnd();
    if (kept !== '') pieces.push({ action: false, text: kept, line: lineAt(at) });
  };
  for (const found of source.matchAll(/\{\{(-\s)?\s*(\/\*[\s\S]*?\*\/|(?:"(?:[^"\\]|\\.)*"|`[^`]*`|(?!-?\}\})[\s\S])*?)\s*(\s-)?\}\}/g)) {
    pushText(source.slice(at, found.index), found[1] !== undefined);
    const inner = (found[2] ?? '').trim();
    if (!inner.startsWith('/*')) pieces.push({ action: true, text: inner, line: lineAt(found.index) });
    trimNext = found[3] !== undefined;
    at = found.index + found[0].length;
  }
  pushText(source.slice(at), false);
  return pieces;
}

const TOKEN = /\s*(:=|=|\||\(|\)|,|"(?:[^"\\]|\\.)*"|`[^`]*`|-?\d+(?:\.\d+)?|\$?[A-Za-z_]\w*|\$|\.[A-Za-z_]\w*|\.)/y;

/** Words of an action. Fields keep their dot; `$` stands alone before its fields. */
function splitWords(text: string, line: number): string[] {
  const words: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) throw new Error(`line ${line}: cannot read ${JSON.stringify(text.slice(start))}`);
    // A field right behind a word belongs to it; after white space it is an argument of its own.
    const word = found[1] ?? '';
    const glued = word.startsWith('.') && word.length > 1 && !/^\s/.test(found[0]) && /[\w)$]/.test(text[start - 1] ?? '');
    words.push(glued ? `+${word}` : word);
  }
  return words;
}

class ExpressionReader {
  readonly #words: readonly string[];
  readonly #line: number;
  #at = 0;

  constructor(words: readonly string[], line: number) {
    this.#words = words;
    this.#line = line;
  }

  /** `a b | c d` = c d (a b). */
  readPipeline(): Expression {
    let value = this.#readCommand(null);
    while (this.#words[this.#at] === '|') {
      this.#at += 1;
      value = this.#readCommand(value);
    }
    return value;
  }

  readWhole(): Expression {
    const value = this.readPipeline();
    if (this.#at < this.#words.length) throw this.#fault(`unexpected ${this.#words[this.#at] ?? ''}`);
    return value;
  }

  #readCommand(piped: Expression | null): Expression {
    const word = this.#words[this.#at];
    if (word !== undefined && /^[A-Za-z_]/.test(word) && !['true', 'false', 'nil'].includes(word)) {
      this.#at += 1;
      const args: Expression[] = [];
      for (let next = this.#words[this.#at]; next !== undefined && next !== '|' && next !== ')'; next = this.#words[this.#at])
        args.push(this.#readOperand());
      return { kind: 'call', name: word, args: piped === null ? args : [...args, piped] };
    }
    if (piped !== null) throw this.#fault('a value is piped into what is no function');
    return this.#readOperand();
  }

  #readOperand(): Expression {
    const word = this.#words[this.#at];
    this.#at += 1;
    if (word === undefined) throw this.#fault('an operand is missing');
    let value: Expression;
    if (word === '(') {
      value = this.readPipeline();
      if (this.#words[this.#at] !== ')') throw this.#fault('a parenthesis is not closed');
      this.#at += 1;
    } else if (word === '.') value = { kind: 'dot' };
    else if (word.startsWith('.')) value = { kind: 'field', of: { kind: 'dot' }, name: word.slice(1) };
    else if (word.startsWith('$')) value = { kind: 'variable', name: word.slice(1) };
    else if (word.startsWith('"')) value = { kind: 'literal', value: String(JSON.parse(word)) };
    else if (word.startsWith('`')) value = { kind: 'literal', value: word.slice(1, -1) };
    else if (/^-?\d/.test(word)) value = { kind: 'literal', value: Number(word) };
    else if (word === 'true' || word === 'false') value = { kind: 'literal', value: word === 'true' };
    else if (word === 'nil') value = { kind: 'literal', value: null };
    else if (/^[A-Za-z_]/.test(word)) value = { kind: 'call', name: word, args: [] };
    else throw this.#fault(`unexpected ${word}`);
    for (let next = this.#words[this.#at]; next?.startsWith('+.') === true; next = this.#words[this.#at]) {
      value = { kind: 'field', of: value, name: next.slice(2) };
      this.#at += 1;
    }
    return value;
  }

  #fault(text: string): Error {
    return new Error(`line ${this.#line}: ${text} in ${this.#words.join(' ')}`);
  }
}

class TemplateReader {
  readonly defined = new Map<string, readonly Node[]>();
  readonly #pieces: readonly Piece[];
  #at = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  /** Nodes until one of the closing words; returns that word's action. */
  readBody(closers: readonly string[]): { readonly nodes: readonly Node[]; readonly closer: string } {
    const nodes: Node[] = [];
    for (let piece = this.#pieces[this.#at]; piece !== undefined; piece = this.#pieces[this.#at]) {
      this.#at += 1;
      if (!piece.action) {
        nodes.push({ kind: 'text', text: piece.text });
        continue;
      }
      const word = /^\w+/.exec(piece.text)?.[0] ?? '';
      if (word === 'end' || word === 'else') {
        if (!closers.includes(word)) throw new Error(`line ${piece.line}: ${word} closes nothing`);
        return { nodes, closer: piece.text };
      }
      const node = this.#readAction(piece, word);
      if (node !== null) nodes.push(node);
    }
    if (closers.length > 0) throw new Error(`${closers.join(' or ')} is missing at the end`);
    return { nodes, closer: '' };
  }

  #readAction({ text, line }: Piece, word: string): Node | null {
    const rest = text.slice(word.length);
    switch (word) {
      case 'define': {
        this.defined.set(String(JSON.parse(rest.trim())), this.readBody(['end']).nodes);
        return null;
      }
      case 'if':
        return this.#readIf(rest, line);
      case 'with': {
        const { nodes, closer } = this.readBody(['end', 'else']);
        return { kind: 'with', value: expression(rest, line), body: nodes, otherwise: this.#readOtherwise(closer) };
      }
      case 'range': {
        const loop = /^\s*((?:\$\w+\s*,\s*)?\$\w+)\s*:=([\s\S]*)$/.exec(rest);
        const { nodes, closer } = this.readBody(['end', 'else']);
        return {
          kind: 'range',
          names: (loop?.[1] ?? '')
            .split(',')
            .map((name) => name.trim().slice(1))
            .filter(Boolean),
          value: expression(loop?.[2] ?? rest, line),
          body: nodes,
          otherwise: this.#readOtherwise(closer),
        };
      }
      default: {
        const assigned = /^\$(\w+)\s*(:?=)([\s\S]*)$/.exec(text);
        if (assigned)
          return { kind: 'assign', name: assigned[1] ?? '', declares: assigned[2] === ':=', value: expression(assigned[3] ?? '', line) };
        return { kind: 'print', value: expression(text, line) };
      }
    }
  }

  #readIf(test: string, line: number): Node {
    const branches: { test: Expression; body: readonly Node[] }[] = [];
    let condition = test;
    for (;;) {
      const { nodes, closer } = this.readBody(['end', 'else']);
      branches.push({ test: expression(condition, line), body: nodes });
      const next = /^else\s+if\b([\s\S]*)$/.exec(closer);
      if (!next) return { kind: 'if', branches, otherwise: this.#readOtherwise(closer) };
      condition = next[1] ?? '';
    }
  }

  #readOtherwise(closer: string): readonly Node[] {
    return closer === 'else' ? this.readBody(['end']).nodes : [];
  }
}

const expression = (text: string, line: number): Expression => new ExpressionReader(splitWords(text, line), line).readWhole();

/** Reads a template. @throws Error with the line of what cannot be read */
export function readTemplate(source: string): Template {
  const reader = new TemplateReader(splitPieces(source));
  const { nodes } = reader.readBody([]);
  return { body: nodes, defined: reader.defined };
}
