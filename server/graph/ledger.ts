// Health of every node from all the traffic of a snapshot, whatever part of it a view shows: the same node has the same health everywhere.
// In: TrafficIndex, facts. Out: Health by node. Computed once per snapshot and inventory.
import type { HealthReason, HealthStatus } from '../../model/health';
import { type Health, NO_HEALTH, worstHealth } from '../../model/health';
import { combineHealth, type Direction, type RequestProtocol, requestReason } from '../../model/health-rules';
import type { FactsBook, NodeFacts } from './facts';
import type { ToleranceSet } from './tolerance-book';
import { modeOf, type NodeIdentity } from './topology';
import type { TrafficIndex } from './traffic-index';

const PROTOCOLS: readonly RequestProtocol[] = ['http', 'grpc'];
const DIRECTIONS: readonly Direction[] = ['inbound', 'outbound'];

/** Sums of codes per tolerance: for each protocol the total, then one sum per tolerance. */
export class HealthLedger {
  readonly #index: TrafficIndex;
  readonly #facts: FactsBook;
  /** Numbers per protocol: the total and `#width - 1` tolerances. */
  readonly #width: number;
  readonly #sums: Float64Array;
  readonly #health: (Health | undefined)[] = [];

  constructor(index: TrafficIndex, facts: FactsBook) {
    this.#index = index;
    this.#facts = facts;
    const subjects = this.#subjects();
    let width = 1;
    for (const node of subjects.nodes) width = Math.max(width, 1 + (this.#factsOf(node)?.tolerances?.compiled.length ?? 0));
    this.#width = width;
    this.#sums = new Float64Array(index.topology.nodes.length * 4 * width);
    this.#fill(subjects);
  }

  #factsOf(node: number): NodeFacts | null {
    const identity = this.#index.topology.nodes[node];
    return identity === undefined ? null : this.#facts.factsOf(identity, this.#index.inventory);
  }

  /** Nodes whose health each flow touches: workload and app of both ends and the service, whichever of them a view shows. */
  #subjects(): { readonly nodes: Set<number>; readonly of: Int32Array } {
    const { topology, flows } = this.#index;
    const { identities } = topology;
    const nodes = new Set<number>();
    const of = new Int32Array(flows.length * 5).fill(-1);
    const plain = modeOf('workload', false);
    const app = modeOf('app', false);
    const byWorkload: (readonly [number, number] | undefined)[] = [];
    const pair = (index: number): readonly [number, number] => {
      const known = byWorkload[index];
      if (known !== undefined) return known;
      const workload = identities.workloads[index];
      const made: readonly [number, number] =
        workload?.known === true
          ? [topology.workloadNode(plain, workload), workload.app === null ? -1 : topology.workloadNode(app, workload)]
          : [-1, -1];
      byWorkload[index] = made;
      return made;
    };
    flows.forEach((flowIndex, i) => {
      const flow = identities.flows[flowIndex];
      if (flow === undefined || flow.protocol === 'tcp') return;
      const [sourceNode, sourceApp] = pair(flow.source.index);
      const [targetNode, targetApp] = pair(flow.destination.index);
      const service = flow.service.sort === 'service' ? topology.serviceNode(flow.service, flow.entry) : -1;
      of[i * 5] = sourceNode;
      of[i * 5 + 1] = sourceApp;
      of[i * 5 + 2] = targetNode;
      of[i * 5 + 3] = targetApp;
      of[i * 5 + 4] = service;
    });
    const seen = new Uint8Array(topology.nodes.length);
    for (const node of of) if (node >= 0) seen[node] = 1;
    seen.forEach((mark, node) => {
      if (mark === 1) nodes.add(node);
    });
    return { nodes, of };
  }

  #fill({ of }: { readonly of: Int32Array }): void {
    const { codeStart, codeIndex, codeRate, codes } = this.#index;
    const sets: (ToleranceSet | null | undefined)[] = [];
    for (let i = 0; i < this.#index.flows.length; i++) {
      const [start, end] = [codeStart[i] ?? 0, codeStart[i + 1] ?? 0];
      if (start === end) continue;
      for (let role = 0; role < 5; role++) {
        const node = of[i * 5 + role] ?? -1;
        if (node < 0) continue;
        let set = sets[node];
        if (set === undefined) {
          set = this.#factsOf(node)?.tolerances ?? null;
          sets[node] = set;
        }
        if (set === null) continue;
        const direction: Direction = role < 2 ? 'outbound' : 'inbound';
        for (let c = start; c < end; c++) {
          const code = codes.codes[codeIndex[c] ?? 0];
          if (code !== undefined) this.#add(this.#cell(node, direction, code.protocol), codeRate[c] ?? 0, set.maskOf(direction, code));
        }
      }
    }
  }

  #cell = (node: number, direction: Direction, protocol: RequestProtocol): number =>
    (node * 4 + (direction === 'inbound' ? 0 : 2) + (protocol === 'http' ? 0 : 1)) * this.#width;

  #add(cell: number, rate: number, mask: number): void {
    this.#sums[cell] = (this.#sums[cell] ?? 0) + rate;
    for (let bits = mask, t = 1; bits !== 0; bits >>>= 1, t++)
      if ((bits & 1) === 1) this.#sums[cell + t] = (this.#sums[cell + t] ?? 0) + rate;
  }

  /** Health of a node. Service: requests only, inbound. Workload and app: the worst of requests and pods. Unknown, passthrough, …: none. */
  healthOf(identity: NodeIdentity): Health {
    const known = this.#health[identity.index];
    if (known !== undefined) return known;
    const facts = this.#facts.factsOf(identity, this.#index.inventory);
    const made =
      facts.tolerances === null ? NO_HEALTH : combineHealth([this.#requests(this.#subjectOf(identity), facts.tolerances), facts.podHealth]);
    this.#health[identity.index] = made;
    return made;
  }

  /** A version is judged as its workload. */
  #subjectOf({ kind, index, known }: NodeIdentity): number {
    return kind === 'app' && known !== null ? this.#index.topology.workloadNode('workload', known) : index;
  }

  #requests(node: number, set: ToleranceSet): Health {
    let status: HealthStatus = 'na';
    const reasons: HealthReason[] = [];
    for (const direction of DIRECTIONS)
      for (const protocol of PROTOCOLS) {
        const cell = this.#cell(node, direction, protocol);
        const total = this.#sums[cell] ?? 0;
        if (total <= 0) continue;
        status = worstHealth(status, 'healthy');
        for (let t = 0; t < set.compiled.length; t++) {
          const compiled = set.compiled[t];
          const part = this.#sums[cell + t + 1] ?? 0;
          if (compiled === undefined || part <= 0) continue;
          const reason = requestReason(direction, protocol, compiled.tolerance, (part / total) * 100);
          if (reason === null) continue;
          reasons.push(reason);
          status = worstHealth(status, reason.status);
        }
      }
    return status === 'na' ? NO_HEALTH : { status, reasons };
  }
}
