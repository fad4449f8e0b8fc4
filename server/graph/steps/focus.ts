// Step: the part of the mesh around one node: so many hops towards its callers, so many towards what it calls.
// In: the whole unfolded draft. Out: fewer nodes and edges. From a service to its workloads is no hop: they are one callee.
import { type Adjacency, buildAdjacency, forEdgesIn, forEdgesOut } from '../adjacency';
import * as column from '../columns';
import { keepOnly } from '../cut';
import type { Draft, StepContext } from '../draft';
import { findMembers } from '../members';

export function keepAroundFocus(draft: Draft, { view, topology }: StepContext): void {
  if (view.focus === null) return;
  const starts = findMembers(draft.nodes, view.focus, topology);
  const nodes = new Uint8Array(draft.nodes.length);
  const edges = new Uint8Array(draft.edges.count);
  const adjacency = buildAdjacency(draft.edges, draft.nodes.length);
  const down = walk(draft, adjacency, starts, view.down, 'down', edges);
  const up = walk(draft, adjacency, starts, view.up, 'up', edges);
  for (const start of starts) nodes[start] = 1;
  const distance = new Int32Array(draft.nodes.length).fill(-1);
  for (let i = 0; i < nodes.length; i++) {
    const [a, b] = [column.at(down, i), column.at(up, i)];
    if (a < 0 && b < 0) continue;
    nodes[i] = 1;
    distance[i] = a < 0 ? b : b < 0 ? a : Math.min(a, b);
  }
  draft.nodes.forEach((node, i) => {
    node.distance = column.at(distance, i) < 0 ? null : column.at(distance, i);
  });
  keepOnly(draft, nodes, edges);
  if (starts.length === 0)
    draft.notes.push({
      code: 'unknownNode',
      text: `The mesh has no node ${view.focus.slice(0, 200)} with traffic in this window. Choose another node or a longer window.`,
    });
}

/** Hops to every node within reach, -1 beyond; marks the edges on the way. Steps that are no hop are taken first. */
function walk(
  draft: Draft,
  adjacency: Adjacency,
  starts: readonly number[],
  hops: number,
  direction: 'up' | 'down',
  marked: Uint8Array,
): Int32Array {
  const distance = new Int32Array(draft.nodes.length).fill(-1);
  if (hops === 0) return distance;
  let ring = [...starts];
  for (const start of starts) distance[start] = 0;
  const each = direction === 'down' ? forEdgesOut : forEdgesIn;
  const ends = direction === 'down' ? draft.edges.target : draft.edges.source;
  for (let hop = 0; ring.length > 0; hop++) {
    const next: number[] = [];
    for (let r = 0; r < ring.length; r++)
      each(adjacency, ring[r] ?? 0, (edge) => {
        const isFree = column.at(draft.edges.onward, edge) === 1;
        // Beyond the last hop down, a service still leads to its workloads; beyond the last one up, callers are what was asked for.
        if (hop >= hops && !(isFree && direction === 'down')) return;
        marked[edge] = 1;
        const end = column.at(ends, edge);
        if (column.at(distance, end) >= 0 && column.at(distance, end) <= (isFree ? hop : hop + 1)) return;
        distance[end] = isFree ? hop : hop + 1;
        // What no hop leads to belongs to this ring.
        (isFree ? ring : next).push(end);
      });
    ring = next.filter((node) => column.at(distance, node) === hop + 1);
  }
  return distance;
}
