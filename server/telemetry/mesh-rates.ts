// Requests and errors per second of a whole mesh, or of some namespaces, over time: one range query and what its answer adds up to. Pure.
// In: namespaces, a range. Out: PromQL, points. Counted is what callees and waypoints report, and of callers what reached no workload.
import type { ChartPoint } from '../../model/wire';
import type { LabelledSeries } from './charts';
import { isErrorResponse } from './charts';
import { is, isOneOf, type Matchers, sumOfRates, withLabel } from './promql';
import { buildNamespaceSelectors } from './queries';

export interface RatesRange {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepSeconds: number;
  readonly rateWindowSeconds: number;
}

/** A strip is as fine as a screen shows it: mesh-wide rates cost the backend something at every point. */
const MAX_POINTS = 90;
const STEPS_SECONDS = [15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800];

/** Points up to `endMs` on whole multiples of a round step. */
export function planRates(endMs: number, rangeSeconds: number, scrapeIntervalSeconds: number | null): RatesRange {
  const scrape = scrapeIntervalSeconds ?? 15;
  const finest = Math.max(scrape, rangeSeconds / MAX_POINTS);
  const stepSeconds = STEPS_SECONDS.find((step) => step >= finest) ?? Math.ceil(finest / 3600) * 3600;
  const stepMs = stepSeconds * 1000;
  const end = Math.floor(endMs / stepMs) * stepMs;
  const steps = Math.max(1, Math.floor(rangeSeconds / stepSeconds));
  return { startMs: end - steps * stepMs, endMs: end, stepSeconds, rateWindowSeconds: Math.max(60, scrape * 4, stepSeconds) };
}

const LABELS = ['request_protocol', 'response_code', 'grpc_response_status'] as const;
const REPORTS: readonly Matchers[] = [
  [isOneOf('reporter', ['destination', 'waypoint'])],
  [is('reporter', 'source'), isOneOf('destination_workload', ['unknown', ''])],
];

/** Null namespaces: the whole mesh. */
export function buildRatesQuery(namespaces: readonly string[] | null, windowSeconds: number): string {
  const selectors = REPORTS.flatMap((report) => buildNamespaceSelectors(namespaces).map((own) => [...own, ...report]));
  // Each selector's sums keep apart from the others' by a label of their own: they may have equal codes.
  return selectors
    .map((own, i) => withLabel(sumOfRates('istio_requests_total', [own], LABELS, windowSeconds), 'part', String(i)))
    .join(' or ');
}

export interface MeshRates {
  readonly requests: readonly ChartPoint[];
  readonly errors: readonly ChartPoint[];
}

/** Sums at every step of the range; null where no series has a point. */
export function sumRates(series: readonly LabelledSeries[], range: RatesRange): MeshRates {
  const stepMs = range.stepSeconds * 1000;
  const size = Math.round((range.endMs - range.startMs) / stepMs) + 1;
  const requests = new Float64Array(size).fill(Number.NaN);
  const errors = new Float64Array(size);
  for (const { labels, points } of series) {
    const isError = isErrorResponse(labels);
    for (const [seconds, value] of points) {
      const place = Math.round((seconds * 1000 - range.startMs) / stepMs);
      if (place < 0 || place >= size || !Number.isFinite(value)) continue;
      const sum = requests[place] ?? Number.NaN;
      requests[place] = (Number.isNaN(sum) ? 0 : sum) + value;
      if (isError) errors[place] = (errors[place] ?? 0) + value;
    }
  }
  const draw = (values: Float64Array): readonly ChartPoint[] =>
    Array.from(
      values,
      (value, place): ChartPoint => [
        range.startMs / 1000 + place * range.stepSeconds,
        Number.isNaN(requests[place] ?? Number.NaN) ? null : Math.round(value * 1000) / 1000,
      ],
    );
  return { requests: draw(requests), errors: draw(errors) };
}
