// Query text -> checked expression tree: the official grammar (lezer) finds the structure, TreeReader narrows it.
// In: query text. Out: a type-checked Expr, or a QueryError of kind bad_data with line and column.
import { parser } from '@prometheus-io/lezer-promql';
import type { Matcher } from '../storage/matcher';
import { checkTypes } from './check-types';
import { parseError, QueryError } from './query-error';
import type { Expr } from './syntax';
import { childrenOf, NEW_HOLT_WINTERS, type Node, TreeReader } from './tree-reader';

// Strings and comments are matched first so that their content stays untouched.
const HOLT_WINTERS_CALL = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*|\bholt_winters\b(?=\s*\()/g;

function buildSyntaxError(query: string, errorNode: Node): QueryError {
  const position = errorNode.from;
  const unknownCall = /([a-zA-Z_]\w*)\s*$/.exec(query.slice(0, position));
  if (query[position] === '(' && unknownCall !== null) {
    return parseError(query, unknownCall.index, `unknown function with name ${JSON.stringify(unknownCall[1])}`);
  }
  const rest = query.slice(position).trim();
  if (rest === '') return parseError(query, position, 'unexpected end of input');
  return parseError(query, position, `unexpected ${JSON.stringify(rest.slice(0, 20))}`);
}

function findErrorNode(root: Node): Node | undefined {
  let found: Node | undefined;
  const cursor = root.cursor();
  do {
    if (cursor.type.isError && (found === undefined || cursor.from < found.from)) found = cursor.node;
  } while (cursor.next());
  return found;
}

/** Parses and type-checks a query; throws QueryError (bad_data) with line and column. */
export function parseQuery(text: string): Expr {
  const query = text.replace(HOLT_WINTERS_CALL, (match) => (match === 'holt_winters' ? NEW_HOLT_WINTERS : match));
  const root = parser.parse(query).topNode;
  const expr = childrenOf(root)[0];
  if (expr === undefined || query.trim() === '')
    throw new QueryError('bad_data', 'unknown position: parse error: no expression found in input');
  const errorNode = findErrorNode(root);
  if (errorNode !== undefined) throw buildSyntaxError(query, errorNode);
  const parsed = new TreeReader(query).expr(expr);
  checkTypes(parsed, query);
  return parsed;
}

/** Parses a series selector such as a match[] parameter; throws QueryError (bad_data) for any other expression. */
export function parseSelector(text: string): readonly Matcher[] {
  const expr = parseQuery(text);
  if (expr.kind !== 'selector' || expr.at !== undefined || expr.offsetMs !== 0) {
    throw parseError(text, 0, `${JSON.stringify(text)} is not a series selector`);
  }
  return expr.matchers;
}
