// Moving traffic above the shapes: plans what moves and has it drawn, in a worker where the browser can, else here.
// In: an element for its canvas, a picture, the camera. Out: pixels. Nothing runs and no canvas exists while it is off.
import type { Rect } from '../layout/arrangement';
import { type Camera, type ViewSize, visibleRect } from './camera';
import { DOT_LEVELS, DotLoop, type DotOrders } from './dot-loop';
import { planDots } from './dot-plan';
import type { Palette } from './palette';
import { EMPTY_PICTURE, type Picture } from './picture';

export interface DotLayerOptions {
  /** Takes the canvas. */
  readonly host: HTMLElement;
  readonly camera: () => Camera;
  readonly size: () => ViewSize;
  readonly palette: () => Palette;
  /** True: the layer switched itself off, the machine is too slow. False: it was started anew. */
  readonly onGaveUp: (gaveUp: boolean) => void;
  /** Throws where workers or canvases outside of a page do not exist. */
  readonly startWorker?: () => Worker;
}

/** What draws: a loop here or in a worker. */
interface Drawer {
  take(orders: DotOrders, transfer?: readonly Transferable[]): void;
  stop(): void;
}

export class DotLayer {
  readonly #options: DotLayerOptions;
  #picture: Picture = EMPTY_PICTURE;
  #bright: ReadonlySet<string> | null = null;
  /** What the plan under way covers; null: a plan is wanted. */
  #planned: Rect | null = null;
  #level = 0;
  #drawer: Drawer | null = null;
  #canvas: HTMLCanvasElement | null = null;
  /** The browser cannot draw in a worker. */
  #isLocal = false;

  constructor(options: DotLayerOptions) {
    this.#options = options;
  }

  /** `bright`: the edges that are not dimmed, null = all. */
  show(picture: Picture, bright: ReadonlySet<string> | null): void {
    this.#picture = picture;
    this.#bright = bright;
    this.#planned = null;
    this.moved();
  }

  /** The camera or the size of the view is another. */
  moved(): void {
    if (!this.#drawer) return;
    const [camera, size] = [this.#options.camera(), this.#options.size()];
    const view = visibleRect(camera, size);
    this.#drawer.take({ camera, size });
    // The plan covers the view with room around it; it is made anew only when the camera leaves that.
    if (this.#planned && contains(this.#planned, view)) return;
    this.#planned = { x: view.x - view.width / 2, y: view.y - view.height / 2, width: view.width * 2, height: view.height * 2 };
    const level = DOT_LEVELS[this.#level] ?? DOT_LEVELS[0];
    const plan = planDots(this.#picture, this.#bright, this.#planned, level.edges);
    this.#drawer.take({ plan }, [plan.curves.buffer, plan.dots.buffer]);
  }

  /** The theme is another. */
  recolor(): void {
    const palette = this.#options.palette();
    this.#drawer?.take({ colors: [palette.healthy, palette.tcp, palette.failure] });
  }

  /** Runs until `stop`; does nothing while it runs or after it gave up. */
  start(): void {
    if (this.#drawer || this.#level >= DOT_LEVELS.length) return;
    this.#options.onGaveUp(false);
    const canvas = document.createElement('canvas');
    this.#options.host.append(canvas);
    this.#canvas = canvas;
    this.#drawer = this.#isLocal ? this.#drawHere(canvas) : (this.#drawInWorker(canvas) ?? this.#drawHere(canvas));
    this.#planned = null;
    this.recolor();
    this.moved();
    this.#heedTab();
    document.addEventListener('visibilitychange', this.#heedTab);
  }

  /** Ends; the next start tries again at full speed. */
  stop(): void {
    this.#level = 0;
    this.#halt();
  }

  #halt(): void {
    document.removeEventListener('visibilitychange', this.#heedTab);
    this.#drawer?.stop();
    this.#drawer = null;
    this.#canvas?.remove();
    this.#canvas = null;
  }

  readonly #heedTab = (): void => this.#drawer?.take({ paused: document.hidden });

  readonly #stepDown = (level: number): void => {
    this.#level = level;
    this.#planned = null;
    if (level < DOT_LEVELS.length) {
      this.moved();
      return;
    }
    this.#halt();
    this.#options.onGaveUp(true);
  };

  #drawHere(canvas: HTMLCanvasElement): Drawer {
    const loop = new DotLoop({
      canvas,
      requestFrame: (callback) => requestAnimationFrame(callback),
      cancelFrame: (frame) => cancelAnimationFrame(frame),
      onLevel: this.#stepDown,
    });
    return { take: (orders) => loop.take(orders), stop: () => loop.stop() };
  }

  #drawInWorker(canvas: HTMLCanvasElement): Drawer | null {
    let worker: Worker;
    try {
      worker = (this.#options.startWorker ?? startDotWorker)();
      const offscreen = canvas.transferControlToOffscreen();
      worker.postMessage({ canvas: offscreen }, [offscreen]);
    } catch {
      this.#isLocal = true;
      return null;
    }
    const drawer: Drawer = {
      take: (orders, transfer = []) => worker.postMessage(orders, [...transfer]),
      stop: () => worker.terminate(),
    };
    worker.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (this.#drawer === drawer && isStep(data)) this.#stepDown(data.level);
    };
    worker.onerror = () => {
      this.#isLocal = true;
      if (this.#drawer !== drawer) return;
      this.#halt();
      this.start();
    };
    return drawer;
  }
}

function startDotWorker(): Worker {
  if (typeof OffscreenCanvas === 'undefined') throw new Error('this browser has no OffscreenCanvas');
  return new Worker(new URL('./dot-worker.ts', import.meta.url), { type: 'module' });
}

const isStep = (data: unknown): data is { readonly level: number } =>
  typeof data === 'object' && data !== null && 'level' in data && typeof data.level === 'number';

const contains = (outer: Rect, inner: Rect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
