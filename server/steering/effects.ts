// The blast radius of a change: every observed caller of the touched hosts, evaluated before and after with what the metrics tell of its
// requests (source, host, protocol; never path or headers). In: both states, traffic, hosts. Out: EdgeEffects, VersionForecasts.
import type { EdgeEffect, VersionForecast } from '../../model/change';
import type { Caller } from '../../model/routing';
import type { Observation, Protocol, TrafficSnapshot } from '../../model/traffic';
import type { MeshIndex } from '../istio/mesh-index';
import { waypointOnTheWay } from '../istio/routing-proxy';
import { callerOf, workloadNamed } from './backing';
import { lanesOfGateway, lanesOfWorkload } from './caller-lanes';
import { compareEffects, edgeEffects, type LabelledEffect, unknownEdge } from './edge-effects';
import { forecastVersions } from './forecast';
import { groupEffect } from './group-effects';
import { callerKey, observedOf } from './observed';
import { classesOf, groupRequests, type RequestGroup } from './request-classes';
import { hostsRoutedTo } from './touched-hosts';

export interface Forecast {
  readonly effects: readonly EdgeEffect[];
  readonly forecast: readonly VersionForecast[];
}

/** What one caller sends with one protocol to the touched hosts, and to hosts to which those are routed. */
interface Edge {
  readonly source: Observation['source'];
  readonly protocol: Protocol;
  readonly observations: Observation[];
}

export function forecastEffects(
  before: MeshIndex,
  after: MeshIndex,
  snapshot: TrafficSnapshot | null,
  hosts: ReadonlySet<string>,
): Forecast {
  const routed = after === before ? new Map<string, ReadonlySet<string>>() : hostsRoutedTo(before);
  const effects =
    snapshot === null || after === before
      ? []
      : edgesInto(snapshot, hosts, routed).flatMap((edge) => effectsOf(before, after, edge, hosts, routed));
  return { effects: [...effects].sort(compareEffects), forecast: forecastVersions(before, after, snapshot, hosts, effects) };
}

function edgesInto(
  snapshot: TrafficSnapshot,
  hosts: ReadonlySet<string>,
  routed: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Edge[] {
  const relevant = new Set(hosts);
  for (const [destination, callers] of routed) if ([...callers].some((host) => hosts.has(host))) relevant.add(destination);
  const observed = observedOf(snapshot);
  const edges = new Map<string, Edge>();
  for (const host of relevant)
    for (const observation of observed.into(host)) {
      const { source, protocol } = observation;
      const key = `${callerKey(source)}|${protocol}`;
      const edge = edges.get(key) ?? { source, protocol, observations: [] };
      edges.set(key, edge);
      edge.observations.push(observation);
    }
  return [...edges.values()];
}

function effectsOf(
  before: MeshIndex,
  after: MeshIndex,
  edge: Edge,
  hosts: ReadonlySet<string>,
  routed: ReadonlyMap<string, ReadonlySet<string>>,
): readonly EdgeEffect[] {
  const { source, protocol, observations } = edge;
  // What a waypoint carries is what its callers send, who are looked at themselves.
  if (workloadNamed(before, source.cluster, source.namespace, source.workload)?.mode === 'waypoint') return [];
  const caller = callerOf(before, source);
  if (caller === null)
    return unknownEdge(edge, hosts, `${source.workload} is no workload of this cluster: its own configuration routes it`);
  const pairs =
    caller.mode === 'gateway'
      ? lanesOfGateway(before, after, caller, new Set(observations.map(({ service }) => service.host)))
      : lanesOfWorkload(before, after, caller, calledHosts(observations, hosts, routed), protocol);
  const classes = pairs.flatMap((pair) => classesOf(before, after, pair.before, pair.after));
  const labelled = groupRequests(classes, observations).map((group): LabelledEffect => {
    const host = hostOf(group, caller);
    const port = group.classes[0]?.lane.port ?? 0;
    const waypoint = { before: waypointOnTheWay(before, caller, host, port), after: waypointOnTheWay(after, caller, host, port) };
    return { host, effect: groupEffect({ before, after, caller, protocol, waypoint }, group) };
  });
  return edgeEffects(source, protocol, labelled);
}

/** Touched hosts that the caller may have dialled: those that it is seen to reach, and those whose routes lead where it is seen. */
function calledHosts(
  observations: readonly Observation[],
  hosts: ReadonlySet<string>,
  routed: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const called = new Set<string>();
  for (const { service } of observations) {
    if (hosts.has(service.host)) called.add(service.host);
    for (const host of routed.get(service.host) ?? []) if (hosts.has(host)) called.add(host);
  }
  return called;
}

/** The host by which a group is known: the one that was dialled, or at gateways (and in doubt) the one that most of it reached. */
function hostOf({ classes, observed }: RequestGroup, caller: Caller): string {
  const dialled = new Set(classes.map(({ lane }) => lane.host));
  const [only] = dialled;
  if (caller.mode !== 'gateway' && dialled.size === 1 && only !== undefined) return only;
  const reached = new Map<string, number>();
  for (const [key, rate] of observed) {
    const host = key.slice(0, key.indexOf('|'));
    reached.set(host, (reached.get(host) ?? 0) + rate);
  }
  return [...reached].sort(([, a], [, b]) => b - a)[0]?.[0] ?? only ?? '';
}
