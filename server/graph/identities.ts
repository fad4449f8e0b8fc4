// Who calls whom, interned: workloads, services and flows of the telemetry as objects with small dense numbers, kept between snapshots
// so that a refresh compares references instead of building strings.
// In: observations, the inventory index, identities of the telemetry. Out: Flow. Long-lived, owned by GraphMemory.
import { type WorkloadKey, workloadKey } from '../../model/ids';
import type { WorkloadInfo } from '../../model/inventory';
import { type Observation, type Protocol, type ServiceRef, type TrafficSnapshot, UNKNOWN, type WorkloadRef } from '../../model/traffic';
import type { InventoryIndex } from './inventory-index';
import type { EntryInfo } from './service-entries';

export interface KnownWorkload {
  readonly index: number;
  readonly key: WorkloadKey;
  readonly cluster: string;
  readonly namespace: string;
  readonly namespaceId: number;
  readonly workload: string;
  /** False for the unknown workload of a cluster and namespace. */
  readonly known: boolean;
  /** Resolved: the inventory, where it knows the workload, wins over telemetry; null where nobody knows. */
  app: string | null;
  version: string | null;
  waypoint: boolean;
}

/** `none`: no service was addressed, or Istio's name for "straight to the pod". */
export type ServiceSort = 'service' | 'passthrough' | 'blackhole' | 'none';

export interface KnownService {
  readonly index: number;
  readonly sort: ServiceSort;
  readonly cluster: string;
  readonly namespace: string;
  readonly namespaceId: number;
  readonly name: string;
  readonly host: string;
}

/** The identity of an observation: everything but the numbers. */
export interface Flow {
  readonly index: number;
  readonly source: KnownWorkload;
  readonly destination: KnownWorkload;
  readonly service: KnownService;
  readonly protocol: Protocol;
  /** ServiceEntry that the source means by the host, null for services of the cluster and undeclared hosts. */
  entry: EntryInfo | null;
  /** Made of another flow by putting the nameless in the place of what its reader may not see. */
  readonly masked: boolean;
}

/** Who calls whom, and the shortcut to it. */
type FlowNames = Pick<Observation, 'key' | 'source' | 'destination' | 'service' | 'protocol'>;

interface Seen {
  readonly flow: Flow;
  source: WorkloadRef;
  destination: WorkloadRef;
  service: ServiceRef;
}

const absent = (name: string): boolean => name === '' || name === UNKNOWN;

/** What Istio's destination_service_name says of the way that the request took. */
export function serviceSort(name: string): ServiceSort {
  if (absent(name)) return 'none';
  if (name === 'PassthroughCluster') return 'passthrough';
  if (name === 'BlackHoleCluster') return 'blackhole';
  return name.startsWith('InboundPassthroughCluster') ? 'none' : 'service';
}

export class Identities {
  readonly homeCluster: string;
  readonly workloads: KnownWorkload[] = [];
  readonly services: KnownService[] = [];
  readonly flows: Flow[] = [];
  readonly namespaces: string[] = [];
  readonly #namespaceIds = new Map<string, number>();
  readonly #byWorkload = new Map<string, KnownWorkload>();
  readonly #byService = new Map<string, KnownService>();
  readonly #byKey = new Map<number, Seen>();
  readonly #byMask = new Map<string, Flow>();
  /** Stand-ins for whatever a reader may not see: like the unknown, but for being these objects. */
  readonly hiddenWorkload: KnownWorkload;
  readonly hiddenService: KnownService;

  /** Clusters that telemetry leaves unknown are taken for `homeCluster`. */
  constructor(homeCluster: string) {
    this.homeCluster = homeCluster;
    const place = { index: 0, cluster: UNKNOWN, namespace: UNKNOWN, namespaceId: this.namespaceId(UNKNOWN) };
    const key = workloadKey(UNKNOWN, UNKNOWN, UNKNOWN);
    this.hiddenWorkload = { ...place, key, workload: UNKNOWN, known: false, app: null, version: null, waypoint: false };
    this.workloads.push(this.hiddenWorkload);
    this.hiddenService = { ...place, sort: 'none', name: UNKNOWN, host: UNKNOWN };
    this.services.push(this.hiddenService);
  }

  /** Whether a namespace of this name was met. */
  knowsNamespace(namespace: string): boolean {
    return this.#namespaceIds.has(namespace);
  }

  namespaceId(namespace: string): number {
    const known = this.#namespaceIds.get(namespace);
    if (known !== undefined) return known;
    const id = this.namespaces.length;
    this.namespaces.push(namespace);
    this.#namespaceIds.set(namespace, id);
    return id;
  }

  workloadOf(cluster: string, namespace: string, workload: string): KnownWorkload {
    const [c, n, w] = [absent(cluster) ? this.homeCluster : cluster, namespace === '' ? UNKNOWN : namespace, workload || UNKNOWN];
    const key = workloadKey(c, n, w);
    const known = this.#byWorkload.get(key);
    if (known !== undefined) return known;
    const made: KnownWorkload = {
      index: this.workloads.length,
      key,
      cluster: c,
      namespace: n,
      namespaceId: this.namespaceId(n),
      workload: w,
      known: w !== UNKNOWN,
      app: null,
      version: null,
      waypoint: false,
    };
    this.workloads.push(made);
    this.#byWorkload.set(key, made);
    return made;
  }

