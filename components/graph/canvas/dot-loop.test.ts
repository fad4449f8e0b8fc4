// @vitest-environment jsdom
// Moving dots: when they are drawn, when they give way, and that nothing is left of them when they are off.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleDocument, sampleEdge, sampleNode } from '../sample-graph';
import { DotLayer } from './dot-layer';
import { DOT_LEVELS, DotLoop } from './dot-loop';
import { readPalette } from './palette';
import { samplePicture } from './sample-picture';

const drawn: string[] = [];
const context = {
  clearRect: () => void drawn.push('clear'),
  fillRect: () => void drawn.push('square'),
  fill: () => void drawn.push('diamond'),
  beginPath: () => undefined,
  moveTo: () => undefined,
  lineTo: () => undefined,
  fillStyle: '',
};
const plan = (kinds: readonly number[]) => ({
  curves: new Float32Array([0, 0, 50, 0, 100, 0, 100, 0]),
  dots: new Float32Array(kinds.flatMap((kind, i) => [0, i / kinds.length, 0.1, kind])),
  edges: 1,
});

beforeEach(() => {
  drawn.length = 0;
});

describe('DotLoop', () => {
  let next: ((nowMs: number) => void) | null = null;
  let nowMs = 0;
  const levels: number[] = [];
  const tick = (gapMs: number, times = 1): void => {
    for (let i = 0; i < times; i++) {
      nowMs += gapMs;
      next?.(nowMs);
    }
  };
  const start = (): DotLoop => {
    nowMs = 0;
    levels.length = 0;
    const loop = new DotLoop({
      canvas: { getContext: () => context, width: 0, height: 0 } as unknown as OffscreenCanvas,
      requestFrame: (callback) => {
        next = callback;
        return 1;
      },
      cancelFrame: () => {
        next = null;
      },
      onLevel: (level) => levels.push(level),
    });
    loop.take({ plan: plan([0, 1, 2]), camera: { zoom: 1, x: 10, y: 10 }, size: { width: 200, height: 100 } });
    return loop;
  };

  it('draws requests as squares and errors as diamonds, in every frame', () => {
    start();
    tick(16);
    expect(drawn).toEqual(['clear', 'square', 'square', 'diamond']);
    tick(16);
    expect(drawn).toHaveLength(8);
  });

  it('rests in a tab that nobody sees and far from the graph, and clears what it drew', () => {
    const loop = start();
    tick(16);
    loop.take({ paused: true });
    tick(16, 5);
    expect(drawn).toHaveLength(4);
    loop.take({ paused: false, camera: { zoom: 0.2, x: 0, y: 0 } });
    tick(16, 5);
    expect(drawn.slice(4)).toEqual(['clear']);
    loop.take({ camera: { zoom: 1, x: 10, y: 10 } });
    tick(16);
    expect(drawn.at(-1)).toBe('diamond');
  });

  it('steps down when many frames are slow, at last gives up; one long pause counts for nothing', () => {
    start();
    tick(16);
    tick(5000);
    tick(16, 100);
    expect(levels).toEqual([]);
    for (let level = 1; level <= DOT_LEVELS.length; level++) {
      tick(40, 90);
      expect(levels.at(-1)).toBe(level);
    }
    expect(next).toBeNull();
  });
});

describe('DotLayer', () => {
  afterEach(() => vi.unstubAllGlobals());
  const picture = samplePicture(sampleDocument({ nodes: [sampleNode('a'), sampleNode('b')], edges: [sampleEdge('a', 'b')] }));
  const layer = (startWorker: () => Worker) => {
    const host = document.createElement('div');
    const gaveUp: boolean[] = [];
    const own = new DotLayer({
      host,
      camera: () => ({ zoom: 1, x: 0, y: 0 }),
      size: () => ({ width: 400, height: 300 }),
      palette: () => readPalette(document.body),
      onGaveUp: (now) => gaveUp.push(now),
      startWorker,
    });
    own.show(picture, null);
    return { own, host, gaveUp };
  };
  class FakeWorker {
    readonly sent: Record<string, unknown>[] = [];
    onmessage: ((event: { data: unknown }) => void) | null = null;
    onerror: (() => void) | null = null;
    ended = false;
    postMessage(message: Record<string, unknown>): void {
      this.sent.push(message);
    }
    terminate(): void {
      this.ended = true;
    }
  }
  const withOffscreen = (): void => {
    HTMLCanvasElement.prototype.transferControlToOffscreen = () => ({}) as OffscreenCanvas;
  };

  it('has a worker draw, tells it the plan, and leaves no canvas behind', () => {
    withOffscreen();
    const worker = new FakeWorker();
    const { own, host, gaveUp } = layer(() => worker as unknown as Worker);
    expect(host.childElementCount).toBe(0);
    own.start();
    own.start();
    expect(host.childElementCount).toBe(1);
    expect(worker.sent.flatMap((message) => Object.keys(message)).sort()).toEqual(['camera', 'canvas', 'colors', 'paused', 'plan', 'size']);
    own.moved();
    expect(worker.sent.filter((message) => 'plan' in message)).toHaveLength(1);
    worker.onmessage?.({ data: { level: 1 } });
    expect(worker.sent.filter((message) => 'plan' in message)).toHaveLength(2);
    worker.onmessage?.({ data: { level: DOT_LEVELS.length } });
    expect([worker.ended, host.childElementCount, gaveUp]).toEqual([true, 0, [false, true]]);
    own.start();
    expect(host.childElementCount).toBe(0);
    own.stop();
    own.start();
    expect(gaveUp).toEqual([false, true, false]);
    own.stop();
  });

  it('draws here where there is no worker', () => {
    const frames: ((nowMs: number) => void)[] = [];
    vi.stubGlobal('requestAnimationFrame', (callback: (nowMs: number) => void) => frames.push(callback));
    vi.stubGlobal('cancelAnimationFrame', () => frames.splice(0));
    HTMLCanvasElement.prototype.getContext = (() => context) as unknown as HTMLCanvasElement['getContext'];
    const { own, host } = layer(() => {
      throw new Error('no workers');
    });
    own.start();
    frames[0]?.(16);
    expect(drawn).toContain('square');
    own.stop();
    expect(host.childElementCount).toBe(0);
  });
});
