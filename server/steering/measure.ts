// The traffic of some hosts at one instant, as the guard of a change compares it. In: TrafficSnapshot, hosts, quantile. Out: TrafficMeasure.
import type { TrafficMeasure } from '../../model/change';
import type { Observation, ResponseRate, TrafficSnapshot } from '../../model/traffic';
import { observedOf, rateOf } from './observed';

/** 95th percentile of summed histograms; null where none was collected. Passed in: the reader of histograms lives with the telemetry. */
export type FoldQuantile = (bounds: readonly number[], histograms: readonly Float64Array[], q: number) => number | null;

/** What the default tolerances of health call an error: 5xx, a gRPC status that is not OK, no response. */
const isError = ({ code, grpcStatus }: ResponseRate): boolean => {
  if (grpcStatus !== null && grpcStatus !== '') return grpcStatus !== '0';
  return /^5\d\d$/.test(code) || code === '0' || code === '-' || code === '';
};

/** Sums every observation into the hosts. TCP counts in no sum of requests. */
export function measureHosts(snapshot: TrafficSnapshot, hosts: readonly string[], foldQuantile: FoldQuantile): TrafficMeasure {
  const observed = observedOf(snapshot);
  const observations = [...new Set(hosts)].flatMap((host) => observed.into(host));
  let requests = 0;
  let errors = 0;
  const histograms: Float64Array[] = [];
  for (const observation of observations) {
    if (observation.protocol === 'tcp') continue;
    requests += observation.requestsPerSecond;
    for (const response of observation.responses) if (isError(response)) errors += response.requestsPerSecond;
    if (observation.durationBuckets !== null) histograms.push(observation.durationBuckets);
  }
  return {
    atMs: snapshot.atMs,
    requestsPerSecond: requests,
    errorPercent: requests > 0 ? (errors / requests) * 100 : 0,
    p95Ms: histograms.length === 0 ? null : foldQuantile(snapshot.bucketBoundsMs, histograms, 0.95),
    byDestination: sumByDestination(observations),
  };
}

function sumByDestination(observations: readonly Observation[]): TrafficMeasure['byDestination'] {
  const rates = new Map<string, { readonly host: string; readonly workload: string; requestsPerSecond: number }>();
  for (const observation of observations) {
    const { host } = observation.service;
    const { workload } = observation.destination;
    const key = `${host}|${workload}`;
    const own = rates.get(key);
    if (own === undefined) rates.set(key, { host, workload, requestsPerSecond: rateOf(observation) });
    else own.requestsPerSecond += rateOf(observation);
  }
  return [...rates.values()].sort((a, b) => (a.host < b.host || (a.host === b.host && a.workload < b.workload) ? -1 : 1));
}
