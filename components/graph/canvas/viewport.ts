// Moves the drawn bitmaps under the camera: during a gesture they are transformed by CSS, drawing again happens when it rests.
// In: the elements that carry the bitmaps, a way to draw. Out: the camera, now. Bitmaps reach beyond the view, so that no border shows.
import { bitmapTransform, blendCameras, type Camera, isUncovered, type ViewSize } from './camera';

export interface ViewportOptions {
  /** Elements larger than the view by `margin()` on each side, to be transformed. */
  readonly movers: readonly HTMLElement[];
  readonly size: () => ViewSize;
  readonly margin: () => ViewSize;
  /** Asks for a drawing; `drawn` must be called after it. */
  readonly draw: (camera: Camera) => void;
  /** After every move, at most once per frame. */
  readonly onMove: (camera: Camera) => void;
  readonly prefersStill: () => boolean;
}

/** A gesture rests when nothing moved for this long; longer where a drawing takes long: the next turn of a wheel would have to wait for it. */
const REST_MS = 90;
const REST_COSTS = 3;
const MAX_REST_MS = 240;
/** Least time between two drawings during a gesture that uncovers a border, and how many times as long as a drawing takes. */
const REDRAW_MS = 140;
const REDRAW_COSTS = 60;
const FLIGHT_MS = 260;
const FRAME_MS = 17;

export class Viewport {
  readonly #options: ViewportOptions;
  #camera: Camera = { zoom: 1, x: 0, y: 0 };
  /** What the bitmaps show, and what they will show after the drawing under way. */
  #drawn: Camera = this.#camera;
  #drawing: Camera | null = null;
  #frame = 0;
  #rest: ReturnType<typeof setTimeout> | null = null;
  #lastDrawMs = 0;
  /** How long a drawing takes, from asking for it to the frame after it. */
  #costMs = 0;
  #flight = 0;
  #destination: Camera | null = null;

  constructor(options: ViewportOptions) {
    this.#options = options;
  }

  get camera(): Camera {
    return this.#camera;
  }

  /** Where a flight ends; without one where the camera is. */
  get destination(): Camera {
    return this.#destination ?? this.#camera;
  }

  /** The camera for which the bitmaps were drawn. */
  get drawnCamera(): Camera {
    return this.#drawn;
  }

  /** A step of a gesture. */
  move(camera: Camera): void {
    this.#stopFlight();
    this.#step(camera);
  }

  /** Jumps; draws at once. */
  jump(camera: Camera): void {
    this.#stopFlight();
    this.#camera = camera;
    this.#commit();
    this.#schedule();
  }

  /** Flies there, or jumps for those who prefer no motion. */
  fly(to: Camera): void {
    this.#stopFlight();
    if (this.#options.prefersStill()) {
      this.jump(to);
      return;
    }
    const from = this.#camera;
    this.#destination = to;
    const startedMs = performance.now();
    const step = (nowMs: number): void => {
      const t = Math.min(1, Math.max(0, (nowMs - startedMs) / FLIGHT_MS));
      const eased = t * t * (3 - 2 * t);
      this.#step(t === 1 ? to : blendCameras(from, to, this.#options.size(), eased));
      this.#flight = t === 1 ? 0 : requestAnimationFrame(step);
      if (t < 1) return;
      this.#destination = null;
      this.#commit();
    };
    this.#flight = requestAnimationFrame(step);
  }

  /** The bitmaps have been drawn for the camera last asked for. */
  drawn(): void {
    if (this.#drawing) this.#drawn = this.#drawing;
    this.#drawing = null;
    this.#transform();
    const askedMs = this.#lastDrawMs;
    requestAnimationFrame(() => {
      this.#costMs = Math.max(0, performance.now() - askedMs - FRAME_MS);
    });
  }

  stop(): void {
    this.#stopFlight();
    if (this.#frame) cancelAnimationFrame(this.#frame);
    if (this.#rest) clearTimeout(this.#rest);
  }

  #step(camera: Camera): void {
    this.#camera = camera;
    this.#schedule();
    if (this.#rest) clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#commit(), Math.min(MAX_REST_MS, Math.max(REST_MS, this.#costMs * REST_COSTS)));
  }

  #schedule(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#transform();
      this.#options.onMove(this.#camera);
      const uncovered = isUncovered(this.#drawn, this.#camera, this.#options.size(), this.#options.margin());
      const pauseMs = Math.max(REDRAW_MS, this.#costMs * REDRAW_COSTS);
      // A drawing that costs several frames waits until the gesture rests.
      if (uncovered && this.#drawing === null && performance.now() - this.#lastDrawMs > pauseMs) this.#commit();
    });
  }

  #commit(): void {
    if (this.#rest) clearTimeout(this.#rest);
    this.#rest = null;
    this.#lastDrawMs = performance.now();
    this.#drawing = this.#camera;
    this.#options.draw(this.#camera);
  }

  #transform(): void {
    const { x, y, scale } = bitmapTransform(this.#drawn, this.#camera, this.#options.margin());
    const text = x === 0 && y === 0 && scale === 1 ? '' : `translate(${x}px, ${y}px) scale(${scale})`;
    for (const mover of this.#options.movers) mover.style.transform = text;
  }

  #stopFlight(): void {
    if (this.#flight) cancelAnimationFrame(this.#flight);
    this.#flight = 0;
    this.#destination = null;
  }
}
