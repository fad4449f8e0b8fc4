// Nodes on their way from one arrangement to another. In: two arrangements. Out: arrangements between them, one per frame.
import type { Arrangement, Point, Rect } from '../layout/arrangement';

const GLIDE_MS = 420;

/** Calls `onStep` for every frame and `onEnd` at last; the returned function ends it early, without a call. */
export function startGlide(from: Arrangement, to: Arrangement, onStep: (between: Arrangement) => void, onEnd: () => void): () => void {
  const startedMs = performance.now();
  let frame = 0;
  const step = (nowMs: number): void => {
    const t = Math.min(1, Math.max(0, (nowMs - startedMs) / GLIDE_MS));
    if (t === 1) {
      onEnd();
      return;
    }
    onStep(blendArrangements(from, to, t * t * (3 - 2 * t)));
    frame = requestAnimationFrame(step);
  };
  frame = requestAnimationFrame(step);
  return () => cancelAnimationFrame(frame);
}

/** Between two arrangements; what only one of them has stands at its place there. */
export function blendArrangements(from: Arrangement, to: Arrangement, t: number): Arrangement {
  const mix = (a: number, b: number): number => a + (b - a) * t;
  const nodes = new Map<string, Point>();
  for (const [id, b] of to.nodes) {
    const a = from.nodes.get(id) ?? b;
    nodes.set(id, { x: mix(a.x, b.x), y: mix(a.y, b.y) });
  }
  const boxes = new Map<string, Rect>();
  for (const [id, b] of to.boxes) {
    const a = from.boxes.get(id) ?? b;
    boxes.set(id, { x: mix(a.x, b.x), y: mix(a.y, b.y), width: mix(a.width, b.width), height: mix(a.height, b.height) });
  }
  return { nodes, boxes, annexes: to.annexes };
}
