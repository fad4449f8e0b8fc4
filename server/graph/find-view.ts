// What a find text matches in the whole of a view, and what of the folded view stands for it. In: the unfolded projection, the drawn graph, the query.
// Out: FindDocument. Pure.
import { type FindDocument, type FindHit, MAX_FOUND } from '../../model/find/document';
import { UNMATCHED } from '../../model/find/evaluate';
import { canonicalQuery, type FindQuery, matchQuery } from '../../model/find/query';
import type { Graph, GraphEdge, GraphNode } from '../../model/graph';
import { HEALTH_RANK } from '../../model/health';
import { edgeId, type NodeId } from '../../model/ids';
import { findFacts } from './find-facts';
import type { Projection } from './project';

export function findInView(query: FindQuery, whole: Projection, drawn: Graph, atMs: number): FindDocument {
  const { graph } = whole;
  const find = canonicalQuery(query) ?? '';
  const matches = matchQuery(query, graph, findFacts(whole));
  if (matches === null) return { find, atMs, nodes: 0, edges: 0, hits: [], shown: [] };
  const stand = standIns(drawn);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const shown = new Set<string>();
  const note = (hit: FindHit): FindHit => {
    if (hit.shownAs !== null) shown.add(hit.shownAs);
    return hit;
  };
  const nodes = graph.nodes.filter((_, i) => matches.nodes[i] !== UNMATCHED).map((node) => note(nodeHit(node, stand.node(node))));
  const edges = graph.edges
    .filter((_, i) => matches.edges[i] !== UNMATCHED)
    .map((edge) => note(edgeHit(edge, byId.get(edge.source), byId.get(edge.target), stand)));
  return {
    find,
    atMs,
    nodes: nodes.length,
    edges: edges.length,
    hits: [...nodes.sort(compareHits), ...edges.sort(compareHits)].slice(0, MAX_FOUND),
    shown: [...shown].sort(),
  };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const compareHits = (a: FindHit, b: FindHit): number =>
  HEALTH_RANK[b.health] - HEALTH_RANK[a.health] || compareText(a.label, b.label) || compareText(a.id, b.id);

interface Stand {
  readonly id: string | null;
  readonly open: string | null;
}
interface StandIns {
  node(node: GraphNode): Stand;
  edge(edge: GraphEdge, source: GraphNode | undefined, target: GraphNode | undefined): Stand;
}

/** Finds what of the drawn graph an element is folded into. */
export function standIns(drawn: Graph): StandIns {
  const nodes = new Set<NodeId>(drawn.nodes.map(({ id }) => id));
  const edges = new Set<string>(drawn.edges.map(({ id }) => id));
  const placeOf = (...names: readonly string[]): string => JSON.stringify(names);
  const folded = new Map<string, NodeId>();
  for (const { kind, id, cluster, namespace, app, members } of drawn.nodes) {
    if (kind === 'namespace') folded.set(placeOf(cluster, namespace), id);
    else if (kind === 'app' && members > 1 && app !== null) folded.set(placeOf(cluster, namespace, app), id);
  }
  const node = ({ id, cluster, namespace, app }: GraphNode): Stand => {
    if (nodes.has(id)) return { id, open: null };
    const byApp = app === null ? undefined : folded.get(placeOf(cluster, namespace, app));
    if (byApp !== undefined) return { id: byApp, open: `${namespace}/${app ?? ''}` };
    const byNamespace = folded.get(placeOf(cluster, namespace));
    return byNamespace === undefined ? { id: null, open: null } : { id: byNamespace, open: namespace };
  };
  return {
    node,
    edge: (edge, source, target) => {
      if (edges.has(edge.id)) return { id: edge.id, open: null };
      const [from, to] = [source && node(source), target && node(target)];
      if (!from?.id || !to?.id) return { id: null, open: null };
      const open = from.open ?? to.open;
      if (from.id === to.id) return { id: from.id, open };
      const between = edgeId(from.id as NodeId, to.id as NodeId, edge.protocol);
      return { id: edges.has(between) ? between : null, open };
    },
  };
}

const nodeHit = (node: GraphNode, stand: Stand): FindHit => ({
  kind: 'node',
  id: node.id,
  label: nameOf(node),
  nodeKind: node.kind,
  namespace: node.namespace,
  health: node.health.status,
  shownAs: stand.id,
  open: stand.open,
});

const edgeHit = (edge: GraphEdge, source: GraphNode | undefined, target: GraphNode | undefined, stand: StandIns): FindHit => {
  const { id, open } = stand.edge(edge, source, target);
  return {
    kind: 'edge',
    id: edge.id,
    label: `${source === undefined ? '?' : nameOf(source)} > ${target === undefined ? '?' : nameOf(target)}`,
    nodeKind: null,
    namespace: target?.namespace ?? '',
    health: edge.health,
    shownAs: id,
    open,
  };
};

/** A version's label inside its box ("v1") says nothing in a list. */
const nameOf = (node: GraphNode): string => (node.kind === 'app' ? (node.workload ?? node.app ?? node.label) : node.label);
