// Step: what the view's hide text matches is left out. In: draft with traffic and health, ids to hide. Out: fewer nodes, edges and observations.
// Taken before totals and folding, so that neither counts what is hidden; what a node says of its own traffic stays whole.
import * as column from '../columns';
import { keepOnly } from '../cut';
import type { Draft, StepContext } from '../draft';

export function dropHidden(draft: Draft, { hidden, topology }: StepContext): void {
  if (hidden === null) return;
  const nodes = Uint8Array.from(draft.nodes, ({ identity }) => (hidden.nodes.has(identity.id) ? 0 : 1));
  const edges = new Uint8Array(draft.edges.count);
  for (let e = 0; e < edges.length; e++) edges[e] = hidden.edges.has(topology.edgeIdOf(column.at(draft.edges.slot, e))) ? 0 : 1;
  keepOnly(draft, nodes, edges);
}
