// Step: cluster, namespace and app boxes, and the short text of every node, which depends on the box around it.
// In: nodes. Out: Draft.boxes (enclosing before enclosed), DraftNode.parent, DraftNode.label.
// Kiali: an app with more than one member (versions or its service) in one namespace gets a box; clusters only if there are several.
import { compareBoxes } from '../../../model/delta';
import type { GraphBox } from '../../../model/graph';
import { worstHealth } from '../../../model/health';
import { type NodeId, nodeId } from '../../../model/ids';
import { UNKNOWN } from '../../../model/traffic';
import { hasNamespace } from '../build';
import type { Draft, DraftNode, StepContext } from '../draft';
import { HIDDEN_NODE } from '../topology';

type OpenBox = { -readonly [K in keyof GraphBox]: GraphBox[K] };

/** A namespace with nodes, and what its apps look like before their boxes are drawn. */
interface Place {
  readonly cluster: string;
  readonly namespace: string;
  readonly apps: Map<string, AppPlace>;
  box: NodeId | null;
}
interface AppPlace {
  members: number;
  /** How often each version occurs. */
  readonly versions: Map<string, number>;
  box: NodeId | null;
}

export function arrangeBoxes(draft: Draft, context: StepContext): void {
  const { graphType, boxes: wanted } = context.view;
  const places = new Places(wanted.includes('app') && (graphType === 'app' || graphType === 'versionedApp'));
  for (const node of draft.nodes) places.note(node);
  const boxes = new Map<NodeId, OpenBox>();
  const clusters = new Map<string, NodeId | null>();
  for (const { identity } of draft.nodes) if (identity.cluster !== UNKNOWN) clusters.set(identity.cluster, null);
  const open = (box: OpenBox): NodeId => {
    boxes.set(box.id, box);
    return box.id;
  };
  const clusterBox = (cluster: string): NodeId | null => {
    if (clusters.size < 2 || cluster === UNKNOWN || !wanted.includes('cluster')) return null;
    const known = clusters.get(cluster) ?? null;
    if (known !== null) return known;
    const made = open(openBox(nodeId('box-cluster', cluster), 'cluster', { cluster, namespace: '' }, null, cluster, null));
    clusters.set(cluster, made);
    return made;
  };
  for (const node of draft.nodes) {
    const place = places.of(node);
    if (place === null) {
      node.parent = clusterBox(node.identity.cluster);
      node.label = labelOf(node);
      continue;
    }
    const { cluster, namespace } = place;
    if (place.box === null && wanted.includes('namespace'))
      place.box = open(
        openBox(context.topology.boxId('box-namespace', cluster, namespace, ''), 'namespace', place, null, namespace, clusterBox(cluster)),
      );
    const outer = place.box ?? clusterBox(cluster);
    const app = node.app === null ? undefined : place.apps.get(node.app);
    if (node.app === null || app === undefined || app.members < 2 || node.identity.kind === 'serviceEntry') {
      node.parent = outer;
      node.label = labelOf(node);
      continue;
    }
    app.box ??= open(openBox(context.topology.boxId('box-app', cluster, namespace, node.app), 'app', place, node.app, node.app, outer));
    node.parent = app.box;
    node.label = labelInApp(node, app.versions);
  }
  for (const node of draft.nodes)
    for (let id = node.parent; id !== null; ) {
      const around = boxes.get(id);
      if (around === undefined) break;
      around.health = worstHealth(around.health, node.health.status);
      id = around.parent;
    }
  draft.boxes = [...boxes.values()].sort(compareBoxes);
}

const openBox = (
  id: NodeId,
  kind: GraphBox['kind'],
  { cluster, namespace }: Pick<Place, 'cluster' | 'namespace'>,
  app: string | null,
  label: string,
  parent: NodeId | null,
): OpenBox => ({ id, parent, kind, label, cluster, namespace, app, health: 'na' });

/** Namespaces of the nodes and, in app graphs, the members of their apps. */
class Places {
  readonly #clusters = new Map<string, Map<string, Place>>();
  readonly #apps: boolean;

  constructor(apps: boolean) {
    this.#apps = apps;
  }

  /** Namespace of a node, null for those that stand alone. */
  of({ identity }: DraftNode): Place | null {
    const { cluster, namespace, kind } = identity;
    if (!hasNamespace(namespace) || kind === 'namespace') return null;
    let namespaces = this.#clusters.get(cluster);
    if (namespaces === undefined) {
      namespaces = new Map();
      this.#clusters.set(cluster, namespaces);
    }
    let place = namespaces.get(namespace);
    if (place === undefined) {
      place = { cluster, namespace, apps: new Map(), box: null };
      namespaces.set(namespace, place);
    }
    return place;
  }

  note(node: DraftNode): void {
    const place = this.of(node);
    const { kind, version } = node.identity;
    if (place === null || !this.#apps || node.app === null || kind === 'serviceEntry') return;
    let app = place.apps.get(node.app);
    if (app === undefined) {
      app = { members: 0, versions: new Map(), box: null };
      place.apps.set(node.app, app);
    }
    app.members += 1;
    if (version !== null) app.versions.set(version, (app.versions.get(version) ?? 0) + 1);
  }
}

/** Inside its app's box a version needs no app name; two workloads of one version are told apart by their own names. */
function labelInApp(node: DraftNode, versions: ReadonlyMap<string, number>): string {
  const { kind, version, workload } = node.identity;
  if (kind !== 'app' || workload === null || version === null) return labelOf(node);
  return (versions.get(version) ?? 0) > 1 ? workload : version;
}

/** Istio's canonical revision of workloads without a version label. */
const NO_VERSION = 'latest';

function labelOf(node: DraftNode): string {
  const { kind, namespace, workload, app, version, service, entry } = node.identity;
  switch (kind) {
    case 'workload':
      return workload ?? UNKNOWN;
    case 'app':
      return version === null || version === NO_VERSION ? (app ?? UNKNOWN) : `${app ?? UNKNOWN} ${version}`;
    case 'serviceEntry': {
      const [only, ...more] = entry?.hosts ?? [];
      return only !== undefined && more.length === 0 ? only : (service ?? UNKNOWN);
    }
    case 'service':
      return service ?? UNKNOWN;
    case 'passthrough':
      return 'PassthroughCluster';
    case 'blackhole':
      return 'BlackHoleCluster';
    case 'operation':
      return node.identity.operation ?? UNKNOWN;
    case 'unknown':
      return UNKNOWN;
    case 'namespace':
      return namespace;
    case 'hidden': {
      const one = node.identity.id === HIDDEN_NODE.callers ? 'caller' : 'callee';
      return `${node.members.toLocaleString('en-US')} hidden ${one}${node.members === 1 ? '' : 's'}`;
    }
    default:
      return kind satisfies never;
  }
}
