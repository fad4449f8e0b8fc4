// The production build on the large simulated world, in Chromium: from navigation to the folded graph, then gestures on it.
// In: services, a scratch folder. Out: raw numbers of every repeat, or why it cannot be measured.
import type { Page } from '@playwright/test';
import { isBuilt, startConsole, startMesh } from '../live/console-process';
import { HttpReader } from '../live/http-reader';
import { openBrowser } from './chromium';
import { type FrameRecorder, pan, type Smoothness, watchFrames, zoom } from './gestures';

export interface ConsoleRun {
  /** After navigation: the first snapshot was there, it was drawn, the main thread had nothing long to do any more; ms. */
  readonly dataMs: number;
  readonly pictureMs: number;
  readonly interactiveMs: number;
  readonly nodes: number;
  /** Start and length of long tasks, ms. */
  readonly long: readonly (readonly [startMs: number, ms: number])[];
  readonly pan: Smoothness;
  readonly zoom: Smoothness;
}

interface Stopwatch {
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

/** Runs in the page before anything of it: notes the first snapshot, the first drawing of names, long tasks. */
function installStopwatch(): void {
  const watch: Stopwatch = { dataMs: 0, pictureMs: 0, frames: null, long: [] };
  window.stopwatch = watch;
  window.EventSource = class extends EventSource {
    constructor(url: string | URL, init?: EventSourceInit) {
      super(url, init);
      this.addEventListener('snapshot', () => {
        if (watch.dataMs === 0) watch.dataMs = performance.now();
      });
    }
  };
  // The first text above the shapes is a name of something: the picture is being drawn, and the frame after it shows it.
  const write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (...text): void {
    write.apply(this, text);
    if (watch.pictureMs !== 0 || !(this.canvas instanceof HTMLCanvasElement) || this.canvas.dataset['role'] !== 'decorations') return;
    watch.pictureMs = -1;
    requestAnimationFrame(() => {
      watch.pictureMs = performance.now();
    });
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) watch.long.push([entry.startTime, entry.duration]);
  }).observe({ entryTypes: ['longtask'] });
}

const RECORDER: FrameRecorder = {
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

const READY_DEADLINE_MS = 180_000;
/** Long tasks that begin this soon after the picture belong to the opening. */
const CALM_MS = 700;

async function waitForGraph(url: string): Promise<void> {
  const reader = new HttpReader(url);
  const endMs = performance.now() + READY_DEADLINE_MS;
  while (performance.now() < endMs) {
    const { status, bytes } = await reader.read('/api/graph?level=auto');
    if (status === 200 && bytes.includes('"kind":"namespace"')) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('the console shows no folded graph');
}

async function openGraph(page: Page): Promise<Pick<ConsoleRun, 'dataMs' | 'pictureMs' | 'interactiveMs' | 'nodes' | 'long'>> {
  await page.waitForFunction(() => window.stopwatch.pictureMs > 0, null, { timeout: 60_000 });
  await page.waitForTimeout(CALM_MS);
  const seen = await page.evaluate(() => ({ ...window.stopwatch, nodes: document.querySelectorAll('[data-node]').length }));
  const last = seen.long.filter(([startMs]) => startMs <= seen.pictureMs + CALM_MS).at(-1);
  const calmMs = last === undefined ? 0 : last[0] + last[1];
  return {
    dataMs: seen.dataMs,
    pictureMs: seen.pictureMs,
    interactiveMs: Math.max(seen.pictureMs, calmMs),
    nodes: seen.nodes,
    long: seen.long,
  };
}

async function runOnce(url: string): Promise<ConsoleRun> {
  const browser = await openBrowser(`${url}/graph`, installStopwatch);
  try {
    const { page } = browser;
    const opened = await openGraph(page);
    const box = await page.getByRole('listbox', { name: 'Nodes of the service graph' }).boundingBox();
    if (box === null) throw new Error('the graph is not in view');
    // Inside the padding of a fitted graph nothing can be dragged.
    const free = { x: box.x + box.width - 8, y: box.y + 8 };
    const panned = await watchFrames(browser, RECORDER, (own, nowMs) => pan(own, free, nowMs));
    await page.keyboard.press('0');
    await page.waitForTimeout(CALM_MS);
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const zoomed = await watchFrames(browser, RECORDER, (own, nowMs) => zoom(own, middle, nowMs));
    return { ...opened, pan: panned, zoom: zoomed };
  } finally {
    await browser.close();
  }
}

/** Opens the graph of a world so often; text: why it could not. */
export async function runConsole(scratch: string, services: number, repeats: number): Promise<readonly ConsoleRun[] | string> {
  if (!isBuilt()) return 'there is no production build; npm run build makes one';
  const mesh = await startMesh(scratch, services);
  try {
    const running = await startConsole(mesh);
    try {
      await waitForGraph(running.url);
      const runs: ConsoleRun[] = [];
      for (let i = 0; i < repeats; i++) runs.push(await runOnce(running.url));
      return runs;
    } finally {
      await running.close();
    }
  } finally {
    await mesh.close();
  }
}
