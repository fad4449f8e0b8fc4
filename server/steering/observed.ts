// The traffic of a snapshot by the host that was called. In: TrafficSnapshot. Out: look-ups of observations and rates, made once per snapshot.

import type { Observation, TrafficSnapshot } from '../../model/traffic';
import { memoByObject } from '../istio/memo';

/** Requests per second; of TCP, bytes per second from client to server. */
export const rateOf = (observation: Observation): number =>
  observation.protocol === 'tcp' ? observation.tcpSentBytesPerSecond : observation.requestsPerSecond;

export interface Observed {
  /** Observations into a host, by `destination_service`. */
  into(host: string): readonly Observation[];
  /** Everything that a workload calls, by the key of callerKey. */
  from(caller: string): readonly Observation[];
}

const NONE: readonly Observation[] = [];

export const callerKey = ({ cluster, namespace, workload }: Observation['source']): string => `${cluster}/${namespace}/${workload}`;

/** The look-ups of a snapshot. */
export const observedOf: (snapshot: TrafficSnapshot) => Observed = memoByObject((snapshot) => {
  const byHost = new Map<string, Observation[]>();
  const byCaller = new Map<string, Observation[]>();
  const put = (map: Map<string, Observation[]>, key: string, observation: Observation): void => {
    const known = map.get(key);
    if (known === undefined) map.set(key, [observation]);
    else known.push(observation);
  };
  for (const observation of snapshot.observations) {
    put(byHost, observation.service.host, observation);
    put(byCaller, callerKey(observation.source), observation);
  }
  return { into: (host) => byHost.get(host) ?? NONE, from: (caller) => byCaller.get(caller) ?? NONE };
});

/** What the workloads of a destination take through a host now; `workloads` null = all. Null without any traffic data. */
export function rateInto(snapshot: TrafficSnapshot | null, host: string, workloads: readonly string[] | null): number | null {
  if (snapshot === null) return null;
  let rate = 0;
  for (const observation of observedOf(snapshot).into(host))
    if (workloads === null || workloads.includes(observation.destination.workload)) rate += rateOf(observation);
  return rate;
}
