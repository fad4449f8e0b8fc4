// Requests per second into every namespace over the last half hour, for the sparklines of the overview.
// In: traffic of each refresh; once, a range query for the time before. Out: ChartPoint[] by namespace.
import { UNKNOWN } from '../../model/traffic';
import type { ChartPoint } from '../../model/wire';
import type { PreparedTraffic } from '../graph/memory';
import { inboundRates } from '../graph/namespaces';
import { round4 } from '../graph/round';
import type { MetricsSource } from '../ports';

const KEEP_SECONDS = 1800;
const STEP_SECONDS = 60;
/** Points closer than this to the last one are left out: a sparkline has no use for them. */
const MIN_GAP_SECONDS = 20;
const MAX_POINTS = 90;

export class RecentTraffic {
  readonly #points = new Map<string, ChartPoint[]>();
  #lastSeconds = 0;
  #seeded = false;

  /** Adds a refresh that covers all namespaces. */
  note(traffic: PreparedTraffic): void {
    const seconds = Math.floor(traffic.index.snapshot.atMs / 1000);
    if (seconds - this.#lastSeconds < MIN_GAP_SECONDS) return;
    this.#lastSeconds = seconds;
    const rates = inboundRates(traffic);
    for (const namespace of rates.keys()) if (!this.#points.has(namespace)) this.#points.set(namespace, []);
    for (const [namespace, points] of this.#points) {
      points.push([seconds, round4(rates.get(namespace) ?? 0)]);
      this.#trim(namespace, points, seconds);
    }
  }

  #trim(namespace: string, points: ChartPoint[], seconds: number): void {
    while (points.length > MAX_POINTS || (points[0]?.[0] ?? seconds) < seconds - KEEP_SECONDS) points.shift();
    if (points.every(([, rate]) => rate === 0)) this.#points.delete(namespace);
  }

  /**
   * Reads the half hour before the first refresh, once. What fails is tried again at the next call; the sparklines grow meanwhile.
   * Only what destinations report is counted, which is all but what never reached one.
   */
  async seed(
    source: Pick<MetricsSource, 'fetchRange'>,
    nowMs: number,
    windowSeconds: number,
    options: { readonly signal: AbortSignal; readonly deadlineMs: number },
  ): Promise<void> {
    if (this.#seeded) return;
    this.#seeded = true;
    const promql = `sum by (destination_workload_namespace) (rate(istio_requests_total{reporter=~"destination|waypoint"}[${windowSeconds}s]))`;
    const endMs = Math.floor(nowMs / 60_000) * 60_000;
    try {
      const series = await source.fetchRange(promql, endMs - KEEP_SECONDS * 1000, endMs, STEP_SECONDS, {
        ...options,
        cause: { kind: 'overview', windowSeconds: null },
      });
      for (const { labels, points } of series) {
        const namespace = labels['destination_workload_namespace'] ?? '';
        if (namespace === '' || namespace === UNKNOWN) continue;
        const own = this.#points.get(namespace) ?? [];
        const first = own[0]?.[0] ?? Number.POSITIVE_INFINITY;
        const before = points
          .filter(([at, value]) => at < first - MIN_GAP_SECONDS && Number.isFinite(value))
          .map(([at, value]): ChartPoint => [at, round4(value)]);
        this.#points.set(namespace, [...before, ...own].slice(-MAX_POINTS));
      }
    } catch {
      // The overview does not need it; the metrics' own failure is told by the freshness.
      this.#seeded = false;
    }
  }

  /** Oldest first; empty where nothing is known. */
  of(namespace: string): readonly ChartPoint[] {
    return [...(this.#points.get(namespace) ?? [])];
  }
}
