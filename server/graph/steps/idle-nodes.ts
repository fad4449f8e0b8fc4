// Step: nodes without traffic, from the inventory, where the view asks for them.
// In: inventory, selected namespaces. Out: draft nodes with the badge `idle`. Kiali: idle services only where services are drawn.
import * as column from '../columns';
import { type Draft, draftNode, type StepContext } from '../draft';
import { modeOf, type NodeIdentity } from '../topology';

/** Namespaces of Kubernetes itself: idle by nature, shown only when selected by name. */
const KUBERNETES_NAMESPACES: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);

export function addIdleNodes(draft: Draft, context: StepContext): void {
  const { view, traffic, topology, namespaces } = context;
  const { inventory } = traffic.index.inventory;
  if (!view.idle || inventory === null) return;
  const mode = modeOf(view.graphType, view.serviceNodes);
  const present = new Set(draft.nodes.map((n) => n.identity.id));
  const { mask } = traffic;
  const wanted = (namespace: string): boolean =>
    (namespaces.size === 0 ? !KUBERNETES_NAMESPACES.has(namespace) : namespaces.has(namespace)) &&
    (mask === null || mask.namespaces.has(namespace));
  const add = (identity: NodeIdentity | undefined): void => {
    if (identity === undefined || present.has(identity.id)) return;
    present.add(identity.id);
    const node = draftNode(identity, traffic.facts.factsOf(identity, traffic.index.inventory));
    draft.nodes.push(node);
  };
  if (mode !== 'service')
    for (const info of inventory.workloads.values())
      if (wanted(info.namespace)) add(topology.nodes[topology.workloadNode(mode, topology.identities.adopt(info))]);
  if (mode === 'service' || mode.endsWith('+'))
    for (const info of inventory.services.values())
      if (wanted(info.namespace)) {
        const service = topology.identities.serviceOf(info.cluster, info.namespace, info.name, info.host);
        add(topology.nodes[topology.serviceNode(service, null)]);
      }
}

/** Badge `idle` for every node without an edge. */
export function markIdleNodes(draft: Draft): void {
  const busy = new Uint8Array(draft.nodes.length);
  for (let e = 0; e < draft.edges.count; e++) {
    busy[column.at(draft.edges.source, e)] = 1;
    busy[column.at(draft.edges.target, e)] = 1;
  }
  draft.nodes.forEach((node, i) => {
    if (busy[i] === 0 && node.identity.kind !== 'namespace') node.badges = [...node.badges, 'idle'];
  });
}
