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

const SEPARATOR = '\u0000';
/** Names of Envoy's catch-all clusters: two of them may carry the same host, or none. */
const CATCH_ALL = /Cluster(?:Ipv[46])?$/;

export class EdgeRegistry {
  readonly #rows = new Map<string, EdgeRow>();
  #workloads = new Map<string, WorkloadRef>();
  #services = new Map<string, ServiceRef>();
  #nextKey = 0;
  #pass = 0;

  get size(): number {
    return this.#rows.size;
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
    const key = [
      source.cluster,
      source.namespace,
      source.workload,
      destination.cluster,
      destination.namespace,
      destination.workload,
      identity.service.host,
      CATCH_ALL.test(identity.service.name) ? identity.service.name : '',
      identity.protocol,
    ].join(SEPARATOR);
    const found = this.#rows.get(key);
    if (found !== undefined) {
      found.lastSeenMs = Math.max(found.lastSeenMs, nowMs);
      if (found.service.namespace === UNKNOWN && identity.service.namespace !== UNKNOWN) found.service = this.#service(identity.service);
      return found;
    }
    const service = this.#service(identity.service);
    const { protocol } = identity;
    const row: EdgeRow = {
      key: this.#nextKey++,
      source,
      destination,
      service,
      protocol,
      pass: 0,
      index: -1,
      lastSeenMs: nowMs,
      forgotten: false,
    };
    this.#rows.set(key, row);
    return row;
  }

  /** Forgets edges that no fold has seen since `beforeMs`. */
  forgetUnseen(beforeMs: number): void {
    let forgotten = 0;
    for (const [key, row] of this.#rows) {
      if (row.lastSeenMs >= beforeMs) continue;
      row.forgotten = true;
      this.#rows.delete(key);
      forgotten++;
    }
    if (forgotten === 0) return;
    // Names are shared by rows: what is left of them says which are still needed.
    this.#workloads = new Map();
    this.#services = new Map();
    for (const row of this.#rows.values()) {
      this.#workloads.set(workloadText(row.source), row.source);
      this.#workloads.set(workloadText(row.destination), row.destination);
      this.#services.set(serviceText(row.service), row.service);
    }
  }

  #workload(ref: WorkloadRef): WorkloadRef {
    const key = workloadText(ref);
    const found = this.#workloads.get(key);
    if (found !== undefined) return found;
    this.#workloads.set(key, ref);
    return ref;
  }

  #service(ref: ServiceRef): ServiceRef {
    const key = serviceText(ref);
    const found = this.#services.get(key);
    if (found !== undefined) return found;
    this.#services.set(key, ref);
    return ref;
  }
}

const workloadText = (ref: WorkloadRef): string => `${ref.cluster}${SEPARATOR}${ref.namespace}${SEPARATOR}${ref.workload}`;
const serviceText = (ref: ServiceRef): string => `${ref.cluster}${SEPARATOR}${ref.namespace}${SEPARATOR}${ref.name}${SEPARATOR}${ref.host}`;
