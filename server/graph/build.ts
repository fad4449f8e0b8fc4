// From the flows of a snapshot to the nodes and edges of one view: choose, fold by the topology, add up.
// In: prepared traffic, view. Out: Draft with nodes, edges and the way from each observation to its edges. Pure.
import type { GraphTotals } from '../../model/graph';
import { UNKNOWN } from '../../model/traffic';
import { isMeshWide, type ViewSpec } from '../../model/wire';
import * as column from './columns';
import { type Draft, type DraftEdges, type DraftNode, draftEdges, draftNode, type StepContext } from './draft';
import type { Flow } from './identities';
import { countedBytes, counts, dropUncounted } from './kinds';
import { modeOf } from './topology';
import type { TrafficIndex } from './traffic-index';

const NO_TOTALS: GraphTotals = {
  services: 0,
  workloads: 0,
  apps: 0,
  edges: 0,
  requestsPerSecond: 0,
  errorsPerSecond: 0,
  tcpBytesPerSecond: 0,
  mtlsShare: null,
  health: { failure: 0, degraded: 0, notReady: 0, healthy: 0, na: 0 },
};

/** The draft of a view: every observation with traffic and an end in the view's namespaces is on exactly one first leg. */
export function buildDraft(context: StepContext): Draft {
  const { index } = context.traffic;
  const { topology } = context;
  const touching = chooseObservations(context);
  const touched = touching.map((i) => index.flows[i] ?? 0);
  const legs = topology.legs(modeOf(context.view.graphType, context.view.serviceNodes), touched);
  // Between two hidden ends nothing is left to draw.
  const masked = context.traffic.mask !== null;
  const chosen = masked ? touching.filter((_, c) => column.at(legs.first, column.at(touched, c)) >= 0) : touching;
  const flows = masked ? chosen.map((i) => index.flows[i] ?? 0) : touched;
  const place = new Int32Array(topology.edgeSource.length).fill(-1);
  const slots: number[] = [];
  const first = new Int32Array(chosen.length);
  const second = new Int32Array(chosen.length);
  for (let c = 0; c < chosen.length; c++) {
    const flow = flows[c] ?? 0;
    first[c] = placeOf(place, slots, column.at(legs.first, flow));
    const onward = column.at(legs.second, flow);
    second[c] = onward < 0 ? -1 : placeOf(place, slots, onward);
  }
  const edges = draftEdges(slots.length, column.ROW);
  for (let c = 0; c < chosen.length; c++) {
    addObservation(edges, column.at(first, c), index, column.at(chosen, c));
    const onward = column.at(second, c);
    if (onward < 0) continue;
    addObservation(edges, onward, index, column.at(chosen, c));
    edges.onward[onward] = 1;
  }
  if (context.view.rateTcp !== 'total')
    for (let e = 0; e < edges.count; e++) dropUncounted(context.view.rateTcp, edges.rows, e * column.ROW);
  const nodes: DraftNode[] = [];
  const position = new Int32Array(topology.nodes.length).fill(-1);
  const positionOf = (node: number): number => {
    const known = column.at(position, node);
    if (known >= 0) return known;
    const identity = topology.nodes[node];
    if (identity === undefined) throw new RangeError(`no node ${node}`);
    position[node] = nodes.length;
    nodes.push(draftNode(identity, context.traffic.facts.factsOf(identity, index.inventory)));
    return nodes.length - 1;
  };
  slots.forEach((slot, edge) => {
    edges.slot[edge] = slot;
    edges.source[edge] = positionOf(topology.edgeSource[slot] ?? 0);
    edges.target[edge] = positionOf(topology.edgeTarget[slot] ?? 0);
  });
  return {
    nodes,
    edges,
    chosen,
    first,
    second,
    traffic: new Float64Array(0),
    boxes: [],
    notes: [],
    totals: NO_TOTALS,
    folded: false,
    fullNodes: nodes.length,
    fullEdges: edges.count,
    gone: new Uint8Array(chosen.length),
    uncut: null,
    paths: null,
    whole: sumOf(chosen, context),
  };
}

function addObservation(edges: DraftEdges, edge: number, index: TrafficIndex, observation: number): void {
  column.addRow(edges.rows, edge, index.rows, observation);
  edges.marks[edge] = column.at(edges.marks, edge) | column.at(index.marks, observation);
  edges.reporters[edge] = column.at(edges.reporters, edge) | column.at(index.reporters, observation);
}

function placeOf(place: Int32Array, slots: number[], slot: number): number {
  const known = column.at(place, slot);
  if (known >= 0) return known;
  place[slot] = slots.length;
  slots.push(slot);
  return slots.length - 1;
}

/** Whether the source, the destination or the service of a flow is in the view's namespaces, and its protocol counts. */
export function selectFlows({ view, namespaces: selected, topology }: StepContext): (flow: Flow, reporters?: number) => boolean {
  // Paths and what is around a node lead through the whole mesh.
  const namespaces = isMeshWide(view) ? NO_NAMESPACES : selected;
  const { identities } = topology;
  const wanted = new Uint8Array(identities.namespaces.length).fill(namespaces.size === 0 ? 1 : 0);
  for (const namespace of namespaces) wanted[identities.namespaceId(namespace)] = 1;
  return ({ source, destination, service, entry, protocol }, reporters = 0) =>
    counts(view, protocol, reporters) &&
    (wanted[source.namespaceId] === 1 ||
      wanted[destination.namespaceId] === 1 ||
      wanted[service.namespaceId] === 1 ||
      (entry !== null && namespaces.has(entry.namespace)));
}

/** Observations with traffic that belong to the view. */
function chooseObservations(context: StepContext): Int32Array {
  const { view, traffic, topology } = context;
  const { index } = traffic;
  const touches = selectFlows(context);
  const chosen = new Int32Array(index.flows.length);
  let count = 0;
  for (let i = 0; i < index.flows.length; i++) {
    const flow = topology.identities.flows[column.at(index.flows, i)];
    if (flow === undefined || !hasTraffic(index.rows, i * column.ROW, view.rateTcp) || !touches(flow, column.at(index.reporters, i)))
      continue;
    chosen[count] = i;
    count++;
  }
  return chosen.slice(0, count);
}

const NO_NAMESPACES: ReadonlySet<string> = new Set();
const hasTraffic = (rows: Float64Array, row: number, rateTcp: ViewSpec['rateTcp']): boolean =>
  column.at(rows, row + column.REQUESTS) > 0 || countedBytes(rateTcp, rows, row) > 0;

function sumOf(chosen: Int32Array, { view, traffic }: StepContext): Draft['whole'] {
  const { rows } = traffic.index;
  let [requests, bytes] = [0, 0];
  for (const i of chosen) {
    requests += column.at(rows, i * column.ROW + column.REQUESTS);
    bytes += countedBytes(view.rateTcp, rows, i * column.ROW);
  }
  return { requests, bytes };
}

/** True for nodes that belong to a namespace. */
export const hasNamespace = (namespace: string): boolean => namespace !== UNKNOWN && namespace !== '';
