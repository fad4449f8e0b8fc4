// Every app, workload and service that the inventory or the traffic knows, as the nodes that stand for them. In: PreparedTraffic.
// Out: nodes by kind, resolved. Pure. What overview and lists show is what the graph shows: the same nodes, the same health.
import type { ServiceInfo, WorkloadInfo } from '../../model/inventory';
import { hasNamespace } from './build';
import type { PreparedTraffic } from './memory';
import type { NodeIdentity, Topology } from './topology';

/** In the canonical order of nodes: by cluster, namespace, name. */
export interface MeshEntities {
  readonly apps: readonly NodeIdentity[];
  readonly workloads: readonly NodeIdentity[];
  /** Without what ServiceEntries declare. */
  readonly services: readonly NodeIdentity[];
}

/** Nodes and numbers of what the inventory told before: its objects stay the same while nothing of them changes. */
interface Adopted {
  readonly services: WeakMap<ServiceInfo, number>;
  readonly workloads: WeakMap<WorkloadInfo, number>;
}
const adopted = new WeakMap<Topology, Adopted>();

function adoptedOf(topology: Topology): Adopted {
  const known = adopted.get(topology);
  if (known !== undefined) return known;
  const made = { services: new WeakMap<ServiceInfo, number>(), workloads: new WeakMap<WorkloadInfo, number>() };
  adopted.set(topology, made);
  return made;
}

/** All of them; the traffic is prepared first. */
export function findEntities(traffic: PreparedTraffic): MeshEntities {
  traffic.memory.prepare(traffic);
  const { topology, inventory: known, flows } = traffic.index;
  const { identities } = topology;
  const entities = { apps: new Set<NodeIdentity>(), workloads: new Set<NodeIdentity>(), services: new Set<NodeIdentity>() };
  const add = (sort: keyof MeshEntities, node: number): void => {
    const identity = topology.nodes[node];
    if (identity !== undefined && hasNamespace(identity.namespace) && identity.kind !== 'serviceEntry') entities[sort].add(identity);
  };
  const seen = new Set<number>();
  for (const index of flows) {
    const flow = identities.flows[index];
    if (flow === undefined) continue;
    seen.add(flow.source.index).add(flow.destination.index);
    if (flow.service.sort === 'service') add('services', topology.serviceNode(flow.service, flow.entry));
  }
  const before = adoptedOf(topology);
  for (const info of known.inventory?.workloads.values() ?? []) {
    const index = before.workloads.get(info) ?? identities.adopt(info).index;
    before.workloads.set(info, index);
    seen.add(index);
  }
  for (const info of known.inventory?.services.values() ?? []) {
    const { cluster, namespace, name, host } = info;
    const node = before.services.get(info) ?? topology.serviceNode(identities.serviceOf(cluster, namespace, name, host), null);
    before.services.set(info, node);
    add('services', node);
  }
  for (const index of seen) {
    const workload = identities.workloads[index];
    if (workload === undefined || !workload.known) continue;
    add('workloads', topology.workloadNode('workload', workload));
    if (workload.app !== null) add('apps', topology.workloadNode('app', workload));
  }
  const ranks = topology.ranks();
  const ordered = (nodes: ReadonlySet<NodeIdentity>): readonly NodeIdentity[] =>
    [...nodes].sort((a, b) => (ranks[a.index] ?? 0) - (ranks[b.index] ?? 0));
  return { apps: ordered(entities.apps), workloads: ordered(entities.workloads), services: ordered(entities.services) };
}
