// Which nodes and edges a flow becomes in each graph type: the folding rules of the graph, resolved once per flow and remembered.
// In: flows. Out: node identities, edge slots, the one or two legs of every flow. Long-lived, owned by GraphMemory.
// Source: Kiali's traffic graph (service node between caller and workload with the traffic on both legs; apps fold versions).
import type { GraphType, NodeKind } from '../../model/graph';
import { type EdgeId, edgeId, type NodeId, nodeId } from '../../model/ids';
import { type Protocol, UNKNOWN } from '../../model/traffic';
import type { Flow, Identities, KnownService, KnownWorkload } from './identities';
import type { EntryInfo } from './service-entries';

/** Who a node is; everything here comes from names. */
export interface NodeIdentity {
  readonly index: number;
  readonly id: NodeId;
  readonly kind: NodeKind;
  readonly cluster: string;
  readonly namespace: string;
  readonly namespaceId: number;
  readonly workload: string | null;
  readonly app: string | null;
  readonly version: string | null;
  readonly service: string | null;
  /** Host of a service as first seen. */
  readonly host: string | null;
  readonly entry: EntryInfo | null;
  /** Workload that it stands for alone. */
  readonly known: KnownWorkload | null;
  /** Of an operation, its name. */
  readonly operation?: string;
}

/** One of the seven ways to fold flows. `service` never has nodes between: it is made of services. */
export type Mode = 'workload' | 'workload+' | 'app' | 'app+' | 'versionedApp' | 'versionedApp+' | 'service';

export const MODES: readonly Mode[] = ['versionedApp+', 'workload+', 'app+', 'service', 'versionedApp', 'workload', 'app'];

export const modeOf = (graphType: GraphType, serviceNodes: boolean): Mode =>
  graphType === 'service' ? 'service' : serviceNodes ? `${graphType}+` : graphType;

/**
 * Slots of the edges that each flow makes; `second` is -1 where no service node stands between. Indexed by Flow.index. `first` is -1 for
 * masked flows of which nothing is left to see.
 */
export interface Legs {
  readonly first: Int32Array;
  readonly second: Int32Array;
}

export const PROTOCOL_ORDER: readonly Protocol[] = ['grpc', 'http', 'tcp'];
const PROTOCOL_INDEX: Readonly<Record<Protocol, number>> = { grpc: 0, http: 1, tcp: 2 };
/** The two nodes behind which hidden things are. */
export const HIDDEN_NODE = { callers: nodeId('hidden', 'callers'), callees: nodeId('hidden', 'callees') } as const;
const MAX_NODES = 2 ** 20;
const UNRESOLVED = -2;

interface LegTable {
  first: Int32Array;
  second: Int32Array;
}

export class Topology {
  readonly identities: Identities;
  readonly nodes: NodeIdentity[] = [];
  readonly edgeSource: number[] = [];
  readonly edgeTarget: number[] = [];
  readonly edgeProtocol: number[] = [];
  readonly #edgeIds: (EdgeId | undefined)[] = [];
  readonly #byId = new Map<string, number>();
  /** Slots by source, then by target and protocol. */
  readonly #slots: (Map<number, number> | undefined)[] = [];
  readonly #tables = new Map<Mode, LegTable>();
  /** Nodes already named, by index of the workload (per kind of node) or service, and by ServiceEntry. */
  #named: { readonly workload: number[]; readonly app: number[]; readonly version: number[] } = { workload: [], app: [], version: [] };
  readonly #namedServices: number[] = [];
  readonly #namedEntries = new Map<EntryInfo, number>();
  readonly #namedFolds = new Map<string, Map<string, Map<string, number>>>();
  readonly #boxIds = new Map<string, Map<string, Map<string, NodeId>>>();
  /** By KnownWorkload.index: node of the service that stands for it in the service graph, -1 if none. */
  #primary = new Int32Array(0);
  #ranks: Int32Array | null = null;
  /** Grows whenever names that decide the folding changed. */
  generation = 0;

  constructor(identities: Identities) {
    this.identities = identities;
  }

  /** Forgets what flows became: names that decide the folding changed. */
  forgetLegs(): void {
    this.generation++;
    this.#tables.clear();
    this.#named = { workload: [], app: [], version: [] };
    this.#namedEntries.clear();
  }

  /** Legs of the given flows in a mode. */
  legs(mode: Mode, flows: Int32Array): Legs {
    const table = this.#table(mode);
    for (const flow of flows) {
      if (table.first[flow] !== UNRESOLVED) continue;
      const known = this.identities.flows[flow];
      if (known !== undefined) this.#resolve(mode, known, table);
    }
    return table;
  }

