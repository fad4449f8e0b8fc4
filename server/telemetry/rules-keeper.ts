// Whether recorded series may be read: found by their marker, looked at again with every snapshot, never used when they are older than two
// and a half intervals. In: MetricsSource, instants. Out: RulesAt. Never throws: what cannot be told is not used.
import type { Clock, MetricsSource, QueryCause, RangeRequest, VectorQuery } from '../ports';
import { RECORDED_WINDOW_SECONDS } from './edge-sums';
import type { QueryPlan } from './queries';
import { MARKER, RULES_VERSION } from './rules';

/** Evaluation of a group that can be used. */
export interface RuleUse {
  readonly evaluatedMs: number;
  readonly intervalSeconds: number;
}

/** What may be read recorded at one instant; null: compute it. */
export interface RulesAt {
  readonly edges: RuleUse | null;
  readonly latency: RuleUse | null;
}

const NONE: RulesAt = { edges: null, latency: null };
/** Evaluations that may be missed before what is recorded counts as old. */
const FRESH_INTERVALS = 2.5;
/** Where there are no rules they are looked for this often. */
const SEARCH_MS = 60_000;
const DEADLINE_MS = 2000;
/** The first graph waits no longer than this to know. */
const FIRST_DEADLINE_MS = 250;

const QUERY: VectorQuery = {
  name: 'rules',
  promql: `time() - timestamp(${MARKER}{version="${RULES_VERSION}"})`,
  labels: ['group', 'interval'],
};

/** Where there is none: everything is computed. */
export const recordedBy = (rules: RulesAt): NonNullable<QueryPlan['recorded']> => ({
  edges: rules.edges !== null,
  latency: rules.latency !== null,
});

export class RulesKeeper {
  readonly #source: Pick<MetricsSource, 'fetchVector' | 'fetchRangeColumns'>;
  readonly #clock: Pick<Clock, 'now'>;
  #found: boolean | null = null;
  #searchedMs = Number.NEGATIVE_INFINITY;

  constructor(source: Pick<MetricsSource, 'fetchVector' | 'fetchRangeColumns'>, clock: Pick<Clock, 'now'>) {
    this.#source = source;
    this.#clock = clock;
  }

  /**
   * At which steps of a range the sums by edge may be read recorded; null where there are no rules. Costs a query where there are any.
   * @throws nothing
   */
  async over(windowSeconds: number, range: RangeRequest, signal: AbortSignal, cause: QueryCause): Promise<readonly boolean[] | null> {
    const now = await this.at(windowSeconds, this.#clock.now(), signal, cause);
    if (now.edges === null && this.#found !== true) return null;
    try {
      const { labels, values, steps } = await this.#source.fetchRangeColumns(QUERY, range, { signal, deadlineMs: DEADLINE_MS, cause });
      const rows = labels.flatMap(([group, interval], row) => (group === 'edges' ? [{ row, interval: Number(interval) }] : []));
      return Array.from({ length: steps }, (_, step) => {
        const isFresh = ({ row, interval }: (typeof rows)[number]): boolean =>
          (values[row * steps + step] ?? Number.NaN) <= interval * FRESH_INTERVALS;
        return rows.length > 0 && rows.every(isFresh);
      });
    } catch {
      return null;
    }
  }

  /** What may be read recorded for a window that ends at an instant. */
  async at(windowSeconds: number, atMs: number, signal: AbortSignal, cause?: QueryCause): Promise<RulesAt> {
    if (windowSeconds !== RECORDED_WINDOW_SECONDS) return NONE;
    const now = this.#clock.now();
    if (this.#found === false && now - this.#searchedMs < SEARCH_MS) return NONE;
    this.#searchedMs = now;
    try {
      const deadlineMs = this.#found === true ? DEADLINE_MS : FIRST_DEADLINE_MS;
      const vector = await this.#source.fetchVector(QUERY, atMs, { signal, deadlineMs, ...(cause === undefined ? {} : { cause }) });
      this.#found = vector.count > 0;
      const uses = new Map<string, RuleUse>();
      vector.slots.forEach((slot, i) => {
        const [group = '', interval = ''] = vector.labelsOf(slot);
        const use = { evaluatedMs: Math.round(atMs - (vector.values[i] ?? 0) * 1000), intervalSeconds: Number(interval) };
        // Of several evaluators of the same rules the one that is furthest behind counts: series of both are read.
        const before = uses.get(group);
        if (before === undefined || use.evaluatedMs < before.evaluatedMs) uses.set(group, use);
      });
      const fresh = (group: string): RuleUse | null => {
        const use = uses.get(group);
        if (use === undefined || !(use.intervalSeconds > 0)) return null;
        return atMs - use.evaluatedMs <= use.intervalSeconds * 1000 * FRESH_INTERVALS ? use : null;
      };
      return { edges: fresh('edges'), latency: fresh('latency') };
    } catch {
      // The base itself will say what is wrong with the backend.
      this.#found ??= false;
      return NONE;
    }
  }
}
