// Overlay values from elsewhere: the last good ones of the same edges where an overlay could not be read, and those that came later.
// In: observations, and others of the same edges. Out: observations. Pure.
import type { Observation } from '../../model/traffic';

const byKeyOf = (observations: readonly Observation[]): ReadonlyMap<number, Observation> => new Map(observations.map((o) => [o.key, o]));

/** Average latencies of before, at the request rates of now. */
export function carryLatency(now: readonly Observation[], before: readonly Observation[]): readonly Observation[] {
  const old = byKeyOf(before);
  return now.map((observation) => {
    const last = old.get(observation.key);
    if (last === undefined || last.durationMsPerSecond === null || last.requestsPerSecond <= 0) return observation;
    return { ...observation, durationMsPerSecond: (last.durationMsPerSecond / last.requestsPerSecond) * observation.requestsPerSecond };
  });
}

/** Throughput of before. */
export function carryThroughput(now: readonly Observation[], before: readonly Observation[]): readonly Observation[] {
  const old = byKeyOf(before);
  return now.map((observation) => {
    const last = old.get(observation.key);
    if (last === undefined) return observation;
    return { ...observation, requestBytesPerSecond: last.requestBytesPerSecond, responseBytesPerSecond: last.responseBytesPerSecond };
  });
}

/** Latency and throughput of `late`, for edges that have none. */
export function fillOverlays(now: readonly Observation[], late: readonly Observation[]): readonly Observation[] {
  const more = byKeyOf(late);
  return now.map((observation) => {
    const own = more.get(observation.key);
    if (own === undefined || own.reporter !== 'source') return observation;
    return {
      ...observation,
      durationMsPerSecond: observation.durationMsPerSecond ?? own.durationMsPerSecond,
      requestBytesPerSecond: observation.requestBytesPerSecond ?? own.requestBytesPerSecond,
      responseBytesPerSecond: observation.responseBytesPerSecond ?? own.responseBytesPerSecond,
    };
  });
}
