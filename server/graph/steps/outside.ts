// Step: nodes outside the selected namespaces, and sources that nobody calls. In: selection, edges. Out: DraftNode.outside, root, badge.
import { hasNamespace } from '../build';
import * as column from '../columns';
import type { Draft, StepContext } from '../draft';
import { addBadges } from './badges';

/** Unknown and passthrough nodes belong to no namespace: they are never outside (as in Kiali). */
export function markOutside(draft: Draft, context: StepContext): void {
  if (context.namespaces.size === 0) return;
  for (const node of draft.nodes) {
    const { namespace } = node.identity;
    node.outside = hasNamespace(namespace) && !context.namespaces.has(namespace);
  }
}

export function markRoots(draft: Draft): void {
  const { edges } = draft;
  const called = new Uint8Array(draft.nodes.length);
  const calls = new Uint8Array(draft.nodes.length);
  for (let e = 0; e < edges.count; e++) {
    const [source, target] = [column.at(edges.source, e), column.at(edges.target, e)];
    if (source === target) continue;
    calls[source] = 1;
    called[target] = 1;
  }
  draft.nodes.forEach((node, i) => {
    // Who calls what is hidden is not told.
    if (node.identity.kind === 'hidden') return;
    node.root = calls[i] === 1 && called[i] === 0;
    if (node.root) addBadges(node, ['trafficSource']);
  });
}
