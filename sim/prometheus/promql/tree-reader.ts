// The lezer tree of a query as an expression tree, narrowed to PromQL 2.42.
// The grammar is newer than 2.42; what 2.42 does not know (duration arithmetic, fill, smoothed, quoted names, …) is refused.
// In: query text and a tree without error nodes. Out: an unchecked Expr, or a QueryError of kind bad_data.
import type { parser } from '@prometheus-io/lezer-promql';
import { METRIC_NAME } from '../storage/labels';
import { buildMatcher, type Matcher } from '../storage/matcher';
import { decodeDurationMs, decodeNumber, decodeString } from './literals';
import { buildOperatorTree, type Item } from './operator-precedence';
import { parseError, type QueryError } from './query-error';
import { SIGNATURES } from './signatures';
import type { AggregateOperator, AtModifier, BinaryOperator, Expr, VectorMatching, VectorSelector } from './syntax';

/** A node of a lezer tree. */
export type Node = ReturnType<typeof parser.parse>['topNode'];

/** The grammar knows holt_winters by its 3.x name only. */
export const NEW_HOLT_WINTERS = 'double_exponential_smoothing';

const MATCH_OPERATORS = { '=': '=', '!=': '!=', '=~': '=~', '!~': '!~' } as const;

const BINARY_OPERATORS: Readonly<Record<string, BinaryOperator>> = {
  ...{ Pow: '^', Mul: '*', Div: '/', Mod: '%', Atan2: 'atan2', Add: '+', Sub: '-' },
  ...{ Eql: '==', Neq: '!=', Gte: '>=', Gtr: '>', Lte: '<=', Lss: '<', And: 'and', Or: 'or', Unless: 'unless' },
};

const AGGREGATES: Readonly<Record<string, AggregateOperator>> = {
  ...{ sum: 'sum', avg: 'avg', min: 'min', max: 'max', count: 'count', group: 'group', stddev: 'stddev', stdvar: 'stdvar' },
  ...{ topk: 'topk', bottomk: 'bottomk', count_values: 'count_values', quantile: 'quantile' },
};

