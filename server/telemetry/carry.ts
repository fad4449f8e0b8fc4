// What a snapshot keeps of the one before when an overlay could not be read: the last good values of the same edges.
// In: observations now and before. Out: observations. Pure.
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
