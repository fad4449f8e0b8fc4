// Pointers and wheel on the graph: pan, zoom, pinch, drag a node, frame an area, click, menu, hover. In: DOM events of one element. Out: calls.
// Mouse, pen and touch are alike; nothing here knows the graph beyond "is something draggable under this point".
import type { Point, Rect } from '../layout/arrangement';

export interface GestureListener {
  /** Id of what can be dragged here; null = the gesture pans. */
  draggableAt(at: Point): string | null;
  pan(dx: number, dy: number): void;
  zoom(at: Point, factor: number): void;
  drag(id: string, at: Point): void;
  /** `cancelled`: put it back. */
  dragEnd(id: string, cancelled: boolean): void;
  click(at: Point): void;
  doubleClick(at: Point): void;
  /** Right click or long press; false lets the browser open its own menu. */
  context(at: Point): boolean;
  /** Shift and drag: the frame so far, at last `done`. Null: cancelled. */
  frame(rect: Rect | null, done: boolean): void;
  /** Null: the pointer left. */
  hover(at: Point | null): void;
}

const MOUSE_SLACK_PX = 4;
const TOUCH_SLACK_PX = 9;
const DOUBLE_CLICK_MS = 350;
const DOUBLE_CLICK_PX = 12;
/** Wheel pixels for a factor of ten; a pinch on a touchpad arrives as a wheel with ctrl and small steps. */
const WHEEL_DECADE_PX = 700;
const PINCH_DECADE_PX = 120;
const LINE_PX = 16;
const MAX_WHEEL_PX = 160;
const LONG_PRESS_MS = 550;
/** Some browsers follow a long press with a menu event of their own. */
const MENU_ECHO_MS = 1500;

interface Press {
  readonly start: Point;
  readonly grabbed: string | null;
  /** Shift was held: an area is framed. */
  readonly framing: boolean;
  readonly slackPx: number;
  moved: boolean;
}

const between = (a: Point, b: Point): Rect => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
});

/** Listens until the returned function is called. Coordinates are pixels from the element's top left corner. */
export function listenForGestures(element: HTMLElement, listener: GestureListener): () => void {
  const pointers = new Map<number, Point>();
  let press: Press | null = null;
  let lastClick: { readonly at: Point; readonly ms: number } | null = null;
  const abort = new AbortController();

  const place = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  let longPress: ReturnType<typeof setTimeout> | null = null;
  let longPressedAtMs = Number.NEGATIVE_INFINITY;
  const stopLongPress = (): void => {
    if (longPress) clearTimeout(longPress);
    longPress = null;
  };
  /** Ends the press without a click; what was moved goes back. */
  const cancelPress = (): void => {
    stopLongPress();
    if (press?.moved && press.framing) listener.frame(null, true);
    else if (press?.moved && press.grabbed) listener.dragEnd(press.grabbed, true);
    press = null;
  };

  let lastType = '';
  const onDown = (event: PointerEvent): void => {
    lastType = event.pointerType;
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    const at = place(event);
    pointers.set(event.pointerId, at);
    element.setPointerCapture(event.pointerId);
    if (pointers.size > 1) {
      cancelPress();
      return;
    }
    const slackPx = event.pointerType === 'mouse' ? MOUSE_SLACK_PX : TOUCH_SLACK_PX;
    const framing = event.shiftKey;
    press = { start: at, grabbed: framing ? null : listener.draggableAt(at), framing, slackPx, moved: false };
    if (event.pointerType !== 'mouse')
      longPress = setTimeout(() => {
        longPressedAtMs = performance.now();
        if (listener.context(at)) press = null;
      }, LONG_PRESS_MS);
  };

  const onMove = (event: PointerEvent): void => {
    const at = place(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === 'mouse') listener.hover(at);
      return;
    }
    pointers.set(event.pointerId, at);
    if (pointers.size === 2) {
      pinch(event.pointerId, before, at);
      return;
    }
    if (!press || pointers.size > 1) return;
    if (!press.moved && Math.hypot(at.x - press.start.x, at.y - press.start.y) < press.slackPx) return;
    const from = press.moved ? before : press.start;
    press.moved = true;
    stopLongPress();
    if (press.framing) listener.frame(between(press.start, at), false);
    else if (press.grabbed) listener.drag(press.grabbed, at);
    else listener.pan(at.x - from.x, at.y - from.y);
  };

  const pinch = (id: number, before: Point, at: Point): void => {
    const other = [...pointers].find(([otherId]) => otherId !== id)?.[1];
    if (!other) return;
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(at.x - other.x, at.y - other.y);
    listener.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
    if (was > 8 && is > 8) listener.zoom({ x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 }, is / was);
  };

  const onUp = (event: PointerEvent): void => {
    const at = pointers.get(event.pointerId);
    pointers.delete(event.pointerId);
    stopLongPress();
    if (!at || !press) return;
    if (event.type === 'pointercancel') {
      cancelPress();
      return;
    }
    const ended = press;
    press = null;
    if (ended.moved) {
      if (ended.framing) listener.frame(between(ended.start, at), true);
      else if (ended.grabbed) listener.dragEnd(ended.grabbed, false);
      return;
    }
    const isSecond =
      lastClick !== null &&
      event.timeStamp - lastClick.ms < DOUBLE_CLICK_MS &&
      Math.hypot(at.x - lastClick.at.x, at.y - lastClick.at.y) < DOUBLE_CLICK_PX;
    lastClick = isSecond ? null : { at, ms: event.timeStamp };
    if (isSecond) listener.doubleClick(at);
    else listener.click(at);
  };

  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1;
    const step = Math.max(-MAX_WHEEL_PX, Math.min(MAX_WHEEL_PX, event.deltaY * unit));
    if (event.shiftKey) listener.pan(-(event.deltaX + event.deltaY) * unit, 0);
    else listener.zoom(place(event), 10 ** (-step / (event.ctrlKey ? PINCH_DECADE_PX : WHEEL_DECADE_PX)));
  };

  const onMenu = (event: MouseEvent): void => {
    // The key has its own way (it has no place); a long press was already answered.
    const fromKey = event.button !== 2 && event.clientX === 0 && event.clientY === 0;
    if (lastType !== 'mouse' && performance.now() - longPressedAtMs < MENU_ECHO_MS) event.preventDefault();
    else if (!fromKey && listener.context(place(event))) {
      cancelPress();
      event.preventDefault();
    }
  };

  const options = { signal: abort.signal };
  element.addEventListener('pointerdown', onDown, options);
  element.addEventListener('pointermove', onMove, options);
  element.addEventListener('pointerup', onUp, options);
  element.addEventListener('pointercancel', onUp, options);
  element.addEventListener('pointerleave', () => listener.hover(null), options);
  element.addEventListener('contextmenu', onMenu, options);
  element.addEventListener('wheel', onWheel, { signal: abort.signal, passive: false });
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Escape' && press?.moved) {
        event.stopPropagation();
        cancelPress();
      }
    },
    { signal: abort.signal, capture: true },
  );
  return () => {
    stopLongPress();
    abort.abort();
  };
}
