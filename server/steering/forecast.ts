// Where the traffic of the touched hosts goes, by version: now and as predicted, beside the pods that are ready for it.
// In: both states, traffic, effects. Out: VersionForecasts. A prediction is null as soon as some caller's part of it is not known.
import type { EdgeEffect, EffectShare, VersionForecast } from '../../model/change';
import type { TrafficSnapshot } from '../../model/traffic';
import type { MeshIndex } from '../istio/mesh-index';
import { backingOfSubset, serviceOfHost } from './backing';
import { rateInto } from './observed';
import { laneAtWorkload } from './seen-rules';

interface Row {
  readonly host: string;
  readonly subset: string | null;
  readonly workloads: Set<string>;
  now: number;
  predicted: number;
  known: boolean;
}

/** More touched hosts than this are a change of the whole mesh: only those with traffic are listed. */
const MAX_LISTED_HOSTS = 200;

class Rows {
  readonly all = new Map<string, Row>();

  at(host: string, subset: string | null): Row {
    const key = JSON.stringify([host, subset]);
    const known = this.all.get(key);
    if (known !== undefined) return known;
    const made: Row = { host, subset, workloads: new Set(), now: 0, predicted: 0, known: true };
    this.all.set(key, made);
    return made;
  }

  add({ host, subset, workloads, requestsPerSecond }: EffectShare, when: 'now' | 'predicted'): void {
    const row = this.at(host, subset);
    for (const workload of workloads) row.workloads.add(workload);
    row[when] += requestsPerSecond;
  }
}

type Destination = Pick<Row, 'host' | 'subset'>;

/** Destinations to which the rules of a host lead somebody in its own namespace. */
function destinationsOf(index: MeshIndex, host: string): readonly Destination[] {
  const service = serviceOfHost(index, host);
  if (service === null) return [];
  const { namespace } = service;
  const caller = { cluster: index.inventory.cluster, namespace, workload: '', podLabels: {}, serviceAccount: '', mode: 'sidecar' } as const;
  return service.ports.flatMap(({ port, protocol }) => {
    const stream = protocol === 'tcp' || protocol === 'tls';
    return laneAtWorkload(index, caller, host, port, stream ? 'tcp' : 'http').rules.flatMap(({ outcome }) =>
      outcome.outcome === 'route' ? outcome.destinations : [],
    );
  });
}

export function forecastVersions(
  before: MeshIndex,
  after: MeshIndex,
  snapshot: TrafficSnapshot | null,
  hosts: ReadonlySet<string>,
  effects: readonly EdgeEffect[],
): readonly VersionForecast[] {
  const rows = new Rows();
  const ways = new Map<string, readonly Destination[]>();
  if (hosts.size <= MAX_LISTED_HOSTS)
    for (const host of [...hosts].sort()) {
      const own = [...destinationsOf(before, host), ...destinationsOf(after, host)];
      ways.set(host, own);
      for (const destination of own) rows.at(destination.host, destination.subset);
    }
  for (const effect of effects) {
    for (const share of effect.before) rows.add(share, 'now');
    for (const share of effect.after) rows.add(share, 'predicted');
    // Without a prediction, its requests may go to whatever the host leads to.
    if (effect.after.length > 0 || effect.kind !== 'unknown') continue;
    for (const { host, subset } of [...effect.before, ...(ways.get(effect.host) ?? [])]) rows.at(host, subset).known = false;
  }
  return [...rows.all.values()].map((row): VersionForecast => {
    const backing = backingOfSubset(after, row.host, row.subset) ?? backingOfSubset(before, row.host, row.subset);
    const workloads = [...new Set([...row.workloads, ...(backing?.workloads ?? [])])].sort();
    return {
      host: row.host,
      subset: row.subset,
      workloads,
      readyEndpoints: backing?.pods?.length ?? 0,
      // Traffic that no effect speaks of (nothing changes) is what the workloads take.
      nowPerSecond: effects.length > 0 ? row.now : (rateInto(snapshot, row.host, row.subset === null ? null : workloads) ?? 0),
      predictedPerSecond:
        snapshot === null || !row.known
          ? null
          : effects.length > 0
            ? row.predicted
            : (rateInto(snapshot, row.host, row.subset === null ? null : workloads) ?? 0),
    };
  });
}
