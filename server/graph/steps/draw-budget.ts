// Step: edges beyond what can be read are left out, the smallest shares of the traffic first. In: edges with health. Out: fewer edges.
// Kept whatever the budget: edges that fail or stand for a call that does, and the largest edge of every node, so that nothing stands alone by
// it. Degraded edges come before healthy ones: in a busy mesh a single error makes an edge degraded, and thousands of them show nothing.
import { HEALTH_RANK } from '../../../model/health';
import { DRAW_BUDGET } from '../../../model/view-options';
import * as column from '../columns';
import { cutEdges } from '../cut';
import { type Draft, GONE, type StepContext } from '../draft';
import { findFailing } from './health';

export function cutToBudget(draft: Draft, context: StepContext): void {
  const { edges } = draft;
  const { view } = context;
  // Paths were asked for edge by edge.
  if (view.level !== 'auto' || edges.count <= DRAW_BUDGET.edges || draft.paths !== null) return;
  const share = sharesOf(draft);
  const keep = findFailing(draft, context);
  const largest = new Int32Array(draft.nodes.length).fill(-1);
  const consider = (node: number, edge: number): void => {
    const known = column.at(largest, node);
    if (known < 0 || column.at(share, edge) > column.at(share, known)) largest[node] = edge;
  };
  for (let e = 0; e < edges.count; e++) {
    consider(column.at(edges.source, e), e);
    consider(column.at(edges.target, e), e);
  }
  for (const edge of largest) if (edge >= 0) keep[edge] = 1;
  let room = DRAW_BUDGET.edges;
  for (const mark of keep) room -= mark;
  const isDegraded = (e: number): number => (column.at(edges.health, e) === HEALTH_RANK.degraded ? 1 : 0);
  const order = Array.from({ length: edges.count }, (_, e) => e)
    .filter((e) => keep[e] === 0)
    .sort(
      (a, b) =>
        isDegraded(b) - isDegraded(a) || column.at(share, b) - column.at(share, a) || column.at(edges.slot, a) - column.at(edges.slot, b),
    );
  for (const edge of order.slice(0, Math.max(0, room))) keep[edge] = 1;
  cutEdges(draft, keep, GONE.leftOut);
  draft.folded = true;
}

/** Share of each edge of all requests, or of all bytes: of whichever it has. */
function sharesOf({ edges }: Draft): Float64Array {
  let [requests, bytes] = [0, 0];
  const bytesOf = (row: number): number => column.at(edges.rows, row + column.SENT) + column.at(edges.rows, row + column.RECEIVED);
  for (let e = 0; e < edges.count; e++) {
    requests += column.at(edges.rows, e * column.ROW + column.REQUESTS);
    bytes += bytesOf(e * column.ROW);
  }
  const share = new Float64Array(edges.count);
  for (let e = 0; e < edges.count; e++) {
    const row = e * column.ROW;
    share[e] = Math.max(requests > 0 ? column.at(edges.rows, row + column.REQUESTS) / requests : 0, bytes > 0 ? bytesOf(row) / bytes : 0);
  }
  return share;
}
