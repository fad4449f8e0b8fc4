// From a complete draft to the graph in canonical order. In: Draft. Out: LaidGraph, which the encoder writes as it is, and the immutable
// Graph, made of it where somebody wants objects: ten thousand of them are most of what a view costs.
import {
  type Badge,
  type DirectionTraffic,
  type Graph,
  type GraphBox,
  type GraphEdge,
  type GraphNode,
  NO_TRAFFIC,
} from '../../model/graph';
import type { HealthStatus } from '../../model/health';
import type { Reporter } from '../../model/traffic';
import * as column from './columns';
import { type Draft, type DraftEdges, type DraftNode, type StepContext, TRAFFIC } from './draft';
import { round4, roundShare } from './round';
import { PROTOCOL_ORDER, type Topology } from './topology';

export const STATUSES: readonly HealthStatus[] = ['na', 'healthy', 'notReady', 'degraded', 'failure'];
/** Every set of reporters and of marks, made once so that equal ones are the same object. */
export const REPORTER_SETS: readonly (readonly Reporter[])[] = Array.from({ length: 16 }, (_, bits) =>
  column.REPORTERS.filter((_r, i) => (bits & (1 << i)) !== 0),
);
export const MARK_SETS: readonly GraphEdge['marks'][] = [[], ['circuitBreaker'], ['fault'], ['circuitBreaker', 'fault']];

/** Which bytes the view wants. */
export interface Payload {
  readonly request: boolean;
  readonly response: boolean;
}

/** A draft to which no step comes any more, with the canonical order of its nodes and edges. */
export interface LaidGraph {
  readonly topology: Topology;
  readonly nodes: readonly DraftNode[];
  readonly edges: DraftEdges;
  /** TRAFFIC numbers per node. */
  readonly traffic: Float64Array;
  readonly boxes: readonly GraphBox[];
  /** Position in `nodes` of each node of the graph, and in `edges` of each edge. */
  readonly nodeOrder: Int32Array;
  readonly edgeOrder: Int32Array;
  readonly payload: Payload;
}

/** Puts a draft into canonical order. */
export function layOut(draft: Draft, context: StepContext): LaidGraph {
  const ranks = context.topology.ranks();
  const { nodes, edges, traffic, boxes } = draft;
  const rankOf = Int32Array.from(nodes, (n) => ranks[n.identity.index] ?? 0);
  const nodeOrder = orderBy(Int32Array.from(rankOf.keys()), rankOf, ranks.length);
  const { overlays } = context.view;
  return {
    topology: context.topology,
    nodes,
    edges,
    traffic,
    boxes,
    nodeOrder,
    edgeOrder: orderEdges(edges, rankOf, ranks.length, context.topology),
    payload: { request: overlays.includes('requestThroughput'), response: overlays.includes('throughput') },
  };
}

/** Edges by source, target, protocol: by the last of these first, each time keeping what was in order. */
function orderEdges(edges: DraftEdges, rankOf: Int32Array, ranks: number, topology: Topology): Int32Array {
  const keys = new Int32Array(edges.count);
  const sorted = (before: Int32Array, keyOf: (e: number) => number, range: number): Int32Array => {
    for (let e = 0; e < edges.count; e++) keys[e] = keyOf(e);
    return orderBy(before, keys, range);
  };
  const drawn = Int32Array.from(keys.keys());
  const byProtocol = sorted(drawn, (e) => topology.edgeProtocol[column.at(edges.slot, e)] ?? 0, PROTOCOL_ORDER.length);
  const byTarget = sorted(byProtocol, (e) => column.at(rankOf, column.at(edges.target, e)), ranks);
  return sorted(byTarget, (e) => column.at(rankOf, column.at(edges.source, e)), ranks);
}

/** A counting sort: the positions in `before` by their keys, which are below `range`; those of one key stay as they are. */
function orderBy(before: Int32Array, keys: Int32Array, range: number): Int32Array {
  const starts = new Int32Array(range + 1);
  for (const key of keys) starts[key + 1] = column.at(starts, key + 1) + 1;
  for (let key = 1; key <= range; key++) starts[key] = column.at(starts, key) + column.at(starts, key - 1);
  const after = new Int32Array(before.length);
  for (const position of before) {
    const key = column.at(keys, position);
    const place = column.at(starts, key);
    after[place] = position;
    starts[key] = place + 1;
  }
  return after;
}

/** Place in the graph of each edge of the draft. */
export function placesOfEdges({ edgeOrder }: LaidGraph): Int32Array {
  const places = new Int32Array(edgeOrder.length);
  edgeOrder.forEach((e, place) => {
    places[e] = place;
  });
  return places;
}

