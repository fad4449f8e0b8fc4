// Draws moving dots frame by frame, on whatever thread it runs. It watches what that costs and gives way.
// In: a canvas, a plan, the camera, colours. Out: pixels; steps down when frames are slow, at last gives up.
import type { Camera, ViewSize } from './camera';
import type { DotPlan } from './dot-plan';

/** How much is drawn; each step down when frames are slow. */
export const DOT_LEVELS = [
  { fps: 60, edges: 500 },
  { fps: 30, edges: 500 },
  { fps: 30, edges: 200 },
] as const;
/** Zoomed out further, dots would only be a haze. */
const MIN_ZOOM = 0.25;
const SLOW_FRAME_MS = 25;
const PATIENCE_FRAMES = 90;

/** Colours in the order of DOT_KINDS. */
export type DotColors = readonly [request: string, tcp: string, error: string];

/** Everything that is told to a loop; a message where it runs in a worker. */
export interface DotOrders {
  readonly plan?: DotPlan;
  readonly camera?: Camera;
  /** Pixels of the view; the canvas has one pixel for each. */
  readonly size?: ViewSize;
  readonly colors?: DotColors;
  /** A tab that nobody sees. */
  readonly paused?: boolean;
}

export interface DotLoopOptions {
  readonly canvas: HTMLCanvasElement | OffscreenCanvas;
  readonly requestFrame: (callback: (nowMs: number) => void) => number;
  readonly cancelFrame: (frame: number) => void;
  /** Frames are slow: a plan for that level is wanted; DOT_LEVELS.length: it gave up. */
  readonly onLevel: (level: number) => void;
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export class DotLoop {
  readonly #options: DotLoopOptions;
  readonly #context: Context | null;
  #plan: DotPlan = { curves: new Float32Array(), dots: new Float32Array(), edges: 0 };
  #camera: Camera = { zoom: 1, x: 0, y: 0 };
  #size: ViewSize = { width: 0, height: 0 };
  #colors: DotColors = ['green', 'blue', 'red'];
  #paused = false;
  #frame: number | null = null;
  #level = 0;
  #lastMs = 0;
  #lastDrawMs = 0;
  #slow = 0;
  #drawn = false;

  constructor(options: DotLoopOptions) {
    this.#options = options;
    this.#context = options.canvas.getContext('2d');
    this.#frame = options.requestFrame(this.#tick);
  }

  take({ plan, camera, size, colors, paused }: DotOrders): void {
    if (plan) this.#plan = plan;
    if (camera) this.#camera = camera;
    if (colors) this.#colors = colors;
    if (paused !== undefined) this.#paused = paused;
    if (size && (size.width !== this.#size.width || size.height !== this.#size.height)) {
      this.#size = size;
      this.#options.canvas.width = size.width;
      this.#options.canvas.height = size.height;
    }
  }

  stop(): void {
    if (this.#frame !== null) this.#options.cancelFrame(this.#frame);
    this.#frame = null;
    this.#clear();
  }

  #clear(): void {
    if (this.#drawn) this.#context?.clearRect(0, 0, this.#size.width, this.#size.height);
    this.#drawn = false;
  }

  readonly #tick = (nowMs: number): void => {
    this.#frame = this.#options.requestFrame(this.#tick);
    const gapMs = this.#lastMs === 0 ? 0 : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (this.#paused) return;
    if (this.#camera.zoom < MIN_ZOOM) {
      this.#clear();
      return;
    }
    if (!this.#isAffordable(gapMs)) return;
    const { fps } = DOT_LEVELS[this.#level] ?? DOT_LEVELS[0];
    if (fps < 60 && nowMs - this.#lastDrawMs < 1000 / fps - 4) return;
    this.#lastDrawMs = nowMs;
    this.#draw(nowMs / 1000);
  };

  /** Many slow frames in a row: less is drawn. A single long pause (a sleeping laptop, a refresh) does not count. */
  #isAffordable(gapMs: number): boolean {
    if (gapMs > 1000) return true;
    this.#slow = Math.max(0, this.#slow + (gapMs > SLOW_FRAME_MS ? 1 : -1));
    if (this.#slow < PATIENCE_FRAMES) return true;
    this.#slow = 0;
    this.#level++;
    if (this.#level >= DOT_LEVELS.length) this.stop();
    this.#options.onLevel(this.#level);
    return this.#level < DOT_LEVELS.length;
  }

  #draw(seconds: number): void {
    const c = this.#context;
    if (!c) return;
    const { curves, dots } = this.#plan;
    const { zoom, x: left, y: top } = this.#camera;
    const { width, height } = this.#size;
    c.clearRect(0, 0, width, height);
    this.#drawn = true;
    // Small squares look round when they move, and are by far the cheapest to draw.
    const half = Math.max(1.4, Math.min(3.4, 2.2 * Math.sqrt(zoom)));
    let kind = -1;
    for (let i = 0; i < dots.length; i += 4) {
      const e = (dots[i] ?? 0) * 8;
      const travelled = (dots[i + 1] ?? 0) + seconds * (dots[i + 2] ?? 0);
      const t = travelled - Math.floor(travelled);
      const u = 1 - t;
      const [a, b, d] = [u * u, 2 * u * t, t * t];
      const x = (a * (curves[e] ?? 0) + b * (curves[e + 2] ?? 0) + d * (curves[e + 4] ?? 0)) * zoom + left;
      const y = (a * (curves[e + 1] ?? 0) + b * (curves[e + 3] ?? 0) + d * (curves[e + 5] ?? 0)) * zoom + top;
      if (x < -6 || y < -6 || x > width + 6 || y > height + 6) continue;
      const own = dots[i + 3] ?? 0;
      if (own !== kind) {
        kind = own;
        c.fillStyle = this.#colors[kind] ?? this.#colors[0];
      }
      if (kind === 2) {
        const r = half * 1.9;
        c.beginPath();
        c.moveTo(x, y - r);
        c.lineTo(x + r, y);
        c.lineTo(x, y + r);
        c.lineTo(x - r, y);
        c.fill();
      } else c.fillRect(x - half, y - half, half * 2, half * 2);
    }
  }
}
