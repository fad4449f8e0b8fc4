// What a node of the graph is called in texts and tables. In: GraphNode. Out: kind and name in words. Pure.
import type { GraphNode, NodeKind } from '../../model/graph';
import type { MeshMode } from '../../model/inventory';

const KIND_WORDS: Readonly<Record<NodeKind, string>> = {
  workload: 'Workload',
  app: 'App',
  service: 'Service',
  serviceEntry: 'Service entry',
  passthrough: 'Passthrough cluster',
  blackhole: 'Black hole cluster',
  unknown: 'Unknown',
  namespace: 'Namespace',
  hidden: 'Hidden',
  operation: 'Operation',
};

export const MODE_WORDS: Readonly<Record<MeshMode, string>> = {
  sidecar: 'Sidecar',
  ambient: 'Ambient',
  gateway: 'Gateway',
  waypoint: 'Waypoint',
  ztunnel: 'ztunnel',
  controlPlane: 'Control plane',
  none: 'Not in the mesh',
};

/** "Deployment", "App", "Service", ...: the Kubernetes kind of a workload where it is known. */
export const wordKind = (node: Pick<GraphNode, 'kind' | 'workloadKind'>): string =>
  node.kind === 'workload' && node.workloadKind !== null ? node.workloadKind : KIND_WORDS[node.kind];

/** Its namespace; '' for what has none to show. */
export const wordNamespace = (node: Pick<GraphNode, 'kind' | 'namespace'>): string => (node.kind === 'hidden' ? '' : node.namespace);

/** "reviews v2", "reviews-v2", "www.googleapis.com": its own name, without the namespace. */
export function wordNode(node: GraphNode): string {
  switch (node.kind) {
    case 'workload':
      return node.workload ?? node.label;
    case 'app':
      return node.app === null ? node.label : node.version === null ? node.app : `${node.app} ${node.version}`;
    case 'service':
    case 'serviceEntry':
      return node.service ?? node.hosts[0] ?? node.label;
    case 'namespace':
      return node.namespace;
    case 'passthrough':
    case 'blackhole':
    case 'unknown':
    case 'hidden':
    case 'operation':
      return node.label;
  }
}
