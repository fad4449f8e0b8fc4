// Long tasks of a page, and a list scrolled through as by a wheel. In: a page, a grid. Out: what was measured.
import type { Locator, Page } from '@playwright/test';

/** From now on; the reader answers durations of all so far, ms. */
export async function watchLongTasks(page: Page): Promise<() => Promise<readonly number[]>> {
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { longTasks: times });
    new PerformanceObserver((list) => times.push(...list.getEntries().map(({ duration }) => duration))).observe({
      entryTypes: ['longtask'],
    });
  });
  return () => page.evaluate(() => (window as unknown as { readonly longTasks: readonly number[] }).longTasks);
}

/** Sixty turns of the wheel, one a frame; answers the long tasks among them, ms. */
export async function scrollThrough(page: Page, grid: Locator, readTasks: () => Promise<readonly number[]>): Promise<readonly number[]> {
  const before = (await readTasks()).length;
  const box = await grid.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 200, (box?.y ?? 0) + 200);
  for (let i = 0; i < 60; i++) {
    await page.mouse.wheel(0, 900);
    await page.waitForTimeout(16);
  }
  return (await readTasks()).slice(before);
}
