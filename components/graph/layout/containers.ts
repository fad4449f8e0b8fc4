// The tree of boxes: what lies directly in what, and which edges run between the children of the same box.
// In: a LayoutInput. Out: Containers. Parents that do not exist or that form a ring count as the top level.
import type { LayoutBox, LayoutEdge, LayoutInput, LayoutNode } from './arrangement';

export interface Containers {
  readonly boxes: ReadonlyMap<string, LayoutBox>;
  readonly nodes: ReadonlyMap<string, LayoutNode>;
  /** Direct parent of a node or box, null at the top level. */
  readonly parentOf: (id: string) => string | null;
  /** Children in input order: nodes and boxes. */
  readonly childrenOf: (id: string | null) => readonly string[];
}

export function buildContainers(input: Pick<LayoutInput, 'nodes' | 'boxes'>): Containers {
  const boxes = new Map(input.boxes.map((box) => [box.id, box]));
  const nodes = new Map(input.nodes.map((node) => [node.id, node]));
  const parents = new Map<string, string | null>();
  for (const item of [...input.boxes, ...input.nodes]) {
    let parent = item.parent !== null && boxes.has(item.parent) ? item.parent : null;
    const seen = new Set([item.id]);
    for (let up = parent; up !== null; up = boxes.get(up)?.parent ?? null) {
      if (seen.has(up)) {
        parent = null;
        break;
      }
      seen.add(up);
    }
    parents.set(item.id, parent);
  }
  const children = new Map<string | null, string[]>();
  for (const [id, parent] of parents) {
    const list = children.get(parent);
    if (list) list.push(id);
    else children.set(parent, [id]);
  }
  return {
    boxes,
    nodes,
    parentOf: (id) => parents.get(id) ?? null,
    childrenOf: (id) => children.get(id) ?? [],
  };
}

/** Ancestors from the thing itself outwards, ending with null (the top level). */
export function pathOutwards(containers: Containers, id: string): (string | null)[] {
  const path: (string | null)[] = [id];
  for (let up = containers.parentOf(id); up !== null; up = containers.parentOf(up)) path.push(up);
  path.push(null);
  return path;
}

/** Edges lifted to the box in which both ends lie, between its direct children; edges inside one child are dropped. */
export function liftEdges(
  containers: Containers,
  edges: readonly LayoutEdge[],
): ReadonlyMap<string | null, readonly { readonly source: string; readonly target: string; readonly weight: number }[]> {
  const lifted = new Map<string | null, { source: string; target: string; weight: number }[]>();
  for (const edge of edges) {
    if (!containers.nodes.has(edge.source) || !containers.nodes.has(edge.target)) continue;
    const from = pathOutwards(containers, edge.source);
    const to = pathOutwards(containers, edge.target);
    let i = from.length - 1;
    let j = to.length - 1;
    while (i > 0 && j > 0 && from[i - 1] === to[j - 1]) {
      i--;
      j--;
    }
    const [source, target] = [from[i - 1], to[j - 1]];
    if (i === 0 || j === 0 || typeof source !== 'string' || typeof target !== 'string') continue;
    const common = from[i] ?? null;
    const list = lifted.get(common);
    const one = { source, target, weight: 1 };
    if (list) list.push(one);
    else lifted.set(common, [one]);
  }
  return lifted;
}
