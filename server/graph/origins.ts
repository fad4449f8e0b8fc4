// Where errors and time arise on edges: what the target of an edge adds to what its own calls explain.
// In: draft, edges of interest. Out: own errors, their share, added latency per edge. Pure.
// A target's calls are taken to belong to the requests that it gets, in proportion; an edge into a service is explained by the ways on from it.
import { type Adjacency, forEdgesIn, forEdgesOut } from './adjacency';
import * as column from './columns';
import type { Draft } from './draft';
import { round4, roundShare } from './round';

export interface Origin {
  readonly edge: number;
  readonly ownErrorsPerSecond: number;
  readonly errorShare: number | null;
  readonly addedLatencyMs: number | null;
}

/** Sums of the edges on one side of a node. */
interface Side {
  requests: number;
  errors: number;
  durationMs: number;
  timed: number;
}

export function measureOrigins(draft: Draft, adjacency: Adjacency, wanted: Uint8Array): readonly Origin[] {
  const { rows, target } = draft.edges;
  const sum = (each: typeof forEdgesOut, node: number): Side => {
    const side: Side = { requests: 0, errors: 0, durationMs: 0, timed: 0 };
    each(adjacency, node, (edge) => {
      // What a node says to itself explains nothing.
      if (draft.edges.source[edge] === target[edge]) return;
      side.requests += column.at(rows, edge * column.ROW + column.REQUESTS);
      side.errors += column.at(rows, edge * column.ROW + column.ERRORS);
      side.durationMs += column.at(rows, edge * column.ROW + column.DURATION_MS);
      side.timed += column.at(rows, edge * column.ROW + column.TIMED_REQUESTS);
    });
    return side;
  };
  const sides = new Map<number, readonly [into: Side, out: Side]>();
  const own: { readonly edge: number; readonly errors: number; readonly addedMs: number | null }[] = [];
  for (let edge = 0; edge < wanted.length; edge++) {
    if (wanted[edge] !== 1) continue;
    const node = column.at(target, edge);
    let around = sides.get(node);
    if (around === undefined) {
      around = [sum(forEdgesIn, node), sum(forEdgesOut, node)];
      sides.set(node, around);
    }
    const [into, out] = around;
    const row = edge * column.ROW;
    const requests = column.at(rows, row + column.REQUESTS);
    const share = into.requests > 0 ? requests / into.requests : 0;
    const timed = column.at(rows, row + column.TIMED_REQUESTS);
    // Time of the target's calls per request that it gets.
    const callsMs = into.requests > 0 ? out.durationMs / into.requests : 0;
    own.push({
      edge,
      errors: Math.max(0, column.at(rows, row + column.ERRORS) - out.errors * share),
      addedMs: timed > 0 ? Math.max(0, column.at(rows, row + column.DURATION_MS) / timed - callsMs) : null,
    });
  }
  const all = own.reduce((total, { errors }) => total + errors, 0);
  return own.map(({ edge, errors, addedMs }) => ({
    edge,
    ownErrorsPerSecond: round4(errors),
    errorShare: all > 0 ? roundShare(errors, all) : null,
    addedLatencyMs: addedMs === null ? null : round4(addedMs),
  }));
}
