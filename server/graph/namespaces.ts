// The overview: every namespace with its health, traffic, mode. In: PreparedTraffic, inventory. Out: NamespaceSummary without history. Pure.
import type { HealthStatus } from '../../model/health';
import { countHealth, type HealthCounts, worstOf } from '../../model/health-rules';
import type { Inventory, NamespaceInfo, WorkloadInfo } from '../../model/inventory';
import type { NamespaceSummary } from '../../model/wire';
import { hasNamespace } from './build';
import * as column from './columns';
import { findEntities } from './entities';
import type { PreparedTraffic } from './memory';
import { round4, roundShare } from './round';

type Direction = NamespaceSummary['inbound'];

/** Sums of one namespace while reading the snapshot. */
interface Sums {
  readonly inbound: Float64Array;
  readonly outbound: Float64Array;
}

interface Members {
  readonly apps: Map<number, HealthStatus>;
  readonly workloads: Map<number, HealthStatus>;
  readonly services: Map<number, HealthStatus>;
}

/** One summary per namespace of the inventory and of the traffic, by cluster and name; `recent` is left to the caller. */
export function summarizeNamespaces(traffic: PreparedTraffic): readonly Omit<NamespaceSummary, 'recent'>[] {
  traffic.memory.prepare(traffic);
  const { inventory, homeCluster } = traffic.index.inventory;
  const sums = sumTraffic(traffic);
  const members = judgeMembers(traffic);
  const names = new Map<string, { readonly cluster: string; readonly name: string }>();
  for (const name of inventory?.namespaces.keys() ?? []) names.set(`${homeCluster}/${name}`, { cluster: homeCluster, name });
  for (const [key, value] of [...sums.keys(), ...members.keys()].map((k) => [k, splitKey(k)] as const))
    if (!names.has(key)) names.set(key, value);
  const workloads = groupWorkloads(inventory);
  return [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { cluster, name }]) => {
      const info = cluster === homeCluster ? (inventory?.namespaces.get(name) ?? null) : null;
      const own = members.get(key);
      const counts = {
        apps: countHealth(own?.apps.values() ?? []),
        workloads: countHealth(own?.workloads.values() ?? []),
        services: countHealth(own?.services.values() ?? []),
      };
      return {
        name,
        cluster,
        ...modeOf(info, workloads.get(name) ?? [], inventory),
        labels: info?.labels ?? {},
        health: healthOf(counts),
        ...counts,
        ...trafficOf(sums.get(key)),
      };
    });
}

const healthOf = (counts: {
  readonly apps: HealthCounts;
  readonly workloads: HealthCounts;
  readonly services: HealthCounts;
}): HealthStatus => worstOf([counts.apps, counts.workloads, counts.services]);

const keyOf = (cluster: string, namespace: string): string => `${cluster}/${namespace}`;
const splitKey = (key: string): { readonly cluster: string; readonly name: string } => {
  const slash = key.lastIndexOf('/');
  return { cluster: key.slice(0, slash), name: key.slice(slash + 1) };
};

/** Traffic with an end in each namespace; what stays inside counts as inbound and as outbound (as in Kiali). */
function sumTraffic({ index }: PreparedTraffic): ReadonlyMap<string, Sums> {
  const { flows } = index.topology.identities;
  const sums = new Map<string, Sums>();
  const at = (cluster: string, namespace: string): Sums | null => {
    if (!hasNamespace(namespace)) return null;
    const key = keyOf(cluster, namespace);
    let own = sums.get(key);
    if (own === undefined) {
      own = { inbound: new Float64Array(column.ROW * 2), outbound: new Float64Array(column.ROW * 2) };
      sums.set(key, own);
    }
    return own;
  };
  for (let i = 0; i < index.flows.length; i++) {
    const flow = flows[column.at(index.flows, i)];
    if (flow === undefined) continue;
    const layer = flow.protocol === 'tcp' ? 1 : 0;
    const { source, destination, service } = flow;
    const into = hasNamespace(destination.namespace) ? destination : service;
    const inbound = at(into.cluster, into.namespace);
    if (inbound !== null) column.addRow(inbound.inbound, layer, index.rows, i);
    const outbound = at(source.cluster, source.namespace);
    if (outbound !== null) column.addRow(outbound.outbound, layer, index.rows, i);
  }
  return sums;
}

