// A free place for a rectangle among others, as near to its wish as possible.
// In: its size, the others, what else must hold. Out: the top left corner, or null when nothing fits. Pure, deterministic.
import { type Point, type Rect, SIBLING_GAP } from './arrangement';

export interface PlaceQuery {
  readonly size: { readonly width: number; readonly height: number };
  /** Wanted centre. */
  readonly wish: Point;
  readonly siblings: readonly Rect[];
  /** Free of everything, and allowed by the boxes around. */
  readonly accept: (rect: Rect) => boolean;
  /** Added to the distance from the wish, in pixels. */
  readonly penalty: (rect: Rect) => number;
}

/** Siblings whose sides offer places to stand at. */
const ANCHORS = 28;
const GAP = SIBLING_GAP + 2;

const distance = (a: Point, b: Point): number => Math.sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
const centre = (r: Rect): Point => ({ x: r.x + r.width / 2, y: r.y + r.height / 2 });

/** Tries the wish itself, then places beside, between and in line with the siblings, the best first. */
export function findPlace(query: PlaceQuery): Point | null {
  const { width, height } = query.size;
  const anchors = [...query.siblings]
    .map((rect, i) => ({ rect, i, far: distance(centre(rect), query.wish) }))
    .sort((a, b) => a.far - b.far || a.i - b.i)
    .slice(0, ANCHORS);
  const xs = new Set([query.wish.x - width / 2]);
  const ys = new Set([query.wish.y - height / 2]);
  for (const { rect } of anchors) {
    for (const x of [
      rect.x - GAP - width,
      rect.x,
      rect.x + (rect.width - width) / 2,
      rect.x + rect.width - width,
      rect.x + rect.width + GAP,
    ])
      xs.add(x);
    for (const y of [
      rect.y - GAP - height,
      rect.y,
      rect.y + (rect.height - height) / 2,
      rect.y + rect.height - height,
      rect.y + rect.height + GAP,
    ])
      ys.add(y);
  }
  const candidates: { readonly rect: Rect; readonly cost: number }[] = [];
  for (const x of xs)
    for (const y of ys) {
      const rect = { x, y, width, height };
      candidates.push({ rect, cost: distance(centre(rect), query.wish) });
    }
  // The distance bounds the cost from below: the dear penalty is only asked while a candidate can still win.
  candidates.sort((a, b) => a.cost - b.cost || a.rect.x - b.rect.x || a.rect.y - b.rect.y);
  let best: Point | null = null;
  let lowest = Number.POSITIVE_INFINITY;
  for (const { rect, cost } of candidates) {
    if (cost >= lowest) break;
    if (!query.accept(rect)) continue;
    const total = cost + query.penalty(rect);
    if (total < lowest) {
      lowest = total;
      best = { x: rect.x, y: rect.y };
    }
  }
  return best;
}
