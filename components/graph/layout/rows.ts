// A drawing in rows: by name (a grid), or along the calls, as boxes are packed when space counts more than lines.
// In: blocks with sizes, edges. Out: a Sheet. Deterministic.
import type { Sheet } from './layered';
import type { Block, BlockEdge } from './layers';
import { packShelves } from './shelves';

export interface RowOptions {
  readonly gap: number;
  readonly aspect: number;
  /** `name`: in the order of the blocks; `flow`: who mostly calls before who is mostly called. */
  readonly order: 'name' | 'flow';
}

/** How much more a block is called than it calls: -1 = calls only, 1 = is called only. */
function flowOf(blocks: readonly Block[], edges: readonly BlockEdge[]): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  const called = new Map<string, number>();
  for (const { source, target, weight } of edges) {
    calls.set(source, (calls.get(source) ?? 0) + weight);
    called.set(target, (called.get(target) ?? 0) + weight);
  }
  return new Map(
    blocks.map(({ id }) => {
      const [out, into] = [calls.get(id) ?? 0, called.get(id) ?? 0];
      // Without any traffic: at the end.
      return [id, out + into === 0 ? 2 : (into - out) / (out + into)];
    }),
  );
}

export function drawRows(blocks: readonly Block[], edges: readonly BlockEdge[], { gap, aspect, order }: RowOptions): Sheet {
  const flow = order === 'flow' ? flowOf(blocks, edges) : new Map<string, number>();
  const sorted = [...blocks].sort((a, b) => (flow.get(a.id) ?? 0) - (flow.get(b.id) ?? 0) || (a.id < b.id ? -1 : 1));
  // In a grid every cell is as large as the largest block of nodes; boxes differ too much for that.
  const isEven = order === 'name' && sorted.every((block) => block.above + block.below < EVEN_PX);
  const cell = isEven ? sorted.reduce((most, block) => Math.max(most, block.width), 0) : 0;
  const sizes = sorted.map((block) => ({ width: Math.max(cell, block.width), height: block.above + block.below }));
  const rows = STRETCHES.map((stretch) => packShelves(sizes, { gap, aspect: aspect * stretch, minWidth: 0 })).reduce((best, own) =>
    sideOf(own, aspect) < sideOf(best, aspect) ? own : best,
  );
  const places = new Map<string, { x: number; y: number }>();
  sorted.forEach((block, i) => {
    const corner = rows.corners[i];
    const size = sizes[i];
    if (corner && size) places.set(block.id, { x: corner.x + (size.width - block.width) / 2, y: corner.y + block.above });
  });
  return { places, width: rows.width, height: rows.height };
}

/** Rows of these widths are tried; the ones that show largest in the view win. */
const STRETCHES = [1, 0.75, 0.87, 1.15, 1.35, 1.6] as const;
const sideOf = (size: { readonly width: number; readonly height: number }, aspect: number): number =>
  Math.max(size.width / aspect, size.height);

/** Height beyond which a block is no single node. */
const EVEN_PX = 130;
