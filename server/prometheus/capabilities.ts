// What the backend holds of the mesh: which of Istio's metrics, how many clusters, how often they are scraped.
// In: a way to read the API. Out: MetricsCapabilities; what is missing is said in notes. Never needs /status/*, which many backends lack.
import { Failure } from '../../model/failure';
import type { MetricsCapabilities, RangeSeries } from '../ports';
import { decodeMatrix, decodeNames, decodeVersion } from './decode';
import { quotePromql } from './scope';

/** Reads one path with parameters; `match[]` and `query` are scoped by whoever implements it. */
export type ReadApi = (path: string, parameters: readonly (readonly [string, string])[]) => Promise<string>;

const DURATION = 'istio_request_duration_milliseconds';
/** Metrics that the console reads, each with what is lost without it. */
const METRICS: Readonly<Record<string, string>> = {
  istio_requests_total: 'HTTP and gRPC traffic cannot be shown',
  istio_tcp_sent_bytes_total: 'TCP traffic is shown in one direction only',
  istio_tcp_received_bytes_total: 'TCP traffic is shown in one direction only',
  [`${DURATION}_sum`]: 'average latency cannot be shown',
  [`${DURATION}_bucket`]: 'latency quantiles cannot be shown',
  istio_request_bytes_sum: 'request throughput cannot be shown',
  istio_response_bytes_sum: 'response throughput cannot be shown',
};
const PROBED = [...Object.keys(METRICS), DURATION];
const RECENT_SECONDS = 3600;
const CLUSTER_LABELS = ['source_cluster', 'destination_cluster'] as const;

const unlessGone = async <T>(read: Promise<T>, otherwise: T): Promise<T> => {
  try {
    return await read;
  } catch (error) {
    // A backend without this path answers 404 in words of its own; one that is away fails everything, which must be said.
    if (error instanceof Failure && (error.code === 'metricsMalformed' || error.code === 'metricsRejected')) return otherwise;
    throw error;
  }
};

/** Values of a label on series of some metrics within the last hour. */
async function readValues(read: ReadApi, nowMs: number, label: string, metrics: readonly string[]): Promise<readonly string[]> {
  const end = Math.floor(nowMs / 1000);
  const matches = metrics.map((name) => ['match[]', `{__name__=${quotePromql(name)}}`] as const);
  return decodeNames(
    await read(`/api/v1/label/${label}/values`, [...matches, ['start', String(end - RECENT_SECONDS)], ['end', String(end)]]),
  );
}

/** Values of a label on the mesh's metrics, sorted. @throws Failure if the backend cannot be asked, or does not list values of labels. */
export const fetchMeshValues = async (read: ReadApi, nowMs: number, label: string): Promise<readonly string[]> =>
  [...(await readValues(read, nowMs, label, ['istio_requests_total', 'istio_tcp_received_bytes_total']))].sort();

/** Clusters that the metrics speak of, sorted. @throws Failure if the backend cannot be asked, or does not list values of labels. */
export async function fetchClustersBy(read: ReadApi, nowMs: number): Promise<readonly string[]> {
  const found = await Promise.all(CLUSTER_LABELS.map((label) => readValues(read, nowMs, label, ['istio_requests_total'])));
  return [...new Set(found.flat())].filter((name) => name !== '' && name !== 'unknown').sort();
}

/** Asks; a backend that answers nothing of the mesh gives empty capabilities with notes. @throws Failure if it cannot be asked. */
export async function fetchCapabilitiesBy(read: ReadApi, nowMs: number): Promise<MetricsCapabilities> {
  const [version, names, clusters, scrapeIntervalSeconds] = await Promise.all([
    unlessGone(read('/api/v1/status/buildinfo', []).then(decodeVersion), null),
    unlessGone(readValues(read, nowMs, '__name__', PROBED), null),
    unlessGone(fetchClustersBy(read, nowMs), []),
    unlessGone(readScrapeInterval(read, String(Math.floor(nowMs / 1000))), null),
  ]);
  const metrics = new Set(names ?? Object.keys(METRICS));
  return { version, scrapeIntervalSeconds, metrics, clusters, notes: buildNotes(metrics, names !== null) };
}

function buildNotes(metrics: ReadonlySet<string>, asked: boolean): string[] {
  if (!asked) return ['The backend does not list its metrics: all of Istio’s are taken to exist.'];
  if (!Object.keys(METRICS).some((name) => metrics.has(name)))
    return [
      'No metric of Istio was seen in the last hour: check that Prometheus scrapes the proxies (port 15020, path /stats/prometheus), and the query scope.',
    ];
  const notes = Object.entries(METRICS)
    .filter(([name]) => !metrics.has(name))
    // A mesh without TCP traffic has no TCP metrics: nothing is missing.
    .filter(
      ([name]) =>
        !name.startsWith('istio_tcp_') || metrics.has('istio_tcp_sent_bytes_total') || metrics.has('istio_tcp_received_bytes_total'),
    )
    .map(([name, lost]) => `${name} is missing: ${lost}.`);
  if (metrics.has(DURATION) && !metrics.has(`${DURATION}_bucket`))
    notes.push(
      `${DURATION} is kept as a native histogram only: set always_scrape_classic_histograms to keep the buckets that quantiles need.`,
    );
  return notes;
}

/** Spacing of the samples of one target, seconds: of a proxy if istio_build is scraped, else of any target. */
async function readScrapeInterval(read: ReadApi, time: string): Promise<number | null> {
  for (const pick of ['istio_build{component="proxy"}', 'istio_build', 'up']) {
    // One series of many; as a subquery, because only a range answer is decoded here.
    const one = await readSeries(read, `topk(1, ${pick})[1m:1m]`, time);
    const labels = one[0]?.labels;
    if (labels === undefined) continue;
    const name = pick.replace(/\{.*$/, '');
    const matchers = Object.entries(labels)
      .filter(([label]) => label !== '__name__')
      .map(([label, value]) => `${label}=${quotePromql(value)}`);
    const samples = await readSeries(read, `${name}{${matchers.join(',')}}[30m]`, time);
    const interval = medianSpacing(samples[0]?.points ?? []);
    if (interval !== null) return interval;
  }
  return null;
}

async function readSeries(read: ReadApi, query: string, time: string): Promise<readonly RangeSeries[]> {
  return decodeMatrix(
    await read('/api/v1/query', [
      ['query', query],
      ['time', time],
    ]),
  );
}

/** Only the newest: a scrape interval that was changed counts from now on, and what was filled in for the past does not. */
const RECENT_GAPS = 5;

/** Median distance of the newest neighbouring points in whole seconds, null for fewer than three points. */
export function medianSpacing(points: readonly (readonly [number, number])[]): number | null {
  const recent = points.slice(-1 - RECENT_GAPS);
  const gaps = recent.slice(1).map((point, i) => point[0] - (recent[i]?.[0] ?? point[0]));
  if (gaps.length < 2) return null;
  gaps.sort((a, b) => a - b);
  return Math.max(1, Math.round(gaps[Math.floor(gaps.length / 2)] ?? 0));
}
