// Step: waypoint proxies and the traffic that passes them left out, where the view hides them. In: facts of nodes. Out: fewer nodes and edges.
// What a waypoint forwards it also reports from client to service: hiding it loses no request.
import * as column from '../columns';
import { keepOnly } from '../cut';
import type { Draft, StepContext } from '../draft';

export function dropWaypoints(draft: Draft, { view }: StepContext): void {
  if (view.waypoints) return;
  const nodes = Uint8Array.from(draft.nodes, ({ facts }) => (facts.mode === 'waypoint' ? 0 : 1));
  if (!nodes.includes(0)) return;
  const edges = new Uint8Array(draft.edges.count).fill(1);
  // A service that only its waypoint calls, or that only stands for it, goes with it.
  const before = busy(draft, edges);
  for (let e = 0; e < edges.length; e++)
    if (nodes[column.at(draft.edges.source, e)] === 0 || nodes[column.at(draft.edges.target, e)] === 0) edges[e] = 0;
  const after = busy(draft, edges);
  for (let i = 0; i < nodes.length; i++) if (before[i] === 1 && after[i] === 0) nodes[i] = 0;
  keepOnly(draft, nodes, edges);
}

/** Nodes with an edge among those that are marked. */
function busy({ nodes, edges }: Draft, marked: Uint8Array): Uint8Array {
  const found = new Uint8Array(nodes.length);
  for (let e = 0; e < marked.length; e++) {
    if (marked[e] !== 1) continue;
    found[column.at(edges.source, e)] = 1;
    found[column.at(edges.target, e)] = 1;
  }
  return found;
}
