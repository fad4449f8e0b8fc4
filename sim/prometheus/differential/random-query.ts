// Grammar-directed random queries. Prometheus adds the rows of an intermediate result in no particular order, so the last bit
// of a sum may differ from run to run; the generator therefore tracks which values are exact and feeds only those to
// operators that would turn a last bit into a different answer (comparison, rounding, counting of changes, …).
import type { Random } from './random';

interface Vector {
  readonly text: string;
  /** The same bits in every run. */
  readonly isExact: boolean;
  /** Rows come in storage order, so sums over them are exact too. */
  readonly isOrdered: boolean;
}

const SELECTORS = [
  'temperature',
  'humidity',
  'odd_gauge',
  'odd_counter_total',
  'flapping',
  'temperature{floor="1"}',
  'temperature{room=~"a|c"}',
  'odd_gauge{case!~"nan|inf"}',
  'envoy_server_uptime',
  'short_lived',
  'istio_requests_total{reporter="destination"}',
  'istio_requests_total{response_code!~"5..|0"}',
  'istio_tcp_sent_bytes_total',
  'up',
] as const;
const RANGES = ['1m', '95s', '2m30s', '5m', '12m', '17s'] as const;
const MODIFIERS = ['', '', '', ' offset 1m', ' offset -40s', ' @ 1700000777', ' @ start()', ' @ end() offset 2m'] as const;
const EXACT_RANGE_FUNCTIONS = [
  ...(['rate', 'increase', 'delta', 'irate', 'idelta', 'changes', 'resets', 'min_over_time', 'max_over_time', 'sum_over_time'] as const),
  ...(['avg_over_time', 'count_over_time', 'last_over_time', 'present_over_time', 'stddev_over_time', 'deriv'] as const),
] as const;
const SMOOTH_RANGE_FUNCTIONS = [
  'min_over_time',
  'max_over_time',
  'sum_over_time',
  'avg_over_time',
  'last_over_time',
  'count_over_time',
] as const;
const EXACT_POINTWISE = ['abs', 'ceil', 'floor', 'sgn', 'round', 'sqrt'] as const;
const SMOOTH_POINTWISE = ['exp', 'ln', 'atan', 'tanh', 'deg', 'abs', 'sqrt', 'sinh'] as const;
const GROUPINGS = [
  '',
  ' by (floor)',
  ' by (room, floor)',
  ' without (room)',
  ' by (reporter, response_code)',
  ' without (pod, instance)',
  ' by (case)',
] as const;
const CONSTANTS = ['2', '0.5', '-3', '17.3', '1e3', '0.25', '7'] as const;
const MATCHINGS = [
  '',
  '',
  ' on(room, floor)',
  ' on(floor)',
  ' ignoring(room)',
  ' on(pod)',
  ' on(floor) group_left',
  ' ignoring(case) group_right',
] as const;

export class QueryGenerator {
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  /** A query of an instant vector, at most `depth` operators deep. */
  next(depth: number): string {
    return this.vector(depth).text;
  }

  private vector(depth: number): Vector {
    if (depth <= 0) return this.leaf();
    switch (this.random.below(9)) {
      case 0:
        return this.leaf();
      case 1:
      case 2:
        return this.aggregate(depth);
      case 3:
        return this.pointwise(depth);
      case 4:
        return this.withScalar(depth);
      case 5:
        return this.binary(depth);
      case 6:
        return this.set(depth);
      case 7:
        return this.subquery(depth);
      default:
        return this.relabelled(depth);
    }
  }

  private leaf(): Vector {
    const { random } = this;
    const selector = random.pick(SELECTORS);
    const modifier = random.pick(MODIFIERS);
    if (random.below(2) === 0) return { text: `${selector}${modifier}`, isExact: true, isOrdered: true };
    const fn = random.pick(EXACT_RANGE_FUNCTIONS);
    return { text: `${fn}(${selector}[${random.pick(RANGES)}]${modifier})`, isExact: true, isOrdered: true };
  }

