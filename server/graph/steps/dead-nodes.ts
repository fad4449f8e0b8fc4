// Step: workloads that no longer exist or have no pods. In: inventory, edges. Out: fewer nodes, badge `dead`.
// Kiali's rule: no traffic and no backing workload -> dropped; traffic but no pods behind it -> marked dead.
import * as column from '../columns';
import type { Draft, DraftNode, StepContext } from '../draft';

export function dropDeadNodes(draft: Draft, context: StepContext): void {
  const { inventory, homeCluster } = context.traffic.index.inventory;
  // The inventory tells the present only, and of one cluster only.
  if (inventory === null || context.view.atSeconds !== null) return;
  const isGone = (node: DraftNode): boolean =>
    (node.identity.kind === 'workload' || node.identity.kind === 'app') &&
    node.identity.cluster === homeCluster &&
    (node.facts.pods === null || (node.facts.pods.desired === 0 && node.facts.pods.ready === 0));
  const { edges } = draft;
  const busy = new Uint8Array(draft.nodes.length);
  for (let e = 0; e < edges.count; e++) {
    busy[column.at(edges.source, e)] = 1;
    busy[column.at(edges.target, e)] = 1;
  }
  const kept: DraftNode[] = [];
  const position = new Int32Array(draft.nodes.length).fill(-1);
  draft.nodes.forEach((node, i) => {
    if (isGone(node)) {
      if (busy[i] === 0 && node.facts.pods === null) return;
      if (busy[i] === 1) node.badges = [...node.badges, 'dead'];
    }
    position[i] = kept.length;
    kept.push(node);
  });
  if (kept.length === draft.nodes.length) return;
  draft.nodes = kept;
  for (let e = 0; e < edges.count; e++) {
    edges.source[e] = column.at(position, column.at(edges.source, e));
    edges.target[e] = column.at(position, column.at(edges.target, e));
  }
}