/** Requests per second into each namespace, by its name (all clusters together). */
export function inboundRates(traffic: PreparedTraffic): ReadonlyMap<string, number> {
  const rates = new Map<string, number>();
  for (const [key, { inbound }] of sumTraffic(traffic)) {
    const { name } = splitKey(key);
    rates.set(name, (rates.get(name) ?? 0) + column.at(inbound, column.REQUESTS));
  }
  return rates;
}

function trafficOf(sums: Sums | undefined): Pick<NamespaceSummary, 'inbound' | 'outbound' | 'mtlsShare'> {
  if (sums === undefined) return { inbound: NO_DIRECTION, outbound: NO_DIRECTION, mtlsShare: null };
  const part = (layer: number, field: number): number =>
    column.at(sums.inbound, layer * column.ROW + field) + column.at(sums.outbound, layer * column.ROW + field);
  // Requests per second and bytes per second do not add up: requests tell, where there are any.
  const layer = part(0, column.MUTUAL) + part(0, column.PLAINTEXT) > 0 ? 0 : 1;
  const known = part(layer, column.MUTUAL) + part(layer, column.PLAINTEXT);
  return {
    inbound: directionOf(sums.inbound),
    outbound: directionOf(sums.outbound),
    mtlsShare: known > 0 ? roundShare(part(layer, column.MUTUAL), known) : null,
  };
}

const NO_DIRECTION: Direction = { requestsPerSecond: 0, errorShare: null, tcpBytesPerSecond: 0 };
const directionOf = (rows: Float64Array): Direction => {
  const requests = column.at(rows, column.REQUESTS);
  return {
    requestsPerSecond: round4(requests),
    errorShare: requests > 0 ? roundShare(column.at(rows, column.ERRORS), requests) : null,
    tcpBytesPerSecond: round4(column.at(rows, column.ROW + column.SENT) + column.at(rows, column.ROW + column.RECEIVED)),
  };
};

/** Health of every app, workload and service of the inventory and of the traffic, by namespace. */
function judgeMembers(traffic: PreparedTraffic): ReadonlyMap<string, Members> {
  const entities = findEntities(traffic);
  const ledger = traffic.ledger();
  const namespaces = new Map<string, Members>();
  for (const sort of ['apps', 'workloads', 'services'] as const)
    for (const identity of entities[sort]) {
      const key = keyOf(identity.cluster, identity.namespace);
      let own = namespaces.get(key);
      if (own === undefined) {
        own = { apps: new Map(), workloads: new Map(), services: new Map() };
        namespaces.set(key, own);
      }
      own[sort].set(identity.index, ledger.healthOf(identity).status);
    }
  return namespaces;
}

function groupWorkloads(inventory: Inventory | null): ReadonlyMap<string, readonly WorkloadInfo[]> {
  const groups = new Map<string, WorkloadInfo[]>();
  for (const workload of inventory?.workloads.values() ?? []) {
    const own = groups.get(workload.namespace);
    if (own === undefined) groups.set(workload.namespace, [workload]);
    else own.push(workload);
  }
  return groups;
}

/** The namespace of the control plane, else what its labels say, else what its workloads are. */
function modeOf(
  info: NamespaceInfo | null,
  workloads: readonly WorkloadInfo[],
  inventory: Inventory | null,
): Pick<NamespaceSummary, 'mode' | 'revision'> {
  const revision = info?.injection?.revision ?? null;
  if (info !== null && (info.name === inventory?.mesh.rootNamespace || workloads.some((w) => w.mode === 'controlPlane')))
    return { mode: 'controlPlane', revision };
  if (info?.ambient === true) return { mode: 'ambient', revision };
  const injected = info?.injection?.mode === 'enabled' || info?.injection?.mode === 'revision';
  if (injected || workloads.some((w) => w.mode === 'sidecar')) return { mode: 'sidecar', revision };
  return { mode: workloads.some((w) => w.mode === 'ambient') ? 'ambient' : 'none', revision };
}
