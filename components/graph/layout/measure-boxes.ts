// The rectangles of everything that has a place: nodes with their labels, boxes around what is in them, deepest first.
// In: the tree of boxes, places of nodes. Out: rectangles by id. Pure; the layout and each refresh measure alike, so that no border jumps.
import { boxAround, nodeRect, type Point, type Rect } from './arrangement';
import type { Containers } from './containers';

export function measureRects(containers: Containers, nodes: ReadonlyMap<string, Point>): Map<string, Rect> {
  const rects = new Map<string, Rect>();
  const visit = (id: string | null): void => {
    const inner: Rect[] = [];
    for (const child of containers.childrenOf(id)) {
      const node = containers.nodes.get(child);
      const at = nodes.get(child);
      if (node && at) rects.set(child, nodeRect(node, at));
      else if (!node) visit(child);
      const rect = rects.get(child);
      if (rect) inner.push(rect);
    }
    const box = id === null ? undefined : containers.boxes.get(id);
    const rect = box && boxAround(box, inner);
    if (id !== null && rect) rects.set(id, rect);
  };
  visit(null);
  return rects;
}

/** Those of the boxes alone, in the order of the input. */
export function measureBoxes(containers: Containers, nodes: ReadonlyMap<string, Point>): Map<string, Rect> {
  const rects = measureRects(containers, nodes);
  return new Map(
    [...containers.boxes.keys()].flatMap((id) => {
      const rect = rects.get(id);
      return rect ? [[id, rect] as const] : [];
    }),
  );
}
