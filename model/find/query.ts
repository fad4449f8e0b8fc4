// What somebody typed into find or hide: nothing, plain words, or an expression. In: the text. Out: FindQuery, its one canonical text, its matches.
// Plain words search names, namespaces, versions and hosts, `a > b` edges by both ends (search-graph.ts); whatever holds an operator is an expression.
import type { Graph } from '../graph';
import { MATCHED, type Matches, matchGraph } from './evaluate';
import type { Expression, FindError } from './expression';
import { LABEL_PREFIX, operandOf } from './operands';
import { MAX_FIND_LENGTH, parseExpression } from './parse';
import { printExpression } from './print';
import type { FindFacts } from './read-element';
import { searchGraph } from './search-graph';

export type FindQuery =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'error'; readonly error: FindError };

export function parseQuery(typed: string): FindQuery {
  const text = typed.trim();
  if (text === '') return { kind: 'none' };
  if (text.length <= MAX_FIND_LENGTH && !isExpression(text)) return { kind: 'text', text: text.replace(/\s+/g, ' ') };
  const { expression, error } = parseExpression(typed);
  return error === null ? { kind: 'expression', expression } : { kind: 'error', error };
}

/** The one text for all that mean the same; '' for nothing, null for what cannot be read. */
export function canonicalQuery(query: FindQuery): string | null {
  switch (query.kind) {
    case 'none':
      return '';
    case 'text':
      return query.text.toLowerCase();
    case 'expression':
      return printExpression(query.expression);
    case 'error':
      return null;
    default:
      return query satisfies never;
  }
}

/** What a query matches; null where it asks nothing or cannot be read. */
export function matchQuery(query: FindQuery, graph: Graph, facts: FindFacts): Matches | null {
  switch (query.kind) {
    case 'none':
    case 'error':
      return null;
    case 'expression':
      return matchGraph(query.expression, graph, facts);
    case 'text': {
      const ids = new Set(searchGraph(graph, query.text).map(({ id }) => id));
      const mark = (element: { readonly id: string }): number => (ids.has(element.id) ? MATCHED : 0);
      return { nodes: Uint8Array.from(graph.nodes, mark), edges: Uint8Array.from(graph.edges, mark) };
    }
    default:
      return query satisfies never;
  }
}

const SIGNS = /[=!<()]|&&|\|\|/;
const JOINED = /\s(?:and|or|contains|startswith|endswith)(?:\s|$)/i;
/** `rt > 1000` compares, `cart > stripe` is an edge. */
const GREATER = /^([^\s>]+)\s*>\s*(\S+)$/;
const NUMERIC = /^[-+]?[\d.]+$/;

function isExpression(text: string): boolean {
  if (SIGNS.test(text) || JOINED.test(text)) return true;
  const compared = GREATER.exec(text);
  if (compared !== null) {
    const left = operandOf(compared[1]?.replace(/^(?:source|src|target|destination|dest)\./i, '') ?? '');
    return left?.takes === 'number' || NUMERIC.test(compared[2] ?? '');
  }
  const [first = '', ...rest] = text.split(/\s+/);
  const word = first.toLowerCase();
  if (rest.length === 0) return isAsked(word, false);
  return (
    ['is', 'has', 'not'].includes(word) &&
    rest.every((one) => isAsked(one.toLowerCase(), true) || ['is', 'has', 'not'].includes(one.toLowerCase()))
  );
}

/** A word that alone is a condition. */
function isAsked(word: string, plainToo: boolean): boolean {
  if (word.startsWith(LABEL_PREFIX)) return true;
  const operand = operandOf(word);
  return operand?.takes === 'nothing' && (plainToo || operand.plain !== true);
}
