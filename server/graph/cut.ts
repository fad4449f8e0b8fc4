// Taking nodes and edges out of a draft. In: draft, which of them stay. Out: the draft without the others, its observations following.
// `forget`: traffic of which nothing is left is no traffic of the view any more. Otherwise it stays the view's, with the reason why it is not drawn.
import * as column from './columns';
import { type Draft, type DraftEdges, draftEdges, type Gone, TRAFFIC } from './draft';

/** Edges whose byte is 1 stay. Nodes all stay. */
export function cutEdges(draft: Draft, keep: Uint8Array, reason: Gone): void {
  draft.uncut ??= { edges: draft.edges, first: draft.first, second: draft.second };
  const of = compactEdges(draft, keep, null);
  const [first, second] = [followLegs(draft.first, of), followLegs(draft.second, of)];
  for (let c = 0; c < draft.chosen.length; c++) {
    const was = column.at(draft.first, c) >= 0 || column.at(draft.second, c) >= 0;
    if (was && column.at(first, c) < 0 && column.at(second, c) < 0) draft.gone[c] = reason;
  }
  draft.first = first;
  draft.second = second;
}

/** Nodes and edges whose byte is 1 stay; an edge without one of its ends goes too. What is not left of the traffic is forgotten. */
export function keepOnly(draft: Draft, nodes: Uint8Array, edges: Uint8Array): void {
  const position = new Int32Array(draft.nodes.length).fill(-1);
  const kept = draft.nodes.filter((_, i) => nodes[i] === 1);
  const traffic = new Float64Array(kept.length * TRAFFIC);
  let next = 0;
  for (let i = 0; i < position.length; i++) {
    if (nodes[i] !== 1) continue;
    position[i] = next;
    if (draft.traffic.length > 0) traffic.set(draft.traffic.subarray(i * TRAFFIC, (i + 1) * TRAFFIC), next * TRAFFIC);
    next++;
  }
  const both = edges.map((keep, e) =>
    keep === 1 && column.at(position, column.at(draft.edges.source, e)) >= 0 && column.at(position, column.at(draft.edges.target, e)) >= 0
      ? 1
      : 0,
  );
  const of = compactEdges(draft, both, position);
  draft.nodes = kept;
  if (draft.traffic.length > 0) draft.traffic = traffic;
  const [first, second] = [followLegs(draft.first, of), followLegs(draft.second, of)];
  const isLeft = (_: number, c: number): boolean => column.at(first, c) >= 0 || column.at(second, c) >= 0;
  draft.chosen = draft.chosen.filter(isLeft);
  draft.gone = draft.gone.filter(isLeft);
  draft.first = first.filter(isLeft);
  draft.second = second.filter(isLeft);
}

/** The legs of observations after their edges were numbered anew. */
export const followLegs = (legs: Int32Array, of: Int32Array): Int32Array => legs.map((e) => (e < 0 ? -1 : column.at(of, e)));

/** Leaves the edges that stay, with their ends at new positions; where each old edge went, -1 for those that are gone. */
function compactEdges(draft: Draft, keep: Uint8Array, position: Int32Array | null): Int32Array {
  const old = draft.edges;
  const of = new Int32Array(old.count).fill(-1);
  let count = 0;
  for (let e = 0; e < old.count; e++)
    if (keep[e] === 1) {
      of[e] = count;
      count++;
    }
  const made = draftEdges(count, column.ROW);
  for (let e = 0; e < old.count; e++) {
    const to = column.at(of, e);
    if (to >= 0) copyEdge(old, e, made, to, position);
  }
  draft.edges = made;
  return of;
}

function copyEdge(old: DraftEdges, e: number, made: DraftEdges, to: number, position: Int32Array | null): void {
  const [source, target] = [column.at(old.source, e), column.at(old.target, e)];
  made.source[to] = position === null ? source : column.at(position, source);
  made.target[to] = position === null ? target : column.at(position, target);
  made.slot[to] = column.at(old.slot, e);
  made.rows.set(old.rows.subarray(e * column.ROW, (e + 1) * column.ROW), to * column.ROW);
  made.marks[to] = column.at(old.marks, e);
  made.reporters[to] = column.at(old.reporters, e);
  made.onward[to] = column.at(old.onward, e);
  made.health[to] = column.at(old.health, e);
  const latency = old.latency[e];
  if (latency !== undefined) made.latency[to] = latency;
  const more = old.more.get(e);
  if (more !== undefined) made.more.set(to, more);
}
