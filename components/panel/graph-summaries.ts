// What the side panel says of the graph and of parts of it: lookups, neighbours, worst edges, sums of boxes.
// In: a Graph. Out: lists and sums. Pure.
import type { Graph, GraphBox, GraphEdge, GraphNode } from '../../model/graph';
import { HEALTH_RANK, type HealthStatus } from '../../model/health';
import { type BorderSums, sumBorder } from './panel-sums';

export interface GraphIndex {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly edges: ReadonlyMap<string, GraphEdge>;
  readonly boxes: ReadonlyMap<string, GraphBox>;
}

export const indexGraph = (graph: Graph): GraphIndex => ({
  nodes: new Map(graph.nodes.map((node) => [node.id, node])),
  edges: new Map(graph.edges.map((edge) => [edge.id, edge])),
  boxes: new Map(graph.boxes.map((box) => [box.id, box])),
});

/** Requests per second, or, to compare TCP among itself, bytes per second of both directions. */
export const edgeAmount = (edge: GraphEdge): number =>
  edge.protocol === 'tcp' ? edge.sentBytesPerSecond + edge.receivedBytesPerSecond : edge.requestsPerSecond;

const byId = (a: GraphEdge, b: GraphEdge): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Requests before TCP, busiest first. */
const busiestFirst = (a: GraphEdge, b: GraphEdge): number =>
  Number(a.protocol === 'tcp') - Number(b.protocol === 'tcp') || edgeAmount(b) - edgeAmount(a) || byId(a, b);

export interface Neighbours {
  /** Edges into it, busiest first. */
  readonly callers: readonly GraphEdge[];
  /** Edges out of it, busiest first. */
  readonly callees: readonly GraphEdge[];
}

export const listNeighbours = (graph: Pick<Graph, 'edges'>, id: string): Neighbours => ({
  callers: graph.edges.filter((edge) => edge.target === id).sort(busiestFirst),
  callees: graph.edges.filter((edge) => edge.source === id).sort(busiestFirst),
});

/** Edges that cross the border of a set of nodes, busiest first. */
export function listBorderEdges(graph: Pick<Graph, 'edges'>, members: readonly GraphNode[]): Neighbours {
  const ids = new Set<string>(members.map((node) => node.id));
  return {
    callers: graph.edges.filter((edge) => ids.has(edge.target) && !ids.has(edge.source)).sort(busiestFirst),
    callees: graph.edges.filter((edge) => ids.has(edge.source) && !ids.has(edge.target)).sort(busiestFirst),
  };
}

/** Edges with errors: most errors per second first. */
export const listFailingEdges = (graph: Pick<Graph, 'edges'>): readonly GraphEdge[] =>
  graph.edges.filter((edge) => edge.errorsPerSecond > 0).sort((a, b) => b.errorsPerSecond - a.errorsPerSecond || byId(a, b));

/** The latency by which edges are compared: P95 where it is collected, else the average. */
export const comparedLatencyMs = (edge: GraphEdge): number | null => edge.latency?.p95Ms ?? edge.latency?.averageMs ?? null;

/** Edges with a latency, slowest first. */
export const listSlowEdges = (graph: Pick<Graph, 'edges'>): readonly GraphEdge[] =>
  graph.edges
    .filter((edge) => comparedLatencyMs(edge) !== null)
    .sort((a, b) => (comparedLatencyMs(b) ?? 0) - (comparedLatencyMs(a) ?? 0) || byId(a, b));

/** Edges known to carry plaintext, least protected first. */
export const listPlaintextEdges = (graph: Pick<Graph, 'edges'>): readonly GraphEdge[] =>
  graph.edges
    .filter((edge) => edge.mtlsShare !== null && edge.mtlsShare < 1)
    .sort((a, b) => (a.mtlsShare ?? 1) - (b.mtlsShare ?? 1) || busiestFirst(a, b));

/** Nodes that are not well, worst first. */
export const listUnwellNodes = (nodes: readonly GraphNode[]): readonly GraphNode[] =>
  nodes
    .filter((node) => HEALTH_RANK[node.health.status] > HEALTH_RANK.healthy)
    .sort((a, b) => HEALTH_RANK[b.health.status] - HEALTH_RANK[a.health.status] || (a.id < b.id ? -1 : 1));

export interface BoxSums extends BorderSums {
  readonly members: readonly GraphNode[];
  readonly health: Readonly<Record<HealthStatus, number>>;
}

/** What is inside of a box, at any depth, and what crosses its border. */
export function sumBox(graph: Graph, boxId: string): BoxSums {
  const inside = new Set<string>([boxId]);
  // Boxes nest at most cluster > namespace > app, in any order of the list: repeat until nothing is added.
  for (let grew = true; grew; ) {
    grew = false;
    for (const box of graph.boxes) {
      if (box.parent !== null && inside.has(box.parent) && !inside.has(box.id)) {
        inside.add(box.id);
        grew = true;
      }
    }
  }
  const members = graph.nodes.filter((node) => node.parent !== null && inside.has(node.parent));
  const ids = new Set<string>(members.map((node) => node.id));
  const health: Record<HealthStatus, number> = { failure: 0, degraded: 0, notReady: 0, healthy: 0, na: 0 };
  for (const node of members) health[node.health.status]++;
  return {
    members,
    health,
    ...sumBorder(graph, (id) => ids.has(id)),
  };
}
