// Before evaluation: @ start() and @ end() become times, and every part that cannot change from step to step is wrapped
// so that it is evaluated once (Prometheus' PreprocessExpr).
// In: a parsed tree, the query's start and end. Out: a new tree.
import { STEP_DEPENDENT_FUNCTIONS } from './signatures';
import type { AtModifier, Expr } from './syntax';

interface Resolved {
  readonly expr: Expr;
  readonly isInvariant: boolean;
}

function wrapped({ expr, isInvariant }: Resolved): Expr {
  return isInvariant ? { kind: 'invariant', expr, from: expr.from } : expr;
}

class Resolver {
  private readonly startMs: number;
  private readonly endMs: number;

  constructor(startMs: number, endMs: number) {
    this.startMs = startMs;
    this.endMs = endMs;
  }

  resolve(expr: Expr): Resolved {
    switch (expr.kind) {
      case 'number':
      case 'string':
        return { expr, isInvariant: true };
      case 'selector': {
        const at = this.time(expr.at);
        return { expr: { ...expr, at }, isInvariant: at !== undefined };
      }
      case 'range': {
        const at = this.time(expr.selector.at);
        return { expr: { ...expr, selector: { ...expr.selector, at } }, isInvariant: at !== undefined };
      }
      case 'paren':
      case 'unary':
      case 'invariant': {
        const inner = this.resolve(expr.expr);
        return { expr: { ...expr, expr: inner.expr }, isInvariant: inner.isInvariant };
      }
      case 'subquery': {
        // The inside is wrapped even when the subquery itself is fixed: its own steps need it once.
        const at = this.time(expr.at);
        return { expr: { ...expr, expr: wrapped(this.resolve(expr.expr)), at }, isInvariant: at !== undefined };
      }
      case 'aggregate': {
        // As in Prometheus, the parameter does not take part in the decision.
        const inner = this.resolve(expr.expr);
        const parameter = expr.parameter === undefined ? undefined : this.resolve(expr.parameter).expr;
        return { expr: { ...expr, expr: inner.expr, parameter }, isInvariant: inner.isInvariant };
      }
      case 'binary': {
        const left = this.resolve(expr.left);
        const right = this.resolve(expr.right);
        if (left.isInvariant && right.isInvariant) return { expr: { ...expr, left: left.expr, right: right.expr }, isInvariant: true };
        return { expr: { ...expr, left: wrapped(left), right: wrapped(right) }, isInvariant: false };
      }
      case 'call': {
        const args = expr.args.map((arg) => this.resolve(arg));
        if (!STEP_DEPENDENT_FUNCTIONS.has(expr.name) && args.every((arg) => arg.isInvariant)) {
          return { expr: { ...expr, args: args.map((arg) => arg.expr) }, isInvariant: true };
        }
        return { expr: { ...expr, args: args.map(wrapped) }, isInvariant: false };
      }
    }
  }

  private time(at: AtModifier | undefined): AtModifier | undefined {
    if (at === undefined) return undefined;
    switch (at.kind) {
      case 'time':
        return at;
      case 'start':
        return { kind: 'time', timestampMs: this.startMs };
      case 'end':
        return { kind: 'time', timestampMs: this.endMs };
    }
  }
}

/** Resolves @ modifiers against the query's time range and marks step-invariant parts. */
export function resolveAt(expr: Expr, startMs: number, endMs: number): Expr {
  return wrapped(new Resolver(startMs, endMs).resolve(expr));
}
