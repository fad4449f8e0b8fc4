// Columns by the number of calls from where traffic begins. In: LayoutInput; its boxes are ignored.
// Out: an Arrangement without boxes. Deterministic; no two nodes overlap.
import type { Arrangement, LayoutInput, LayoutNode, Point } from './arrangement';
import { packShelves } from './shelves';

const ROW_GAP = 18;
const ALONE_GAP = 22;

/** Distance of every node from the nearest that nobody calls; what is only called in circles counts from its busiest caller. */
function measureDepths(
  nodes: readonly LayoutNode[],
  out: ReadonlyMap<string, readonly string[]>,
  callers: ReadonlyMap<string, number>,
): Map<string, number> {
  const depth = new Map<string, number>();
  const spread = (start: readonly string[]): void => {
    let front = start;
    for (let level = 0; front.length > 0; level++) {
      for (const id of front) depth.set(id, level);
      front = [...new Set(front.flatMap((id) => out.get(id) ?? []))].filter((id) => !depth.has(id));
    }
  };
  spread(nodes.filter((node) => callers.get(node.id) === 0).map((node) => node.id));
  for (const node of [...nodes].sort((a, b) => (out.get(b.id)?.length ?? 0) - (out.get(a.id)?.length ?? 0) || (a.id < b.id ? -1 : 1)))
    if (!depth.has(node.id)) spread([node.id]);
  return depth;
}

export function drawBreadthFirst(input: LayoutInput): Arrangement {
  const byId = new Map(input.nodes.map((node) => [node.id, node]));
  const out = new Map<string, string[]>(input.nodes.map((node) => [node.id, []]));
  const into = new Map<string, string[]>(input.nodes.map((node) => [node.id, []]));
  for (const { source, target } of input.edges) {
    if (source === target || !byId.has(source) || !byId.has(target)) continue;
    out.get(source)?.push(target);
    into.get(target)?.push(source);
  }
  const isAlone = (node: LayoutNode): boolean => out.get(node.id)?.length === 0 && into.get(node.id)?.length === 0;
  const connected = input.nodes.filter((node) => !isAlone(node)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const depth = measureDepths(connected, out, new Map(connected.map((node) => [node.id, into.get(node.id)?.length ?? 0])));
  const levels: LayoutNode[][] = [];
  for (const node of connected) {
    const at = depth.get(node.id) ?? 0;
    const level = levels[at];
    if (level) level.push(node);
    else levels[at] = [node];
  }
  const nodes = new Map<string, Point>();
  const total = connected.reduce((sum, node) => sum + (node.width + input.layerGap) * (node.above + node.below + ROW_GAP), 0);
  const limit = Math.max(240, Math.sqrt(total / input.aspect));
  let x = 0;
  for (const level of levels) {
    const wish = (node: LayoutNode): number => {
      const placed = (into.get(node.id) ?? []).flatMap((id) => nodes.get(id)?.y ?? []);
      return placed.length === 0 ? 0 : placed.reduce((sum, y) => sum + y, 0) / placed.length;
    };
    const wishes = new Map(level.map((node) => [node.id, wish(node)]));
    level.sort((a, b) => (wishes.get(a.id) ?? 0) - (wishes.get(b.id) ?? 0) || (a.id < b.id ? -1 : 1));
    x = placeLevel(level, { x, limit, layerGap: input.layerGap, nodes });
  }
  placeAlone(input.nodes.filter(isAlone), input.aspect, nodes, input.nodes);
  return { nodes, boxes: new Map(), annexes: new Map() };
}

/** One level in as many columns as it needs to be no higher than `limit`; answers where the next begins. */
function placeLevel(
  level: readonly LayoutNode[],
  {
    x: start,
    limit,
    layerGap,
    nodes,
  }: { readonly x: number; readonly limit: number; readonly layerGap: number; readonly nodes: Map<string, Point> },
): number {
  const height = level.reduce((sum, node) => sum + node.above + node.below + ROW_GAP, 0);
  const columns = Math.max(1, Math.ceil(height / limit));
  const perColumn = Math.ceil(level.length / columns);
  let x = start;
  for (let from = 0; from < level.length; from += perColumn) {
    const column = level.slice(from, from + perColumn);
    const width = column.reduce((most, node) => Math.max(most, node.width), 0);
    let y = -(column.reduce((sum, node) => sum + node.above + node.below + ROW_GAP, 0) - ROW_GAP) / 2;
    for (const node of column) {
      nodes.set(node.id, { x: x + width / 2, y: y + node.above });
      y += node.above + node.below + ROW_GAP;
    }
    // Columns of one level stand closer together than two levels.
    x += width + (from + perColumn < level.length ? layerGap / 2 : layerGap);
  }
  return x;
}

/** Nodes without traffic stand in rows below the others. */
function placeAlone(alone: readonly LayoutNode[], aspect: number, nodes: Map<string, Point>, all: readonly LayoutNode[]): void {
  const byId = new Map(all.map((node) => [node.id, node]));
  let [bottom, right] = [0, 0];
  for (const [id, at] of nodes) {
    bottom = Math.max(bottom, at.y + (byId.get(id)?.below ?? 0) + 2 * ALONE_GAP);
    right = Math.max(right, at.x + (byId.get(id)?.width ?? 0) / 2);
  }
  const sorted = [...alone].sort((a, b) => (a.id < b.id ? -1 : 1));
  const rows = packShelves(
    sorted.map((node) => ({ width: node.width, height: node.above + node.below })),
    { gap: ALONE_GAP, aspect, minWidth: right },
  );
  sorted.forEach((node, i) => {
    const corner = rows.corners[i];
    if (corner) nodes.set(node.id, { x: corner.x + node.width / 2, y: bottom + corner.y + node.above });
  });
}
