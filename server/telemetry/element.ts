// The history of one node or edge and the principals of an edge, read on demand. In: MetricsSource, selectors. Out: charts, principals.
import type { ElementChart, ElementDocument } from '../../model/wire';
import type { MetricsSource } from '../ports';
import { buildCharts, type ChartDirection, type ElementAnswer } from './charts';
import { buildElementQueries, buildPrincipalsQuery, type ElementQueryId, planRange, type TrafficSelector } from './drilldown';

export interface ChartsRequest {
  /** Directions to draw: a node has an inbound and an outbound selector, an edge one. */
  readonly traffic: readonly { readonly direction: ChartDirection; readonly selector: TrafficSelector }[];
  readonly endMs: number;
  readonly rangeSeconds: number;
  readonly scrapeIntervalSeconds: number | null;
  readonly deadlineMs: number;
}

/** Charts of the last `rangeSeconds`; empty without traffic. @throws Failure if any query fails. */
export async function fetchElementCharts(
  source: Pick<MetricsSource, 'fetchRange'>,
  request: ChartsRequest,
  signal: AbortSignal,
): Promise<readonly ElementChart[]> {
  const { deadlineMs } = request;
  const range = planRange(request.endMs, request.rangeSeconds, request.scrapeIntervalSeconds);
  const directions = await Promise.all(
    request.traffic.map(async ({ direction, selector }) => {
      const queries = buildElementQueries(selector, range.rateWindowSeconds);
      const answers = await Promise.all(
        queries.map(async ({ id, promql }): Promise<readonly [ElementQueryId, ElementAnswer]> => {
          const series = await source.fetchRange(promql, range.startMs, range.endMs, range.stepSeconds, {
            signal,
            deadlineMs,
            cause: { kind: 'charts', windowSeconds: null },
          });
          return [id, { promql, series }];
        }),
      );
      return buildCharts(new Map(answers), range, direction);
    }),
  );
  return directions.flat();
}

export interface PrincipalsRequest {
  readonly traffic: TrafficSelector;
  readonly atMs: number;
  readonly windowSeconds: number;
  readonly deadlineMs: number;
}

/** Pairs of SPIFFE ids (or `unknown`) with requests (TCP: bytes) per second, largest first; by the callee's side where it reports. */
export async function fetchPrincipals(
  source: Pick<MetricsSource, 'fetchVector'>,
  request: PrincipalsRequest,
  signal: AbortSignal,
): Promise<NonNullable<ElementDocument['principals']>> {
  const { atMs, deadlineMs } = request;
  const query = { name: 'principals', ...buildPrincipalsQuery(request.traffic, request.windowSeconds) };
  const vector = await source.fetchVector(query, atMs, { signal, deadlineMs, cause: { kind: 'element', windowSeconds: null } });
  const rows = Array.from(vector.slots, (slot, i) => {
    const [reporter = '', from = '', to = ''] = vector.labelsOf(slot);
    return { reporter, source: from === '' ? 'unknown' : from, destination: to === '' ? 'unknown' : to, perSecond: vector.values[i] ?? 0 };
  });
  const served = rows.filter((row) => row.reporter !== 'source');
  const sums = new Map<string, { readonly source: string; readonly destination: string; perSecond: number }>();
  for (const row of served.length > 0 ? served : rows) {
    const key = JSON.stringify([row.source, row.destination]);
    const own = sums.get(key) ?? { source: row.source, destination: row.destination, perSecond: 0 };
    own.perSecond += row.perSecond;
    sums.set(key, own);
  }
  return [...sums.values()].sort((a, b) => b.perSecond - a.perSecond);
}