  private aggregate(depth: number): Vector {
    const { random } = this;
    const inner = this.vector(depth - 1);
    const grouping = random.pick(GROUPINGS);
    const isSummable = inner.isExact && inner.isOrdered;
    const operator = isSummable
      ? random.pick(['sum', 'avg', 'stddev', 'stdvar', 'min', 'max', 'count', 'group', 'quantile'])
      : random.pick(['sum', 'avg', 'min', 'max', 'count']);
    if (operator === 'quantile')
      return { text: `quantile${grouping} (${random.pick(['0.1', '0.5', '0.9'])}, ${inner.text})`, isExact: true, isOrdered: false };
    const isSum = operator === 'sum' || operator === 'avg' || operator === 'stddev' || operator === 'stdvar';
    return { text: `${operator}${grouping} (${inner.text})`, isExact: isSum ? isSummable : inner.isExact, isOrdered: false };
  }

  private pointwise(depth: number): Vector {
    const inner = this.vector(depth - 1);
    if (inner.isExact && this.random.below(2) === 0)
      return { text: `${this.random.pick(EXACT_POINTWISE)}(${inner.text})`, isExact: true, isOrdered: false };
    return { text: `${this.random.pick(SMOOTH_POINTWISE)}(${inner.text})`, isExact: false, isOrdered: false };
  }

  private withScalar(depth: number): Vector {
    const { random } = this;
    const inner = this.vector(depth - 1);
    const operator = inner.isExact
      ? random.pick(['+', '-', '*', '/', '%', '>', '<=', '== bool', '>= bool', '!='])
      : random.pick(['+', '-', '*', '/']);
    const constant = random.pick(CONSTANTS);
    const text = random.below(3) === 0 ? `(${constant} ${operator} ${inner.text})` : `(${inner.text} ${operator} ${constant})`;
    return { text, isExact: inner.isExact, isOrdered: false };
  }

  private binary(depth: number): Vector {
    const { random } = this;
    const left = this.vector(depth - 1);
    const right = this.vector(depth - 1);
    const isExact = left.isExact && right.isExact;
    const operator = isExact ? random.pick(['+', '-', '*', '/', '>', '<', '== bool', '<= bool']) : random.pick(['+', '-', '*', '/']);
    return { text: `(${left.text} ${operator}${random.pick(MATCHINGS)} ${right.text})`, isExact, isOrdered: false };
  }

  private set(depth: number): Vector {
    const { random } = this;
    const left = this.vector(depth - 1);
    const right = this.vector(depth - 1);
    const matching = random.pick(['', ' on(room)', ' on(floor)', ' ignoring(room)', ' on()']);
    return {
      text: `(${left.text} ${random.pick(['and', 'or', 'unless'])}${matching} ${right.text})`,
      isExact: left.isExact && right.isExact,
      isOrdered: false,
    };
  }

  private subquery(depth: number): Vector {
    const { random } = this;
    const inner = this.vector(depth - 1);
    const fn = inner.isExact ? random.pick(EXACT_RANGE_FUNCTIONS) : random.pick(SMOOTH_RANGE_FUNCTIONS);
    const text = `${fn}((${inner.text})[${random.pick(['2m', '5m', '10m'])}:${random.pick(['', '30s', '47s'])}])`;
    return { text, isExact: inner.isExact, isOrdered: false };
  }

  private relabelled(depth: number): Vector {
    const inner = this.vector(depth - 1);
    const text = this.random.pick([
      `label_replace(${inner.text}, "place", "$1", "room", "(a|b)")`,
      `label_join(${inner.text}, "place", "/", "floor", "room")`,
      `-(${inner.text})`,
      `(${inner.text})`,
      `clamp_max(${inner.text}, 21.3)`,
      `clamp(${inner.text}, -4, 900)`,
    ]);
    return { text, isExact: inner.isExact, isOrdered: false };
  }
}
