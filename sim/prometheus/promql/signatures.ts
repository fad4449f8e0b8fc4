// The functions of PromQL 2.42: argument types, optional arguments, result type (Prometheus' promql/parser/functions.go).
import type { ValueType } from './syntax';

export interface Signature {
  readonly args: readonly ValueType[];
  /** 0: exactly args; n > 0: the last argument is optional (up to n); -1: the last may be absent or repeated. */
  readonly variadic: number;
  readonly returns: ValueType;
}

function signature(args: readonly ValueType[], variadic = 0, returns: ValueType = 'vector'): Signature {
  return { args, variadic, returns };
}

const VECTOR_FUNCTIONS = [
  ...['abs', 'absent', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'cos', 'cosh', 'deg', 'exp', 'floor', 'ln', 'log10'],
  ...['log2', 'rad', 'sgn', 'sin', 'sinh', 'sort', 'sort_desc', 'sqrt', 'tan', 'tanh', 'timestamp', 'histogram_count', 'histogram_sum'],
];

const RANGE_FUNCTIONS = [
  ...['absent_over_time', 'avg_over_time', 'changes', 'count_over_time', 'delta', 'deriv', 'idelta', 'increase', 'irate', 'last_over_time'],
  ...['max_over_time', 'min_over_time', 'present_over_time', 'rate', 'resets', 'stddev_over_time', 'stdvar_over_time', 'sum_over_time'],
];

const DATE_FUNCTIONS = ['days_in_month', 'day_of_month', 'day_of_week', 'day_of_year', 'hour', 'minute', 'month', 'year'];

export const SIGNATURES: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ...VECTOR_FUNCTIONS.map((name): [string, Signature] => [name, signature(['vector'])]),
  ...RANGE_FUNCTIONS.map((name): [string, Signature] => [name, signature(['matrix'])]),
  ...DATE_FUNCTIONS.map((name): [string, Signature] => [name, signature(['vector'], 1)]),
  ['clamp', signature(['vector', 'scalar', 'scalar'])],
  ['clamp_max', signature(['vector', 'scalar'])],
  ['clamp_min', signature(['vector', 'scalar'])],
  ['histogram_fraction', signature(['scalar', 'scalar', 'vector'])],
  ['histogram_quantile', signature(['scalar', 'vector'])],
  ['holt_winters', signature(['matrix', 'scalar', 'scalar'])],
  ['label_replace', signature(['vector', 'string', 'string', 'string', 'string'])],
  ['label_join', signature(['vector', 'string', 'string', 'string'], -1)],
  ['pi', signature([], 0, 'scalar')],
  ['predict_linear', signature(['matrix', 'scalar'])],
  ['quantile_over_time', signature(['scalar', 'matrix'])],
  ['round', signature(['vector', 'scalar'], 1)],
  ['scalar', signature(['vector'], 0, 'scalar')],
  ['time', signature([], 0, 'scalar')],
  ['vector', signature(['scalar'])],
]);

/**
 * Functions whose result changes with the evaluation time even if their arguments do not
 * (AtModifierUnsafeFunctions in Prometheus): never evaluated only once.
 */
export const STEP_DEPENDENT_FUNCTIONS: ReadonlySet<string> = new Set([...DATE_FUNCTIONS, 'predict_linear', 'time', 'timestamp']);
