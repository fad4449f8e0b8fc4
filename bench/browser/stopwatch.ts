// What a page of the console notes about itself while it opens: first data, first picture, long tasks, frames. In: a page. Out: times, ms.
import type { Page } from '@playwright/test';
import type { FrameRecorder } from './gestures';

/** Start and length of a task of the main thread that took 50 ms or more, ms. */
export type LongTask = readonly [startMs: number, ms: number];

interface Stopwatch {
  /** After navigation; 0 = not yet. */
  dataMs: number;
  pictureMs: number;
  frames: number[] | null;
  readonly long: [startMs: number, ms: number][];
}

declare global {
  interface Window {
    stopwatch: Stopwatch;
  }
}

/**
 * Runs in the page before anything of it: notes the first snapshot of a graph, the first drawing of names or the first row of a list,
 * long tasks. It must not refer to anything outside of itself.
 */
export function installStopwatch(): void {
  const watch: Stopwatch = { dataMs: 0, pictureMs: 0, frames: null, long: [] };
  window.stopwatch = watch;
  /** The frame after a drawing shows it. */
  const noteFrame = (): void => {
    if (watch.pictureMs !== 0) return;
    watch.pictureMs = -1;
    requestAnimationFrame(() => {
      watch.pictureMs = performance.now();
    });
  };
  window.EventSource = class extends EventSource {
    constructor(url: string | URL, init?: EventSourceInit) {
      super(url, init);
      this.addEventListener('snapshot', () => {
        if (watch.dataMs === 0) watch.dataMs = performance.now();
      });
    }
  };
  // The first text above the shapes is a name of something: the picture is being drawn.
  const write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (...text): void {
    write.apply(this, text);
    if (this.canvas instanceof HTMLCanvasElement && this.canvas.dataset['role'] === 'decorations') noteFrame();
  };
  const rows = new MutationObserver(() => {
    if (document.querySelector('[role="grid"] tbody tr[data-key]') === null) return;
    rows.disconnect();
    noteFrame();
  });
  rows.observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) watch.long.push([entry.startTime, entry.duration]);
  }).observe({ entryTypes: ['longtask'] });
}

export const RECORDER: FrameRecorder = {
  start: (page) =>
    page.evaluate(() => {
      const frames: number[] = [];
      window.stopwatch.frames = frames;
      const note = (nowMs: number): void => {
        if (window.stopwatch.frames !== frames) return;
        frames.push(nowMs);
        requestAnimationFrame(note);
      };
      requestAnimationFrame(note);
    }),
  stop: (page) =>
    page.evaluate(() => {
      const frames = window.stopwatch.frames ?? [];
      window.stopwatch.frames = null;
      return frames.slice(1).map((time, i) => time - (frames[i] ?? time));
    }),
};

/** Long tasks that begin this soon after the picture belong to the opening. */
export const CALM_MS = 700;

export interface Opening {
  /** After navigation: the first data was there, it was drawn, the main thread had nothing long to do any more; ms. */
  readonly dataMs: number;
  readonly pictureMs: number;
  readonly interactiveMs: number;
  readonly long: readonly LongTask[];
}

/** Waits until a page has opened. @throws when it shows nothing within a minute */
export async function watchOpening(page: Page): Promise<Opening> {
  await page.waitForFunction(() => window.stopwatch.pictureMs > 0, null, { timeout: 60_000 });
  await page.waitForTimeout(CALM_MS);
  const { dataMs, pictureMs, long } = await page.evaluate(() => window.stopwatch);
  const last = long.filter(([startMs]) => startMs <= pictureMs + CALM_MS).at(-1);
  return { dataMs, pictureMs, interactiveMs: Math.max(pictureMs, last === undefined ? 0 : last[0] + last[1]), long };
}
