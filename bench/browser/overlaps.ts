// What overlaps in an arrangement that must not: two nodes, two boxes that are not inside each other, a node and a box that is not around it.
// In: LayoutInput, Arrangement. Out: counts. Pure.
import { type Arrangement, type LayoutInput, nodeRect, overlaps, type Rect } from '../../components/graph/layout/arrangement';

export interface Overlaps {
  readonly nodes: number;
  readonly boxes: number;
  readonly strangers: number;
}

export function countOverlaps(input: LayoutInput, { nodes, boxes }: Arrangement): Overlaps {
  const parents = new Map([...input.nodes, ...input.boxes].map((item) => [item.id, item.parent]));
  const isInside = (id: string, box: string): boolean => {
    for (let up = parents.get(id) ?? null; up !== null; up = parents.get(up) ?? null) if (up === box) return true;
    return false;
  };
  const rects: { readonly id: string; readonly rect: Rect }[] = input.nodes.flatMap((node) => {
    const at = nodes.get(node.id);
    return at ? [{ id: node.id, rect: nodeRect(node, at) }] : [];
  });
  // Left to right, so that only what is beside each other is compared.
  rects.sort((a, b) => a.rect.x - b.rect.x);
  let pairs = 0;
  for (const [i, a] of rects.entries())
    for (let k = i + 1; k < rects.length; k++) {
      const b = rects[k];
      if (!b || b.rect.x >= a.rect.x + a.rect.width) break;
      if (overlaps(a.rect, b.rect)) pairs++;
    }
  const frames = [...boxes];
  let boxPairs = 0;
  for (const [i, [idA, a]] of frames.entries())
    for (const [idB, b] of frames.slice(i + 1)) if (!isInside(idA, idB) && !isInside(idB, idA) && overlaps(a, b)) boxPairs++;
  let strangers = 0;
  for (const { id, rect } of rects) for (const [box, frame] of frames) if (!isInside(id, box) && overlaps(rect, frame)) strangers++;
  return { nodes: pairs, boxes: boxPairs, strangers };
}
