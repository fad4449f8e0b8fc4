// What goes in and out of every workload, app, service and namespace, from all the traffic of a snapshot: for lists, which draw nothing.
// In: PreparedTraffic. Out: rates, share of mutual TLS and P95 by node or namespace. Pure; made once per snapshot and inventory.
import { hasNamespace } from './build';
import * as column from './columns';
import type { PreparedTraffic } from './memory';
import { addBuckets, quantileMs } from './quantile';
import { round4, roundShare } from './round';
import { modeOf } from './topology';

/** Rates per second: http, its errors, grpc, its errors, bytes of TCP. */
export type Rates = readonly [number, number, number, number, number];

export interface EntityTraffic {
  readonly inbound: Rates;
  readonly outbound: Rates;
  readonly mtlsShare: number | null;
  /** Of what comes in; null where no histogram was collected. */
  readonly p95Ms: number | null;
}

/** Numbers of a subject: five in, five out, then requests and bytes over mutual TLS and in plaintext. */
const WIDTH = 14;
const OUT = 5;
const MTLS = 10;
const P95 = 0.95;

class Sums {
  readonly #bounds: readonly number[];
  readonly #slots = new Map<number | string, number>();
  #numbers = new Float64Array(WIDTH * 256);
  #buckets: Float64Array;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#buckets = new Float64Array(bounds.length * 256);
  }

  slotOf(subject: number | string): number {
    const known = this.#slots.get(subject);
    if (known !== undefined) return known;
    const made = this.#slots.size;
    this.#slots.set(subject, made);
    if ((made + 1) * WIDTH > this.#numbers.length) this.#numbers = grown(this.#numbers);
    if ((made + 1) * this.#bounds.length > this.#buckets.length) this.#buckets = grown(this.#buckets);
    return made;
  }

  add(slot: number, at: number, amount: number): void {
    const cell = slot * WIDTH + at;
    this.#numbers[cell] = column.at(this.#numbers, cell) + amount;
  }

  addBuckets(slot: number, buckets: Float64Array): void {
    addBuckets(this.#buckets, slot, this.#bounds, buckets);
  }

  of(subject: number | string): EntityTraffic | null {
    const slot = this.#slots.get(subject);
    if (slot === undefined) return null;
    const at = (i: number): number => column.at(this.#numbers, slot * WIDTH + i);
    const rates = (from: number): Rates => [
      round4(at(from)),
      round4(at(from + 1)),
      round4(at(from + 2)),
      round4(at(from + 3)),
      round4(at(from + 4)),
    ];
    // Requests per second and bytes per second do not add up: requests tell, where there are any.
    const from = at(MTLS) + at(MTLS + 1) > 0 ? MTLS : MTLS + 2;
    const knownShare = at(from) + at(from + 1);
    const p95 = this.#bounds.length === 0 ? null : quantileMs(P95, this.#bounds, this.#buckets, slot);
    return {
      inbound: rates(0),
      outbound: rates(OUT),
      mtlsShare: knownShare > 0 ? roundShare(at(from), knownShare) : null,
      p95Ms: p95 === null ? null : round4(p95),
    };
  }
}

function grown(old: Float64Array): Float64Array<ArrayBuffer> {
  const made = new Float64Array(Math.max(WIDTH, old.length) * 2);
  made.set(old);
  return made;
}

/** What is told of nodes (workloads, apps, services) and of namespaces; null where there is no traffic. */
export interface TrafficOfEntities {
  ofNode(index: number): EntityTraffic | null;
  ofNamespace(cluster: string, namespace: string): EntityTraffic | null;
}

/** Where the numbers of one protocol stand. */
const PLACE = { http: 0, grpc: 2, tcp: 4 } as const;

/** Sums over all the traffic, whoever reads it: names of peers do not occur in it. */
export function sumEntityTraffic(traffic: PreparedTraffic): TrafficOfEntities {
  traffic.memory.prepare(traffic);
  const { index } = traffic;
  const { topology, snapshot, rows } = index;
  const { identities } = topology;
  const sums = new Sums(snapshot.bucketBoundsMs);
  const [plain, app] = [modeOf('workload', false), modeOf('app', false)];
  /** Slots of a workload: its own, its app's, its namespace's. */
  const slots: (readonly number[] | undefined)[] = [];
  const namespaceSlot = (cluster: string, namespace: string): readonly number[] =>
    hasNamespace(namespace) ? [sums.slotOf(`${cluster}/${namespace}`)] : [];
  const slotsOf = (workloadIndex: number): readonly number[] => {
    const known = slots[workloadIndex];
    if (known !== undefined) return known;
    const workload = identities.workloads[workloadIndex];
    const made: number[] = [];
    if (workload?.known === true) {
      made.push(sums.slotOf(topology.workloadNode(plain, workload)));
      if (workload.app !== null) made.push(sums.slotOf(topology.workloadNode(app, workload)));
    }
    if (workload !== undefined) made.push(...namespaceSlot(workload.cluster, workload.namespace));
    slots[workloadIndex] = made;
    return made;
  };
  for (let i = 0; i < index.flows.length; i++) {
    const flow = identities.flows[column.at(index.flows, i)];
    if (flow === undefined) continue;
    const { protocol, service, source, destination } = flow;
    const row = i * column.ROW;
    const place = PLACE[protocol];
    const first = protocol === 'tcp' ? column.at(rows, row + column.SENT) + column.at(rows, row + column.RECEIVED) : column.at(rows, row);
    const errors = column.at(rows, row + column.ERRORS);
    const [mutual, plaintext] = [column.at(rows, row + column.MUTUAL), column.at(rows, row + column.PLAINTEXT)];
    const policy = protocol === 'tcp' ? MTLS + 2 : MTLS;
    const buckets = snapshot.observations[i]?.durationBuckets ?? null;
    const count = (slot: number, direction: number): void => {
      sums.add(slot, direction + place, first);
      if (protocol !== 'tcp') sums.add(slot, direction + place + 1, errors);
      sums.add(slot, policy, mutual);
      sums.add(slot, policy + 1, plaintext);
      if (direction === 0 && buckets !== null && buckets.length === snapshot.bucketBoundsMs.length) sums.addBuckets(slot, buckets);
    };
    const into = slotsOf(destination.index);
    for (const slot of into) count(slot, 0);
    // Where nobody answered, the namespace of the service was asked.
    if (!hasNamespace(destination.namespace)) for (const slot of namespaceSlot(service.cluster, service.namespace)) count(slot, 0);
    if (service.sort === 'service') count(sums.slotOf(topology.serviceNode(service, flow.entry)), 0);
    for (const slot of slotsOf(source.index)) count(slot, OUT);
  }
  return {
    ofNode: (node) => sums.of(node),
    ofNamespace: (cluster, namespace) => sums.of(`${cluster}/${namespace}`),
  };
}
