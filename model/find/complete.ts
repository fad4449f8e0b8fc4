// What can stand at the caret of a find or hide expression. In: the text, the caret, the values of a graph. Out: completions, the likeliest first. Pure.
import type { Graph } from '../graph';
import { LABEL_PREFIX, OPERANDS, type Operand, operandOf } from './operands';
import { printValue } from './print';
import { readNodeText } from './read-element';
import { Scanner } from './scan';

export interface Completion {
  /** What is put in place of the text between `from` and `to`. */
  readonly insert: string;
  readonly label: string;
  readonly about: string;
}

export interface Completions {
  readonly from: number;
  readonly to: number;
  readonly options: readonly Completion[];
}

const MOST = 12;
const TEXT_CHOICES: readonly Completion[] = [
  ['=', 'is'],
  ['!=', 'is not'],
  ['contains', 'has this part'],
  ['startswith', 'begins with'],
  ['endswith', 'ends with'],
  ['not contains', 'has no such part'],
].map(([word = '', about = '']) => ({ insert: `${word} `, label: word, about }));
const FIXED_CHOICES = TEXT_CHOICES.slice(0, 2);
const NUMBER_CHOICES: readonly Completion[] = [
  ['>', 'more than'],
  ['>=', 'at least'],
  ['<', 'less than'],
  ['<=', 'at most'],
  ['=', 'equal to'],
  ['!=', 'not equal to'],
].map(([word = '', about = '']) => ({ insert: `${word} `, label: word, about }));
const JOIN_CHOICES: readonly Completion[] = [
  { insert: 'AND ', label: 'AND', about: 'both hold; binds tighter than OR' },
  { insert: 'OR ', label: 'OR', about: 'one of them holds' },
];

/** Values of an operand by name, as a graph has them. */
export type ValuesOf = (operand: string) => readonly string[];

/** Distinct values of text operands in a graph, sorted; read when asked for, once. */
export function valuesIn(graph: Pick<Graph, 'nodes'>): ValuesOf {
  const known = new Map<string, readonly string[]>();
  return (operand) => {
    let values = known.get(operand);
    if (values === undefined) {
      values =
        operand === 'node' || operand === 'health'
          ? []
          : [...new Set(graph.nodes.flatMap((node) => readNodeText(node, operand) ?? []))].sort();
      known.set(operand, values);
    }
    return values;
  };
}

export function completeExpression(text: string, caret: number, values: ValuesOf): Completions {
  const written = text.slice(0, caret);
  const scanner = new Scanner(written);
  const at = (from: number, options: readonly Completion[]): Completions => ({ from, to: caret, options: options.slice(0, MOST) });
  for (;;) {
    // A condition: operand, operator, value; then AND, OR or the end of a group.
    const token = scanner.peek();
    if (token.kind === 'not' || token.kind === 'open') {
      if (endsAt(token, caret) && token.text.length > 1) return at(caret, []);
      scanner.next();
      continue;
    }
    if (token.kind === 'end') return at(caret, startOf(''));
    if (token.kind !== 'word') return at(caret, []);
    if (endsAt(token, caret)) return at(token.at, startOf(token.text));
    scanner.next();
    if (/^(?:is|has)$/i.test(token.text)) continue;
    const { found, isLabel } = readOperand(token.text);
    const operator = scanner.peek();
    const choices = isLabel ? TEXT_CHOICES : found === null ? [] : choicesOf(found);
    if (choices.length > 0) {
      if (operator.kind === 'end') return at(caret, isLabel ? [...TEXT_CHOICES, ...JOIN_CHOICES] : choices);
      if (operator.kind === 'word' && endsAt(operator, caret)) return at(operator.at, starting(choices, operator.text));
      if (operator.kind === 'word' || operator.kind === 'operator' || operator.kind === 'not') {
        scanner.next();
        if (operator.kind === 'not') scanner.next();
        const from = scanner.at;
        const value = scanner.nextValue();
        const typed = value === null ? '' : value.text;
        if (value === null || from + value.length === caret)
          return at(value === null ? caret : from, found === null ? [] : valuesOf(found, typed, values));
      }
    }
    const join = scanner.peek();
    if (join.kind === 'close') {
      scanner.next();
      if (scanner.peek().kind === 'end') return at(caret, JOIN_CHOICES);
    }
    const next = scanner.peek();
    if (next.kind === 'end') return at(caret, /\s$/.test(written) ? JOIN_CHOICES : []);
    if (next.kind === 'word' && endsAt(next, caret)) return at(next.at, starting(JOIN_CHOICES, next.text));
    if (next.kind !== 'and' && next.kind !== 'or') return at(caret, []);
    scanner.next();
    if (endsAt(next, caret)) return at(caret, []);
  }
}