/** The graph as objects, numbers rounded. */
export function finishGraph(laid: LaidGraph): Graph {
  const nodes: GraphNode[] = [];
  for (const position of laid.nodeOrder) {
    const node = laid.nodes[position];
    if (node !== undefined) nodes.push(finishNode(node, laid.traffic, position));
  }
  const edges: GraphEdge[] = [];
  for (const e of laid.edgeOrder) {
    const edge = finishEdge(laid, e);
    if (edge !== null) edges.push(edge);
  }
  return { nodes, boxes: laid.boxes, edges };
}

function finishNode(node: DraftNode, traffic: Float64Array, position: number): GraphNode {
  const { id, kind, cluster, namespace, workload, version, service } = node.identity;
  const plain: GraphNode = {
    id,
    parent: node.parent,
    kind,
    label: node.label,
    cluster,
    namespace,
    workload,
    app: node.app,
    version,
    service,
    workloadKind: node.facts.workloadKind,
    mode: node.facts.mode,
    inbound: finishTraffic(traffic, position * TRAFFIC),
    outbound: finishTraffic(traffic, position * TRAFFIC + TRAFFIC / 2),
    health: node.health,
    badges: node.badges,
    outside: node.outside,
    root: node.root,
    pods: node.facts.pods,
    hosts: node.hosts,
    explanation: node.explanation,
    members: node.members,
  };
  return node.more === null ? plain : { ...plain, ...node.more };
}

function finishTraffic(traffic: Float64Array, at: number): DirectionTraffic {
  const http = round4(column.at(traffic, at));
  const grpc = round4(column.at(traffic, at + 2));
  const tcpBytes = round4(column.at(traffic, at + 4));
  if (http === 0 && grpc === 0 && tcpBytes === 0) return NO_TRAFFIC;
  return { http, httpErrors: round4(column.at(traffic, at + 1)), grpc, grpcErrors: round4(column.at(traffic, at + 3)), tcpBytes };
}

function finishEdge({ nodes, edges, topology, payload }: LaidGraph, e: number): GraphEdge | null {
  const [source, target] = [nodes[column.at(edges.source, e)], nodes[column.at(edges.target, e)]];
  if (source === undefined || target === undefined) return null;
  const { rows } = edges;
  const row = e * column.ROW;
  const slot = column.at(edges.slot, e);
  const plain: GraphEdge = {
    id: topology.edgeIdOf(slot),
    source: source.identity.id,
    target: target.identity.id,
    protocol: PROTOCOL_ORDER[topology.edgeProtocol[slot] ?? 0] ?? 'http',
    requestsPerSecond: round4(column.at(rows, row + column.REQUESTS)),
    errorsPerSecond: round4(column.at(rows, row + column.ERRORS)),
    sentBytesPerSecond: round4(column.at(rows, row + column.SENT)),
    receivedBytesPerSecond: round4(column.at(rows, row + column.RECEIVED)),
    latency: edges.latency[e] ?? null,
    requestBytesPerSecond: payload.request ? collected(rows, row, column.REQUEST_BYTES, column.REQUEST_BYTES_KNOWN) : null,
    responseBytesPerSecond: payload.response ? collected(rows, row, column.RESPONSE_BYTES, column.RESPONSE_BYTES_KNOWN) : null,
    mtlsShare: mtlsShareOf(rows, row),
    health: STATUSES[column.at(edges.health, e)] ?? 'na',
    reporters: REPORTER_SETS[column.at(edges.reporters, e)] ?? [],
    marks: MARK_SETS[markSetOf(column.at(edges.marks, e), target.badges)] ?? [],
    responses: null,
  };
  const more = edges.more.get(e);
  return more === undefined ? plain : { ...plain, ...more };
}

/** Bytes per second of payload; null where none was collected. */
export const collected = (rows: Float64Array, row: number, amount: number, known: number): number | null =>
  column.at(rows, row + known) > 0 ? round4(column.at(rows, row + amount)) : null;

/** Share of what is known to be over mutual TLS; null where nothing is known. */
export function mtlsShareOf(rows: Float64Array, row: number): number | null {
  const mutual = column.at(rows, row + column.MUTUAL);
  const known = mutual + column.at(rows, row + column.PLAINTEXT);
  return known > 0 ? roundShare(mutual, known) : null;
}

/** Position in MARK_SETS. UO is always a circuit breaker; UH only where one is configured, for it also means that there are no endpoints. */
export function markSetOf(bits: number, badges: readonly Badge[]): number {
  if (bits === 0) return 0;
  const broken = (bits & column.MARK_OVERFLOW) !== 0 || ((bits & column.MARK_NO_HEALTHY) !== 0 && badges.includes('circuitBreaker'));
  return (broken ? 1 : 0) + ((bits & column.MARK_FAULT) !== 0 ? 2 : 0);
}
