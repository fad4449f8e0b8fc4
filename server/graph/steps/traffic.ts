// Step: rates in and out of every node, the sums of its edges. In: edges. Out: Draft.traffic.
import * as column from '../columns';
import type { StepContext } from '../draft';
import { type Draft, TRAFFIC } from '../draft';
import { PROTOCOL_ORDER } from '../topology';

export function sumTraffic(draft: Draft, context: StepContext): void {
  const { edges } = draft;
  const traffic = new Float64Array(draft.nodes.length * TRAFFIC);
  for (let e = 0; e < edges.count; e++) {
    const protocol = context.topology.edgeProtocol[column.at(edges.slot, e)] ?? 0;
    addTraffic(traffic, column.at(edges.target, e) * TRAFFIC, edges.rows, e, protocol);
    addTraffic(traffic, column.at(edges.source, e) * TRAFFIC + TRAFFIC / 2, edges.rows, e, protocol);
  }
  draft.traffic = traffic;
}

/** Adds the row of an edge to five numbers of a node that begin at `to`. */
export function addTraffic(traffic: Float64Array, to: number, rows: Float64Array, edge: number, protocol: number): void {
  const row = edge * column.ROW;
  if (PROTOCOL_ORDER[protocol] === 'tcp') {
    traffic[to + 4] = column.at(traffic, to + 4) + column.at(rows, row + column.SENT) + column.at(rows, row + column.RECEIVED);
    return;
  }
  const at = PROTOCOL_ORDER[protocol] === 'http' ? to : to + 2;
  traffic[at] = column.at(traffic, at) + column.at(rows, row + column.REQUESTS);
  traffic[at + 1] = column.at(traffic, at + 1) + column.at(rows, row + column.ERRORS);
}
