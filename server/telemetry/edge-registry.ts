// The long-lived numbers of edges: the same edge has the same key in every snapshot, and its names are kept once.
// In: edge identities. Out: EdgeRow. Keys are never given to another edge; edges unseen for long are forgotten, so memory stays bounded.
import { type Protocol, type ServiceRef, UNKNOWN, type WorkloadRef } from '../../model/traffic';
import type { EdgeIdentity } from './edge-identity';

/** One edge. `index` is a place in the tables of the fold that set `pass`; it means nothing to anybody else. */
export interface EdgeRow {
  readonly key: number;
  readonly source: WorkloadRef;
  readonly destination: WorkloadRef;
  /** The fullest that any reporter told: one may know the host only. */
  service: ServiceRef;
  readonly protocol: Protocol;
  pass: number;
  index: number;
  lastSeenMs: number;
  /** No longer in the registry: look its identity up again. */
  forgotten: boolean;
}

/** Names of Envoy's catch-all clusters: two of them may carry the same host, or none. */
const CATCH_ALL = /Cluster(?:Ipv[46])?$/;

/** Names of workloads or services, each kept once. Nested maps: no key has to be built to look one up. */
class Names<T> {
  readonly #byCluster = new Map<string, Map<string, Map<string, T>>>();

  /** What is kept under three names, put there by `make` if there is nothing. */
  of(cluster: string, namespace: string, name: string, make: () => T): T {
    let byNamespace = this.#byCluster.get(cluster);
    if (byNamespace === undefined) {
      byNamespace = new Map();
      this.#byCluster.set(cluster, byNamespace);
    }
    let byName = byNamespace.get(namespace);
    if (byName === undefined) {
      byName = new Map();
      byNamespace.set(namespace, byName);
    }
    const found = byName.get(name);
    if (found !== undefined) return found;
    const made = make();
    byName.set(name, made);
    return made;
  }
}

export class EdgeRegistry {
  /** By source and destination: few rows each. */
  #pairs = new Map<WorkloadRef, Map<WorkloadRef, EdgeRow[]>>();
  #workloads = new Names<WorkloadRef>();
  /** Services by cluster, namespace and host; few names each. */
  #services = new Names<ServiceRef[]>();
  #size = 0;
  #nextKey = 0;
  #pass = 0;

  get size(): number {
    return this.#size;
  }

  /** A number that no fold had before. */
  startPass(): number {
    return ++this.#pass;
  }

  /**
   * The row of an identity: equal cluster, namespace and workload of both ends, host and protocol; the service's name and namespace are
   * not compared, as reporters differ in what they know of them (but Envoy's catch-all clusters are told apart).
   */
  rowOf(identity: EdgeIdentity, nowMs: number): EdgeRow {
    const source = this.#workload(identity.source);
    const destination = this.#workload(identity.destination);
    const { service, protocol } = identity;
    const rows = this.#rowsBetween(source, destination);
    const found = rows.find(
      (own) => own.protocol === protocol && own.service.host === service.host && catchAll(own.service.name) === catchAll(service.name),
    );
    if (found !== undefined) {
      found.lastSeenMs = Math.max(found.lastSeenMs, nowMs);
      if (found.service.namespace === UNKNOWN && service.namespace !== UNKNOWN) found.service = this.#service(service);
      return found;
    }
    const row: EdgeRow = {
      key: this.#nextKey++,
      source,
      destination,
      service: this.#service(service),
      protocol,
      pass: 0,
      index: -1,
      lastSeenMs: nowMs,
      forgotten: false,
    };
    rows.push(row);
    this.#size++;
    return row;
  }

  /** Forgets edges that no fold has seen since `beforeMs`. */
  forgetUnseen(beforeMs: number): void {
    const kept: EdgeRow[] = [];
    for (const own of this.#pairs.values())
      for (const rows of own.values())
        for (const row of rows) {
          if (row.lastSeenMs >= beforeMs) kept.push(row);
          else row.forgotten = true;
        }
    if (kept.length === this.#size) return;
    // Names are shared by rows: what is left of them says which are still needed.
    this.#pairs = new Map();
    this.#workloads = new Names();
    this.#services = new Names();
    this.#size = kept.length;
    for (const row of kept) {
      this.#rowsBetween(this.#workload(row.source), this.#workload(row.destination)).push(row);
      this.#service(row.service);
    }
  }

  #rowsBetween(source: WorkloadRef, destination: WorkloadRef): EdgeRow[] {
    let from = this.#pairs.get(source);
    if (from === undefined) {
      from = new Map();
      this.#pairs.set(source, from);
    }
    let rows = from.get(destination);
    if (rows === undefined) {
      rows = [];
      from.set(destination, rows);
    }
    return rows;
  }

  #workload(ref: WorkloadRef): WorkloadRef {
    return this.#workloads.of(ref.cluster, ref.namespace, ref.workload, () => ref);
  }

  #service(ref: ServiceRef): ServiceRef {
    const named = this.#services.of(ref.cluster, ref.namespace, ref.host, () => []);
    const found = named.find((own) => own.name === ref.name);
    if (found !== undefined) return found;
    named.push(ref);
    return ref;
  }
}

const catchAll = (name: string): string => (CATCH_ALL.test(name) ? name : '');
