// The language of the layout: what is to be placed and where it went. All lengths are model pixels (screen pixels at zoom 1).
// In: nothing. Out: types, and the paddings of boxes. The layout uses + - * / and sqrt only, so that every engine agrees to the bit.

import type { LayoutName } from './layout-names';

/** A node as drawn: `above` and `below` are measured from the centre of its shape, labels and badges included. */
export interface LayoutNode {
  readonly id: string;
  readonly parent: string | null;
  readonly width: number;
  readonly above: number;
  readonly below: number;
}

export interface LayoutBox {
  readonly id: string;
  readonly parent: string | null;
  readonly kind: 'cluster' | 'namespace' | 'app';
  /** Room that the title of the box needs. */
  readonly titleWidth: number;
}

export interface LayoutEdge {
  readonly source: string;
  readonly target: string;
}

export interface LayoutInput {
  readonly nodes: readonly LayoutNode[];
  readonly boxes: readonly LayoutBox[];
  readonly edges: readonly LayoutEdge[];
  /** Free width between two layers of nodes: room for the edge labels. */
  readonly layerGap: number;
  /** Wanted width / height of the whole. */
  readonly aspect: number;
  readonly layout: LayoutName;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where everything is: centres of the nodes' shapes, rectangles of the boxes. */
export interface Arrangement {
  readonly nodes: ReadonlyMap<string, Point>;
  readonly boxes: ReadonlyMap<string, Rect>;
  /** Nodes and boxes that found no room in their own box: they lie in a second box of this id (see insert.ts), until the next tidy-up. */
  readonly annexes: ReadonlyMap<string, string>;
}

export type LayoutResult = Arrangement;

export interface Padding {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** Room between the border of a box and what is in it; the title stands at the top. */
export const PADDING: Readonly<Record<LayoutBox['kind'], Padding>> = {
  cluster: { top: 44, right: 24, bottom: 24, left: 24 },
  namespace: { top: 38, right: 16, bottom: 16, left: 16 },
  app: { top: 25, right: 10, bottom: 8, left: 10 },
};

/** Free room that insertion keeps between siblings; the layout itself leaves more. */
export const SIBLING_GAP = 12;

export const overlaps = (a: Rect, b: Rect, gap = 0): boolean =>
  a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap;

/** The smallest rectangle around both. */
export function union(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y };
}

/** The rectangle that a node covers when its shape is centred on `at`. */
export const nodeRect = (node: LayoutNode, at: Point): Rect => ({
  x: at.x - node.width / 2,
  y: at.y - node.above,
  width: node.width,
  height: node.above + node.below,
});

/** The rectangle of a box around its contents, wide enough for its title. */
export function boxAround(box: LayoutBox, contents: readonly Rect[]): Rect | null {
  const [first, ...rest] = contents;
  if (!first) return null;
  const hull = rest.reduce(union, first);
  const p = PADDING[box.kind];
  return {
    x: hull.x - p.left,
    y: hull.y - p.top,
    width: Math.max(hull.width + p.left + p.right, box.titleWidth + 24),
    height: hull.height + p.top + p.bottom,
  };
}
