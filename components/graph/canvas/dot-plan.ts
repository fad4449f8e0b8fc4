// Which dots travel on which edge: density from the rate, speed from the latency, errors as dots of their own shape.
// In: a picture. Out: numbers ready for drawing, once per refresh. Pure, deterministic.

import { amountPerSecond } from '../edge-text';
import { overlaps, type Rect } from '../layout/arrangement';
import { lengthOf, type Picture, type PlacedEdge } from './picture';
import { edgeTone } from './tone';

export const MAX_DOTS_PER_EDGE = 12;
export const MAX_DOTS = 2500;

/** Kinds in drawing order: plain request, TCP bytes, failed request. */
export const DOT_KINDS = ['request', 'tcp', 'error'] as const;

export interface DotPlan {
  /** Eight numbers per edge: from, control, to, and the length in model pixels (one unused). */
  readonly curves: Float32Array;
  /** Four numbers per dot, sorted by kind: index of the edge, offset 0..1, rounds per second, index of the kind. */
  readonly dots: Float32Array;
  readonly edges: number;
}

const SLOW_PX_PER_SECOND = 30;
const FAST_PX_PER_SECOND = 130;

/** Model pixels per second: fast calls travel fast; unknown latency is average. */
export function dotSpeed(latencyMs: number | null): number {
  if (latencyMs === null) return (SLOW_PX_PER_SECOND + FAST_PX_PER_SECOND) / 2;
  // 1 ms and less: fast; 10 s and more: slow; even on a logarithmic scale between.
  const slowness = Math.min(1, Math.max(0, Math.log10(Math.max(1, latencyMs)) / 4));
  return FAST_PX_PER_SECOND - slowness * (FAST_PX_PER_SECOND - SLOW_PX_PER_SECOND);
}

/** Number of dots on an edge: more for more traffic, on a logarithmic scale, as far as there is room. */
export function countDots(amount: number, lengthPx: number): number {
  const spacing = Math.max(24, 150 / (1 + Math.log10(1 + amount) * 1.6));
  return Math.max(1, Math.min(MAX_DOTS_PER_EDGE, Math.round(lengthPx / spacing)));
}

// Offsets that look random but are the same in every run: multiples of the golden ratio.
const offsetOf = (i: number): number => (i * 0.61803398875) % 1;

/** Dots for the busiest bright edges that touch `within` (null = all), not more than `maxEdges` edges and MAX_DOTS dots. */
export function planDots(picture: Picture, bright: ReadonlySet<string> | null, within: Rect | null, maxEdges: number): DotPlan {
  const carriers = [...picture.edges.values()].filter(
    (placed) =>
      edgeTone(placed.edge) !== 'idle' &&
      (bright === null || bright.has(placed.edge.id)) &&
      (within === null || overlaps(boundsOf(placed), within)),
  );
  carriers.sort((a, b) => amountPerSecond(b.edge) - amountPerSecond(a.edge) || (a.edge.id < b.edge.id ? -1 : 1));
  const chosen = carriers.slice(0, maxEdges);
  const curves = new Float32Array(chosen.length * 8);
  const dots: (readonly [edge: number, offset: number, perSecond: number, kind: number])[] = [];
  for (const [i, { edge, curve }] of chosen.entries()) {
    const length = Math.max(20, lengthOf(curve));
    curves.set([curve.from.x, curve.from.y, curve.control.x, curve.control.y, curve.to.x, curve.to.y, length, 0], i * 8);
    const isTcp = edge.protocol === 'tcp';
    const count = countDots(isTcp ? amountPerSecond(edge) / 1000 : edge.requestsPerSecond, length);
    if (dots.length + count > MAX_DOTS) break;
    const failed = !isTcp && edge.errorsPerSecond > 0 ? Math.max(1 / count, Math.min(1, edge.errorsPerSecond / edge.requestsPerSecond)) : 0;
    const perSecond = dotSpeed(edge.latency?.p50Ms ?? edge.latency?.averageMs ?? null) / length;
    for (let k = 0; k < count; k++) {
      const isError = Math.floor((k + 1) * failed + 1e-9) > Math.floor(k * failed + 1e-9);
      dots.push([i, (k / count + offsetOf(i)) % 1, perSecond, isError ? 2 : isTcp ? 1 : 0]);
    }
  }
  dots.sort((a, b) => a[3] - b[3]);
  return { curves, dots: new Float32Array(dots.flat()), edges: chosen.length };
}

function boundsOf({ curve }: PlacedEdge): Rect {
  const x = Math.min(curve.from.x, curve.control.x, curve.to.x);
  const y = Math.min(curve.from.y, curve.control.y, curve.to.y);
  return {
    x,
    y,
    width: Math.max(curve.from.x, curve.control.x, curve.to.x) - x,
    height: Math.max(curve.from.y, curve.control.y, curve.to.y) - y,
  };
}
