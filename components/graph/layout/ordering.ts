// Second half of a layered drawing: the order in each layer, with few crossings.
// In: vertices with layers and links. Out: layers in order, `order` set. Barycentre sweeps, the best order seen wins.
import type { Vertex } from './layers';

const SWEEPS = 12;

/** Numbers every layer by its current order. */
function renumber(layers: readonly (readonly Vertex[])[]): void {
  for (const layer of layers)
    layer.forEach((vertex, i) => {
      vertex.order = i;
    });
}

/** Crossings between neighbouring layers, counted with a Fenwick tree in O(E log V). */
function countCrossings(layers: readonly (readonly Vertex[])[]): number {
  let crossings = 0;
  for (let l = 0; l + 1 < layers.length; l++) {
    const links: { readonly from: number; readonly to: number }[] = [];
    for (const vertex of layers[l] ?? []) for (const link of vertex.down) links.push({ from: vertex.order, to: link.to.order });
    links.sort((a, b) => a.from - b.from || a.to - b.to);
    const size = layers[l + 1]?.length ?? 0;
    const tree = new Int32Array(size + 1);
    links.forEach((link, before) => {
      let notAbove = 0;
      for (let i = link.to + 1; i > 0; i -= i & -i) notAbove += tree[i] ?? 0;
      crossings += before - notAbove;
      for (let i = link.to + 1; i <= size; i += i & -i) tree[i] = (tree[i] ?? 0) + 1;
    });
  }
  return crossings;
}

/** The layers, left to right, each from top to bottom. */
export function orderLayers(vertices: readonly Vertex[]): Vertex[][] {
  const count = vertices.reduce((m, v) => Math.max(m, v.layer), -1) + 1;
  let layers: Vertex[][] = Array.from({ length: count }, () => []);
  const seen = new Set<Vertex>();
  // A walk from the left puts what hangs together side by side.
  const visit = (start: Vertex): void => {
    const stack = [start];
    for (let vertex = stack.pop(); vertex; vertex = stack.pop()) {
      if (seen.has(vertex)) continue;
      seen.add(vertex);
      layers[vertex.layer]?.push(vertex);
      for (const link of vertex.down.toReversed()) stack.push(link.to);
    }
  };
  for (const vertex of vertices) if (vertex.layer === 0) visit(vertex);
  for (const vertex of vertices) visit(vertex);
  renumber(layers);
  let best = layers.map((layer) => [...layer]);
  let fewest = countCrossings(layers);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const rightwards = sweep % 2 === 0;
    for (let k = 1; k < count; k++) {
      const layer = layers[rightwards ? k : count - 1 - k] ?? [];
      const wish = new Map<Vertex, number>();
      for (const vertex of layer) {
        let sum = 0;
        let weight = 0;
        for (const link of rightwards ? vertex.up : vertex.down) {
          sum += link.to.order * link.weight;
          weight += link.weight;
        }
        wish.set(vertex, weight === 0 ? vertex.order : sum / weight);
      }
      layer.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0) || a.order - b.order);
      layer.forEach((vertex, i) => {
        vertex.order = i;
      });
    }
    const crossings = countCrossings(layers);
    if (crossings < fewest) {
      fewest = crossings;
      best = layers.map((layer) => [...layer]);
    }
  }
  layers = best;
  renumber(layers);
  return layers;
}