/** The children of a node, comments left out. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) if (child.name !== 'LineComment') children.push(child);
  return children;
}

export class TreeReader {
  private readonly query: string;

  constructor(query: string) {
    this.query = query;
  }

  /** The expression at a node. */
  expr(node: Node): Expr {
    return buildOperatorTree(this.items(node));
  }

  // Operators and what follows an operand (ranges, offset, @) in the order of the text; only parentheses nest.
  private items(node: Node): Item[] {
    switch (node.name) {
      case 'BinaryExpr':
        return this.binaryItems(node);
      case 'UnaryExpr': {
        const [sign, operand] = childrenOf(node);
        if (sign === undefined || operand === undefined) throw this.error(node, 'operand expected');
        return [this.sign(sign.from), ...this.items(operand)];
      }
      case 'NumberDurationLiteral': {
        const isSigned = /^[+-]/.test(this.text(node));
        const number: Item = { kind: 'operand', expr: { kind: 'number', value: Math.abs(this.number(node)), from: node.from } };
        return isSigned ? [this.sign(node.from), number] : [number];
      }
      case 'MatrixSelector':
      case 'SubqueryExpr':
      case 'OffsetExpr':
      case 'StepInvariantExpr':
        return this.modifiedItems(node);
      default:
        return [{ kind: 'operand', expr: this.primary(node) }];
    }
  }

  private sign(from: number): Item {
    return { kind: 'sign', operator: this.query[from] === '-' ? '-' : '+', from };
  }

  // A range, offset or @ belongs to the last operand before it.
  private modifiedItems(node: Node): Item[] {
    const [inner, ...rest] = childrenOf(node);
    if (inner === undefined) throw this.error(node, 'expression expected');
    const items = this.items(inner);
    const last = items.pop();
    if (last?.kind !== 'operand') throw this.error(node, 'expression expected');
    items.push({ kind: 'operand', expr: this.modified(node, last.expr, rest) });
    return items;
  }

  private modified(node: Node, expr: Expr, rest: readonly Node[]): Expr {
    switch (node.name) {
      case 'MatrixSelector':
        return this.withRange(node, expr, rest[0]);
      case 'SubqueryExpr':
        return this.withSubquery(node, expr, rest[0], rest[1]);
      case 'OffsetExpr':
        return this.withOffset(node, expr, rest[rest.length - 1]);
      default:
        return this.withTime(node, expr, rest[rest.length - 1]);
    }
  }

  private primary(node: Node): Expr {
    const from = node.from;
    switch (node.name) {
      case 'StringLiteral':
        return { kind: 'string', value: this.string(node), from };
      case 'VectorSelector':
        return this.selector(node);
      case 'ParenExpr':
        return { kind: 'paren', expr: this.expr(this.onlyChild(node)), from };
      case 'AggregateExpr':
        return this.aggregate(node);
      case 'FunctionCall':
        return this.call(node);
      default:
        throw this.error(node, `unexpected ${JSON.stringify(this.text(node))}`);
    }
  }

  private text(node: Node): string {
    return this.query.slice(node.from, node.to);
  }

  private error(node: Node, message: string): QueryError {
    return parseError(this.query, node.from, message);
  }

  private onlyChild(node: Node): Node {
    const child = childrenOf(node)[0];
    if (child === undefined) throw this.error(node, 'expression expected');
    return child;
  }

  private number(node: Node): number {
    const text = this.text(node).replace(/\s+/g, '');
    const sign = text.startsWith('-') ? -1 : 1;
    const value = decodeNumber(text.replace(/^[+-]/, ''));
    if (value === undefined) throw this.error(node, `bad number or duration syntax: ${JSON.stringify(text)}`);
    return sign * value;
  }

  private string(node: Node): string {
    const value = decodeString(this.text(node));
    if (value === undefined) throw this.error(node, `error unquoting string ${JSON.stringify(this.text(node))}: invalid syntax`);
    return value;
  }

  private durationMs(node: Node): number {
    const milliseconds = decodeDurationMs(this.text(node));
    if (milliseconds === undefined) throw this.error(node, `bad duration syntax: ${JSON.stringify(this.text(node))}`);
    if (milliseconds === 0) throw this.error(node, 'duration must be greater than 0');
    return milliseconds;
  }

  private selector(node: Node): VectorSelector {
    const matchers: Matcher[] = [];
    let name = '';
    for (const child of childrenOf(node)) {
      if (child.name === 'Identifier') name = this.text(child);
      else for (const matcher of childrenOf(child)) matchers.push(this.matcher(matcher));
    }
    if (name !== '') matchers.push(buildMatcher(METRIC_NAME, '=', name));
    return { kind: 'selector', name, matchers, offsetMs: 0, at: undefined, from: node.from };
  }

  private matcher(node: Node): Matcher {
    if (node.name !== 'UnquotedLabelMatcher') throw this.error(node, 'unexpected string in label matching, expected identifier or "}"');
    const [label, operator, operand] = childrenOf(node);
    if (label === undefined || operator === undefined || operand === undefined) throw this.error(node, 'incomplete label matcher');
    const sign = Object.entries(MATCH_OPERATORS).find(([text]) => text === this.text(operator))?.[1];
    if (sign === undefined) throw this.error(operator, 'expected label matching operator');
    const value = this.string(operand);
    try {
      return buildMatcher(this.text(label), sign, value);
    } catch (error) {
      throw this.error(node, error instanceof Error ? error.message : `error parsing regexp: ${value}`);
    }
  }

  private withRange(node: Node, expr: Expr, range: Node | undefined): Expr {
    if (range === undefined) throw this.error(node, 'range expected');
    if (expr.kind !== 'selector') throw this.error(node, 'ranges only allowed for vector selectors');
    if (expr.offsetMs !== 0) throw this.error(node, 'no offset modifiers allowed before range');
    if (expr.at !== undefined) throw this.error(node, 'no @ modifiers allowed before range');
    return { kind: 'range', selector: expr, rangeMs: this.durationMs(range), from: expr.from };
  }

  private withSubquery(node: Node, expr: Expr, range: Node | undefined, step: Node | undefined): Expr {
    if (range === undefined) throw this.error(node, 'subquery range expected');
    const stepMs = step === undefined ? 0 : this.durationMs(step);
    return { kind: 'subquery', expr, rangeMs: this.durationMs(range), stepMs, offsetMs: 0, at: undefined, from: expr.from };
  }

  private withOffset(node: Node, expr: Expr, duration: Node | undefined): Expr {
    if (duration === undefined) throw this.error(node, 'offset expected');
    const text = this.text(duration);
    const unsigned = text.replace(/^-\s*/, '');
    const milliseconds = decodeDurationMs(unsigned);
    if (milliseconds === undefined) throw this.error(duration, `unexpected ${JSON.stringify(text)} in offset, expected duration`);
    if (milliseconds === 0) throw this.error(duration, 'duration must be greater than 0');
    const offsetMs = unsigned === text ? milliseconds : -milliseconds;
    const twice = 'offset may not be set multiple times';
    if (expr.kind === 'selector' || expr.kind === 'subquery') {
      if (expr.offsetMs !== 0) throw this.error(node, twice);
      return { ...expr, offsetMs };
    }
    if (expr.kind === 'range') {
      if (expr.selector.offsetMs !== 0) throw this.error(node, twice);
      return { ...expr, selector: { ...expr.selector, offsetMs } };
    }
    throw this.error(node, 'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery');
  }

  private withTime(node: Node, expr: Expr, operand: Node | undefined): Expr {
    if (operand === undefined) throw this.error(node, '@ expects a timestamp');
    const at = this.atModifier(operand);
    const twice = '@ <timestamp> may not be set multiple times';
    if (expr.kind === 'selector' || expr.kind === 'subquery') {
      if (expr.at !== undefined) throw this.error(node, twice);
      return { ...expr, at };
    }
    if (expr.kind === 'range') {
      if (expr.selector.at !== undefined) throw this.error(node, twice);
      return { ...expr, selector: { ...expr.selector, at } };
    }
    throw this.error(node, '@ modifier must be preceded by an instant vector selector or range vector selector or a subquery');
  }

  private atModifier(operand: Node): AtModifier {
    if (operand.name === 'AtModifierPreprocessors') return { kind: operand.firstChild?.name === 'AtStart' ? 'start' : 'end' };
    const seconds = this.number(operand);
    if (!Number.isFinite(seconds) || Math.abs(seconds) >= 2 ** 63)
      throw this.error(operand, `timestamp out of bounds for @ modifier: ${seconds}`);
    return { kind: 'time', timestampMs: Math.round(seconds * 1000) };
  }

  private binaryItems(node: Node): Item[] {
    const children = childrenOf(node);
    const leftNode = children[0];
    const operatorNode = children[1];
    const rightNode = children[children.length - 1];
    const operator = operatorNode === undefined ? undefined : BINARY_OPERATORS[operatorNode.name];
    if (leftNode === undefined || operatorNode === undefined || rightNode === undefined || operator === undefined) {
      throw this.error(operatorNode ?? node, `unexpected ${JSON.stringify(this.text(operatorNode ?? node))}`);
    }
    let matching: VectorMatching = { cardinality: 'one-to-one', on: false, labels: [], include: [] };
    let returnBool = false;
    for (const modifier of children.slice(2, -1)) {
      if (modifier.name === 'BoolModifier') returnBool = true;
      else if (modifier.name === 'MatchingModifierClause') matching = this.matching(modifier);
      else throw this.error(modifier, `unexpected ${JSON.stringify(this.text(modifier))}`);
    }
    return [
      ...this.items(leftNode),
      { kind: 'operator', operator, from: operatorNode.from, returnBool, matching },
      ...this.items(rightNode),
    ];
  }

  private matching(node: Node): VectorMatching {
    let cardinality: VectorMatching['cardinality'] = 'one-to-one';
    let on = false;
    const lists: string[][] = [];
    for (const child of childrenOf(node)) {
      if (child.name === 'On') on = true;
      else if (child.name === 'GroupLeft') cardinality = 'many-to-one';
      else if (child.name === 'GroupRight') cardinality = 'one-to-many';
      else if (child.name === 'GroupingLabels') lists.push(this.labelNames(child));
    }
    return { cardinality, on, labels: lists[0] ?? [], include: lists[1] ?? [] };
  }

  private labelNames(node: Node): string[] {
    return childrenOf(node).map((label) => {
      if (label.name !== 'LabelName') throw this.error(label, 'unexpected string in grouping opts, expected label');
      return this.text(label);
    });
  }

  private aggregate(node: Node): Expr {
    let operator: AggregateOperator | undefined;
    let grouping: string[] = [];
    let without = false;
    let args: Expr[] = [];
    for (const child of childrenOf(node)) {
      if (child.name === 'AggregateOp') operator = AGGREGATES[this.text(child).toLowerCase()];
      else if (child.name === 'FunctionCallBody') args = childrenOf(child).map((arg) => this.expr(arg));
      else {
        const [keyword, labels] = childrenOf(child);
        without = keyword?.name === 'Without';
        grouping = labels === undefined ? [] : this.labelNames(labels);
      }
    }
    if (operator === undefined) throw this.error(node, `unknown aggregation ${JSON.stringify(this.text(node))}`);
    const wanted = operator === 'topk' || operator === 'bottomk' || operator === 'count_values' || operator === 'quantile' ? 2 : 1;
    if (args.length === 0) throw this.error(node, 'no arguments for aggregate expression provided');
    const expr = args[wanted - 1];
    if (args.length !== wanted || expr === undefined) {
      throw this.error(node, `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`);
    }
    return { kind: 'aggregate', operator, expr, parameter: wanted === 2 ? args[0] : undefined, grouping, without, from: node.from };
  }

  private call(node: Node): Expr {
    const [identifier, body] = childrenOf(node);
    if (identifier === undefined || body === undefined) throw this.error(node, 'function call expected');
    const written = this.text(identifier);
    const name = written === NEW_HOLT_WINTERS ? 'holt_winters' : written;
    if (!SIGNATURES.has(name)) throw this.error(identifier, `unknown function with name ${JSON.stringify(written)}`);
    return { kind: 'call', name, args: childrenOf(body).map((arg) => this.expr(arg)), from: node.from };
  }
}
