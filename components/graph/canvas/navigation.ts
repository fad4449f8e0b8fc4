// The keyboard's way through the graph: right to what is called, left to callers, up and down among siblings.
// In: a picture, the cursor, a key. Out: the next cursor. Pure.
import type { Picture, PlacedNode } from './picture';

/** `next` and `previous` visit every node, in flow order. */
export type Direction = 'left' | 'right' | 'up' | 'down' | 'next' | 'previous' | 'first' | 'last';

const byPlace = (a: PlacedNode, b: PlacedNode): number => a.at.y - b.at.y || a.at.x - b.at.x || (a.node.id < b.node.id ? -1 : 1);
const byFlow = (a: PlacedNode, b: PlacedNode): number => a.at.x - b.at.x || byPlace(a, b);

/** Nodes in reading order: along the flow, then downwards. */
export const inFlowOrder = (picture: Picture): readonly PlacedNode[] => [...picture.nodes.values()].sort(byFlow);

function neighbours(picture: Picture, node: PlacedNode, way: 'outgoing' | 'incoming'): PlacedNode[] {
  const ids = new Set<string>(node[way].map((edge) => (way === 'outgoing' ? edge.target : edge.source)));
  ids.delete(node.node.id);
  return [...ids].flatMap((id) => picture.nodes.get(id) ?? []).sort(byPlace);
}

/** Nodes that share a caller or, for nodes that nobody calls, something called; without any, all nodes. */
function siblings(picture: Picture, node: PlacedNode): PlacedNode[] {
  const callers = neighbours(picture, node, 'incoming');
  const kin = new Set(callers.flatMap((caller) => neighbours(picture, caller, 'outgoing')));
  if (kin.size <= 1)
    for (const callee of neighbours(picture, node, 'outgoing')) for (const n of neighbours(picture, callee, 'incoming')) kin.add(n);
  kin.add(node);
  return kin.size > 1 ? [...kin].sort(byPlace) : [...picture.nodes.values()].sort(byPlace);
}

const nearest = (from: PlacedNode, list: readonly PlacedNode[]): PlacedNode | undefined =>
  [...list].sort((a, b) => Math.abs(a.at.y - from.at.y) - Math.abs(b.at.y - from.at.y) || byPlace(a, b))[0];

/** Where the cursor goes; it stays where there is nothing that way. Null only for an empty picture. */
export function moveCursor(picture: Picture, cursor: string | null, direction: Direction): string | null {
  const all = inFlowOrder(picture);
  const current = cursor === null ? undefined : picture.nodes.get(cursor);
  if (direction === 'last') return all.at(-1)?.node.id ?? null;
  if (!current || direction === 'first') return all[0]?.node.id ?? null;
  switch (direction) {
    case 'next':
    case 'previous':
      return (all[all.indexOf(current) + (direction === 'next' ? 1 : -1)] ?? current).node.id;
    case 'right':
      return (nearest(current, neighbours(picture, current, 'outgoing')) ?? current).node.id;
    case 'left':
      return (nearest(current, neighbours(picture, current, 'incoming')) ?? current).node.id;
    case 'up':
    case 'down': {
      const list = siblings(picture, current);
      const next = list[list.indexOf(current) + (direction === 'down' ? 1 : -1)];
      return (next ?? current).node.id;
    }
  }
}
