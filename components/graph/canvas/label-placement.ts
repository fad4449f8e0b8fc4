// Finds a spot on each edge where its label covers neither a node nor another label; labels that find none are not drawn (until asked for).
// In: curves with label sizes in order of importance, rectangles to keep free. Out: centres of the labels. Pure, deterministic.
import { overlaps, type Point, type Rect } from '../layout/arrangement';
import { type Curve, lengthOf, pointAt } from './picture';

export interface LabelWish {
  readonly id: string;
  readonly curve: Curve;
  /** Shapes that the label can take, the best first. */
  readonly sizes: readonly { readonly width: number; readonly height: number }[];
}

export interface LabelPlace {
  readonly at: Point;
  /** Index of the size that had room. */
  readonly size: number;
}

/** Along the edge, then a little above and below it. */
const SPOTS = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8] as const;
const LIFTS = [0, -0.75, 0.75] as const;
const CELL = 160;

/** Rectangles by the squares of a grid that they touch. */
class Grid {
  readonly #cells = new Map<string, Rect[]>();

  #keys(r: Rect): string[] {
    const keys: string[] = [];
    for (let x = Math.floor(r.x / CELL); x <= Math.floor((r.x + r.width) / CELL); x++)
      for (let y = Math.floor(r.y / CELL); y <= Math.floor((r.y + r.height) / CELL); y++) keys.push(`${x},${y}`);
    return keys;
  }

  add(rect: Rect): void {
    for (const key of this.#keys(rect)) {
      const list = this.#cells.get(key);
      if (list) list.push(rect);
      else this.#cells.set(key, [rect]);
    }
  }

  isFree(rect: Rect): boolean {
    return this.#keys(rect).every((key) => !this.#cells.get(key)?.some((other) => overlaps(other, rect)));
  }
}

/** Place of every label that has room; earlier wishes win. */
export function placeLabels(wishes: readonly LabelWish[], taken: readonly Rect[]): ReadonlyMap<string, LabelPlace> {
  const grid = new Grid();
  for (const rect of taken) grid.add(rect);
  const places = new Map<string, LabelPlace>();
  for (const wish of wishes) {
    const place = findSpot(wish, grid);
    if (!place) continue;
    grid.add(place.rect);
    places.set(wish.id, { at: place.at, size: place.size });
  }
  return places;
}

function findSpot(wish: LabelWish, grid: Grid): (LabelPlace & { readonly rect: Rect }) | null {
  const length = lengthOf(wish.curve);
  for (const lift of LIFTS)
    for (const [size, { width, height }] of wish.sizes.entries()) {
      // An edge shorter than half its label would look like a badge on nothing.
      if (length < width * 0.5) continue;
      for (const t of SPOTS) {
        const on = pointAt(wish.curve, t);
        const at = { x: on.x, y: on.y + lift * height };
        const rect = { x: at.x - width / 2, y: at.y - height / 2, width, height };
        if (grid.isFree(rect)) return { at, size, rect };
      }
    }
  return null;
}
