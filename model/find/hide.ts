// What a hide query takes out of a graph. In: FindQuery, Graph, facts. Out: ids. Pure.
// Matched nodes go, with their edges; matched edges go, and with them nodes that had no other edge, unless these fail or are idle.
// What `healthy` or `idle` alone matches, nodes and edges alike, stays as the end of an edge that stays: hide healthy leaves what fails, with both ends.
import type { Graph } from '../graph';
import type { EdgeId, NodeId } from '../ids';
import { MATCHED, MATCHED_OPEN, UNMATCHED } from './evaluate';
import { type FindQuery, matchQuery } from './query';
import type { FindFacts } from './read-element';

export interface Hidden {
  readonly nodes: ReadonlySet<NodeId>;
  readonly edges: ReadonlySet<EdgeId>;
}

export const NOTHING_HIDDEN: Hidden = { nodes: new Set(), edges: new Set() };

export function hideElements(query: FindQuery, graph: Graph, facts: FindFacts): Hidden {
  const matches = matchQuery(query, graph, facts);
  if (matches === null) return NOTHING_HIDDEN;
  const place = new Map(graph.nodes.map((node, i) => [node.id, i]));
  const count = graph.nodes.length;
  /** Edges of each node: all, those that no condition matched, those that stay. */
  const degree = new Uint32Array(count);
  const spared = new Uint32Array(count);
  const staying = new Uint32Array(count);
  const add = (to: Uint32Array, node: number): void => {
    if (node >= 0) to[node] = (to[node] ?? 0) + 1;
  };
  const edges = new Set<EdgeId>();
  graph.edges.forEach((edge, e) => {
    const [source, target] = [place.get(edge.source) ?? -1, place.get(edge.target) ?? -1];
    const matched = matches.edges[e] !== UNMATCHED;
    const gone = matched || matches.nodes[source] === MATCHED || matches.nodes[target] === MATCHED;
    if (gone) edges.add(edge.id);
    for (const end of source === target ? [source] : [source, target]) {
      add(degree, end);
      if (!matched) add(spared, end);
      if (!gone) add(staying, end);
    }
  });
  const nodes = new Set<NodeId>();
  graph.nodes.forEach((node, i) => {
    const match = matches.nodes[i];
    const { status } = node.health;
    const lonely =
      (degree[i] ?? 0) > 0 && (spared[i] ?? 0) === 0 && status !== 'failure' && status !== 'degraded' && !node.badges.includes('idle');
    if (match === MATCHED || (match === MATCHED_OPEN && (staying[i] ?? 0) === 0) || (match === UNMATCHED && lonely)) nodes.add(node.id);
  });
  return { nodes, edges };
}
