// What stays bright when something is selected, pointed at or searched; the rest is dimmed.
// In: a picture and an id, or found ids. Out: the set of bright ids. Pure.
import type { Picture, PlacedNode } from './picture';

/** Follows edges in one direction; a service is passed through, since a caller means the workloads behind it. */
function follow(picture: Picture, node: PlacedNode, way: 'outgoing' | 'incoming', into: Set<string>): void {
  for (const edge of node[way]) {
    into.add(edge.id);
    const id = way === 'outgoing' ? edge.target : edge.source;
    const next = picture.nodes.get(id);
    if (!next || into.has(id)) continue;
    into.add(id);
    if (next.node.kind !== 'service') continue;
    for (const further of next[way]) {
      into.add(further.id);
      into.add(way === 'outgoing' ? further.target : further.source);
    }
  }
}

/** Ids of the boxes around a node. */
function addBoxes(picture: Picture, ids: Set<string>): void {
  const parents = new Map(picture.boxes.map((box) => [box.id, box.box.parent]));
  for (const id of [...ids]) {
    for (let up: string | null = picture.nodes.get(id)?.node.parent ?? parents.get(id) ?? null; up !== null && !ids.has(up); ) {
      ids.add(up);
      up = parents.get(up) ?? null;
    }
  }
}

/** The element with what it touches: callers and callees of a node, both ends of an edge, contents and neighbours of a box. Null if it is not drawn. */
export function focusOf(picture: Picture, id: string): ReadonlySet<string> | null {
  const bright = new Set<string>([id]);
  const node = picture.nodes.get(id);
  const edge = picture.edges.get(id);
  if (node) {
    follow(picture, node, 'outgoing', bright);
    follow(picture, node, 'incoming', bright);
  } else if (edge) {
    bright.add(edge.edge.source).add(edge.edge.target);
  } else {
    if (!picture.boxes.some((box) => box.box.id === id)) return null;
    const parents = new Map<string, string | null>(picture.boxes.map((box) => [box.box.id, box.box.parent]));
    const isInside = (start: string | null): boolean => {
      for (let up = start; up !== null; up = parents.get(up) ?? null) if (up === id) return true;
      return false;
    };
    const members = [...picture.nodes.values()].filter((n) => isInside(n.node.parent));
    for (const member of members) bright.add(member.node.id);
    for (const box of picture.boxes) if (isInside(box.box.parent)) bright.add(box.box.id);
    for (const member of members) for (const e of [...member.outgoing, ...member.incoming]) bright.add(e.id).add(e.source).add(e.target);
  }
  addBoxes(picture, bright);
  return bright;
}

/** Found elements, the edges between them, their boxes. */
export function focusOfMatches(picture: Picture, matches: ReadonlySet<string>): ReadonlySet<string> {
  const bright = new Set(matches);
  for (const { edge } of picture.edges.values()) {
    if (matches.has(edge.id)) bright.add(edge.source).add(edge.target);
    else if (matches.has(edge.source) && matches.has(edge.target)) bright.add(edge.id);
  }
  addBoxes(picture, bright);
  return bright;
}

/** What stays bright: what was searched for, else around the selection, else around what the pointer rests on; null = everything. */
export function brightOf(
  picture: Picture,
  by: { readonly matches: ReadonlySet<string> | null; readonly selection: string | null; readonly hover: string | null },
): ReadonlySet<string> | null {
  if (by.matches !== null) return focusOfMatches(picture, by.matches);
  const selected = by.selection === null ? null : focusOf(picture, by.selection);
  return selected ?? (by.hover === null ? null : focusOf(picture, by.hover));
}
