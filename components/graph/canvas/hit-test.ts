// What lies under the pointer. In: a picture, a model point, the zoom. Out: an id. Pure; targets are at least 24 px on the screen.
import { PADDING, type Point } from '../layout/arrangement';
import { type Curve, type Picture, pointAt } from './picture';

export interface Hit {
  readonly kind: 'node' | 'edge' | 'box';
  readonly id: string;
}

const HALF_TARGET_PX = 12;
const EDGE_REACH_PX = 9;
const STEPS = 12;

function distanceToSegment(p: Point, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const t = Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / Math.max(1e-9, dx * dx + dy * dy)));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

function distanceToCurve(p: Point, curve: Curve, reach: number): number {
  const xs = [curve.from.x, curve.control.x, curve.to.x];
  const ys = [curve.from.y, curve.control.y, curve.to.y];
  if (p.x < Math.min(...xs) - reach || p.x > Math.max(...xs) + reach || p.y < Math.min(...ys) - reach || p.y > Math.max(...ys) + reach)
    return Number.POSITIVE_INFINITY;
  let nearest = Number.POSITIVE_INFINITY;
  let before = curve.from;
  for (let i = 1; i <= STEPS; i++) {
    const next = pointAt(curve, i / STEPS);
    nearest = Math.min(nearest, distanceToSegment(p, before, next));
    before = next;
  }
  return nearest;
}

/** The nearest node whose shape or label is under the point, else the nearest edge, else the box whose title is; null on the background. */
export function hitTest(picture: Picture, at: Point, zoom: number): Hit | null {
  const grow = HALF_TARGET_PX / zoom;
  let node: Hit | null = null;
  let nearest = Number.POSITIVE_INFINITY;
  for (const [id, placed] of picture.nodes) {
    const dx = Math.abs(at.x - placed.at.x);
    const dy = at.y - placed.at.y;
    const onShape = dx <= Math.max(grow, placed.size.shapeWidth / 2) && Math.abs(dy) <= Math.max(grow, placed.size.shapeHeight / 2);
    const onLabel = dx <= placed.size.width / 2 && dy >= 0 && dy <= placed.size.below;
    const distance = Math.hypot(dx, dy);
    if ((onShape || onLabel) && distance < nearest) {
      nearest = distance;
      node = { kind: 'node', id };
    }
  }
  if (node) return node;
  const reach = EDGE_REACH_PX / zoom;
  let edge: Hit | null = null;
  nearest = reach;
  for (const [id, placed] of picture.edges) {
    const distance = distanceToCurve(at, placed.curve, reach);
    if (distance <= nearest) {
      nearest = distance;
      edge = { kind: 'edge', id };
    }
  }
  if (edge) return edge;
  for (const { box, rect } of picture.boxes.toReversed()) {
    const strip = Math.max(PADDING[box.kind].top, 24 / zoom);
    if (at.x >= rect.x && at.x <= rect.x + rect.width && at.y >= rect.y && at.y <= rect.y + Math.min(strip, rect.height))
      return { kind: 'box', id: box.id };
  }
  return null;
}
