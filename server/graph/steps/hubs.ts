// Step: nodes with very many peers folded: their edges are told on the peers, by number, instead of drawn.
// In: edges with health, the view's hubs. Out: fewer edges, DraftNode.more.hub and hubPeers. The traffic of the peers stays whole.
import type { HubPeer, HubTraffic } from '../../../model/graph';
import { worstHealth } from '../../../model/health';
import { AUTO_HUBS } from '../../../model/view-options';
import * as column from '../columns';
import { cutEdges } from '../cut';
import { type Draft, GONE, type StepContext } from '../draft';
import { STATUSES } from '../finish';
import { round4 } from '../round';

/** A node is a hub by itself when it has so many peers, and so large a part of all nodes. */
const LEAST_PEERS = 20;
const LEAST_SHARE = 0.2;

interface Sum {
  edges: number;
  requests: number;
  errors: number;
  bytes: number;
  health: HubPeer['health'];
}

export function foldHubs(draft: Draft, { view }: StepContext): void {
  if (view.hubs.length === 0) return;
  const hubs = chooseHubs(draft, view.hubs);
  if (hubs.size === 0) return;
  const { edges, nodes } = draft;
  const keep = new Uint8Array(edges.count).fill(1);
  const sums = new Map<number, Sum>();
  const peers = new Map<
    string,
    { readonly node: number; readonly hub: number; readonly direction: HubPeer['direction']; readonly sum: Sum }
  >();
  for (let e = 0; e < edges.count; e++) {
    const [source, target] = [column.at(edges.source, e), column.at(edges.target, e)];
    const hub = hubs.has(source) ? source : hubs.has(target) ? target : -1;
    if (hub < 0) continue;
    keep[e] = 0;
    for (const end of hubs.has(source) && hubs.has(target) && source !== target ? [source, target] : [hub]) {
      const sum = sums.get(end) ?? emptySum();
      sums.set(end, sum);
      addEdge(sum, draft, e);
    }
    const peer = hub === source ? target : source;
    if (hubs.has(peer)) continue;
    const direction = hub === source ? 'inbound' : 'outbound';
    const key = `${peer} ${hub} ${direction}`;
    const known = peers.get(key) ?? { node: peer, hub, direction, sum: emptySum() };
    peers.set(key, known);
    addEdge(known.sum, draft, e);
  }
  for (const hub of hubs) {
    const node = nodes[hub];
    if (node !== undefined) node.more = { ...node.more, hub: trafficOf(sums.get(hub) ?? emptySum()) };
  }
  for (const { node, hub, direction, sum } of peers.values()) {
    const [own, at] = [nodes[node], nodes[hub]];
    if (own === undefined || at === undefined) continue;
    const peer: HubPeer = { id: at.identity.id, label: at.label, direction, health: sum.health, ...trafficOf(sum) };
    own.more = { ...own.more, hubPeers: [...(own.more?.hubPeers ?? []), peer].sort(comparePeers) };
  }
  cutEdges(draft, keep, GONE.hubs);
}

const comparePeers = (a: HubPeer, b: HubPeer): number => (a.id === b.id ? (a.direction < b.direction ? -1 : 1) : a.id < b.id ? -1 : 1);

function chooseHubs(draft: Draft, wanted: readonly string[]): ReadonlySet<number> {
  const hubs = new Set<number>();
  const names = new Set(wanted);
  draft.nodes.forEach((node, i) => {
    if (names.has(node.identity.id)) hubs.add(i);
  });
  if (!names.has(AUTO_HUBS)) return hubs;
  const peers: (Set<number> | undefined)[] = [];
  const note = (node: number, peer: number): void => {
    const own = peers[node] ?? new Set<number>();
    peers[node] = own;
    own.add(peer);
  };
  for (let e = 0; e < draft.edges.count; e++) {
    const [source, target] = [column.at(draft.edges.source, e), column.at(draft.edges.target, e)];
    if (source === target) continue;
    note(source, target);
    note(target, source);
  }
  const least = Math.max(LEAST_PEERS, draft.nodes.length * LEAST_SHARE);
  peers.forEach((own, i) => {
    // A folded namespace calls many others as its members together do: that makes none of them a hub.
    if (own !== undefined && own.size >= least && draft.nodes[i]?.identity.kind !== 'namespace') hubs.add(i);
  });
  return hubs;
}

const emptySum = (): Sum => ({ edges: 0, requests: 0, errors: 0, bytes: 0, health: 'na' });

function addEdge(sum: Sum, { edges }: Draft, e: number): void {
  const row = e * column.ROW;
  sum.edges += 1;
  sum.requests += column.at(edges.rows, row + column.REQUESTS);
  sum.errors += column.at(edges.rows, row + column.ERRORS);
  sum.bytes += column.at(edges.rows, row + column.SENT) + column.at(edges.rows, row + column.RECEIVED);
  sum.health = worstHealth(sum.health, STATUSES[column.at(edges.health, e)] ?? 'na');
}

const trafficOf = ({ edges, requests, errors, bytes }: Sum): HubTraffic => ({
  edges,
  requestsPerSecond: round4(requests),
  errorsPerSecond: round4(errors),
  tcpBytesPerSecond: round4(bytes),
});
