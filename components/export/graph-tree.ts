// The graph as the text forms write it: boxes with what lies in them, short ids, an order that does not change from poll to poll.
// In: a Graph. Out: GraphTree. Pure.
import type { Graph, GraphBox, GraphEdge, GraphNode } from '../../model/graph';

export interface TreeNode {
  /** Short and harmless in every form: `n0`, `n1`, ... */
  readonly key: string;
  readonly node: GraphNode;
}
export interface TreeBox {
  readonly key: string;
  readonly box: GraphBox;
  readonly boxes: readonly TreeBox[];
  readonly nodes: readonly TreeNode[];
}
export interface TreeEdge {
  readonly source: string;
  readonly target: string;
  readonly edge: GraphEdge;
}
export interface GraphTree {
  readonly boxes: readonly TreeBox[];
  /** Those in no box. */
  readonly nodes: readonly TreeNode[];
  readonly edges: readonly TreeEdge[];
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Boxes whose parents are missing or form a ring count as the outermost; edges without both ends are left out. */
export function buildTree(graph: Graph): GraphTree {
  const known = new Map<string, GraphBox>(graph.boxes.map((box) => [box.id, box]));
  const parentOf = (id: string | null): string | null => (id !== null && known.has(id) ? id : null);
  const outer = (box: GraphBox): string | null => {
    const seen = new Set<string>([box.id]);
    for (let up = parentOf(box.parent); up !== null; up = parentOf(known.get(up)?.parent ?? null)) {
      if (seen.has(up)) return null;
      seen.add(up);
    }
    return parentOf(box.parent);
  };
  const keys = new Map<string, string>();
  const nodesIn = new Map<string | null, TreeNode[]>();
  const boxesIn = new Map<string | null, { readonly key: string; readonly box: GraphBox }[]>();
  const push = <T>(map: Map<string | null, T[]>, at: string | null, item: T): void => {
    const list = map.get(at);
    if (list) list.push(item);
    else map.set(at, [item]);
  };
  [...graph.nodes].sort(byId).forEach((node, i) => {
    keys.set(node.id, `n${i}`);
    push(nodesIn, parentOf(node.parent), { key: `n${i}`, node });
  });
  [...graph.boxes].sort(byId).forEach((box, i) => {
    push(boxesIn, outer(box), { key: `b${i}`, box });
  });
  const fill = (parent: string | null): readonly TreeBox[] =>
    (boxesIn.get(parent) ?? []).map(({ key, box }) => ({ key, box, boxes: fill(box.id), nodes: nodesIn.get(box.id) ?? [] }));
  const edges = [...graph.edges].sort(byId).flatMap((edge) => {
    const [source, target] = [keys.get(edge.source), keys.get(edge.target)];
    return source === undefined || target === undefined ? [] : [{ source, target, edge }];
  });
  return { boxes: fill(null), nodes: nodesIn.get(null) ?? [], edges };
}

/** Boxes and nodes that hold something, as lines indented by depth. */
export function writeTree(
  { boxes, nodes }: Pick<GraphTree, 'boxes' | 'nodes'>,
  open: (box: TreeBox) => readonly string[],
  close: string,
  node: (node: TreeNode) => string,
  indent = '  ',
): readonly string[] {
  return [
    ...boxes
      .filter((box) => box.boxes.length + box.nodes.length > 0)
      .flatMap((box) => {
        const [first = '', ...rest] = open(box);
        return [
          `${indent}${first}`,
          ...rest.map((line) => `${indent}  ${line}`),
          ...writeTree(box, open, close, node, `${indent}  `),
          `${indent}${close}`,
        ];
      }),
    ...nodes.map((one) => `${indent}${node(one)}`),
  ];
}
