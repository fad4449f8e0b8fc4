// Step: for every node that is not a plain member of the mesh, its likely cause and the fix. In: evidence, inventory. Out: explanation.
import type { Explanation } from '../../../model/graph';
import type { Inventory } from '../../../model/inventory';
import type { Draft, DraftNode, StepContext } from '../draft';
import { explainBlackHole, explainPassthrough, explainUnknownDestination } from '../explain/destinations';
import { collectEvidence, type Evidence } from '../explain/evidence';
import { explainNoSidecar } from '../explain/no-sidecar';
import { explainUnknownSource } from '../explain/unknown-source';

export function explainNodes(draft: Draft, context: StepContext): void {
  const { mask, index } = context.traffic;
  const inventory = mask === null ? index.inventory.inventory : mask.inventory();
  const strange = new Set<number>();
  draft.nodes.forEach((node, i) => {
    if (inventory !== null && node.badges.includes('noSidecar')) node.explanation = explainOutside(node, inventory);
    if (isStrange(node)) strange.add(i);
  });
  if (strange.size === 0) return;
  for (const [position, evidence] of collectEvidence(draft, context, strange)) {
    const node = draft.nodes[position];
    if (node !== undefined) node.explanation = explain(node, evidence, inventory);
  }
}

const isStrange = (node: DraftNode): boolean => {
  const { kind } = node.identity;
  return kind === 'unknown' || kind === 'passthrough' || kind === 'blackhole';
};

function explainOutside(node: DraftNode, inventory: Inventory): Explanation | null {
  const workload = node.facts.workloads.find((w) => w.mode === 'none' || w.meshedPods < w.pods.ready);
  return workload === undefined ? null : explainNoSidecar(workload, inventory);
}

function explain(node: DraftNode, evidence: Evidence, inventory: Inventory | null): Explanation | null {
  switch (node.identity.kind) {
    case 'passthrough':
      return explainPassthrough(evidence, inventory);
    case 'blackhole':
      return explainBlackHole(evidence, inventory);
    case 'unknown':
      return node.identity.id.endsWith('/source') ? explainUnknownSource(evidence, inventory) : explainUnknownDestination(evidence);
    default:
      return null;
  }
}
