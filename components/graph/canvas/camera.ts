// The camera over the picture: screen = model × zoom + offset. In: cameras, points, rectangles. Out: cameras. Pure.
import type { Point, Rect } from '../layout/arrangement';

export interface Camera {
  readonly zoom: number;
  /** Screen position of the model's origin, pixels from the top left corner of the view. */
  readonly x: number;
  readonly y: number;
}

export interface ViewSize {
  readonly width: number;
  readonly height: number;
}

export const MIN_ZOOM = 0.05;
export const MAX_ZOOM = 3;
/** Fitting a small graph does not blow it up beyond this. */
const MAX_FIT_ZOOM = 1.25;

const SMALL_VIEW_PX = 640;
const LEGIBLE_ZOOM = 0.55;

export const clampZoom = (zoom: number): number => Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom));

export const toScreen = (camera: Camera, p: Point): Point => ({ x: p.x * camera.zoom + camera.x, y: p.y * camera.zoom + camera.y });
export const toModel = (camera: Camera, p: Point): Point => ({ x: (p.x - camera.x) / camera.zoom, y: (p.y - camera.y) / camera.zoom });

/** The part of the model that is on the screen. */
export const visibleRect = (camera: Camera, view: ViewSize): Rect => ({
  x: -camera.x / camera.zoom,
  y: -camera.y / camera.zoom,
  width: view.width / camera.zoom,
  height: view.height / camera.zoom,
});

/** The whole rectangle in the middle of the view. */
export function fitCamera(bounds: Rect, view: ViewSize, paddingPx: number, minZoom = MIN_ZOOM): Camera {
  const wide = Math.max(1, view.width - 2 * paddingPx) / Math.max(1, bounds.width);
  const high = Math.max(1, view.height - 2 * paddingPx) / Math.max(1, bounds.height);
  const zoom = Math.max(minZoom, Math.min(wide, high, MAX_FIT_ZOOM));
  return centreCamera({ x: bounds.x + bounds.width / 2, y: bounds.y + bounds.height / 2 }, view, zoom);
}

/** An area as large as the view has room for. */
export const areaCamera = (area: Rect, view: ViewSize): Camera =>
  centreCamera(
    { x: area.x + area.width / 2, y: area.y + area.height / 2 },
    view,
    clampZoom(Math.min(view.width / Math.max(1, area.width), view.height / Math.max(1, area.height))),
  );

/** Where a graph is first seen: the whole, unless a small screen would make it illegible: then the beginning of the flow. */
export function startCamera(bounds: Rect, view: ViewSize, paddingPx: number): Camera {
  const whole = fitCamera(bounds, view, paddingPx);
  if (view.width > SMALL_VIEW_PX || whole.zoom >= LEGIBLE_ZOOM) return whole;
  const high = Math.min(LEGIBLE_ZOOM, Math.max(whole.zoom, (view.height - 2 * paddingPx) / bounds.height));
  const spare = Math.max(0, (view.height - bounds.height * high) / 2 - paddingPx);
  return { zoom: high, x: paddingPx - bounds.x * high, y: paddingPx + spare - bounds.y * high };
}

/** A model point in the middle of the view. */
export const centreCamera = (at: Point, view: ViewSize, zoom: number): Camera => ({
  zoom,
  x: view.width / 2 - at.x * zoom,
  y: view.height / 2 - at.y * zoom,
});

/** Zooms so that what is under `fixed` (screen) stays there. */
export function zoomCamera(camera: Camera, fixed: Point, factor: number): Camera {
  const zoom = clampZoom(camera.zoom * factor);
  const scale = zoom / camera.zoom;
  return { zoom, x: fixed.x - (fixed.x - camera.x) * scale, y: fixed.y - (fixed.y - camera.y) * scale };
}

export const panCamera = (camera: Camera, dx: number, dy: number): Camera => ({ ...camera, x: camera.x + dx, y: camera.y + dy });

/** Between two cameras, `t` from 0 to 1; zoom on a geometric scale, so that the flight looks even. */
export function blendCameras(from: Camera, to: Camera, view: ViewSize, t: number): Camera {
  const middle = { x: view.width / 2, y: view.height / 2 };
  const [a, b] = [toModel(from, middle), toModel(to, middle)];
  const zoom = from.zoom * (to.zoom / from.zoom) ** t;
  return centreCamera({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t }, view, zoom);
}

/** The camera moved as little as possible so that a model rectangle is on the screen with a margin. */
export function revealRect(camera: Camera, rect: Rect, view: ViewSize, marginPx: number): Camera {
  const topLeft = toScreen(camera, rect);
  const bottomRight = toScreen(camera, { x: rect.x + rect.width, y: rect.y + rect.height });
  const shift = (from: number, to: number, size: number): number => {
    if (to - from > size - 2 * marginPx) return size / 2 - (from + to) / 2;
    return from < marginPx ? marginPx - from : to > size - marginPx ? size - marginPx - to : 0;
  };
  return panCamera(camera, shift(topLeft.x, bottomRight.x, view.width), shift(topLeft.y, bottomRight.y, view.height));
}

/** What a CSS transform must do to a bitmap drawn for `drawn`, larger than the view by `margin` on each side, to show `wanted`. */
export function bitmapTransform(
  drawn: Camera,
  wanted: Camera,
  margin: ViewSize,
): { readonly x: number; readonly y: number; readonly scale: number } {
  const scale = wanted.zoom / drawn.zoom;
  return {
    x: wanted.x - drawn.x * scale + margin.width * (1 - scale),
    y: wanted.y - drawn.y * scale + margin.height * (1 - scale),
    scale,
  };
}

/** Whether the transformed bitmap leaves a part of the view uncovered. */
export function isUncovered(drawn: Camera, wanted: Camera, view: ViewSize, margin: ViewSize): boolean {
  const { x, y, scale } = bitmapTransform(drawn, wanted, margin);
  const left = -margin.width + x;
  const top = -margin.height + y;
  return (
    left > 0 ||
    top > 0 ||
    left + (view.width + 2 * margin.width) * scale < view.width ||
    top + (view.height + 2 * margin.height) * scale < view.height
  );
}
