// What a text finds among the nodes of the whole mesh, and what of the drawn graph stands for them. In: the unfolded projection, the drawn
// graph, the text. Out: SearchDocument. Pure.
import { searchGraph } from '../../model/find/search-graph';
import type { DirectionTraffic, Graph } from '../../model/graph';
import { MAX_HITS, type SearchDocument, type SearchHit } from '../../model/search';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { standIns } from './find-view';
import { round4 } from './round';

/** The view of the whole mesh in which a search from another view looks. */
export const meshView = ({ graphType, serviceNodes, idle, windowSeconds, atSeconds }: ViewSpec): ViewSpec => ({
  ...DEFAULT_VIEW,
  graphType,
  serviceNodes,
  idle,
  windowSeconds,
  atSeconds,
});

export function searchMesh(text: string, mesh: Graph, drawn: Graph, atMs: number): SearchDocument {
  const byId = new Map<string, Graph['nodes'][number]>(mesh.nodes.map((node) => [node.id, node]));
  const stand = standIns(drawn);
  const found = searchGraph({ nodes: mesh.nodes, boxes: [], edges: [] }, text);
  const hits: SearchHit[] = [];
  for (const { id } of found.slice(0, MAX_HITS)) {
    const node = byId.get(id);
    if (node === undefined) continue;
    const { id: shownAs, open } = stand.node(node);
    const { kind, label, cluster, namespace, app, health, inbound, outbound } = node;
    const requestsPerSecond = round4(requestsOf(inbound) + requestsOf(outbound));
    hits.push({ id: node.id, kind, label, cluster, namespace, app, health: health.status, requestsPerSecond, shownAs, open });
  }
  return { query: text, atMs, hits, more: found.length - hits.length };
}

const requestsOf = ({ http, grpc }: DirectionTraffic): number => http + grpc;