const endsAt = (token: { readonly at: number; readonly text: string }, caret: number): boolean => token.at + token.text.length === caret;

function readOperand(word: string): { readonly found: Operand | null; readonly isLabel: boolean } {
  const bare = word.replace(/^(?:source|src|target|destination|dest)\./i, '');
  return { found: operandOf(bare), isLabel: bare.toLowerCase().startsWith(LABEL_PREFIX) };
}

/** Choices that begin with what was typed but are not the same. */
const starting = (choices: readonly Completion[], typed: string): readonly Completion[] => {
  const lower = typed.toLowerCase();
  return choices.filter(({ label }) => label.toLowerCase().startsWith(lower) && label.toLowerCase() !== lower);
};

const OPERAND_CHOICES: readonly { readonly words: readonly string[]; readonly choice: Completion }[] = [
  ...OPERANDS.map((operand) => ({
    words: [operand.name, ...operand.aliases],
    choice: {
      insert: operand.takes === 'nothing' ? operand.name : `${operand.name} `,
      label: [operand.name, ...operand.aliases].join(', '),
      about: `${operand.about}${operand.takes === 'number' && operand.unit !== '' ? `, in ${operand.unit}` : ''}`,
    },
  })),
  { words: [LABEL_PREFIX], choice: { insert: LABEL_PREFIX, label: 'label:<key>', about: 'A label of a workload or service' } },
];
/** What most people ask, for a field that is still empty. */
const FIRST = ['healthy', 'responsetime', 'name', 'namespace', 'app', 'service', '%httperr', 'rank', 'idle', 'mtls', 'version', 'workload'];

function startOf(typed: string): readonly Completion[] {
  if (typed === '') return FIRST.flatMap((word) => OPERAND_CHOICES.filter(({ words }) => words[0] === word).map(({ choice }) => choice));
  const side = /^(?:source|src|target|destination|dest)\./i.exec(typed)?.[0] ?? '';
  const lower = typed.slice(side.length).toLowerCase();
  const begins = OPERAND_CHOICES.filter(({ words }) => words.some((word) => word.startsWith(lower) && word !== lower));
  const exact = OPERAND_CHOICES.filter(({ words, choice }) => words.includes(lower) && choice.insert.endsWith(' '));
  return [...exact, ...begins.filter((one) => !exact.includes(one))].map(({ choice }) => ({
    ...choice,
    insert: `${side}${choice.insert}`,
  }));
}

function choicesOf(operand: Operand): readonly Completion[] {
  switch (operand.takes) {
    case 'nothing':
      return [];
    case 'number':
      return NUMBER_CHOICES;
    case 'text':
      return operand.values === null ? TEXT_CHOICES : FIXED_CHOICES;
    default:
      return operand satisfies never;
  }
}

function valuesOf(operand: Operand, typed: string, values: ValuesOf): readonly Completion[] {
  if (operand.takes !== 'text') return [];
  const lower = typed.toLowerCase();
  const all = operand.values ?? values(operand.name);
  const begins = all.filter((value) => value.toLowerCase().startsWith(lower) && value.toLowerCase() !== lower);
  const inside = lower === '' ? [] : all.filter((value) => value.toLowerCase().indexOf(lower) > 0);
  return [...begins, ...inside].map((value) => ({ insert: `${printValue(value)} `, label: value, about: operand.name }));
}
