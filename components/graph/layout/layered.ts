// A layered (Sugiyama) drawing, left to right: callers left of what they call, few crossings, straight runs.
// In: blocks with their drawn sizes, edges. Out: a Sheet: the place of every block and the size of the whole. Deterministic.
import { placeInOrder } from './isotonic';
import { type Block, type BlockEdge, buildLayers, type Vertex } from './layers';
import { orderLayers } from './ordering';

/** Blocks placed on a sheet whose top left corner is 0,0: `x` is the left side of the block, `y` its anchor line. */
export interface Sheet {
  readonly places: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  readonly width: number;
  readonly height: number;
}

export interface LayeredOptions {
  readonly layerGap: number;
  readonly nodeGap: number;
}

const ROUNDS = 8;
const BEND_GAP = 8;

const distance = (a: Vertex, b: Vertex, nodeGap: number): number => a.below + b.above + (a.block && b.block ? nodeGap : BEND_GAP);

/** Long edges are kept straight: a link between two bends weighs most. */
function pull(vertex: Vertex, to: Vertex): number {
  if (!vertex.block && !to.block) return 4;
  return vertex.block && to.block ? 1 : 2;
}

function alignLayers(layers: readonly (readonly Vertex[])[], nodeGap: number): void {
  for (const layer of layers) {
    let y = 0;
    layer.forEach((vertex, i) => {
      const before = layer[i - 1];
      if (before) y += distance(before, vertex, nodeGap);
      vertex.y = y;
    });
    for (const vertex of layer) vertex.y -= y / 2;
  }
  for (let round = 0; round < ROUNDS; round++) {
    const last = round === ROUNDS - 1;
    for (let k = 0; k < layers.length; k++) {
      const layer = layers[round % 2 === 0 ? k : layers.length - 1 - k] ?? [];
      const wishes = layer.map((vertex, i) => {
        let sum = 0;
        let weight = 0;
        for (const link of last ? [...vertex.up, ...vertex.down] : round % 2 === 0 ? vertex.up : vertex.down) {
          const w = link.weight * pull(vertex, link.to);
          sum += link.to.y * w;
          weight += w;
        }
        const before = layer[i - 1];
        return {
          at: weight === 0 ? vertex.y : sum / weight,
          weight: weight === 0 ? 0.1 : Math.max(0.5, weight),
          distance: before ? distance(before, vertex, nodeGap) : 0,
        };
      });
      placeInOrder(wishes).forEach((y, i) => {
        const vertex = layer[i];
        if (vertex) vertex.y = y;
      });
    }
  }
}

/** Draws blocks in layers. */
export function drawLayered(blocks: readonly Block[], edges: readonly BlockEdge[], options: LayeredOptions): Sheet {
  const layers = orderLayers(buildLayers(blocks, edges));
  alignLayers(layers, options.nodeGap);
  const places = new Map<string, { x: number; y: number }>();
  let x = 0;
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const layer of layers) {
    const width = layer.reduce((m, v) => Math.max(m, v.block?.width ?? 0), 0);
    for (const vertex of layer) {
      if (!vertex.block) continue;
      places.set(vertex.block.id, { x: x + (width - vertex.block.width) / 2, y: vertex.y });
      top = Math.min(top, vertex.y - vertex.above);
      bottom = Math.max(bottom, vertex.y + vertex.below);
    }
    x += width + options.layerGap;
  }
  if (places.size === 0) return { places, width: 0, height: 0 };
  for (const place of places.values()) place.y -= top;
  return { places, width: x - options.layerGap, height: bottom - top };
}
