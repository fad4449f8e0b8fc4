// What the parts of the evaluator share: the query's steps and rules, and a way to evaluate a sub-expression.
import type { Labels } from '../storage/labels';
import type { SampleBuffer } from '../storage/sample-buffer';
import type { SeriesStore } from '../store';
import type { Matrix } from './matrix';
import { QueryError } from './query-error';
import type { Expr, Subquery, VectorSelector } from './syntax';

export interface EvaluationRules {
  /** How far back an instant selector looks for the last sample. */
  readonly lookbackMs: number;
  /** Resolution of subqueries that name none. */
  readonly subqueryStepMs: number;
  /** Prometheus 3: ranges and lookback exclude their left end; 2.x includes it. */
  readonly leftOpenRanges: boolean;
  /** True once the query's time is up. */
  readonly isExpired: () => boolean;
}

/** One evaluation: steps at startMs, startMs + stepMs, …; `evaluate` yields the value of an expression at each. */
export interface Scope {
  readonly store: SeriesStore;
  readonly rules: EvaluationRules;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly steps: number;
  readonly evaluate: (expr: Expr) => Matrix;
  /** The same evaluation over other times: a subquery's steps, or a single step. */
  readonly at: (startMs: number, endMs: number, stepMs: number) => Scope;
}

/** One series of a range vector: its labels, and a reader of the samples in a closed time span. */
export interface RangeSource {
  readonly labels: Labels;
  read(fromMs: number, toMs: number, buffer: SampleBuffer): void;
}

export interface RangeVector {
  readonly sources: readonly RangeSource[];
  readonly rangeMs: number;
  readonly offsetMs: number;
}

/** Series between two looks at the clock. */
export const EXPIRY_CHECK_INTERVAL = 512;

export function refuseWhenExpired(rules: EvaluationRules): void {
  if (rules.isExpired()) throw new QueryError('timeout', 'query timed out in expression evaluation');
}

/** Earliest timestamp inside a range that begins at `startMs` (timestamps are whole milliseconds). */
export function firstInside(rules: EvaluationRules, startMs: number): number {
  return rules.leftOpenRanges ? startMs + 1 : startMs;
}

/** How far a selector looks back; a fixed time (@) is an offset from the start of the evaluation. */
export function offsetOf(scope: Scope, expr: VectorSelector | Subquery): number {
  return expr.at?.kind === 'time' ? expr.offsetMs + scope.startMs - expr.at.timestampMs : expr.offsetMs;
}
