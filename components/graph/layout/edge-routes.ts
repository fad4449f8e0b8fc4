// How edges bend: straight where nothing is in the way, bowed beside a parallel edge or around a node that lies on the line.
// In: edges, centres of nodes, obstacles. Out: the bow of each edge that is not straight. Pure, deterministic.
import type { Point, Rect } from './arrangement';

export interface RoutedEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
}

/**
 * Distance of the control point of the quadratic curve from the middle of the straight line, in model pixels;
 * positive = to the right of the direction of travel on a screen whose y grows downwards. Edges that are absent are straight.
 */
export type Bows = ReadonlyMap<string, number>;

const PARALLEL_STEP = 56;
const BOWS = [44, -44, 84, -84, 130, -130, 180, -180] as const;
const SAMPLES = 10;
/** Edges times nodes above which lines are not led around nodes: nobody can follow them there, and it costs too much. */
const MAX_TESTS = 120_000;
const HIT_COST = 120;

/** Point of the curve from `a` to `b` with that bow at `t` (0..1). */
export function pointOnCurve(a: Point, b: Point, bow: number, t: number): Point {
  const c = controlPoint(a, b, bow);
  const u = 1 - t;
  return { x: u * u * a.x + 2 * u * t * c.x + t * t * b.x, y: u * u * a.y + 2 * u * t * c.y + t * t * b.y };
}

/** Control point of the quadratic curve. */
export function controlPoint(a: Point, b: Point, bow: number): Point {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = Math.max(1, Math.sqrt(dx * dx + dy * dy));
  return { x: (a.x + b.x) / 2 - (dy / length) * bow, y: (a.y + b.y) / 2 + (dx / length) * bow };
}

/** How many obstacles the curve touches. Its samples are joined by segments, so that it cannot jump over a thin one. */
function countHits(a: Point, b: Point, bow: number, obstacles: readonly Rect[]): number {
  const points = Array.from({ length: SAMPLES + 1 }, (_, i) => pointOnCurve(a, b, bow, i / SAMPLES));
  const c = controlPoint(a, b, bow);
  const [left, right] = [Math.min(a.x, b.x, c.x), Math.max(a.x, b.x, c.x)];
  const [top, bottom] = [Math.min(a.y, b.y, c.y), Math.max(a.y, b.y, c.y)];
  let hits = 0;
  for (const r of obstacles) {
    if (r.x > right || r.x + r.width < left || r.y > bottom || r.y + r.height < top) continue;
    for (let i = 0; i < SAMPLES; i++) {
      const [p, q] = [points[i], points[i + 1]];
      if (p && q && crosses(p, q, r)) {
        hits++;
        break;
      }
    }
  }
  return hits;
}

/** Whether the segment touches the rectangle (clipping after Liang and Barsky). */
function crosses(p: Point, q: Point, r: Rect): boolean {
  if (Math.max(p.x, q.x) < r.x || Math.min(p.x, q.x) > r.x + r.width || Math.max(p.y, q.y) < r.y || Math.min(p.y, q.y) > r.y + r.height)
    return false;
  let from = 0;
  let to = 1;
  const dx = q.x - p.x;
  const dy = q.y - p.y;
  for (const [step, room] of [
    [-dx, p.x - r.x],
    [dx, r.x + r.width - p.x],
    [-dy, p.y - r.y],
    [dy, r.y + r.height - p.y],
  ] as const) {
    if (step === 0) {
      if (room < 0) return false;
      continue;
    }
    const at = room / step;
    if (step < 0) from = Math.max(from, at);
    else to = Math.min(to, at);
    if (from > to) return false;
  }
  return true;
}

/** Bows of all edges that cannot be straight. `shapes` are the rectangles of the nodes' shapes (labels not included). */
export function routeEdges(edges: readonly RoutedEdge[], centres: ReadonlyMap<string, Point>, shapes: ReadonlyMap<string, Rect>): Bows {
  const bows = new Map<string, number>();
  const pairs = new Map<string, RoutedEdge[]>();
  for (const edge of edges) {
    const key = edge.source < edge.target ? `${edge.source}\n${edge.target}` : `${edge.target}\n${edge.source}`;
    const list = pairs.get(key);
    if (list) list.push(edge);
    else pairs.set(key, [edge]);
  }
  const leadAround = edges.length * shapes.size <= MAX_TESTS;
  const rects = [...shapes];
  for (const parallel of pairs.values()) {
    const [first] = parallel;
    if (!first || first.source === first.target) continue;
    if (parallel.length > 1) {
      [...parallel]
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .forEach((edge, i) => {
          const bow = (i - (parallel.length - 1) / 2) * PARALLEL_STEP;
          if (bow !== 0) bows.set(edge.id, edge.source < edge.target ? bow : -bow);
        });
      continue;
    }
    const a = centres.get(first.source);
    const b = centres.get(first.target);
    if (!a || !b || !leadAround) continue;
    const reach = { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
    const near = rects
      .filter(([id, r]) => id !== first.source && id !== first.target && touches(r, reach, 100))
      .map(([, r]) => ({ x: r.x - 4, y: r.y - 4, width: r.width + 8, height: r.height + 8 }));
    const straight = countHits(a, b, 0, near);
    if (straight === 0) continue;
    const length = Math.sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
    let best = 0;
    let lowest = straight * HIT_COST;
    for (const bow of BOWS) {
      if (Math.abs(bow) > length * 0.45) continue;
      const cost = countHits(a, b, bow, near) * HIT_COST + Math.abs(bow) / 2;
      if (cost < lowest) {
        lowest = cost;
        best = bow;
      }
    }
    if (best !== 0) bows.set(first.id, best);
  }
  return bows;
}

const touches = (r: Rect, reach: Rect, margin: number): boolean =>
  r.x < reach.x + reach.width + margin &&
  reach.x - margin < r.x + r.width &&
  r.y < reach.y + reach.height + margin &&
  reach.y - margin < r.y + r.height;
