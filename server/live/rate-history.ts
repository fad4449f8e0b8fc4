// The strip of rates over which a replay is scrubbed, of all that its reader sees. In: namespaces, a range. Out: RateHistoryDocument. Equal
// questions within a refresh, and those under way, share one answer.
import type { RateHistoryDocument } from '../../model/replay';
import type { Clock, MetricsCapabilities, MetricsSource } from '../ports';
import { buildRatesQuery, planRates, sumRates } from '../telemetry/mesh-rates';
import { Lru } from './lru';

export interface RateHistoryOptions {
  readonly metrics: Pick<MetricsSource, 'fetchRange'>;
  readonly clock: Clock;
  readonly capabilities: () => MetricsCapabilities | null;
  readonly deadlineMs: number;
}

export interface RateHistoryRequest {
  /** Namespaces of which traffic is counted that comes from, goes to or aims at them; null = all. */
  readonly namespaces: readonly string[] | null;
  readonly rangeSeconds: number;
  /** Null = now. */
  readonly toSeconds: number | null;
}

const MAX_KEPT = 60;
/** The newest point is of samples that are all there. */
const SETTLE_MS = 5_000;

export class RateHistory {
  readonly #options: RateHistoryOptions;
  readonly #kept = new Lru<Promise<RateHistoryDocument>>(MAX_KEPT, MAX_KEPT);

  constructor(options: RateHistoryOptions) {
    this.#options = options;
  }

  /** @throws Failure of the backend */
  fetch({ namespaces, rangeSeconds, toSeconds }: RateHistoryRequest, signal: AbortSignal): Promise<RateHistoryDocument> {
    const { metrics, clock, capabilities, deadlineMs } = this.#options;
    const latestMs = clock.now() - SETTLE_MS;
    const endMs = toSeconds === null ? latestMs : Math.min(toSeconds * 1000, latestMs);
    const range = planRates(endMs, rangeSeconds, capabilities()?.scrapeIntervalSeconds ?? null);
    const about = { fromMs: range.startMs, toMs: range.endMs, stepSeconds: range.stepSeconds };
    // Who sees nothing has no rates; an empty list would ask for everything.
    if (namespaces !== null && namespaces.length === 0) return Promise.resolve({ ...about, ...sumRates([], range), promql: [] });
    const promql = buildRatesQuery(namespaces, range.rateWindowSeconds);
    const key = JSON.stringify([promql, range.startMs, range.endMs, range.stepSeconds]);
    const kept = this.#kept.read(key);
    if (kept !== null) return kept;
    const answer = metrics
      .fetchRange(promql, range.startMs, range.endMs, range.stepSeconds, {
        signal,
        deadlineMs,
        cause: { kind: 'replay', windowSeconds: null },
      })
      .then((series) => ({ ...about, ...sumRates(series, range), promql: [promql] }));
    this.#kept.write(key, answer, 1);
    answer.catch(() => {
      // A failure is not kept: the next one asks again.
      if (this.#kept.read(key) === answer) this.#kept.forget(key);
    });
    return answer;
  }
}
