// What the telemetry shows around a node that nobody knows: who calls, what is called, by which hosts, how.
// In: chosen observations of the draft. Out: Evidence per node.
import type { Protocol } from '../../../model/traffic';
import { UNKNOWN } from '../../../model/traffic';
import * as column from '../columns';
import type { Draft, StepContext } from '../draft';
import type { KnownWorkload } from '../identities';

export interface Peer {
  readonly workload: KnownWorkload;
  readonly gateway: boolean;
  readonly flows: number;
  readonly requestsPerSecond: number;
}

export interface Evidence {
  /** Known workloads on the other side, busiest first. */
  readonly peers: readonly Peer[];
  /** Host names as the proxies saw them, busiest first. */
  readonly hosts: readonly string[];
  readonly protocols: ReadonlySet<Protocol>;
  readonly requestsPerSecond: number;
  readonly errorsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly mutual: number;
  readonly plaintext: number;
  readonly flows: number;
  /** Flows that addressed no service (straight to a pod, or not understood by the proxy). */
  readonly serviceless: number;
  /** Requests per second of the slowest and the busiest flow. */
  readonly slowest: number;
  readonly busiest: number;
  /** Envoy said "no route" or "no cluster". */
  readonly noRoute: boolean;
}

interface Tally {
  readonly peers: Map<KnownWorkload, { flows: number; rate: number; gateway: boolean }>;
  readonly hosts: Map<string, number>;
  readonly protocols: Set<Protocol>;
  readonly row: Float64Array;
  flows: number;
  serviceless: number;
  slowest: number;
  busiest: number;
  noRoute: boolean;
}

/** Evidence for the nodes at the given positions of the draft. */
export function collectEvidence(draft: Draft, context: StepContext, wanted: ReadonlySet<number>): ReadonlyMap<number, Evidence> {
  const { index } = context.traffic;
  const { flows } = context.topology.identities;
  const tallies = new Map<number, Tally>();
  for (let c = 0; c < draft.chosen.length; c++) {
    const observation = column.at(draft.chosen, c);
    const flow = flows[column.at(index.flows, observation)];
    if (flow === undefined) continue;
    const [first, second] = [column.at(draft.first, c), column.at(draft.second, c)];
    const source = first < 0 ? -1 : column.at(draft.edges.source, first);
    const target = second >= 0 ? column.at(draft.edges.target, second) : first < 0 ? -1 : column.at(draft.edges.target, first);
    for (const [node, peer] of [
      [source, flow.destination],
      [target, flow.source],
    ] as const) {
      if (!wanted.has(node)) continue;
      let tally = tallies.get(node);
      if (tally === undefined) {
        tally = startTally();
        tallies.set(node, tally);
      }
      const rate = column.at(index.rows, observation * column.ROW + column.REQUESTS);
      tally.flows++;
      tally.protocols.add(flow.protocol);
      column.addRow(tally.row, 0, index.rows, observation);
      if (flow.service.sort === 'none') tally.serviceless++;
      if (flow.service.host !== UNKNOWN) tally.hosts.set(flow.service.host, (tally.hosts.get(flow.service.host) ?? 0) + rate);
      if (peer.known) {
        const seen = tally.peers.get(peer);
        const gateway = index.inventory.workloadOf(peer.cluster, peer.namespace, peer.workload)?.mode === 'gateway';
        tally.peers.set(peer, { flows: (seen?.flows ?? 0) + 1, rate: (seen?.rate ?? 0) + rate, gateway });
      }
      tally.slowest = Math.min(tally.slowest, rate);
      tally.busiest = Math.max(tally.busiest, rate);
      if ((column.at(index.marks, observation) & column.MARK_NO_ROUTE) !== 0) tally.noRoute = true;
    }
  }
  return new Map([...tallies].map(([node, tally]) => [node, closeTally(tally)]));
}

const startTally = (): Tally => ({
  peers: new Map(),
  hosts: new Map(),
  protocols: new Set(),
  row: new Float64Array(column.ROW),
  flows: 0,
  serviceless: 0,
  slowest: Number.POSITIVE_INFINITY,
  busiest: 0,
  noRoute: false,
});

function closeTally(tally: Tally): Evidence {
  const peers = [...tally.peers].map(([workload, { flows, rate, gateway }]) => ({ workload, gateway, flows, requestsPerSecond: rate }));
  peers.sort((a, b) => b.requestsPerSecond - a.requestsPerSecond || (a.workload.key < b.workload.key ? -1 : 1));
  const hosts = [...tally.hosts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([host]) => host);
  const { row, protocols, flows, serviceless, slowest, busiest, noRoute } = tally;
  return {
    peers,
    hosts,
    protocols,
    requestsPerSecond: column.at(row, column.REQUESTS),
    errorsPerSecond: column.at(row, column.ERRORS),
    bytesPerSecond: column.at(row, column.SENT) + column.at(row, column.RECEIVED),
    mutual: column.at(row, column.MUTUAL),
    plaintext: column.at(row, column.PLAINTEXT),
    flows,
    serviceless,
    slowest,
    busiest,
    noRoute,
  };
}
