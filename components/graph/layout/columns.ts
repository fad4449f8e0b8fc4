// A drawing in flow columns, for things of very different sizes (namespaces): traffic runs left to right, the sheet gets the wanted aspect.
// In: blocks with sizes, edges. Out: a Sheet. Columns by trophic level (how far down the flow a block stands), then order and height. Deterministic.
import { placeInOrder } from './isotonic';
import type { Sheet } from './layered';
import { type Block, type BlockEdge, mergeEdges } from './layers';
import { packShelves } from './shelves';

export interface ColumnOptions {
  readonly columnGap: number;
  readonly rowGap: number;
  readonly aspect: number;
}

interface Neighbour {
  readonly item: Item;
  readonly weight: number;
  /** +1: it stands upstream of us, -1: downstream. */
  readonly step: number;
}

interface Item {
  readonly block: Block;
  readonly height: number;
  readonly neighbours: Neighbour[];
  level: number;
  /** Centre. */
  y: number;
}

const TROPHIC_ROUNDS = 200;
const ORDER_ROUNDS = 12;

const sum = <T>(list: readonly T[], of: (x: T) => number): number => list.reduce((total, x) => total + of(x), 0);
const most = <T>(list: readonly T[], of: (x: T) => number): number => list.reduce((m, x) => Math.max(m, of(x)), 0);

function link(blocks: readonly Block[], edges: readonly BlockEdge[]): Item[] {
  const items = blocks.map((block): Item => ({ block, height: block.above + block.below, neighbours: [], level: 0, y: 0 }));
  const byId = new Map(items.map((item) => [item.block.id, item]));
  for (const edge of mergeEdges(edges)) {
    const source = byId.get(edge.source);
    const target = byId.get(edge.target);
    if (!source || !target) continue;
    const weight = Math.sqrt(edge.weight);
    source.neighbours.push({ item: target, weight, step: -1 });
    target.neighbours.push({ item: source, weight, step: 1 });
  }
  return items;
}

/** Every item one level right of its callers, on weighted average (MacKay, Johnson, Sansom 2020: trophic levels of directed networks). */
function assignLevels(items: readonly Item[]): void {
  for (let round = 0; round < TROPHIC_ROUNDS; round++)
    for (const item of items) {
      const weight = sum(item.neighbours, (n) => n.weight);
      if (weight > 0) item.level = sum(item.neighbours, (n) => n.weight * (n.item.level + n.step)) / weight;
    }
}

interface Cut {
  /** Width of all columns up to here, gaps and penalties included. */
  readonly cost: number;
  readonly from: number;
  /** Weight of the edges inside the last column. */
  readonly inside: number;
}

/** Longest column that is tried. */
const MAX_IN_COLUMN = 80;
const HEIGHTS = 14;
/** What one edge that runs up or down inside a column costs, in gaps between columns. */
const INSIDE_FINE = 2;

/** The cheapest cut of the flow into columns not higher than `limit`: width, plus a fine for traffic that would run up or down inside a column. */
function cutColumns(
  sorted: readonly Item[],
  limit: number,
  options: ColumnOptions,
): { readonly columns: Item[][]; readonly inside: number } {
  const number = new Map(sorted.map((item, i) => [item, i]));
  // The denser the graph, the less each edge counts: no cut keeps all of them out of the columns.
  const total = sum(sorted, (item) => sum(item.neighbours, (n) => n.weight)) / 2;
  const fine = (options.columnGap * INSIDE_FINE) / Math.max(1, total / sorted.length);
  const cuts: Cut[] = [{ cost: 0, from: 0, inside: 0 }];
  for (let end = 1; end <= sorted.length; end++) {
    let best: Cut | null = null;
    let width = 0;
    let height = 0;
    let inside = 0;
    for (let from = end - 1; from >= 0 && end - from <= MAX_IN_COLUMN; from--) {
      const item = sorted[from];
      if (!item) break;
      width = Math.max(width, item.block.width);
      height += item.height + options.rowGap;
      for (const n of item.neighbours) {
        const other = number.get(n.item) ?? -1;
        if (other > from && other < end) inside += n.weight;
      }
      // A column of one thing is always allowed, however high.
      if (height - options.rowGap > limit && from < end - 1) break;
      const cost = (cuts[from]?.cost ?? 0) + width + options.columnGap + inside * fine;
      if (!best || cost < best.cost) best = { cost, from, inside };
    }
    cuts.push(best ?? { cost: 0, from: end - 1, inside: 0 });
  }
  const columns: Item[][] = [];
  let all = 0;
  for (let end = sorted.length; end > 0; ) {
    const from = cuts[end]?.from ?? end - 1;
    all += cuts[end]?.inside ?? 0;
    columns.unshift(sorted.slice(from, end));
    end = from;
  }
  return { columns, inside: total > 0 ? all / total : 0 };
}

