// @vitest-environment jsdom
// Pointers and wheel: what counts as a click, a pan, a drag, a pinch.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listenForGestures } from './gesture';

interface PointerInit {
  readonly id?: number;
  readonly type?: string;
  readonly button?: number;
  readonly shift?: boolean;
}

describe('listenForGestures', () => {
  let element: HTMLElement;
  let calls: unknown[][];
  let end: () => void;
  let grabbed: string | null;
  let hasMenu: boolean;
  // jsdom has no PointerEvent constructor with coordinates and no capture.
  const fire = (name: string, x: number, y: number, { id = 1, type = 'mouse', button = 0, shift = false }: PointerInit = {}): boolean => {
    const event = new MouseEvent(name, { clientX: x, clientY: y, button, shiftKey: shift, bubbles: true, cancelable: true });
    Object.defineProperties(event, { pointerId: { value: id }, pointerType: { value: type } });
    return element.dispatchEvent(event);
  };
  const names = (): unknown[] => calls.map(([name]) => name);

  beforeEach(() => {
    element = document.createElement('div');
    element.setPointerCapture = () => undefined;
    document.body.append(element);
    calls = [];
    grabbed = null;
    hasMenu = true;
    const note =
      (name: string) =>
      (...args: unknown[]): void =>
        void calls.push([name, ...args]);
    end = listenForGestures(element, {
      draggableAt: () => grabbed,
      pan: note('pan'),
      zoom: note('zoom'),
      drag: note('drag'),
      dragEnd: note('dragEnd'),
      click: note('click'),
      doubleClick: note('doubleClick'),
      context: (at) => {
        calls.push(['context', at]);
        return hasMenu;
      },
      frame: note('frame'),
      hover: note('hover'),
    });
  });
  afterEach(() => {
    end();
    element.remove();
  });

  it('a press that hardly moves is a click, a second one soon after a double click', () => {
    fire('pointerdown', 10, 10);
    fire('pointermove', 12, 11);
    fire('pointerup', 12, 11);
    fire('pointerdown', 11, 10);
    fire('pointerup', 11, 10);
    expect(names()).toEqual(['click', 'doubleClick']);
  });

  it('pans by every pixel of the way, slack included', () => {
    fire('pointerdown', 10, 10);
    fire('pointermove', 30, 10);
    fire('pointermove', 35, 20);
    fire('pointerup', 35, 20);
    expect(calls).toEqual([
      ['pan', 20, 0],
      ['pan', 5, 10],
    ]);
  });

  it('drags what can be grabbed; Escape puts it back', () => {
    grabbed = 'n';
    fire('pointerdown', 10, 10);
    fire('pointermove', 40, 10);
    fire('pointerup', 40, 10);
    expect(calls).toEqual([
      ['drag', 'n', { x: 40, y: 10 }],
      ['dragEnd', 'n', false],
    ]);
    calls.length = 0;
    fire('pointerdown', 10, 10);
    fire('pointermove', 40, 10);
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    fire('pointermove', 60, 10);
    fire('pointerup', 60, 10);
    expect(names()).toEqual(['drag', 'dragEnd']);
    expect(calls[1]).toEqual(['dragEnd', 'n', true]);
  });

  it('pinches with two fingers around their middle and does not click afterwards', () => {
    fire('pointerdown', 100, 100, { id: 1, type: 'touch' });
    fire('pointerdown', 200, 100, { id: 2, type: 'touch' });
    fire('pointermove', 300, 100, { id: 2, type: 'touch' });
    expect(calls).toEqual([
      ['pan', 50, 0],
      ['zoom', { x: 200, y: 100 }, 2],
    ]);
    fire('pointerup', 300, 100, { id: 2, type: 'touch' });
    fire('pointerup', 100, 100, { id: 1, type: 'touch' });
    expect(names()).toEqual(['pan', 'zoom']);
  });

  it('ignores other buttons, tells hovering from dragging', () => {
    fire('pointerdown', 10, 10, { button: 2 });
    fire('pointermove', 50, 50);
    expect(names()).toEqual(['hover']);
    fire('pointerleave', 0, 0);
    expect(calls.at(-1)).toEqual(['hover', null]);
  });

  it('zooms by wheel towards the pointer, bounded, and pans sideways with shift', () => {
    const wheel = (init: WheelEventInit): void => void element.dispatchEvent(new WheelEvent('wheel', { cancelable: true, ...init }));
    wheel({ deltaY: -100, clientX: 5, clientY: 6 });
    wheel({ deltaY: 100_000 });
    wheel({ deltaY: 3, deltaMode: 1 });
    wheel({ deltaY: 40, shiftKey: true });
    const [first, second, third, fourth] = calls;
    expect(first?.[1]).toEqual({ x: 5, y: 6 });
    expect(first?.[2]).toBeGreaterThan(1);
    expect(second?.[2]).toBeGreaterThan(0.5);
    expect(third?.[2]).toBeLessThan(1);
    expect(fourth).toEqual(['pan', -40, 0]);
  });

  it('is silent once ended', () => {
    end();
    fire('pointerdown', 1, 1);
    fire('pointerup', 1, 1);
    expect(calls).toEqual([]);
  });

  it('asks for a menu at a right click; without one the browser opens its own', () => {
    expect(fire('contextmenu', 30, 40, { button: 2 })).toBe(false);
    expect(calls).toEqual([['context', { x: 30, y: 40 }]]);
    hasMenu = false;
    expect(fire('contextmenu', 30, 40, { button: 2 })).toBe(true);
  });

  it('asks for a menu after a long press, once, and takes the press for nothing else', () => {
    vi.useFakeTimers();
    try {
      fire('pointerdown', 30, 40, { type: 'touch' });
      vi.advanceTimersByTime(600);
      fire('contextmenu', 30, 40);
      fire('pointerup', 30, 40, { type: 'touch' });
      expect(names()).toEqual(['context']);
      fire('pointerdown', 30, 40, { type: 'touch' });
      fire('pointermove', 60, 40, { type: 'touch' });
      vi.advanceTimersByTime(600);
      expect(names().filter((name) => name === 'context')).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('frames an area with Shift, even over a node; Escape gives it up', () => {
    grabbed = 'a';
    fire('pointerdown', 10, 10, { shift: true });
    fire('pointermove', 50, 40, { shift: true });
    fire('pointerup', 50, 40, { shift: true });
    const area = { x: 10, y: 10, width: 40, height: 30 };
    expect(calls).toEqual([
      ['frame', area, false],
      ['frame', area, true],
    ]);
    fire('pointerdown', 10, 10, { shift: true });
    fire('pointermove', 50, 40, { shift: true });
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    expect(calls.at(-1)).toEqual(['frame', null, true]);
  });
});
