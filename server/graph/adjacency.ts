// Who calls whom in a draft, for walks over it. In: edges in columns. Out: for each node its edges out and in, as slices of one array.
import * as column from './columns';
import type { DraftEdges } from './draft';

export interface Adjacency {
  /** Edges out of node i: `out[outStart[i]]` up to `out[outStart[i + 1]]`; in likewise. */
  readonly outStart: Int32Array;
  readonly out: Int32Array;
  readonly inStart: Int32Array;
  readonly in: Int32Array;
}

export function buildAdjacency(edges: DraftEdges, nodes: number): Adjacency {
  const sorted = (ends: Int32Array): readonly [Int32Array, Int32Array] => {
    const start = new Int32Array(nodes + 1);
    for (let e = 0; e < edges.count; e++) {
      const node = column.at(ends, e) + 1;
      start[node] = column.at(start, node) + 1;
    }
    for (let i = 0; i < nodes; i++) start[i + 1] = column.at(start, i + 1) + column.at(start, i);
    const next = start.slice();
    const list = new Int32Array(edges.count);
    for (let e = 0; e < edges.count; e++) {
      const node = column.at(ends, e);
      list[column.at(next, node)] = e;
      next[node] = column.at(next, node) + 1;
    }
    return [start, list];
  };
  const [outStart, out] = sorted(edges.source);
  const [inStart, into] = sorted(edges.target);
  return { outStart, out, inStart, in: into };
}

/** Calls back with each edge out of a node. */
export function forEdgesOut({ outStart, out }: Adjacency, node: number, read: (edge: number) => void): void {
  for (let i = column.at(outStart, node); i < column.at(outStart, node + 1); i++) read(column.at(out, i));
}

/** Calls back with each edge into a node. */
export function forEdgesIn(adjacency: Adjacency, node: number, read: (edge: number) => void): void {
  for (let i = column.at(adjacency.inStart, node); i < column.at(adjacency.inStart, node + 1); i++) read(column.at(adjacency.in, i));
}