  /** A workload of the inventory, resolved at once. */
  adopt(info: WorkloadInfo): KnownWorkload {
    const known = this.workloadOf(info.cluster, info.namespace, info.name);
    known.app = absent(info.app) ? null : info.app;
    known.version = absent(info.version) ? null : info.version;
    known.waypoint = info.mode === 'waypoint';
    return known;
  }

  serviceOf(cluster: string, namespace: string, name: string, host: string): KnownService {
    const [c, n] = [absent(cluster) ? this.homeCluster : cluster, namespace === '' ? UNKNOWN : namespace];
    const key = JSON.stringify([c, n, name, host]);
    const known = this.#byService.get(key);
    if (known !== undefined) return known;
    const made: KnownService = {
      index: this.services.length,
      sort: serviceSort(name),
      cluster: c,
      namespace: n,
      namespaceId: this.namespaceId(n),
      name: name || UNKNOWN,
      host: host || UNKNOWN,
    };
    this.services.push(made);
    this.#byService.set(key, made);
    return made;
  }

  /** The flow of an observation; its key is the shortcut, its names are the truth. */
  flowOf(observation: FlowNames): Flow {
    const seen = this.#byKey.get(observation.key);
    if (seen !== undefined && isSame(seen, observation)) return seen.flow;
    const { source, destination, service } = observation;
    const flow: Flow = {
      index: this.flows.length,
      source: this.workloadOf(source.cluster, source.namespace, source.workload),
      destination: this.workloadOf(destination.cluster, destination.namespace, destination.workload),
      service: this.serviceOf(service.cluster, service.namespace, service.name, service.host),
      protocol: observation.protocol,
      entry: null,
      masked: false,
    };
    this.flows.push(flow);
    this.#byKey.set(observation.key, { flow, source, destination, service });
    return flow;
  }

  /** The flow between these ends; the same object for the same ends, whatever flow it was made of. */
  maskedFlow(source: KnownWorkload, destination: KnownWorkload, service: KnownService, protocol: Protocol, entry: EntryInfo | null): Flow {
    const declared = entry === null ? '' : JSON.stringify([entry.cluster, entry.namespace, entry.name]);
    const key = `${source.index} ${destination.index} ${service.index} ${protocol} ${declared}`;
    const known = this.#byMask.get(key);
    if (known !== undefined) {
      known.entry = entry;
      return known;
    }
    const flow: Flow = { index: this.flows.length, source, destination, service, protocol, entry, masked: true };
    this.flows.push(flow);
    this.#byMask.set(key, flow);
    return flow;
  }

  /** Brings app, version and role of every workload up to date; true when one of them changed. */
  resolveWorkloads(inventory: InventoryIndex, telemetry: TrafficSnapshot['identities']): boolean {
    let changed = false;
    for (const workload of this.workloads) {
      if (!workload.known) continue;
      const info = inventory.workloadByKey(workload.key);
      const told = info ?? telemetry.get(workload.key);
      const app = told === undefined || absent(told.app) ? null : told.app;
      const version = told === undefined || absent(told.version) ? null : told.version;
      const waypoint = info?.mode === 'waypoint';
      if (app === workload.app && version === workload.version && waypoint === workload.waypoint) continue;
      workload.app = app;
      workload.version = version;
      workload.waypoint = waypoint;
      changed = true;
    }
    return changed;
  }

  /** Brings the ServiceEntry of every flow up to date; true when one changed. */
  resolveEntries(inventory: InventoryIndex): boolean {
    let changed = false;
    const own = new Map<KnownService, boolean>();
    for (const flow of this.flows) {
      // It is given the entry of the flow that it was made of: its own source may be nobody, who sees other entries.
      if (flow.masked) continue;
      let entry: EntryInfo | null = null;
      const { service } = flow;
      if (inventory.entries.size > 0 && service.sort === 'service') {
        let cluster = own.get(service);
        if (cluster === undefined) {
          cluster = inventory.serviceOf(service.cluster, service.namespace, service.name) !== null;
          own.set(service, cluster);
        }
        if (!cluster) entry = inventory.entries.entryOf(service.host, flow.source.namespace);
      }
      if (entry === flow.entry) continue;
      changed = true;
      flow.entry = entry;
    }
    return changed;
  }
}

function isSame(seen: Seen, observation: FlowNames): boolean {
  if (seen.flow.protocol !== observation.protocol) return false;
  const { source, destination, service } = observation;
  if (seen.source === source && seen.destination === destination && seen.service === service) return true;
  if (!sameWorkload(seen.source, source) || !sameWorkload(seen.destination, destination)) return false;
  const old = seen.service;
  if (old.host !== service.host || old.name !== service.name || old.namespace !== service.namespace || old.cluster !== service.cluster)
    return false;
  seen.source = source;
  seen.destination = destination;
  seen.service = service;
  return true;
}

const sameWorkload = (a: WorkloadRef, b: WorkloadRef): boolean =>
  a === b || (a.workload === b.workload && a.namespace === b.namespace && a.cluster === b.cluster);
