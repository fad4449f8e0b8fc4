// Rings: the most connected nodes in the middle, the others around them, each as near to what it talks to as its ring allows.
// In: LayoutInput; its boxes are ignored. Out: an Arrangement without boxes. Deterministic; no two nodes overlap.
import type { Arrangement, LayoutInput, LayoutNode, Point } from './arrangement';

const GAP = 26;
/** Degrees are rounded away: engines need not agree on the last bits of a sine. */
const GRAIN = 100;

const round = (x: number): number => Math.round(x * GRAIN) / GRAIN;
/** The diameter of a circle that holds the node, label included. */
const reachOf = (node: LayoutNode): number => Math.sqrt(node.width * node.width + (node.above + node.below) * (node.above + node.below));

/** Nodes in rings: as many in each as fit on its circle. */
function cutRings(sorted: readonly LayoutNode[]): { readonly radius: number; readonly nodes: LayoutNode[] }[] {
  const rings: { radius: number; nodes: LayoutNode[] }[] = [];
  let radius = 0;
  let next = 0;
  while (next < sorted.length) {
    const nodes: LayoutNode[] = [];
    let widest = 0;
    for (let node = sorted[next]; node; node = sorted[next]) {
      const wider = Math.max(widest, reachOf(node));
      // Chords between neighbours must be as long as the widest node: n of them need this radius.
      const isFull = radius === 0 ? nodes.length === 1 : (nodes.length + 1) * (wider + GAP) > 2 * Math.PI * radius * 0.97;
      if (isFull && nodes.length > 0) break;
      widest = wider;
      nodes.push(node);
      next++;
    }
    rings.push({ radius, nodes });
    const after = sorted.slice(next).reduce((most, node) => Math.max(most, reachOf(node)), 0);
    radius += (widest + after) / 2 + GAP;
  }
  return rings;
}

export function drawConcentric(input: LayoutInput): Arrangement {
  const peers = new Map<string, string[]>(input.nodes.map((node) => [node.id, []]));
  for (const { source, target } of input.edges) {
    if (source === target) continue;
    peers.get(source)?.push(target);
    peers.get(target)?.push(source);
  }
  const degree = (node: LayoutNode): number => peers.get(node.id)?.length ?? 0;
  const sorted = [...input.nodes].sort((a, b) => degree(b) - degree(a) || (a.id < b.id ? -1 : 1));
  const nodes = new Map<string, Point>();
  const turns = new Map<string, number>();
  for (const { radius, nodes: ring } of cutRings(sorted)) {
    // Where its placed peers are, on average; a mean of directions, not of angles, so that 359° and 1° meet at 0°.
    const wish = new Map(
      ring.map((node) => {
        let [x, y] = [0, 0];
        for (const peer of peers.get(node.id) ?? []) {
          const turn = turns.get(peer);
          if (turn === undefined) continue;
          x += Math.cos(turn);
          y += Math.sin(turn);
        }
        const turn = Math.atan2(y, x);
        return [node.id, x === 0 && y === 0 ? 0 : round(turn < 0 ? turn + 2 * Math.PI : turn)] as const;
      }),
    );
    ring.sort((a, b) => (wish.get(a.id) ?? 0) - (wish.get(b.id) ?? 0) || (a.id < b.id ? -1 : 1));
    ring.forEach((node, i) => {
      const turn = (2 * Math.PI * i) / ring.length;
      turns.set(node.id, turn);
      const middle = { x: round(radius * Math.cos(turn)), y: round(radius * Math.sin(turn)) };
      // The circle is about the middle of the whole node, which lies below that of its shape.
      nodes.set(node.id, { x: middle.x, y: middle.y + (node.above - node.below) / 2 });
    });
  }
  return { nodes, boxes: new Map(), annexes: new Map() };
}
