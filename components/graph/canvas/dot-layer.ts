// Moving traffic on a canvas of its own: squares for requests, larger diamonds for errors. It watches what it costs and gives way.
// In: a canvas, a picture, the camera of each frame. Out: pixels. Stops when hidden, zoomed far out, or when frames become slow.
import type { Rect } from '../layout/arrangement';
import { type Camera, type ViewSize, visibleRect } from './camera';
import { type DotPlan, planDots } from './dot-plan';
import type { Palette } from './palette';
import { EMPTY_PICTURE, type Picture } from './picture';

/** How much is drawn; the layer steps down when frames are slow. */
const LEVELS = [
  { fps: 60, edges: 500 },
  { fps: 30, edges: 500 },
  { fps: 30, edges: 200 },
] as const;
const MIN_ZOOM = 0.25;
const SLOW_FRAME_MS = 25;
const PATIENCE_FRAMES = 90;

export interface DotLayerOptions {
  readonly canvas: HTMLCanvasElement;
  readonly camera: () => Camera;
  readonly size: () => ViewSize;
  readonly palette: () => Palette;
  /** True: the layer switched itself off, the machine is too slow. False: it was started anew. */
  readonly onGaveUp: (gaveUp: boolean) => void;
}

export class DotLayer {
  readonly #options: DotLayerOptions;
  readonly #context: CanvasRenderingContext2D | null;
  #picture: Picture = EMPTY_PICTURE;
  #bright: ReadonlySet<string> | null = null;
  #plan: DotPlan | null = null;
  #planned: Rect | null = null;
  #frame = 0;
  #level = 0;
  #lastMs = 0;
  #lastDrawMs = 0;
  #slow = 0;
  #drawn = false;

  constructor(options: DotLayerOptions) {
    this.#options = options;
    this.#context = options.canvas.getContext('2d');
  }

  /** `bright`: the edges that are not dimmed, null = all. */
  show(picture: Picture, bright: ReadonlySet<string> | null): void {
    this.#picture = picture;
    this.#bright = bright;
    this.#plan = null;
  }

  /** Runs until `stop`; does nothing while it runs or after it gave up. */
  start(): void {
    if (this.#frame !== 0 || this.#level >= LEVELS.length) return;
    this.#options.onGaveUp(false);
    this.#lastMs = 0;
    this.#slow = 0;
    this.#frame = requestAnimationFrame(this.#tick);
  }

  /** Ends; the next start tries again at full speed. */
  stop(): void {
    this.#level = 0;
    this.#halt();
  }

  #halt(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#clear();
  }

  #clear(): void {
    const { canvas } = this.#options;
    if (this.#drawn) this.#context?.clearRect(0, 0, canvas.width, canvas.height);
    this.#drawn = false;
  }

  readonly #tick = (nowMs: number): void => {
    this.#frame = requestAnimationFrame(this.#tick);
    const level = LEVELS[this.#level] ?? LEVELS[0];
    const gapMs = this.#lastMs === 0 ? 0 : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (document.hidden) return;
    const camera = this.#options.camera();
    if (camera.zoom < MIN_ZOOM) {
      this.#clear();
      return;
    }
    this.#judge(gapMs);
    if (level.fps < 60 && nowMs - this.#lastDrawMs < 1000 / level.fps - 4) return;
    this.#lastDrawMs = nowMs;
    this.#draw(camera, nowMs / 1000, level.edges);
  };

  /** Many slow frames in a row: less is drawn. A single long pause (a sleeping laptop, a refresh) does not count. */
  #judge(gapMs: number): void {
    if (gapMs > 1000) return;
    this.#slow = Math.max(0, this.#slow + (gapMs > SLOW_FRAME_MS ? 1 : -1));
    if (this.#slow < PATIENCE_FRAMES) return;
    this.#slow = 0;
    this.#level++;
    this.#plan = null;
    if (this.#level < LEVELS.length) return;
    this.#halt();
    this.#options.onGaveUp(true);
  }

  #draw(camera: Camera, seconds: number, maxEdges: number): void {
    const c = this.#context;
    const { canvas } = this.#options;
    if (!c) return;
    const size = this.#options.size();
    const view = visibleRect(camera, size);
    // The plan covers the view with room around it; it is made anew only when the camera leaves that.
    if (!this.#plan || !this.#planned || !contains(this.#planned, view)) {
      this.#planned = { x: view.x - view.width / 2, y: view.y - view.height / 2, width: view.width * 2, height: view.height * 2 };
      this.#plan = planDots(this.#picture, this.#bright, this.#planned, maxEdges);
    }
    const { curves, dots } = this.#plan;
    const palette = this.#options.palette();
    const colors = [palette.healthy, palette.tcp, palette.failure];
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, canvas.width, canvas.height);
    this.#drawn = true;
    // Device pixels of a dot: the canvas is kept at one pixel per CSS pixel, sharpness does not show on moving squares.
    const half = Math.max(1.4, Math.min(3.4, 2.2 * Math.sqrt(camera.zoom)));
    let kind = -1;
    for (let i = 0; i < dots.length; i += 4) {
      const e = (dots[i] ?? 0) * 8;
      const travelled = (dots[i + 1] ?? 0) + seconds * (dots[i + 2] ?? 0);
      const t = travelled - Math.floor(travelled);
      const u = 1 - t;
      const [a, b, d] = [u * u, 2 * u * t, t * t];
      const x = (a * (curves[e] ?? 0) + b * (curves[e + 2] ?? 0) + d * (curves[e + 4] ?? 0)) * camera.zoom + camera.x;
      const y = (a * (curves[e + 1] ?? 0) + b * (curves[e + 3] ?? 0) + d * (curves[e + 5] ?? 0)) * camera.zoom + camera.y;
      if (x < -6 || y < -6 || x > size.width + 6 || y > size.height + 6) continue;
      const own = dots[i + 3] ?? 0;
      if (own !== kind) {
        kind = own;
        c.fillStyle = colors[kind] ?? palette.text;
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

const contains = (outer: Rect, inner: Rect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
