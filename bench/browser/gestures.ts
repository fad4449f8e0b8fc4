// Real input on a page and the frames that it gets: drags and wheels as a hand makes them.
// In: a page, where to press. Out: frames per second, slow frames, CPU of the main thread.
import type { Page } from '@playwright/test';
import { readBusyMs } from '../process-usage';
import { quantile, sum } from '../statistics';
import { type BenchBrowser, busiest } from './chromium';

export interface Smoothness {
  readonly fps: number;
  readonly p95Ms: number;
  readonly worstMs: number;
  /** CPU of the page's main thread per frame. */
  readonly mainMs: number;
  readonly frames: number;
  /** Cores that everything but the browser used meanwhile: the bench itself, and whoever shares the machine. */
  readonly foreignCores: number;
}

const LENGTH_MS = 2500;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Recording of frames in a page: how it begins, and how it ends with the times between them. */
export interface FrameRecorder {
  start(page: Page): Promise<void>;
  stop(page: Page): Promise<readonly number[]>;
}

/** What frames a page gets while something is done to it. */
export async function watchFrames(
  browser: BenchBrowser,
  recorder: FrameRecorder,
  act: (page: Page, nowMs: () => number) => Promise<void>,
): Promise<Smoothness> {
  const before = await browser.mainThreads();
  const [ownBefore, busyBefore] = [await browser.cpuMs(), readBusyMs()];
  await recorder.start(browser.page);
  const startedMs = performance.now();
  await act(browser.page, () => performance.now() - startedMs);
  const times = await recorder.stop(browser.page);
  const mainMs = busiest(before, await browser.mainThreads());
  const elapsedMs = performance.now() - startedMs;
  const foreignMs = readBusyMs() - busyBefore - ((await browser.cpuMs()) - ownBefore);
  return {
    fps: (times.length * 1000) / Math.max(1, sum(times)),
    p95Ms: quantile(times, 0.95),
    worstMs: Math.max(0, ...times),
    mainMs: mainMs / Math.max(1, times.length),
    frames: times.length,
    foreignCores: Math.max(0, foreignMs) / elapsedMs,
  };
}

/** Drags around a point in loops. */
export async function pan(page: Page, from: Point, nowMs: () => number): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (let t = nowMs(); t < LENGTH_MS; t = nowMs())
    await page.mouse.move(from.x - 300 + 300 * Math.cos(t / 350), from.y + 200 * Math.sin(t / 290));
  await page.mouse.up();
}

/** Turns the wheel in and out over a point. */
export async function zoom(page: Page, at: Point, nowMs: () => number): Promise<void> {
  await page.mouse.move(at.x, at.y);
  for (let t = nowMs(); t < LENGTH_MS; t = nowMs()) await page.mouse.wheel(0, Math.sin(t / 400) > 0 ? -40 : 40);
}

/** Turns the wheel over a list, one turn a frame: down, in large steps. */
export async function scroll(page: Page, at: Point, nowMs: () => number): Promise<void> {
  await page.mouse.move(at.x, at.y);
  for (let t = nowMs(); t < LENGTH_MS; t = nowMs()) {
    await page.mouse.wheel(0, 900);
    await page.waitForTimeout(16);
  }
}

/** Does nothing for as long as a gesture takes. */
export const rest = (page: Page): Promise<void> => page.waitForTimeout(LENGTH_MS);
