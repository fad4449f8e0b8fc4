// Which nodes of an unfolded draft an id means: the node itself, or all that a folded namespace or app, or a box, stands for.
// In: nodes, id, topology. Out: positions. Pure.
import type { DraftNode } from './draft';
import type { Topology } from './topology';

export function findMembers(nodes: readonly DraftNode[], id: string, topology: Topology): readonly number[] {
  const exact = nodes.findIndex(({ identity }) => identity.id === id);
  if (exact >= 0) return [exact];
  const kind = id.slice(0, id.indexOf('/'));
  const found: number[] = [];
  nodes.forEach((node, i) => {
    const { cluster, namespace } = node.identity;
    if (standsFor(kind, id, cluster, namespace, node.app, topology)) found.push(i);
  });
  return found;
}

function standsFor(kind: string, id: string, cluster: string, namespace: string, app: string | null, topology: Topology): boolean {
  switch (kind) {
    case 'namespace':
      return topology.foldId('namespace', cluster, namespace, '') === id;
    case 'box-namespace':
      return topology.boxId('box-namespace', cluster, namespace, '') === id;
    case 'app':
      return app !== null && topology.foldId('app', cluster, namespace, app) === id;
    case 'box-app':
      return app !== null && topology.boxId('box-app', cluster, namespace, app) === id;
    default:
      return false;
  }
}
