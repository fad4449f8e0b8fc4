// Static checks of a parsed query: argument types, operator and modifier rules (Prometheus' parser.checkAST).
// In: the tree and the query text (for positions). Out: nothing, or a QueryError of kind bad_data.
import { METRIC_NAME } from '../storage/labels';
import { parseError, type QueryError } from './query-error';
import { SIGNATURES } from './signatures';
import { type Binary, type Call, type Expr, isComparison, isSetOperator, type ValueType, type VectorSelector } from './syntax';

const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

/** The static type of an expression's value. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
    case 'aggregate':
      return 'vector';
    case 'range':
    case 'subquery':
      return 'matrix';
    case 'paren':
    case 'unary':
    case 'invariant':
      return typeOf(expr.expr);
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector';
    case 'call':
      return SIGNATURES.get(expr.name)?.returns ?? 'vector';
  }
}

/** How Prometheus names a type in messages to the user. */
export function documentedType(type: ValueType): string {
  return TYPE_NAMES[type];
}

class Checker {
  private readonly query: string;

  constructor(query: string) {
    this.query = query;
  }

  check(expr: Expr): void {
    switch (expr.kind) {
      case 'number':
      case 'string':
        return;
      case 'selector':
        this.checkSelector(expr);
        return;
      case 'range':
        this.check(expr.selector);
        return;
      case 'paren':
      case 'invariant':
        this.check(expr.expr);
        return;
      case 'subquery': {
        this.check(expr.expr);
        const type = typeOf(expr.expr);
        if (type !== 'vector') throw this.error(expr.from, `subquery is only allowed on instant vector, got ${type} instead`);
        return;
      }
      case 'unary': {
        this.check(expr.expr);
        const type = typeOf(expr.expr);
        if (type !== 'scalar' && type !== 'vector') {
          const got = JSON.stringify(documentedType(type));
          throw this.error(expr.from, `unary expression only allowed on expressions of type scalar or instant vector, got ${got}`);
        }
        return;
      }
      case 'aggregate':
        this.expectType(expr.expr, 'vector', 'aggregation expression');
        if (expr.parameter !== undefined) {
          this.expectType(expr.parameter, expr.operator === 'count_values' ? 'string' : 'scalar', 'aggregation parameter');
        }
        return;
      case 'binary':
        this.checkBinary(expr);
        return;
      case 'call':
        this.checkCall(expr);
        return;
    }
  }

  private error(position: number, message: string): QueryError {
    return parseError(this.query, position, message);
  }

  private expectType(expr: Expr, wanted: ValueType, context: string): void {
    this.check(expr);
    const type = typeOf(expr);
    if (type !== wanted) {
      throw this.error(expr.from, `expected type ${documentedType(wanted)} in ${context}, got ${documentedType(type)}`);
    }
  }

  private checkSelector(selector: VectorSelector): void {
    if (selector.name !== '') {
      const second = selector.matchers.slice(0, -1).find((matcher) => matcher.name === METRIC_NAME);
      if (second !== undefined) {
        const names = `${JSON.stringify(selector.name)} or ${JSON.stringify(second.operand)}`;
        throw this.error(selector.from, `metric name must not be set twice: ${names}`);
      }
    } else if (selector.matchers.every((matcher) => matcher.matches(''))) {
      throw this.error(selector.from, 'vector selector must contain at least one non-empty matcher');
    }
  }

  private checkBinary(expr: Binary): void {
    this.check(expr.left);
    this.check(expr.right);
    const left = typeOf(expr.left);
    const right = typeOf(expr.right);
    const { operator, matching } = expr;
    if (expr.returnBool && !isComparison(operator)) {
      throw this.error(expr.operatorFrom, 'bool modifier can only be used on comparison operators');
    }
    if (isComparison(operator) && !expr.returnBool && left === 'scalar' && right === 'scalar') {
      throw this.error(expr.operatorFrom, 'comparisons between scalars must use BOOL modifier');
    }
    const both = matching.on ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
    if (both !== undefined) {
      throw this.error(expr.operatorFrom, `label ${JSON.stringify(both)} must not occur in ON and GROUP clause at once`);
    }
    if (left !== 'scalar' && left !== 'vector') {
      throw this.error(expr.left.from, 'binary expression must contain only scalar and instant vector types');
    }
    if (right !== 'scalar' && right !== 'vector') {
      throw this.error(expr.right.from, 'binary expression must contain only scalar and instant vector types');
    }
    if (left === 'scalar' || right === 'scalar') {
      if (matching.labels.length > 0) throw this.error(expr.from, 'vector matching only allowed between instant vectors');
      if (isSetOperator(operator)) {
        throw this.error(expr.from, `set operator ${JSON.stringify(operator)} not allowed in binary scalar expression`);
      }
    } else if (isSetOperator(operator) && matching.cardinality !== 'one-to-one') {
      throw this.error(expr.from, `no grouping allowed for ${JSON.stringify(operator)} operation`);
    }
  }

  private checkCall(call: Call): void {
    const signature = SIGNATURES.get(call.name);
    if (signature === undefined) throw this.error(call.from, `unknown function with name ${JSON.stringify(call.name)}`);
    const { args, variadic } = signature;
    const given = call.args.length;
    const named = JSON.stringify(call.name);
    if (variadic === 0 && given !== args.length) {
      throw this.error(call.from, `expected ${args.length} argument(s) in call to ${named}, got ${given}`);
    }
    const least = args.length - 1;
    if (variadic !== 0 && given < least) {
      throw this.error(call.from, `expected at least ${least} argument(s) in call to ${named}, got ${given}`);
    }
    if (variadic > 0 && given > least + variadic) {
      throw this.error(call.from, `expected at most ${least + variadic} argument(s) in call to ${named}, got ${given}`);
    }
    call.args.forEach((arg, i) => {
      const wanted = args[Math.min(i, args.length - 1)];
      if (wanted !== undefined) this.expectType(arg, wanted, `call to function ${named}`);
    });
  }
}

/** Throws QueryError (bad_data) when the expression breaks a typing rule of PromQL. */
export function checkTypes(expr: Expr, query: string): void {
  new Checker(query).check(expr);
}
