// Finds a spot on each edge where its label covers neither a node nor another label; labels that find none are not drawn (until asked for).
// In: curves with label sizes in order of importance, rectangles to keep free. Out: centres of the labels. Pure, deterministic.
import type { Point, Rect } from '../layout/arrangement';
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

/** Cells of the grid in one number: so many in each direction from the middle. */
const REACH = 1 << 20;

/** Rectangles by the squares of a grid that they touch. Asked for tens of thousands of places at each redraw: nothing is allocated for a question. */
class Grid {
  readonly #cells = new Map<number, Rect[]>();

  add(rect: Rect): void {
    const right = Math.floor((rect.x + rect.width) / CELL);
    const bottom = Math.floor((rect.y + rect.height) / CELL);
    for (let x = Math.floor(rect.x / CELL); x <= right; x++)
      for (let y = Math.floor(rect.y / CELL); y <= bottom; y++) {
        const key = (x + REACH) * 2 * REACH + y + REACH;
        const list = this.#cells.get(key);
        if (list) list.push(rect);
        else this.#cells.set(key, [rect]);
      }
  }

  isFree(left: number, top: number, width: number, height: number): boolean {
    const right = Math.floor((left + width) / CELL);
    const bottom = Math.floor((top + height) / CELL);
    for (let x = Math.floor(left / CELL); x <= right; x++)
      for (let y = Math.floor(top / CELL); y <= bottom; y++) {
        const list = this.#cells.get((x + REACH) * 2 * REACH + y + REACH);
        if (!list) continue;
        for (const other of list)
          if (other.x < left + width && left < other.x + other.width && other.y < top + height && top < other.y + other.height)
            return false;
      }
    return true;
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
  const spots = SPOTS.map((t) => pointAt(wish.curve, t));
  for (const lift of LIFTS)
    for (const [size, { width, height }] of wish.sizes.entries()) {
      // An edge shorter than half its label would look like a badge on nothing.
      if (length < width * 0.5) continue;
      for (const on of spots) {
        const [x, y] = [on.x - width / 2, on.y + lift * height - height / 2];
        if (grid.isFree(x, y, width, height)) return { at: { x: on.x, y: on.y + lift * height }, size, rect: { x, y, width, height } };
      }
    }
  return null;
}
