// Range queries that several readers share: equal questions within a step, and those under way, have one answer. In: PromQL, a grid. Out: series.
// Also which metrics there are at all.
import type { QueryCause } from '../../model/load';
import { listMetrics } from '../dashboards/metric-names';
import type { RangeGrid } from '../dashboards/range';
import type { Clock, MetricsSource, RangeSeries } from '../ports';
import { Lru } from './lru';

export interface KeptRangesParts {
  readonly metrics: Pick<MetricsSource, 'fetchRange'>;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly keepMs: number;
  readonly cause: QueryCause['kind'];
}

const MAX_KEPT = 400;

/** One instant, to whole seconds: asked as a range of one step, whose answer may have any labels. */
export function instant(seconds: number): RangeGrid {
  const at = Math.floor(seconds);
  return { fromSeconds: at, toSeconds: at, stepSeconds: 1 };
}

export class KeptRanges {
  readonly #parts: KeptRangesParts;
  readonly #kept = new Lru<{ readonly untilMs: number; readonly answer: Promise<readonly RangeSeries[]> }>(MAX_KEPT, MAX_KEPT);

  constructor(parts: KeptRangesParts) {
    this.#parts = parts;
  }

  /** @throws Failure metrics* */
  ask(promql: string, { fromSeconds, toSeconds, stepSeconds }: RangeGrid, signal: AbortSignal): Promise<readonly RangeSeries[]> {
    const { metrics, clock, deadlineMs, keepMs, cause } = this.#parts;
    const key = JSON.stringify([promql, fromSeconds, toSeconds, stepSeconds]);
    const kept = this.#kept.read(key);
    if (kept !== null && kept.untilMs > clock.now()) return kept.answer;
    const answer = metrics.fetchRange(promql, fromSeconds * 1000, toSeconds * 1000, stepSeconds, {
      signal,
      deadlineMs,
      cause: { kind: cause, windowSeconds: null },
    });
    const entry = { untilMs: clock.now() + keepMs, answer };
    this.#kept.write(key, entry, 1);
    answer.catch(() => {
      // A failure is not kept: the next one asks again.
      if (this.#kept.read(key) === entry) this.#kept.write(key, { untilMs: 0, answer }, 1);
    });
    return answer;
  }

  /** Metrics of some PromQL without a single series; by exact names, since not every backend matches names by pattern. @throws Failure metrics* */
  findMissing(promql: readonly string[], atSeconds: number, signal: AbortSignal): Promise<readonly string[]> {
    return this.findMissingOf([...new Set(promql.flatMap(listMetrics))], atSeconds, signal);
  }

  /** The same of metrics by name. @throws Failure metrics* */
  async findMissingOf(names: readonly string[], atSeconds: number, signal: AbortSignal): Promise<readonly string[]> {
    if (names.length === 0) return [];
    const promql = names.map((name) => `label_replace(group(${name}), "metric", "${name}", "", "")`).join(' or ');
    const there = new Set((await this.ask(promql, instant(atSeconds), signal)).map(({ labels }) => labels['metric']));
    return names.filter((name) => !there.has(name));
  }
}