/** The columns that show largest in a view of the wanted aspect. */
function chooseColumns(sorted: readonly Item[], options: ColumnOptions): Item[][] {
  const tallest = most(sorted, (item) => item.height);
  const total = sum(sorted, (item) => item.height + options.rowGap);
  let best: Item[][] = [];
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i <= HEIGHTS; i++) {
    const share = i / HEIGHTS;
    // Denser among the low heights, where one more column matters.
    const { columns, inside } = cutColumns(sorted, tallest + (total - tallest) * share * share, options);
    const height = most(columns, (c) => sum(c, (item) => item.height + options.rowGap));
    const width = sum(columns, (c) => most(c, (item) => item.block.width) + options.columnGap);
    const size = Math.max(width / options.aspect, height) * (1 + inside / 2);
    if (size < lowest) {
      lowest = size;
      best = columns;
    }
  }
  return best;
}

function stack(column: readonly Item[], rowGap: number): void {
  let y = -(sum(column, (item) => item.height + rowGap) - rowGap) / 2;
  for (const item of column) {
    item.y = y + item.height / 2;
    y += item.height + rowGap;
  }
}

const wish = (item: Item): number => {
  const weight = sum(item.neighbours, (n) => n.weight);
  return weight > 0 ? sum(item.neighbours, (n) => n.weight * n.item.y) / weight : item.y;
};

const strain = (item: Item): number => sum(item.neighbours, (n) => n.weight * Math.abs(item.y - n.item.y));

/** Exchanges neighbours in a column where that shortens the edges. */
function swapNeighbours(column: Item[], rowGap: number): void {
  for (let k = 0; k + 1 < column.length; k++) {
    const [a, b] = [column[k], column[k + 1]];
    if (!a || !b) continue;
    const [ya, yb] = [a.y, b.y];
    const before = strain(a) + strain(b);
    const top = ya - a.height / 2;
    b.y = top + b.height / 2;
    a.y = top + b.height + rowGap + a.height / 2;
    if (strain(a) + strain(b) < before - 1e-6) {
      column[k] = b;
      column[k + 1] = a;
    } else {
      a.y = ya;
      b.y = yb;
    }
  }
}

function orderColumns(columns: Item[][], items: readonly Item[], rowGap: number): Item[][] {
  for (const column of columns) stack(column, rowGap);
  let best = columns.map((column) => [...column]);
  let lowest = sum(items, strain);
  for (let round = 0; round < ORDER_ROUNDS; round++) {
    for (let q = 0; q < columns.length; q++) {
      const column = columns[round % 2 === 0 ? q : columns.length - 1 - q] ?? [];
      const wishes = new Map(column.map((item) => [item, wish(item)]));
      column.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0));
      stack(column, rowGap);
    }
    const cost = sum(items, strain);
    if (cost < lowest) {
      lowest = cost;
      best = columns.map((column) => [...column]);
    }
  }
  for (const column of best) stack(column, rowGap);
  for (let round = 0; round < 3; round++) for (const column of best) swapNeighbours(column, rowGap);
  for (let round = 0; round < 6; round++)
    for (const column of best) {
      const wishes = column.map((item, k) => ({
        at: (wish(item) + item.y) / 2,
        weight: 1,
        distance: k === 0 ? 0 : ((column[k - 1]?.height ?? 0) + item.height) / 2 + rowGap,
      }));
      placeInOrder(wishes).forEach((y, k) => {
        const item = column[k];
        if (item) item.y = y;
      });
    }
  return best;
}

/** Draws blocks in flow columns; blocks without edges stand in rows below. */
export function drawColumns(blocks: readonly Block[], edges: readonly BlockEdge[], options: ColumnOptions): Sheet {
  const items = link(blocks, edges);
  const connected = items.filter((item) => item.neighbours.length > 0);
  const alone = items.filter((item) => item.neighbours.length === 0);
  assignLevels(connected);
  const number = new Map(connected.map((item, i) => [item, i]));
  connected.sort((a, b) => a.level - b.level || (number.get(a) ?? 0) - (number.get(b) ?? 0));
  const columns = orderColumns(chooseColumns(connected, options), connected, options.rowGap);
  const places = new Map<string, { x: number; y: number }>();
  const top = connected.reduce((m, i) => Math.min(m, i.y - i.height / 2), Number.POSITIVE_INFINITY);
  const bottom = connected.reduce((m, i) => Math.max(m, i.y + i.height / 2), Number.NEGATIVE_INFINITY);
  let x = 0;
  for (const column of columns) {
    const width = most(column, (item) => item.block.width);
    for (const item of column)
      places.set(item.block.id, { x: x + (width - item.block.width) / 2, y: item.y - item.height / 2 - top + item.block.above });
    x += width + options.columnGap;
  }
  const width = Math.max(0, x - options.columnGap);
  const height = connected.length > 0 ? bottom - top : 0;
  if (alone.length === 0) return { places, width, height };
  const rest = packShelves(
    alone.map((item) => ({ width: item.block.width, height: item.height })),
    { gap: options.rowGap, aspect: options.aspect, minWidth: width },
  );
  const below = height > 0 ? height + options.rowGap : 0;
  alone.forEach((item, i) => {
    const corner = rest.corners[i];
    if (corner) places.set(item.block.id, { x: corner.x, y: below + corner.y + item.block.above });
  });
  return { places, width: Math.max(width, rest.width), height: below + rest.height };
}