  #table(mode: Mode): LegTable {
    const size = this.identities.flows.length;
    const known = this.#tables.get(mode);
    if (known !== undefined && known.first.length >= size) return known;
    const grow = (old: Int32Array | undefined): Int32Array => {
      const grown = new Int32Array(Math.max(256, Math.ceil(size * 1.25))).fill(UNRESOLVED);
      if (old !== undefined) grown.set(old);
      return grown;
    };
    const made = { first: grow(known?.first), second: grow(known?.second) };
    this.#tables.set(mode, made);
    return made;
  }

  #resolve(mode: Mode, flow: Flow, table: LegTable): void {
    const source = this.#source(mode, flow.source);
    const target = this.#target(mode, flow);
    const via = this.#via(mode, flow);
    const protocol = PROTOCOL_INDEX[flow.protocol];
    if (flow.masked && via < 0 && !this.#isNamed(source) && !this.#isNamed(target)) {
      table.first[flow.index] = -1;
      table.second[flow.index] = -1;
      return;
    }
    table.first[flow.index] = this.slot(source, via < 0 ? target : via, protocol);
    table.second[flow.index] = via < 0 ? -1 : this.slot(via, target, protocol);
  }

  /** Whether a node belongs to a namespace, which in a masked flow is one that may be seen. */
  #isNamed(node: number): boolean {
    const namespace = this.nodes[node]?.namespace ?? UNKNOWN;
    return namespace !== UNKNOWN && namespace !== '';
  }

  #source(mode: Mode, workload: KnownWorkload): number {
    if (workload === this.identities.hiddenWorkload) return this.#hiddenNode('callers');
    return workload.known ? this.workloadNode(mode, workload) : this.#unknown(workload, 'source');
  }

  #target(mode: Mode, flow: Flow): number {
    const { destination, service } = flow;
    if (destination === this.identities.hiddenWorkload)
      return mode === 'service' && service.sort === 'service' ? this.serviceNode(service, flow.entry) : this.#hiddenNode('callees');
    if (!destination.known) {
      if (service.sort === 'passthrough') return this.#special('passthrough', 'PassthroughCluster', service.cluster);
      if (service.sort === 'blackhole') return this.#special('blackhole', 'BlackHoleCluster', service.cluster);
      return service.sort === 'service' ? this.serviceNode(service, flow.entry) : this.#unknown(destination, 'destination');
    }
    if (mode === 'service' && service.sort === 'service') return this.serviceNode(service, flow.entry);
    return this.workloadNode(mode, destination);
  }

  // Kiali: no service node where the service is not known, is Istio's passthrough, is the destination itself, or an end is a waypoint.
  #via(mode: Mode, flow: Flow): number {
    const { source, destination, service } = flow;
    if (mode === 'service' || !mode.endsWith('+') || service.sort !== 'service') return -1;
    if (!destination.known && destination !== this.identities.hiddenWorkload) return -1;
    return source.waypoint || destination.waypoint ? -1 : this.serviceNode(service, flow.entry);
  }

  /** The node that stands for a known workload in a mode. */
  workloadNode(mode: Mode, workload: KnownWorkload): number {
    const sort = this.#sortOf(mode, workload);
    if (sort === 'primary') return this.#primary[workload.index] ?? -1;
    const known = this.#named[sort][workload.index];
    if (known !== undefined) return known;
    const made = this.#nameWorkload(sort, workload);
    this.#named[sort][workload.index] = made;
    return made;
  }

  #sortOf(mode: Mode, workload: KnownWorkload): 'workload' | 'app' | 'version' | 'primary' {
    switch (mode) {
      case 'service':
        return (this.#primary[workload.index] ?? -1) >= 0 ? 'primary' : 'workload';
      case 'app':
      case 'app+':
        return workload.app === null ? 'workload' : 'app';
      case 'versionedApp':
      case 'versionedApp+':
        return workload.app === null ? 'workload' : 'version';
      case 'workload':
      case 'workload+':
        return 'workload';
      default:
        return mode satisfies never;
    }
  }

  #nameWorkload(sort: 'workload' | 'app' | 'version', workload: KnownWorkload): number {
    const { cluster, namespace, namespaceId, app, version } = workload;
    const base = { cluster, namespace, namespaceId, service: null, host: null, entry: null, known: null };
    if (sort === 'app')
      return this.#intern({ ...base, id: nodeId('app', cluster, namespace, app ?? ''), kind: 'app', workload: null, app, version: null });
    // A version is named by its workload: two workloads may carry the same labels (Kiali's protection against that).
    const id = nodeId(sort, cluster, namespace, workload.workload);
    return this.#intern({
      ...base,
      id,
      kind: sort === 'version' ? 'app' : 'workload',
      workload: workload.workload,
      app,
      version,
      known: workload,
    });
  }

  /** The node of a service, or of the ServiceEntry that declares its host. */
  serviceNode(service: KnownService, entry: EntryInfo | null): number {
    const known = entry === null ? this.#namedServices[service.index] : this.#namedEntries.get(entry);
    if (known !== undefined) return known;
    const made = this.#nameService(service, entry);
    if (entry === null) this.#namedServices[service.index] = made;
    else this.#namedEntries.set(entry, made);
    return made;
  }

  #nameService(service: KnownService, entry: EntryInfo | null): number {
    const common = { workload: null, app: null, version: null, host: service.host, known: null };
    if (entry !== null)
      return this.#intern({
        ...common,
        id: nodeId('serviceEntry', entry.cluster, entry.namespace, entry.name),
        kind: 'serviceEntry',
        cluster: entry.cluster,
        namespace: entry.namespace,
        namespaceId: this.identities.namespaceId(entry.namespace),
        service: entry.name,
        entry,
      });
    return this.#intern({
      ...common,
      id: nodeId('service', service.cluster, service.namespace, service.name),
      kind: 'service',
      cluster: service.cluster,
      namespace: service.namespace,
      namespaceId: service.namespaceId,
      service: service.name,
      entry: null,
    });
  }

  /** The node of a folded namespace (`app` is empty) or app. */
  foldNode(kind: 'namespace' | 'app', cluster: string, namespace: string, app: string): number {
    const apps = childOf(childOf(this.#namedFolds, cluster), namespace);
    const known = apps.get(app);
    if (known !== undefined) return known;
    const namespaceId = this.identities.namespaceId(namespace);
    const names = { workload: null, app: kind === 'app' ? app : null, version: null, service: null, host: null, entry: null, known: null };
    const made = this.#intern({ ...names, id: this.foldId(kind, cluster, namespace, app), kind, cluster, namespace, namespaceId });
    apps.set(app, made);
    return made;
  }

  /** The node of an operation of a callee. */
  operationNode(callee: NodeIdentity, app: string | null, operation: string): number {
    const { kind, cluster, namespace, namespaceId, service, workload } = callee;
    const id = nodeId('operation', cluster, namespace, kind, service ?? workload ?? callee.app ?? '', operation);
    const names = { workload: null, app, version: null, service, host: null, entry: null, known: null };
    return this.#intern({ ...names, id, kind: 'operation', cluster, namespace, namespaceId, operation });
  }

  /** Id of that node. */
  foldId(kind: 'namespace' | 'app', cluster: string, namespace: string, app: string): NodeId {
    return kind === 'app' ? nodeId('app', cluster, namespace, app) : nodeId('namespace', cluster, namespace);
  }

  /** Id of a box; `app` is empty for the box of a namespace. */
  boxId(kind: 'box-namespace' | 'box-app', cluster: string, namespace: string, app: string): NodeId {
    const namespaces = childOf(this.#boxIds, cluster);
    const apps = childOf(namespaces, namespace);
    const known = apps.get(app);
    if (known !== undefined) return known;
    const made = kind === 'box-app' ? nodeId(kind, cluster, namespace, app) : nodeId(kind, cluster, namespace);
    apps.set(app, made);
    return made;
  }

  #unknown(workload: KnownWorkload, side: 'source' | 'destination'): number {
    const { cluster, namespace, namespaceId } = workload;
    const names = { workload: null, app: null, version: null, service: null, host: null, entry: null, known: null };
    return this.#intern({ ...names, id: nodeId('unknown', cluster, namespace, side), kind: 'unknown', cluster, namespace, namespaceId });
  }

  /** Everything that a reader may not see on one side of what he sees. */
  #hiddenNode(side: 'callers' | 'callees'): number {
    const names = { workload: null, app: null, version: null, service: null, host: null, entry: null, known: null };
    const namespaceId = this.identities.namespaceId(UNKNOWN);
    return this.#intern({ ...names, id: HIDDEN_NODE[side], kind: 'hidden', cluster: UNKNOWN, namespace: UNKNOWN, namespaceId });
  }

  #special(kind: 'passthrough' | 'blackhole', service: string, cluster: string): number {
    const names = { workload: null, app: null, version: null, service, host: null, entry: null, known: null };
    const namespaceId = this.identities.namespaceId(UNKNOWN);
    return this.#intern({ ...names, id: nodeId(kind, cluster), kind, cluster, namespace: UNKNOWN, namespaceId });
  }

  #intern(identity: Omit<NodeIdentity, 'index'>): number {
    const index = this.#byId.get(identity.id);
    if (index === undefined) {
      if (this.nodes.length >= MAX_NODES) throw new RangeError(`more than ${MAX_NODES} nodes`);
      const made = this.nodes.length;
      this.nodes.push({ index: made, ...identity });
      this.#byId.set(identity.id, made);
      this.#ranks = null;
      return made;
    }
    const old = this.nodes[index];
    if (old !== undefined && (old.app !== identity.app || old.version !== identity.version || old.entry !== identity.entry))
      this.nodes[index] = { index, ...identity };
    return index;
  }

  /** Slot of the edge between two nodes for one protocol. */
  slot(source: number, target: number, protocol: number): number {
    let targets = this.#slots[source];
    if (targets === undefined) {
      targets = new Map();
      this.#slots[source] = targets;
    }
    const key = target * 4 + protocol;
    const known = targets.get(key);
    if (known !== undefined) return known;
    const made = this.edgeSource.length;
    this.edgeSource.push(source);
    this.edgeTarget.push(target);
    this.edgeProtocol.push(protocol);
    this.#edgeIds.push(undefined);
    targets.set(key, made);
    return made;
  }

  edgeIdOf(slot: number): EdgeId {
    const known = this.#edgeIds[slot];
    if (known !== undefined) return known;
    const [source, target] = [this.nodes[this.edgeSource[slot] ?? -1], this.nodes[this.edgeTarget[slot] ?? -1]];
    if (source === undefined || target === undefined) throw new RangeError(`no edge in slot ${slot}`);
    const made = edgeId(source.id, target.id, PROTOCOL_ORDER[this.edgeProtocol[slot] ?? 0] ?? 'http');
    this.#edgeIds[slot] = made;
    return made;
  }

  /** Rank of every node in the canonical order, by node index. */
  ranks(): Int32Array {
    if (this.#ranks !== null) return this.#ranks;
    const order = this.nodes.map((n) => n.index);
    const ids = this.nodes.map((n) => n.id);
    order.sort((a, b) => ((ids[a] ?? '') < (ids[b] ?? '') ? -1 : 1));
    const ranks = new Int32Array(order.length);
    order.forEach((index, rank) => {
      ranks[index] = rank;
    });
    this.#ranks = ranks;
    return ranks;
  }

  /**
   * Decides which service stands for each workload in the service graph: of those through which it is called in these flows, the one that
   * bears its app's name, else the first by id. One only, so that its calls are never counted twice. Only one of its own namespace: who may
   * see a workload may see what stands for it.
   */
  resolvePrimaries(flows: Int32Array): void {
    const primary = new Int32Array(this.identities.workloads.length).fill(-1);
    for (const index of flows) {
      const flow = this.identities.flows[index];
      if (flow === undefined || !flow.destination.known || flow.service.sort !== 'service') continue;
      const candidate = this.serviceNode(flow.service, flow.entry);
      if (this.nodes[candidate]?.namespaceId !== flow.destination.namespaceId) continue;
      const held = primary[flow.destination.index] ?? -1;
      if (held === candidate) continue;
      if (held < 0 || this.#prefers(flow.destination, candidate, held)) primary[flow.destination.index] = candidate;
    }
    if (primary.length === this.#primary.length && primary.every((node, i) => node === this.#primary[i])) return;
    this.#primary = primary;
    this.#tables.delete('service');
  }

  #prefers(workload: KnownWorkload, candidate: number, held: number): boolean {
    const [a, b] = [this.nodes[candidate], this.nodes[held]];
    if (a === undefined || b === undefined) return false;
    const [named, other] = [a.service === workload.app, b.service === workload.app];
    return named === other ? a.id < b.id : named;
  }
}

/** The inner map of a key, made when it is missing. */
function childOf<T>(parent: Map<string, Map<string, T>>, key: string): Map<string, T> {
  const known = parent.get(key);
  if (known !== undefined) return known;
  const made = new Map<string, T>();
  parent.set(key, made);
  return made;
}
