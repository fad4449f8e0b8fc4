// The canvas by itself on generated graphs: first picture, gestures, refreshes, layout, dots, heap.
// In: a browser at the bench page. Out: raw numbers of every repeat.
import type { LayoutName } from '../../components/graph/layout/layout-names';
import type { BenchBrowser } from './chromium';
import { type FrameRecorder, pan, rest, type Smoothness, watchFrames, zoom } from './gestures';
import type { LayoutRun } from './page/bench-page';

const RECORDER: FrameRecorder = {
  start: (page) => page.evaluate(() => window.bench.startFrames()),
  stop: (page) => page.evaluate(() => window.bench.stopFrames()),
};
const MIDDLE = { x: 800, y: 450 };
/** What comes after the first picture: fonts, the compiler. */
const SETTLE_MS = 600;

export interface SizeRun {
  readonly size: number;
  readonly bytes: number;
  readonly pictureMs: number;
  readonly pictureCpuMs: number;
  readonly pan: Smoothness;
  readonly zoom: Smoothness;
  readonly refreshMs: readonly number[];
  readonly churnMs: number;
  /** Longest way that a node went in refreshes that replace 5 % of the versions; pixels. */
  readonly movedPx: number;
  readonly stayed: number;
  readonly heapMb: number;
}

type Places = ReadonlyMap<string, readonly [number, number]>;
async function readPlaces({ page }: BenchBrowser): Promise<Places> {
  const list = await page.evaluate(() => window.bench.places());
  return new Map(list.map(([id, x, y]) => [id, [x, y] as const]));
}

function farthest(before: Places, after: Places): { readonly movedPx: number; readonly stayed: number } {
  let movedPx = 0;
  let stayed = 0;
  for (const [id, [x, y]] of after) {
    const was = before.get(id);
    if (!was) continue;
    stayed++;
    movedPx = Math.max(movedPx, Math.hypot(x - was[0], y - was[1]));
  }
  return { movedPx, stayed };
}

/** One size, once: a fresh page for each run. `changes` and `churned` are names of documents that follow the first. */
export async function runSize(browser: BenchBrowser, size: number, changes: readonly string[], churned: string): Promise<SizeRun> {
  const { page } = browser;
  const bytes = await page.evaluate((name) => window.bench.load(name), `mesh-${size}`);
  for (const name of [...changes, churned]) await page.evaluate((own) => window.bench.load(own), name);
  const cpu = await browser.mainThreads();
  const pictureMs = await page.evaluate((name) => window.bench.mount(name, {}), `mesh-${size}`);
  const after = await browser.mainThreads();
  const pictureCpuMs = Math.max(0, ...[...after].map(([pid, ms]) => ms - (cpu.get(pid) ?? 0)));
  await page.waitForTimeout(SETTLE_MS);
  const heapMb = (await browser.heapBytes()) / 1e6;
  const free = await page.evaluate(() => window.bench.freePoint());
  const panned = await watchFrames(browser, RECORDER, (own, nowMs) => pan(own, free, nowMs));
  await page.evaluate(() => window.bench.fit());
  await page.waitForTimeout(SETTLE_MS);
  const zoomed = await watchFrames(browser, RECORDER, (own, nowMs) => zoom(own, MIDDLE, nowMs));
  await page.evaluate(() => window.bench.fit());
  await page.waitForTimeout(SETTLE_MS);
  const refreshMs: number[] = [];
  for (const name of changes) {
    refreshMs.push(await page.evaluate((own) => window.bench.refresh(own), name));
    await page.waitForTimeout(200);
  }
  const before = await readPlaces(browser);
  const churnMs = await page.evaluate((name) => window.bench.refresh(name), churned);
  const moved = farthest(before, await readPlaces(browser));
  await page.evaluate(() => window.bench.unmount());
  return { size, bytes, pictureMs, pictureCpuMs, pan: panned, zoom: zoomed, refreshMs, churnMs, ...moved, heapMb };
}

export interface DotRun {
  readonly edges: number;
  readonly dots: number;
  readonly moving: Smoothness;
  readonly still: Smoothness;
  readonly panning: Smoothness;
  /** Whether two pictures, a moment apart, differ: with dots, and for somebody who prefers reduced motion. */
  readonly differs: boolean;
  readonly differsReduced: boolean;
}

async function isMoving({ page }: BenchBrowser): Promise<boolean> {
  const first = await page.screenshot();
  await page.waitForTimeout(300);
  return !first.equals(await page.screenshot());
}

/** Moving traffic on the graph of a size, all of it in view. */
export async function runDots(browser: BenchBrowser, name: string): Promise<DotRun> {
  const { page } = browser;
  await page.evaluate((own) => window.bench.load(own), name);
  await page.evaluate((own) => window.bench.mount(own, {}), name);
  await page.mouse.move(5, 5);
  await page.waitForTimeout(SETTLE_MS);
  const still = await watchFrames(browser, RECORDER, rest);
  await page.evaluate(() => window.bench.show({ traffic: true }));
  await page.waitForTimeout(SETTLE_MS);
  const moving = await watchFrames(browser, RECORDER, rest);
  const free = await page.evaluate(() => window.bench.freePoint());
  const panning = await watchFrames(browser, RECORDER, (own, nowMs) => pan(own, free, nowMs));
  await page.mouse.move(5, 5);
  const counted = await page.evaluate(() => window.bench.countDots(500));
  const differs = await isMoving(browser);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.waitForTimeout(SETTLE_MS);
  const differsReduced = await isMoving(browser);
  await page.emulateMedia({ reducedMotion: null });
  await page.evaluate(() => window.bench.unmount());
  return { ...counted, moving, still, panning, differs, differsReduced };
}

/** Layout in the worker. */
export async function runLayout(browser: BenchBrowser, name: string, layout: LayoutName): Promise<LayoutRun> {
  await browser.page.evaluate((own) => window.bench.load(own), name);
  return browser.page.evaluate(([own, wanted]) => window.bench.layout(own, wanted), [name, layout] as const);
}
