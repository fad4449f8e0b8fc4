// The tables of one node, edge or box of a projected graph: codes, flags, hosts, latency, from memory.
// In: Projection, id. Out: ElementTables, or null when the graph has no such element. Inbound and outbound of a box or folded namespace are
// what crosses its border; of an edge, inbound is the edge itself and outbound is empty.
import type { EdgeLatency, EdgeResponse, GraphBox, GraphEdge, GraphNode } from '../../model/graph';
import type { Observation } from '../../model/traffic';
import { displayCode } from './codes';
import * as column from './columns';
import { placesOfEdges } from './finish';
import type { Projection } from './project';
import { addBuckets } from './quantile';
import { round4 } from './round';
import { averageMs, latencyOf } from './steps/latency';

export type GraphElement =
  | { readonly kind: 'node'; readonly node: GraphNode }
  | { readonly kind: 'edge'; readonly edge: GraphEdge; readonly source: GraphNode; readonly target: GraphNode }
  | { readonly kind: 'box'; readonly box: GraphBox };

export interface ElementTables {
  readonly inbound: readonly EdgeResponse[];
  readonly outbound: readonly EdgeResponse[];
  /** Of the edge, or of the requests into the node or box; null while not collected. */
  readonly latency: EdgeLatency | null;
}

/** Edges of each observation. */
type Legs = Pick<Projection['trace'], 'first' | 'second'>;

/** Rows of a table beyond which the rarest are left out. */
const MAX_ROWS = 500;

/** The element with an id, null if the graph has none. */
export function findElement({ graph }: Projection, id: string): GraphElement | null {
  const node = graph.nodes.find((n) => n.id === id);
  if (node !== undefined) return { kind: 'node', node };
  const box = graph.boxes.find((b) => b.id === id);
  if (box !== undefined) return { kind: 'box', box };
  const edge = graph.edges.find((e) => e.id === id);
  if (edge === undefined) return null;
  const source = graph.nodes.find((n) => n.id === edge.source);
  const target = graph.nodes.find((n) => n.id === edge.target);
  return source === undefined || target === undefined ? null : { kind: 'edge', edge, source, target };
}

/** Tables of an element of this projection. */
export function buildTables(projection: Projection, element: GraphElement): ElementTables {
  if (element.kind === 'edge') {
    const position = projection.graph.edges.indexOf(element.edge);
    const edges = new Set([position]);
    const { trace } = projection;
    return { inbound: tableOf(projection, edges, trace), outbound: [], latency: latencyOfEdges(projection, edges, trace) };
  }
  const { laid, trace } = projection;
  const ids = element.kind === 'node' ? new Set<string>([element.node.id]) : membersOf(projection, element.box);
  const members = Uint8Array.from(laid.nodes, ({ identity }) => (ids.has(identity.id) ? 1 : 0));
  const inbound = new Set<number>();
  const outbound = new Set<number>();
  // Of a node's traffic nothing is missing, whether its edges are drawn or not.
  const { edges, legs } = trace.uncut === null ? { edges: laid.edges, legs: null } : { edges: trace.uncut.edges, legs: trace.uncut };
  const places = legs === null ? placesOfEdges(laid) : null;
  for (let e = 0; e < edges.count; e++) {
    const [from, to] = [members[column.at(edges.source, e)] === 1, members[column.at(edges.target, e)] === 1];
    const place = places === null ? e : column.at(places, e);
    // A node that calls itself does both.
    if (to && (!from || element.kind === 'node')) inbound.add(place);
    if (from && (!to || element.kind === 'node')) outbound.add(place);
  }
  return {
    inbound: tableOf(projection, inbound, legs ?? trace),
    outbound: tableOf(projection, outbound, legs ?? trace),
    latency: latencyOfEdges(projection, inbound, legs ?? trace),
  };
}

/** Ids of all nodes in a box, however deep. */
function membersOf({ graph }: Projection, box: GraphBox): ReadonlySet<string> {
  const boxes = new Set<string>([box.id]);
  // An enclosing box stands before those in it.
  for (const inner of graph.boxes) if (inner.parent !== null && boxes.has(inner.parent)) boxes.add(inner.id);
  return new Set(graph.nodes.filter((n) => n.parent !== null && boxes.has(n.parent)).map((n) => n.id));
}

/** Calls back with every observation that is part of one of the edges, once per observation, and its host as the reader may see it. */
function forObservations(
  { trace }: Projection,
  edges: ReadonlySet<number>,
  { first, second }: Legs,
  read: (observation: Observation, host: string) => void,
): void {
  const { index } = trace.traffic;
  const { observations } = index.snapshot;
  const { flows } = index.topology.identities;
  for (let c = 0; c < trace.chosen.length; c++) {
    if (!edges.has(column.at(first, c)) && !edges.has(column.at(second, c))) continue;
    const position = column.at(trace.chosen, c);
    const observation = observations[position];
    const flow = flows[column.at(index.flows, position)];
    if (observation !== undefined && flow !== undefined) read(observation, flow.service.host);
  }
}

function tableOf(projection: Projection, edges: ReadonlySet<number>, legs: Legs): readonly EdgeResponse[] {
  const rows = new Map<string, { readonly code: string; readonly flags: string; readonly host: string; rate: number }>();
  forObservations(projection, edges, legs, (observation, host) => {
    const { protocol, responses } = observation;
    if (protocol === 'tcp') return;
    for (const response of responses) {
      const code = displayCode(protocol, response.code, response.grpcStatus);
      const key = JSON.stringify([code, response.flags, host]);
      const row = rows.get(key);
      if (row === undefined) rows.set(key, { code, flags: response.flags, host, rate: response.requestsPerSecond });
      else row.rate += response.requestsPerSecond;
    }
  });
  return [...rows.values()]
    .sort((a, b) => b.rate - a.rate || (a.code < b.code ? -1 : 1))
    .slice(0, MAX_ROWS)
    .map(({ code, flags, host, rate }) => ({ code, flags, host, requestsPerSecond: round4(rate) }));
}

function latencyOfEdges(projection: Projection, edges: ReadonlySet<number>, legs: Legs): EdgeLatency | null {
  const { bucketBoundsMs } = projection.trace.traffic.index.snapshot;
  let durationMs = 0;
  let timed = 0;
  const buckets = new Float64Array(bucketBoundsMs.length);
  forObservations(projection, edges, legs, (observation) => {
    if (observation.durationMsPerSecond !== null) {
      durationMs += observation.durationMsPerSecond;
      timed += observation.requestsPerSecond;
    }
    if (observation.durationBuckets !== null && observation.durationBuckets.length === bucketBoundsMs.length)
      addBuckets(buckets, 0, bucketBoundsMs, observation.durationBuckets);
  });
  return latencyOf(averageMs(durationMs, timed), bucketBoundsMs, buckets, 0);
}
