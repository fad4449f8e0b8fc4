// What the pointer does to a scene: what is under it, what it drags, what it rests on. In: gestures, the picture, the camera.
// Out: calls to the scene's parts. Knows no drawing.
import type { Point, Rect } from '../layout/arrangement';
import type { Arranger } from './arranger';
import { areaCamera, panCamera, toModel, zoomCamera } from './camera';
import { type GestureListener, listenForGestures } from './gesture';
import { type Hit, hitTest } from './hit-test';
import { Hover } from './hover';
import type { Picture } from './picture';
import type { SceneListener } from './scene-props';
import type { Viewport } from './viewport';

export interface PointerOptions {
  readonly stage: HTMLElement;
  /** Shows the area that is being framed. */
  readonly frame: HTMLElement;
  readonly picture: () => Picture;
  readonly viewport: Viewport;
  readonly arranger: Arranger;
  readonly listener: SceneListener;
  /** The user chose what is seen. */
  readonly onCameraChosen: () => void;
  /** Something else is under the pointer. */
  readonly onRepaint: () => void;
  /** The pointer rests on something else. */
  readonly onRest: () => void;
}

/** A frame smaller than this is a slip, not a wish. */
const MIN_FRAME_PX = 12;

export class Pointer {
  readonly #options: PointerOptions;
  readonly #hover: Hover;
  readonly #end: () => void;
  #grabOffset: Point = { x: 0, y: 0 };

  constructor(options: PointerOptions) {
    this.#options = options;
    this.#hover = new Hover(options.onRest);
    this.#end = listenForGestures(options.stage, this.#gestures());
  }

  /** Under the pointer. */
  get hovered(): string | null {
    return this.#hover.id;
  }

  /** What the pointer has rested on. */
  get restedOn(): string | null {
    return this.#hover.focus;
  }

  stop(): void {
    this.#hover.stop();
    this.#end();
  }

  #gestures(): GestureListener {
    const { viewport, arranger, listener } = this.#options;
    return {
      draggableAt: (at) => this.#grab(at),
      pan: (dx, dy) => this.#move(panCamera(viewport.camera, dx, dy)),
      zoom: (at, factor) => this.#move(zoomCamera(viewport.camera, at, factor)),
      drag: (id, at) => {
        const model = toModel(viewport.camera, at);
        arranger.drag(id, { x: model.x + this.#grabOffset.x, y: model.y + this.#grabOffset.y });
      },
      dragEnd: (_, cancelled) => arranger.endDrag(cancelled),
      click: (at) => listener.select(this.#hitAt(at)?.id ?? null),
      doubleClick: (at) => {
        const hit = this.#hitAt(at);
        if (hit) listener.open(hit.id);
      },
      context: (at) => {
        const box = this.#options.stage.getBoundingClientRect();
        return listener.context(this.#hitAt(at)?.id ?? null, { x: at.x + box.left, y: at.y + box.top });
      },
      frame: (rect, done) => this.#frameArea(rect, done),
      hover: (at) => this.#hoverAt(at),
    };
  }

  #move(camera: Viewport['camera']): void {
    this.#options.onCameraChosen();
    this.#options.viewport.move(camera);
  }

  #hitAt(at: Point): Hit | null {
    const { camera } = this.#options.viewport;
    return hitTest(this.#options.picture(), toModel(camera, at), camera.zoom);
  }

  #grab(at: Point): string | null {
    const hit = this.#hitAt(at);
    const node = hit?.kind === 'node' ? this.#options.picture().nodes.get(hit.id) : undefined;
    if (!node) return null;
    const model = toModel(this.#options.viewport.camera, at);
    this.#grabOffset = { x: node.at.x - model.x, y: node.at.y - model.y };
    return node.node.id;
  }

  #frameArea(rect: Rect | null, done: boolean): void {
    const { viewport, stage, frame } = this.#options;
    frame.hidden = done || rect === null;
    if (rect === null) return;
    Object.assign(frame.style, { left: `${rect.x}px`, top: `${rect.y}px`, width: `${rect.width}px`, height: `${rect.height}px` });
    if (!done || rect.width < MIN_FRAME_PX || rect.height < MIN_FRAME_PX) return;
    const { zoom } = viewport.camera;
    const area = { ...toModel(viewport.camera, rect), width: rect.width / zoom, height: rect.height / zoom };
    this.#options.onCameraChosen();
    viewport.fly(areaCamera(area, { width: stage.clientWidth, height: stage.clientHeight }));
  }

  #hoverAt(at: Point | null): void {
    const hit = at === null ? null : this.#hitAt(at);
    if (!this.#hover.point(hit, this.#options.picture().nodes.size)) return;
    this.#options.stage.style.cursor = hit === null ? '' : 'pointer';
    this.#options.onRepaint();
  }
}
