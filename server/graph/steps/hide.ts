// Step: what the view's hide text matches is left out. In: draft with traffic and health, ids to hide. Out: fewer nodes, edges and observations.
// Taken before totals and folding, so that neither counts what is hidden; what a node says of its own traffic stays whole.
import type { Hidden } from '../../../model/find/hide';
import * as column from '../columns';
import { type Draft, type DraftEdges, draftEdges, type StepContext, TRAFFIC } from '../draft';

export function dropHidden(draft: Draft, { hidden, topology }: StepContext): void {
  if (hidden === null) return;
  const nodeOf = dropNodes(draft, hidden);
  const { edges } = draft;
  const kept: number[] = [];
  const edgeOf = new Int32Array(edges.count).fill(-1);
  for (let e = 0; e < edges.count; e++) {
    const ends = column.at(nodeOf, column.at(edges.source, e)) >= 0 && column.at(nodeOf, column.at(edges.target, e)) >= 0;
    if (!ends || hidden.edges.has(topology.edgeIdOf(column.at(edges.slot, e)))) continue;
    edgeOf[e] = kept.length;
    kept.push(e);
  }
  draft.edges = keepEdges(edges, kept, nodeOf);
  const follow = (legs: Int32Array): Int32Array => legs.map((e) => (e < 0 ? -1 : column.at(edgeOf, e)));
  const [first, second] = [follow(draft.first), follow(draft.second)];
  // Traffic of which no part is left is no traffic of this view.
  const isLeft = (c: number): boolean => column.at(first, c) >= 0 || column.at(second, c) >= 0;
  draft.first = first.filter((_, c) => isLeft(c));
  draft.second = second.filter((_, c) => isLeft(c));
  draft.chosen = draft.chosen.filter((_, c) => isLeft(c));
}

/** Takes the nodes away; the new position of each, -1 for those that are gone. */
function dropNodes(draft: Draft, hidden: Hidden): Int32Array {
  const position = new Int32Array(draft.nodes.length).fill(-1);
  const kept = draft.nodes.filter(({ identity }) => !hidden.nodes.has(identity.id));
  const traffic = new Float64Array(kept.length * TRAFFIC);
  let next = 0;
  draft.nodes.forEach(({ identity }, i) => {
    if (hidden.nodes.has(identity.id)) return;
    position[i] = next;
    traffic.set(draft.traffic.subarray(i * TRAFFIC, (i + 1) * TRAFFIC), next * TRAFFIC);
    next++;
  });
  draft.nodes = kept;
  draft.traffic = traffic;
  return position;
}

function keepEdges(edges: DraftEdges, kept: readonly number[], nodeOf: Int32Array): DraftEdges {
  const made = draftEdges(kept.length, column.ROW);
  kept.forEach((from, to) => {
    made.source[to] = column.at(nodeOf, column.at(edges.source, from));
    made.target[to] = column.at(nodeOf, column.at(edges.target, from));
    made.slot[to] = column.at(edges.slot, from);
    column.addRow(made.rows, to, edges.rows, from);
    made.marks[to] = column.at(edges.marks, from);
    made.reporters[to] = column.at(edges.reporters, from);
    made.onward[to] = column.at(edges.onward, from);
  });
  return made;
}
