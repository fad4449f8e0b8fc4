// From a complete draft to the immutable graph, in canonical order, numbers rounded. In: Draft. Out: Graph and the trace of its edges.
import { type Badge, type DirectionTraffic, type Graph, type GraphEdge, type GraphNode, NO_TRAFFIC } from '../../model/graph';
import type { HealthStatus } from '../../model/health';
import type { Reporter } from '../../model/traffic';
import * as column from './columns';
import { type Draft, type StepContext, TRAFFIC } from './draft';
import type { Places } from './encode';
import { round4, roundShare } from './round';
import { PROTOCOL_ORDER, type Topology } from './topology';

const STATUSES: readonly HealthStatus[] = ['na', 'healthy', 'notReady', 'degraded', 'failure'];
/** Every set of reporters and of marks, made once so that equal ones are the same object. */
const REPORTER_SETS: readonly (readonly Reporter[])[] = Array.from({ length: 16 }, (_, bits) =>
  column.REPORTERS.filter((_r, i) => (bits & (1 << i)) !== 0),
);
const MARK_SETS: readonly GraphEdge['marks'][] = [[], ['circuitBreaker'], ['fault'], ['circuitBreaker', 'fault']];

export interface Finished {
  readonly graph: Graph;
  /** Position in graph.edges of each edge of the draft. */
  readonly edgeOrder: Int32Array;
  readonly places: Places;
}

export function finishGraph(draft: Draft, context: StepContext): Finished {
  const ranks = context.topology.ranks();
  const { nodes: drafts, edges } = draft;
  const rankOf = drafts.map((n) => ranks[n.identity.index] ?? 0);
  // Rank and position in one number: typed arrays sort natively.
  const nodeOrder = Float64Array.from(rankOf, (rank, i) => rank * drafts.length + i)
    .sort()
    .map((key) => key % drafts.length);
  const nodes: GraphNode[] = [];
  for (const position of nodeOrder) {
    const node = finishNode(draft, position);
    if (node !== null) nodes.push(node);
  }
  const sorted = sortEdges(draft, rankOf, ranks.length, context);
  const edgeOrder = new Int32Array(edges.count);
  const { overlays } = context.view;
  const payload = { request: overlays.includes('requestThroughput'), response: overlays.includes('throughput') };
  const finished: GraphEdge[] = [];
  for (const e of sorted) {
    edgeOrder[e] = finished.length;
    const edge = finishEdge(draft, e, context.topology, payload);
    if (edge !== null) finished.push(edge);
  }
  const slots = new Int32Array(edges.count);
  for (let e = 0; e < edges.count; e++) slots[column.at(edgeOrder, e)] = column.at(edges.slot, e);
  const places: Places = {
    topology: context.topology,
    nodes: Int32Array.from(nodeOrder, (i) => drafts[i]?.identity.index ?? -1),
    edges: slots,
  };
  return { graph: { nodes, boxes: draft.boxes, edges: finished }, edgeOrder, places };
}

/** Edges by source, target, protocol. One number per edge sorts natively; beyond 2^53 combinations it is compared part by part. */
function sortEdges(draft: Draft, rankOf: readonly number[], ranks: number, { topology }: StepContext): Iterable<number> {
  const { edges } = draft;
  const parts = (e: number): readonly [number, number, number] => [
    rankOf[column.at(edges.source, e)] ?? 0,
    rankOf[column.at(edges.target, e)] ?? 0,
    topology.edgeProtocol[column.at(edges.slot, e)] ?? 0,
  ];
  if (ranks * ranks * 4 * edges.count >= Number.MAX_SAFE_INTEGER) {
    const order = Array.from({ length: edges.count }, (_, e) => ({ e, key: parts(e) }));
    return order.sort((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1] || a.key[2] - b.key[2]).map((o) => o.e);
  }
  const keys = new Float64Array(edges.count);
  for (let e = 0; e < edges.count; e++) {
    const source = rankOf[column.at(edges.source, e)] ?? 0;
    const target = rankOf[column.at(edges.target, e)] ?? 0;
    keys[e] = ((source * ranks + target) * 4 + (topology.edgeProtocol[column.at(edges.slot, e)] ?? 0)) * edges.count + e;
  }
  return keys.sort().map((key) => key % edges.count);
}

function finishNode(draft: Draft, position: number): GraphNode | null {
  const node = draft.nodes[position];
  if (node === undefined) return null;
  const { id, kind, cluster, namespace, workload, version, service } = node.identity;
  return {
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
    inbound: finishTraffic(draft.traffic, position * TRAFFIC),
    outbound: finishTraffic(draft.traffic, position * TRAFFIC + TRAFFIC / 2),
    health: node.health,
    badges: node.badges,
    outside: node.outside,
    root: node.root,
    pods: node.facts.pods,
    hosts: node.hosts,
    explanation: node.explanation,
    members: node.members,
  };
}

function finishTraffic(traffic: Float64Array, at: number): DirectionTraffic {
  const http = round4(column.at(traffic, at));
  const grpc = round4(column.at(traffic, at + 2));
  const tcpBytes = round4(column.at(traffic, at + 4));
  if (http === 0 && grpc === 0 && tcpBytes === 0) return NO_TRAFFIC;
  return { http, httpErrors: round4(column.at(traffic, at + 1)), grpc, grpcErrors: round4(column.at(traffic, at + 3)), tcpBytes };
}

function finishEdge(draft: Draft, e: number, topology: Topology, payload: Payload): GraphEdge | null {
  const { edges } = draft;
  const { rows } = edges;
  const slot = column.at(edges.slot, e);
  const source = draft.nodes[column.at(edges.source, e)];
  const target = draft.nodes[column.at(edges.target, e)];
  if (source === undefined || target === undefined) return null;
  const row = e * column.ROW;
  const mutual = column.at(rows, row + column.MUTUAL);
  const known = mutual + column.at(rows, row + column.PLAINTEXT);
  return {
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
    mtlsShare: known > 0 ? roundShare(mutual, known) : null,
    health: STATUSES[column.at(edges.health, e)] ?? 'na',
    reporters: REPORTER_SETS[column.at(edges.reporters, e)] ?? [],
    marks: marksOf(column.at(edges.marks, e), target.badges),
    responses: null,
  };
}

/** Which bytes the view wants. */
interface Payload {
  readonly request: boolean;
  readonly response: boolean;
}

const collected = (rows: Float64Array, row: number, amount: number, known: number): number | null =>
  column.at(rows, row + known) > 0 ? round4(column.at(rows, row + amount)) : null;

/** UO is always a circuit breaker; UH only where one is configured, for it also means that there are no endpoints. */
function marksOf(bits: number, badges: readonly Badge[]): GraphEdge['marks'] {
  if (bits === 0) return NO_MARKS;
  const broken = (bits & column.MARK_OVERFLOW) !== 0 || ((bits & column.MARK_NO_HEALTHY) !== 0 && badges.includes('circuitBreaker'));
  return MARK_SETS[(broken ? 1 : 0) + ((bits & column.MARK_FAULT) !== 0 ? 2 : 0)] ?? NO_MARKS;
}
const NO_MARKS: GraphEdge['marks'] = MARK_SETS[0] ?? [];
