// What of a mesh is drawn by default, and whether something that fails is missing from it. In: three graphs of one instant. Out: counts. Pure.
import type { GraphDocument } from '../../model/wire';

export interface Drawn {
  readonly nodes: number;
  readonly edges: number;
  /** Of the whole mesh. */
  readonly wholeNodes: number;
  readonly wholeEdges: number;
  /** Edges that fail: in the picture, and with its folds but every edge, of those the ones that are not in the picture. */
  readonly failing: number;
  readonly failingLeftOut: number;
  /** Edges that fail in the whole mesh, and those of them that no edge of the picture and no failing folded node stands for. */
  readonly wholeFailing: number;
  readonly wholeFailingUnseen: number;
}

/** `uncut`: the folds of `drawn`, with every edge; `whole`: nothing is folded. */
export function countDrawn(drawn: GraphDocument, uncut: GraphDocument, whole: GraphDocument): Drawn {
  const isFailing = ({ health }: GraphDocument['edges'][number]): boolean => health === 'failure';
  const edgeIds = new Set<string>(drawn.edges.map(({ id }) => id));
  const nodes = new Map<string, GraphDocument['nodes'][number]>(drawn.nodes.map((node) => [node.id, node]));
  const folds = new Map(drawn.nodes.filter(({ kind }) => kind === 'namespace').map((node) => [`${node.cluster}/${node.namespace}`, node]));
  const standIns = new Map(whole.nodes.map((node) => [node.id, nodes.get(node.id) ?? folds.get(`${node.cluster}/${node.namespace}`)]));
  const pairs = new Set(drawn.edges.map(({ source, target, protocol }) => `${source} ${target} ${protocol}`));
  const isSeen = ({ source, target, protocol }: GraphDocument['edges'][number]): boolean => {
    const [from, to] = [standIns.get(source), standIns.get(target)];
    if (from === undefined || to === undefined) return false;
    return pairs.has(`${from.id} ${to.id} ${protocol}`) || (from === to && from.health.status === 'failure');
  };
  const wholeFailing = whole.edges.filter(isFailing);
  return {
    nodes: drawn.nodes.length,
    edges: drawn.edges.length,
    wholeNodes: whole.nodes.length,
    wholeEdges: whole.edges.length,
    failing: drawn.edges.filter(isFailing).length,
    failingLeftOut: uncut.edges.filter((edge) => isFailing(edge) && !edgeIds.has(edge.id)).length,
    wholeFailing: wholeFailing.length,
    wholeFailingUnseen: wholeFailing.filter((edge) => !isSeen(edge)).length,
  };
}
